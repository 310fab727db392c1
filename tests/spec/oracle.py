"""The indicators once more, as straight loops over plain objects: written from the definitions, not from the code.

Every function answers, for one person and one day, None when the person does not count, else whether met.
"""

import datetime
from dataclasses import dataclass, field

Day = datetime.date


@dataclass
class Stay:
    """A residence: hamlet number, kind and days."""

    hamlet: int
    kind: str
    start: Day
    end: Day | None = None


@dataclass
class Human:
    """One person with everything the five indicators look at."""

    born: Day
    precision: str = "day"
    sex: str = "F"
    died: Day | None = None
    housed: bool = True
    stays: list[Stay] = field(default_factory=list)
    cards: list[tuple[Day, Day]] = field(default_factory=list)
    numbers: list[tuple[Day | None, Day | None]] = field(default_factory=list)
    entries: list[tuple[str, Day]] = field(default_factory=list)
    checkups: list[Day] = field(default_factory=list)


@dataclass
class Approval:
    """A technique approved for a site."""

    site: int
    approved: Day
    withdrawn: Day | None = None
    start: Day | None = None
    end: Day | None = None


def within(day: Day, start: Day | None, end: Day | None) -> bool:
    return not (start is not None and day < start) and not (end is not None and day > end)


def where_staying(human: Human, day: Day) -> int | None:
    """The hamlet where somebody stays on a day; None for nobody's resident."""
    if human.died is not None and human.died <= day:
        return None
    away_from = set()
    for stay in human.stays:
        if stay.kind == "absent" and within(day, stay.start, stay.end):
            away_from.add(stay.hamlet)
    for kind in ("temporary", "permanent"):
        best = None
        for stay in human.stays:
            if stay.kind != kind or not within(day, stay.start, stay.end) or stay.hamlet in away_from:
                continue
            if best is None or stay.start > best.start:
                best = stay
        if best is not None:
            return best.hamlet
    return None


def insured(human: Human, day: Day) -> bool:
    return any(start <= day <= end for start, end in human.cards)


def managed(human: Human, day: Day) -> bool:
    return human.precision == "day" and human.housed and any(within(day, start, end) for start, end in human.numbers)


def year_before(day: Day) -> Day:
    """The same day of the year before; the last of February for 29 February."""
    return Day(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def record_kept(human: Human, day: Day) -> bool:
    opened = any(kind == "opened" and on <= day for kind, on in human.entries)
    fresh = [on for _, on in human.entries] + human.checkups
    return opened and any(year_before(day) < on <= day for on in fresh)


def checked(human: Human, day: Day) -> bool:
    return any(on.year == day.year and on <= day for on in human.checkups)


def age_group(human: Human, day: Day) -> str:
    age = day.year - human.born.year - ((day.month, day.day) < (human.born.month, human.born.day))
    return "0-5" if age < 6 else "6-17" if age < 18 else "18-59" if age < 60 else "60+"


def performed(approval: Approval, day: Day) -> bool | None:
    if day < approval.approved or (approval.withdrawn is not None and day >= approval.withdrawn):
        return None
    return approval.start is not None and within(day, approval.start, approval.end)


OF_PERSONS = {"BH01": insured, "NK01": managed, "SK01": record_kept, "SK02": checked}
