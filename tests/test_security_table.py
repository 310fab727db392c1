"""docs/security.md names only tests and files that exist, and counts what it lists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+)(?: \(\?\))? \| ([12]) \| [^|]+ \| (met|partly|not yet|n/a) \| (.+) \|$", re.MULTILINE)
TEXT = (ROOT / "docs/security.md").read_text(encoding="utf-8")
LINES = ROW.findall(TEXT)


def _there(name):
    path, _, test = name.partition("::")
    if not (ROOT / path).exists():
        return False
    return not test or test in {node.name for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_line_is_read():
    assert len(LINES) == len(re.findall(r"^\| \d", TEXT, re.MULTILINE)) > 150


def test_what_is_named_exists():
    named = [name for *_, shown in LINES for name in re.findall(r"`([^`]+)`", shown)]
    assert not [name for name in named if not _there(name)]


def test_what_is_met_is_shown():
    assert not [number for number, _, state, shown in LINES if state in ("met", "partly") and "`" not in shown]


def test_numbers_stand_once_and_the_sum_is_right():
    numbers = [number for number, *_ in LINES]
    assert len(numbers) == len(set(numbers))
    counts = re.search(r"(\d+) requirements: (\d+) met, (\d+) partly, (\d+) not yet, (\d+) n/a", TEXT)
    states = [state for _, _, state, _ in LINES]
    assert [int(one) for one in counts.groups()] == [len(states), *(states.count(one) for one in ("met", "partly", "not yet", "n/a"))]
