"""Sổ biến động dân số: births, arrivals, deaths and departures of a period, worked out from stays and days of death.

Nothing is stored: a change is a day on which somebody begins or ceases to be counted in the places looked at, so that
the population at the end is the one at the start plus births and arrivals less deaths and departures, always.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Q

from tramyte.care.people.models import Death, Person, Residence
from tramyte.care.people.queries import living, people, stays

KINDS = {"birth": "sinh", "arrival": "chuyển đến", "death": "tử vong", "departure": "chuyển đi"}
SIGNS = {"birth": 1, "arrival": 1, "death": -1, "departure": -1}
DAY = datetime.timedelta(days=1)
NEVER = datetime.date.max
IN_PARTS = 400  # people asked for at once: a database takes so many values in one question


@dataclass(frozen=True)
class Stay:
    """A residence: `next` is the first day on which it no longer holds, NEVER while it is open."""

    place: uuid.UUID
    kind: str
    start: datetime.date
    next: datetime.date


@dataclass(frozen=True)
class Span:
    """Days in a row on which somebody stays in one of the places: from `start` up to but not including `next`."""

    start: datetime.date
    next: datetime.date
    first: uuid.UUID
    last: uuid.UUID


@dataclass(frozen=True)
class Change:
    """One line of the book: on `day` a person began (birth, arrival) or ceased (death, departure) to be counted at a place."""

    day: datetime.date
    kind: str
    person: Any
    place: uuid.UUID
    detail: str = ""

    @property
    def words(self) -> str:
        """The kind in the words of the book."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Book:
    """The changes of a period, oldest first, and the population on the day before it and on its last day."""

    first: datetime.date
    last: datetime.date
    before: int
    after: int
    changes: Sequence[Change]

    def count(self, kind: str, sex: str = "") -> int:
        """How many changes of a kind, of one sex or both."""
        return sum(change.kind == kind and sex in ("", change.person.sex) for change in self.changes)

    @property
    def totals(self) -> list[tuple[str, int, int]]:
        """Kind in words, changes, of them women."""
        return [(words, self.count(kind), self.count(kind, "F")) for kind, words in KINDS.items()]


def spans(held: Sequence[Stay]) -> list[Span]:
    """When somebody with these residences stays in any of their places: an absence takes away the place it names."""
    found: list[Span] = []
    edges = sorted({day for stay in held for day in (stay.start, stay.next)})
    for start, next in pairwise(edges):
        now = [stay for stay in held if stay.start <= start < stay.next]
        away = {stay.place for stay in now if stay.kind == "absent"}
        here = [stay for stay in now if stay.kind != "absent" and stay.place not in away]
        if not here:
            continue
        place = max(here, key=lambda stay: (stay.kind == "temporary", stay.start)).place
        if found and found[-1].next == start:
            found[-1] = Span(found[-1].start, next, found[-1].first, place)
        else:
            found.append(Span(start, next, place, place))
    return found


def changes_of(held: Sequence[Stay], born: datetime.date, died: datetime.date | None) -> Iterator[tuple[datetime.date, str, uuid.UUID]]:
    """Day, kind and place of every change of one person. The day of death is the first that no longer counts.

    A stay from the very day of birth on is a birth, any other beginning an arrival.
    """
    end = died or NEVER
    for span in spans(held):
        if span.start > end:
            return
        yield span.start, "birth" if span.start == born else "arrival", span.first
        if span.next > end:
            yield end, "death", span.last
        elif span.next != NEVER:
            yield span.next, "departure", span.last


def population(day: datetime.date, places: Iterable[uuid.UUID]) -> int:
    """How many living people stay in the places at the end of a day."""
    return people().filter(living(day), pk__in=stays(day).filter(place__in=places).values("person")).count()


def book(first: datetime.date, last: datetime.date, places: Sequence[uuid.UUID]) -> Book:
    """The changes of the places from the first to the last day, both inclusive; moves between the places are none.

    The number of questions does not grow with the changes, but for one in each 400 people.
    """
    found: list[tuple[datetime.date, str, uuid.UUID, uuid.UUID, str]] = []
    moved = _moved(first, last, places)
    for person, held in _held(set(moved), places).items():
        born, died = moved[person]
        for day, kind, place in changes_of(held, born, died):
            if first <= day <= last:
                found.append((day, kind, person, place, _detail(kind, day, held)))
    owners = _owners({line[2] for line in found})
    causes = dict(_parted({line[2] for line in found if line[1] == "death"}, lambda ids: Death.objects.filter(
        person__in=ids, entered_in_error=False).values_list("person", "cause")))
    made = [Change(day, kind, owners[person], place, causes.get(person, "") if kind == "death" else detail) for day, kind, person, place, detail in found]
    made.sort(key=lambda change: (change.day, list(KINDS).index(change.kind), change.person.search, change.person.pk))
    return Book(first, last, population(first - DAY, places), population(last, places), made)


def _moved(first: datetime.date, last: datetime.date, places: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[datetime.date, datetime.date | None]]:
    """Birth and death of the people of whom something begins or ends in the period."""
    edge = Q(start__range=(first, last)) | Q(end__range=(first - DAY, last - DAY)) | Q(person__died_on__range=(first, last))
    rows = Residence.objects.filter(edge, place__in=places, entered_in_error=False, person__entered_in_error=False).order_by()
    return {person: (born, died) for person, born, died in rows.values_list("person", "person__birth_date", "person__died_on").distinct()}


def _held(ids: set[uuid.UUID], places: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Stay]]:
    held: defaultdict[uuid.UUID, list[Stay]] = defaultdict(list)
    rows = _parted(ids, lambda part: Residence.objects.filter(person__in=part, place__in=places, entered_in_error=False).order_by("start").values_list(
        "person", "place", "kind", "start", "end"))
    for person, place, kind, start, end in rows:
        held[person].append(Stay(place, kind, start, end + DAY if end else NEVER))
    return held


def _owners(ids: set[uuid.UUID]) -> dict[uuid.UUID, Person]:
    return {person.pk: person for person in _parted(ids, lambda part: Person.objects.filter(pk__in=part).select_related("household"))}


def _parted(ids: set[uuid.UUID], ask: Any) -> Iterator[Any]:
    ordered = sorted(ids)
    for begin in range(0, len(ordered), IN_PARTS):
        yield from ask(ordered[begin:begin + IN_PARTS])


def _detail(kind: str, day: datetime.date, held: Sequence[Stay]) -> str:
    """What is known of an arrival or departure: back from an absence, gone on one, or the kind of stay."""
    if kind == "arrival" and any(stay.kind == "absent" and stay.next == day for stay in held):
        return "trở về sau khi đi vắng"
    if kind == "departure" and any(stay.kind == "absent" and stay.start == day for stay in held):
        return "đi vắng"
    edge = [stay.kind for stay in held if (stay.start if kind == "arrival" else stay.next) == day and kind in ("arrival", "departure")]
    return {"temporary": "tạm trú", "permanent": "thường trú"}.get(edge[-1], "") if edge else ""
