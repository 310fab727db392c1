"""Copy the third-party browser files out of npm packages into the Django app, with their licences.

Run `python frontend/vendor.py` from anywhere; needs node and npm. The result is committed, so that running the
product needs neither. Nothing is fetched by a page from outside its own server.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
TARGET = HERE.parent / "src" / "tramyte" / "web" / "static" / "tramyte" / "vendor"
LARGEST = 1_000_000

LICENCES = {
    "tabler-icons.LICENSE.txt": MODULES / "@tabler" / "icons" / "LICENSE",
    "tabler.LICENSE.txt": HERE / "licenses" / "tabler-core.txt",
    "htmx.LICENSE.txt": MODULES / "htmx.org" / "LICENSE",
    "echarts.LICENSE.txt": MODULES / "echarts" / "LICENSE",
    "echarts.NOTICE.txt": MODULES / "echarts" / "NOTICE",
    "zrender.LICENSE.txt": MODULES / "zrender" / "LICENSE",
    "tslib.LICENSE.txt": MODULES / "tslib" / "LICENSE.txt",
}


def icon_names() -> list[str]:
    """Names in icons.txt, in its order; lines that begin with # are remarks."""
    lines = (HERE / "icons.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def symbol(name: str) -> str:
    """One <symbol> of the sprite, made from the outline icon `name`."""
    source = (MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
    inner = re.sub(r"<!--.*?-->", "", source, flags=re.S)
    inner = inner[inner.index(">", inner.index("<svg")) + 1 : inner.rindex("</svg>")]
    inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inner)
    inner = re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def write_sprite() -> None:
    """Write icons.svg; colour and line come from the page, which sets `stroke` on the using <svg>."""
    symbols = "\n".join(symbol(name) for name in icon_names())
    text = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    (TARGET / "icons.svg").write_text(text, encoding="utf-8")


def write_tabler() -> None:
    """Copy the style sheet without its source map, and point its pictures away from data: addresses.

    The content policy allows pictures from the own server only; the few controls that need one get it in ui.css.
    """
    css = (MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.min.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    css = re.sub(r'url\("data:[^"]*"\)', "none", css)
    (TARGET / "tabler.min.css").write_text(css.strip() + "\n", encoding="utf-8")


def write_scripts() -> None:
    """Copy htmx and bundle the used part of ECharts."""
    shutil.copyfile(MODULES / "htmx.org" / "dist" / "htmx.min.js", TARGET / "htmx.min.js")
    subprocess.run(
        ["npx", "esbuild", "echarts.mjs", "--bundle", "--minify", "--format=iife", "--target=es2020",
         "--legal-comments=none", f"--outfile={TARGET / 'echarts.min.js'}"],
        cwd=HERE, check=True,
    )  # fmt: skip


def main() -> None:
    """Install the pinned packages and write every vendored file anew."""
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    if TARGET.exists():
        shutil.rmtree(TARGET)
    TARGET.mkdir(parents=True)
    write_tabler()
    write_scripts()
    write_sprite()
    for name, source in LICENCES.items():
        shutil.copyfile(source, TARGET / name)
    for file in TARGET.iterdir():
        if file.stat().st_size > LARGEST:
            raise SystemExit(f"{file.name} is larger than {LARGEST} bytes")


if __name__ == "__main__":
    main()
