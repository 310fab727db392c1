"""Templates and browser files keep the rules of the pages: known icons, no inline code, nothing from outside."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "src" / "tramyte" / "web"
STATIC = WEB / "static" / "tramyte"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "icons.svg").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_template_uses_known_icons_and_no_inline_code(path):
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    unknown = set(re.findall(r'\{% icon "([^"]+)"', text)) - SPRITE
    assert unknown == set(), "add the icon to frontend/icons.txt and run frontend/vendor.py"
    assert not re.search(r"\sstyle=", text), "inline style is blocked by the content policy"
    assert not re.search(r"\son[a-z]+=", text), "inline handlers are blocked by the content policy"
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text), "inline scripts are blocked"
    assert not re.search(r"(src|href)=\"(https?:)?//", text), "nothing is loaded from outside"


def test_vendored_files_are_small_and_licensed():
    vendor = STATIC / "vendor"
    assert not list(vendor.glob("*.map"))
    for file in vendor.iterdir():
        assert file.stat().st_size < 1_000_000
        assert "sourceMappingURL" not in file.read_text(encoding="utf-8")
    assert {file.name.split(".")[0] for file in vendor.glob("*.LICENSE.txt")} >= {"tabler", "tabler-icons", "htmx", "echarts", "zrender"}


def test_style_sheets_load_nothing_from_outside():
    for file in STATIC.rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(https?:|//|data:)", file.read_text(encoding="utf-8")), file.name


def test_error_pages_need_no_context():
    from django.template import Context, Engine

    engine = Engine(dirs=[WEB / "templates"], builtins=["tramyte.web.templatetags.tramyte"])
    for code in (400, 403, 404, 409, 422, 500):
        text = engine.get_template(f"errors/{code}.html").render(Context())
        assert f"Mã {code}" in text
        assert "<h1>" in text
