"""Measure the budgets of the design on a home of 30,000 (and 40,000) people, and write docs/bench.md.

Every figure is a real run on this machine in this hour; the last column is the figure as a share of its limit.
A limit is the design's budget, or a named peer measured in the same run. With `--only` and `--write` the rows that were
measured take the place of those of the same words; the others stay as they are, each with its day.
"""

import argparse
import datetime
import importlib
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

Row = tuple[str, float, float, str, str]
ROOT = Path(__file__).parents[1]
AS_OF = "2026-06-03"
PEOPLE = 30_000
# Files of this folder; each has CASES: functions of (home, people) that answer rows.
MODULES = ("cases", "clusters", "duplicates", "forecast", "growth", "immunization", "insurance", "linkage", "outbreak", "postgresql", "registers")
LARGE = ("search",)  # those that take minutes; they build databases of their own
WRITTEN = ROOT / "docs/bench.md"
OWN = ("postgresql", *LARGE)  # those that need no demo on SQLite


def main() -> int:
    """Run the cases, print their rows, and with `--write` keep them in docs/bench.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--large", action="store_true", help="also the cases that build a database of a million people")
    parser.add_argument("--keep", type=Path, help="a folder where these databases are kept, and found again by the next run")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    cases = list(_cases(options.only, options.large))
    home = Path(tempfile.mkdtemp(prefix="tramyte-bench-"))
    os.environ |= {"TRAMYTE_HOME": str(home), "TRAMYTE_AS_OF": AS_OF, "DJANGO_SETTINGS_MODULE": "tramyte.web.settings", "TRAMYTE_LIMITS": "off"}
    os.environ.pop("DATABASE_URL", None)
    if options.keep:
        os.environ["TRAMYTE_BENCH_KEEP"] = str(options.keep.absolute())
    rows, paces = [], [_pace()]
    try:
        if any(name not in OWN for name, _ in cases):
            rows += _demo(options.people)
            print("\n".join(map(_line, rows)), flush=True)
        import django

        django.setup()
        for _, case in cases:
            made = case(home, options.people)
            rows += made
            paces.append(_pace())
            print("\n".join(map(_line, made)), flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if options.write:
        before = WRITTEN.read_text(encoding="utf-8") if options.only else ""
        WRITTEN.write_text(_table([_line(row) for row in rows], options.people, before, paces), encoding="utf-8")
    return 0


def _cases(only: str, large: bool) -> Iterator[tuple[str, Callable[[Path, int], list[Row]]]]:
    """The cases whose names contain this, each with its file."""
    for name in (*MODULES, *(LARGE if large else ())):
        yield from ((name, case) for case in importlib.import_module(f"benchmarks.{name}").CASES if only in case.__name__)


def _demo(people: int) -> list[Row]:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "tramyte", "demo", "--people", str(people), "--as-of", AS_OF], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [(f"demo of {people:,} people", wall, 30.0, "s", "budget"), (f"demo of {people:,} people: processor time", cpu, 30.0, "s", "budget")]


def _pace() -> float:
    """Seconds of the processor for a fixed piece of work on Python objects, the best of three: how fast the machine is just now."""
    spent = []
    for _ in range(3):
        begun = time.process_time()
        json.loads(json.dumps([{"a": str(n), "b": n, "c": [n]} for n in range(150_000)]))
        spent.append(time.process_time() - begun)
    return min(spent)


def _line(row: Row) -> str:
    name, value, limit, unit, against = row
    day = datetime.datetime.now(tz=datetime.UTC)
    return f"| {name} | {value:.3g} {unit} | {limit:g} {unit} | {value / limit:.2f} | {against} | {day:%d/%m/%Y} |"


def _table(lines: list[str], people: int, written: str, paces: list[float]) -> str:
    """The page: the lines of a page written before keep their place, and the new ones of the same words take it."""
    head = (
        f"# Measurements\n\nMade by `make bench`: {os.cpu_count()} cores, Python {platform.python_version()}, SQLite where nothing else is said, "
        f"{people:,} people with five years of records, as of {AS_OF}.\nThe share is the figure divided by its limit: below 1 is within.\n"
        f"How fast this machine is varies: between the cases of the last run one and the same piece of work took {min(paces):.2f} to {max(paces):.2f} s.\n\n"
        "| what | measured | limit | share | limit is | day |\n|---|---|---|---|---|---|\n"
    )
    kept = [line for line in written.splitlines() if line.startswith("| ") and not line.startswith("| what |")]
    found = {_words(line): line for line in (*kept, *lines)}
    return head + "\n".join(found.values()) + "\n"


def _words(line: str) -> tuple[str, str]:
    """What a line is about: what was measured, and against what."""
    cells = line.split(" | ")
    return cells[0], cells[4]


if __name__ == "__main__":
    sys.exit(main())
