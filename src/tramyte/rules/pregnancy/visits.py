"""The four antenatal visits in three terms: one in the first, one in the second, two in the third."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TERM_ENDS = (14 * 7, 28 * 7)  # the first term ends before 14 weeks, the second before 28
SOURCE = "Hướng dẫn quốc gia về các dịch vụ chăm sóc sức khỏe sinh sản (QĐ 4128/QĐ-BYT ngày 29/7/2016); mốc tuần của ba thời kỳ chưa đối chiếu văn bản gốc"


@dataclass(frozen=True)
class Visit:
    """A planned visit. term: 1, 2 or 3; due: gestation in days at which it is due; words: its name."""

    term: int
    due: int
    words: str


VISITS = (
    Visit(1, 12 * 7, "khám 3 tháng đầu"), Visit(2, 24 * 7, "khám 3 tháng giữa"), Visit(3, 32 * 7, "khám 3 tháng cuối, lần 1"),
    Visit(3, 36 * 7, "khám 3 tháng cuối, lần 2"),
)
FOUR_VISITS = {1: 1, 2: 1, 3: 2}  # how many each term needs


def term_of(days: int) -> int:
    """The term, 1 to 3, of a gestation in days."""
    return 1 + sum(days >= end for end in TERM_ENDS)


def _done(gestations: Iterable[int]) -> dict[int, int]:
    counts = dict.fromkeys(FOUR_VISITS, 0)
    for days in gestations:
        counts[term_of(days)] += 1
    return counts


def enough_visits(gestations: Sequence[int]) -> bool:
    """Whether visits at these gestations (days) are four or more, with one, one and two in the three terms."""
    counts = _done(gestations)
    return all(counts[term] >= wanted for term, wanted in FOUR_VISITS.items())


def missing_visits(gestations: Sequence[int], days: int) -> list[Visit]:
    """Of the planned visits those that a pregnancy of so many days should have had and has not, earliest first."""
    counts, missing = _done(gestations), []
    for visit in VISITS:
        if counts[visit.term]:
            counts[visit.term] -= 1
        elif visit.due < days:
            missing.append(visit)
    return missing


def next_visit(gestations: Sequence[int], since: datetime.date, agreed: datetime.date | None = None) -> tuple[datetime.date, str]:
    """When the next visit is due after visits at these gestations, and its name.

    agreed: the appointment made at the last visit; it counts before the plan.  A visit of a term that is over at the last
    visit is due no more.  After the fourth visit it is the due date.
    """
    if agreed is not None:
        return agreed, "hẹn khám"
    counts, reached = _done(gestations), max((term_of(days) for days in gestations), default=1)
    for visit in VISITS:
        if counts[visit.term]:
            counts[visit.term] -= 1
        elif visit.term >= reached and visit.due > max(gestations, default=-1):
            return since + datetime.timedelta(days=visit.due), visit.words
    return since + datetime.timedelta(days=280), "khám gần ngày dự kiến sinh"
