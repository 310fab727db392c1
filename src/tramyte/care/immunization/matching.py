"""Which stored dose a line of a file means, and what the schedule says of a new one."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tramyte.care.immunization.forecasting import AT_ONCE, Dose, Subject, Ways, moment, subjects
from tramyte.care.immunization.models import Immunization
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.bulk import hex_of, tuples
from tramyte.engine.registers.staging import Match
from tramyte.rules.forecast import Child, Given, forecast

OWN = ("on", "at", "dose_number", "source", "lot_number", "site", "performer", "reaction", "word", "note")
Mark = tuple[str, str, datetime.date]  # person and vaccine (32 hex digits), day


class Stored:
    """A stored dose as the columns of the book read it, without a row of the model."""

    def __init__(self, pk: uuid.UUID, values: Sequence[Any]) -> None:
        self.pk = pk
        self.person = self.vaccine = None
        for name, value in zip(OWN, values, strict=True):
            setattr(self, name, value)


def match_doses(user: User, lines: Sequence[dict[str, Any]]) -> list[Any]:
    """For each line the stored dose of that person, vaccine and day; else what the schedule says of the new dose, when it will not count.

    Some ten queries for five hundred people.
    """
    people = list(dict.fromkeys(line["person"].pk for line in lines))
    stored: dict[Mark, Stored] = {}
    for begin in range(0, len(people), AT_ONCE):
        rows = visible(user, Immunization.objects.filter(person__in=people[begin:begin + AT_ONCE], entered_in_error=False).order_by())
        for person, vaccine, key, *values in tuples(rows, "person_id", "vaccine_id", "pk", *OWN):
            stored[hex_of(person), hex_of(vaccine), values[0]] = Stored(uuid.UUID(hex_of(key)), values)
    found: list[Any] = [_stored(line, stored) for line in lines]
    fresh: defaultdict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if found[index] is None:
            fresh[line["person"].pk.hex].append(index)
    for index, words in _remarks(lines, fresh):
        found[index] = Match(remark=words)
    return found


def _stored(line: dict[str, Any], stored: dict[Mark, Stored]) -> Stored | None:
    row = stored.get((line["person"].pk.hex, line["vaccine"].pk.hex, line["on"]))
    if row is not None:
        row.person, row.vaccine = line["person"], line["vaccine"]
    return row


def _remarks(lines: Sequence[dict[str, Any]], fresh: dict[str, list[int]]) -> list[tuple[int, str]]:
    """Which of the new doses will not count, and why; all new doses of a person are judged together with the stored ones."""
    as_of = clock.today()
    ways = Ways.on(as_of) if fresh else None
    keys = [lines[indexes[0]]["person"].pk for indexes in fresh.values()]
    told: list[tuple[int, str]] = []
    for one in subjects(keys, as_of, ways):
        new = [(index, _given(lines[index])) for index in fresh[one.key]]
        told += _judged(one, new, as_of)
    return told


def _judged(one: Subject, new: Sequence[tuple[int, Given]], as_of: datetime.date) -> list[tuple[int, str]]:
    child, places = one.child, {id(given): index for index, given in new}
    held: list[Dose] = one.doses
    both = [dose.given for dose in held] + [given for _, given in new]
    plan = forecast(Child(child.born, child.sex, both, child.born_at, child.events, child.activated), one.schedule, as_of)
    return [
        (places[id(dose.given)], f"Sẽ ghi, nhưng theo lịch: {dose.sentence}")
        for dose in plan.doses if dose.groups and dose.status != "Valid" and id(dose.given) in places]


def _given(line: dict[str, Any]) -> Given:
    return Given(line["on"], line["vaccine"].code, moment(line["on"], line.get("at") or ""), line.get("source") == "elsewhere")
