"""Documents that are tested: words, links, decisions."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_model_and_register_is_in_the_words():
    from django.apps import apps

    from tramyte.engine.registers import registry

    words = (ROOT / "docs/words.md").read_text(encoding="utf-8")
    models = [m for m in apps.get_models() if m.__module__.startswith("tramyte.")]
    missing = [m.__name__ for m in models if f"`{m.__name__}`" not in words or str(m._meta.verbose_name) not in words]
    missing += [r.title for r in registry.books() if r.title not in words]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not target.startswith(("http", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_named_files_exist(page):
    """Paths in backticks that look like files of ours are there; `engine/...` is read from the package."""
    for name in re.findall(r"`((?:src|tests|docs|benchmarks|frontend|rules|engine|station|care|governance|exchange|web)/[\w./-]+\.\w+)`", page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists() or (ROOT / "src/tramyte" / name).exists(), f"{page.name}: {name}"


def test_every_dependency_has_a_decision():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.match(r"[\w-]+", line).group().lower() for line in project["dependencies"]}
    text = "\n".join(p.read_text(encoding="utf-8").lower() for p in (ROOT / "docs/decisions").glob("*.md"))
    assert not {name for name in names - {"tzdata"} if name.removesuffix("-cffi").removesuffix("-framework") not in text}
