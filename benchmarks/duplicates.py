"""The job that looks for records of one person: everybody of a commune compared with everybody else, the queue filled."""

import resource
import time
from pathlib import Path


def queue(home: Path, people: int) -> list[tuple[str, float, float, str, str]]:
    """The whole job as the nightly schedule runs it, its own process of comparing too; then once more, when nothing is new."""
    from tramyte.care.people.pairing import communes, find_pairs
    from tramyte.engine.access.operator import operator

    rows = []
    for what in ("filled", "filled again, nothing new"):
        before, begun = _processor(), time.perf_counter()
        new = sum(find_pairs(by=operator(), commune=commune) for commune in communes())
        if what == "filled again, nothing new" and new:
            raise AssertionError(f"{new} new pairs in a queue that was full")
        rows += [(f"queue of duplicates of {people:,} people {what}", time.perf_counter() - begun, 60, "s", "budget of 100,000 people"),
                 (f"queue of duplicates of {people:,} people {what}: processor time", _processor() - before, 60, "s", "budget of 100,000 people")]
    return rows


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


CASES = (queue,)
