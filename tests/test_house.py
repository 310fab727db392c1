"""The house rules that a machine can check: sizes, names of files, words, imports at start."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [p for p in (ROOT / "src").rglob("*.py") if "migrations" not in p.parts]
FORBIDDEN = {"utils", "helpers", "services", "managers", "signals", "common", "misc"}
HEAVY = {"ibis", "pandas", "duckdb", "polars", "splink", "typst", "docx", "pypdfium2", "python_calamine", "xlsxwriter", "pyarrow", "sqlglot"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_files_and_functions_stay_small(path):
    """400 lines a file, 40 a function, unless the line says `# size: reason`."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) <= 400 or "# size:" in text[:500], f"{path}: {len(lines)} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = node.end_lineno - node.lineno + 1
            assert size <= 40 or "# size:" in lines[node.lineno - 1], f"{path}:{node.lineno} {node.name}: {size} lines"


def test_no_drawers():
    assert not [p for p in SOURCES if p.stem in FORBIDDEN or FORBIDDEN & set(p.relative_to(ROOT).parts)]


def test_every_module_says_what_it_is():
    missing = [str(p) for p in SOURCES if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]
    assert not missing


def test_migrations_are_complete(db):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_declarations_pass_djangos_system_checks(db):
    from django.core.management import call_command

    call_command("check", fail_level="WARNING")


def test_the_web_process_starts_light():
    """The server's process imports none of the heavy libraries before they are asked for."""
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tramyte.web.settings'\n"
        "from tramyte.web.wsgi import application\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**__import__("os").environ, "PYTHONPATH": str(ROOT / "src")})
    assert done.stdout.strip() == "[]", done.stdout


def test_parts_import_one_way_only():
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, env={**__import__("os").environ, "PYTHONPATH": str(ROOT / "src")})
    assert done.returncode == 0, done.stdout
