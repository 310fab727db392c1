"""Immunization forecasts: processor time a child, all Vietnamese groups."""

import json
import random
import tempfile
import time
from collections import deque
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tramyte.rules.forecast import Child, Given, forecast, vietnam
from tramyte.web.commands.main import main

Row = tuple[str, float, float, str, str]
AS_OF = date(2026, 11, 1)
# product and age in days at which it is usually given
VISITS = (
    ("HEPB", 0), ("BCG", 3), ("DPT-VGB-HIB", 61), ("OPV", 61), ("ROTA", 61), ("PCV", 61), ("DPT-VGB-HIB", 92), ("OPV", 92), ("ROTA", 92),
    ("DPT-VGB-HIB", 123), ("OPV", 123), ("PCV", 123), ("IPV", 152), ("MEASLES", 274), ("IPV", 274), ("JE", 366), ("PCV", 370), ("JE", 374),
    ("MR", 549), ("DPT", 549), ("JE", 740),
)
LIMIT, WHAT = 1e6 / 3000, "budget: 3,000 children a second on one core"


def children(count: int, seed: int = 1) -> list[Child]:
    """Invented children of 0 to 5 years whose doses came up to 40 days late, 7 in 100 of them never."""
    draw, found = random.Random(seed), []
    for _ in range(count):
        born = AS_OF - timedelta(days=draw.randrange(5 * 365))
        days = ((product, born + timedelta(days=age + (draw.randrange(40) if age else 0))) for product, age in VISITS)
        doses = [Given(day, product) for product, day in days if day <= AS_OF and draw.random() < 0.93]
        found.append(Child(born, draw.choice("MF"), doses, activated=frozenset({"ROTA", "PCV", "HPV"})))
    return found


def forecasts(home: Path, people: int) -> list[Row]:
    """By processor time, the best of three: the function alone, and the verb from file to file."""
    born = children(5000)
    schedule = vietnam(AS_OF)
    alone = min(seconds(lambda: deque((forecast(child, schedule, AS_OF) for child in born), maxlen=0)) for _ in range(3))
    with tempfile.TemporaryDirectory() as folder:
        lines = "".join(json.dumps(as_case(n, child)) + "\n" for n, child in enumerate(born, 1))
        (Path(folder) / "in.jsonl").write_text(lines, encoding="utf-8")
        verb = min(seconds(lambda: run_verb(Path(folder))) for _ in range(3))
    doses = sum(len(child.doses) for child in born) / len(born)
    groups = len(forecast(born[0], schedule, AS_OF).groups)
    return [
        (f"a child forecast, {doses:.0f} doses and {groups} groups: processor time", alone / len(born) * 1e6, LIMIT, "µs", WHAT),
        ("a child from a JSON line to a JSON line: processor time", verb / len(born) * 1e6, LIMIT, "µs", WHAT),
    ]


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def run_verb(folder: Path) -> None:
    """`tramyte forecast` on the children of a folder."""
    if main(["forecast", str(folder / "in.jsonl"), str(folder / "out.jsonl")]):
        raise AssertionError("forecast refused a line")


def as_case(number: int, child: Child) -> dict[str, object]:
    """A child as a line of the verb's input."""
    doses = [{"date": dose.day.isoformat(), "product": dose.product} for dose in child.doses]
    return {"id": number, "dob": child.born.isoformat(), "sex": child.sex, "assessment_date": AS_OF.isoformat(), "doses": doses, "activated": sorted(child.activated)}


CASES = (forecasts,)
