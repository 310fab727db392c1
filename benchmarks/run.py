"""Measure the budgets of the design on a home of 30,000 (and 40,000) people, and write docs/bench.md.

Every figure is a real run on this machine in this hour; the last column is the figure as a share of its limit.
A limit is the design's budget, or a named peer measured in the same run.
"""

import argparse
import datetime
import importlib
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
AS_OF = "2026-06-03"
PEOPLE = 30_000
# Files of this folder; each has CASES: functions of (home, people) that answer rows.
MODULES = ("cases", "clusters", "duplicates", "forecast", "growth", "insurance", "linkage", "outbreak", "postgresql", "registers")
LARGE = ("search",)  # those that take minutes


def main() -> int:
    """Run the cases, print the table, and with `--write` keep it in docs/bench.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--large", action="store_true", help="also the cases that build a database of a million people")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="tramyte-bench-"))
    os.environ |= {"TRAMYTE_HOME": str(home), "TRAMYTE_AS_OF": AS_OF, "DJANGO_SETTINGS_MODULE": "tramyte.web.settings", "TRAMYTE_LIMITS": "off"}
    os.environ.pop("DATABASE_URL", None)
    try:
        rows = _demo(options.people)
        import django

        django.setup()
        for name in (*MODULES, *(LARGE if options.large else ())):
            for case in importlib.import_module(f"benchmarks.{name}").CASES:
                if options.only in case.__name__:
                    made = case(home, options.people)
                    rows += made
                    print("\n".join(map(_line, made)), flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    text = _table(rows, options.people)
    print(text)
    if options.write:
        (ROOT / "docs/bench.md").write_text(text, encoding="utf-8")
    return 0


def _demo(people: int) -> list[tuple[str, float, float, str, str]]:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "tramyte", "demo", "--people", str(people), "--as-of", AS_OF], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [(f"demo of {people:,} people", wall, 30.0, "s", "budget"), (f"demo of {people:,} people: processor time", cpu, 30.0, "s", "budget")]


def _line(row: tuple[str, float, float, str, str]) -> str:
    name, value, limit, unit, against = row
    return f"| {name} | {value:.3g} {unit} | {limit:g} {unit} | {value / limit:.2f} | {against} |"


def _table(rows: list[tuple[str, float, float, str, str]], people: int) -> str:
    head = (
        f"# Measurements\n\nMade by `make bench` on {datetime.datetime.now(tz=datetime.UTC):%d/%m/%Y}: "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite, {people:,} people with five years of records, as of {AS_OF}.\n"
        "The share is the figure divided by its limit: below 1 is within.\n\n"
        "| what | measured | limit | share | limit is |\n|---|---|---|---|---|\n"
    )
    return head + "\n".join(_line(row) for row in rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
