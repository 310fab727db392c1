"""Which stored dose a line of a file means, and what the schedule says of a new one."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from tramyte.care.immunization.forecasting import AT_ONCE, Dose, Subject, Ways, moment, subjects
from tramyte.care.immunization.models import Immunization
from tramyte.care.immunization.models.doses import IMPORTED, STATION
from tramyte.care.immunization.renewing import judgement
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.bulk import hex_of, tuples
from tramyte.engine.registers.staging import Match
from tramyte.rules.forecast import Child, DoseVerdict, Given, forecast

OWN = ("on", "at", "dose_number", "source", "lot_number", "site", "performer", "reaction", "word", "note")
WORTH = ("counts_as", "verdict", "verdict_text")
DENSE = 4  # lines a person from which on it is quicker to judge doses before they are stored than to change them afterwards
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
    people = list({id(line["person"]): line["person"].pk for line in lines}.values())
    stored: dict[Mark, Stored] = {}
    for begin in range(0, len(people), AT_ONCE):
        rows = visible(user, Immunization.objects.filter(person__in=people[begin:begin + AT_ONCE], entered_in_error=False).order_by())
        for person, vaccine, key, *values in tuples(rows, "person_id", "vaccine_id", "pk", *OWN):
            stored[hex_of(person), hex_of(vaccine), values[0]] = Stored(uuid.UUID(hex_of(key)), values)
    keys = {id(row): row.pk.hex for line in lines for row in (line["person"], line["vaccine"])}
    found: list[Any] = [_stored(line, keys, stored) for line in lines]
    for index, verdict in _verdicts(lines, [index for index, row in enumerate(found) if row is None]):
        if verdict.status != "Valid":
            found[index] = Match(remark=f"Sẽ ghi, nhưng theo lịch: {verdict.sentence}")
    return found


def foresee(lines: Sequence[dict[str, Any]]) -> None:
    """Write into new doses of old books what they are worth: what is known when they are stored need not be changed at the end.

    Only of a list that goes person by person; one that goes day by day would have each person judged again and again.
    """
    if len(lines) >= DENSE * len({id(line["person"]) for line in lines}):
        for index, verdict in _verdicts(lines, [index for index, line in enumerate(lines) if (line.get("source") or IMPORTED) != STATION]):
            lines[index].update(zip(WORTH, judgement(verdict), strict=True))


def _stored(line: dict[str, Any], keys: dict[int, str], stored: dict[Mark, Stored]) -> Stored | None:
    person, vaccine = line["person"], line["vaccine"]
    row = stored.get((keys[id(person)], keys[id(vaccine)], line["on"]))
    if row is not None:
        row.person, row.vaccine = person, vaccine
    return row


def _verdicts(lines: Sequence[dict[str, Any]], indexes: Sequence[int]) -> Iterator[tuple[int, DoseVerdict]]:
    """What the schedule says of these lines, where it says something: all new doses of a person are judged together with the stored ones."""
    new: defaultdict[str, list[tuple[int, Given]]] = defaultdict(list)
    keys = {id(person): person.pk for person in (lines[index]["person"] for index in indexes)}
    hexed = {mark: key.hex for mark, key in keys.items()}
    for index in indexes:
        new[hexed[id(lines[index]["person"])]].append((index, _given(lines[index])))
    as_of = clock.today()
    ways = Ways.on(as_of) if new else None
    for one in subjects(dict.fromkeys(keys.values()), as_of, ways):
        yield from _judged(one, new[one.key], as_of)


def _judged(one: Subject, new: Sequence[tuple[int, Given]], as_of: datetime.date) -> list[tuple[int, DoseVerdict]]:
    child, places = one.child, {id(given): index for index, given in new}
    held: list[Dose] = one.doses
    both = [dose.given for dose in held] + [given for _, given in new]
    plan = forecast(Child(child.born, child.sex, both, child.born_at, child.events, child.activated), one.schedule, as_of)
    return [(places[id(dose.given)], dose) for dose in plan.doses if dose.groups and id(dose.given) in places]


def _given(line: dict[str, Any]) -> Given:
    return Given(line["on"], line["vaccine"].code, moment(line["on"], line.get("at") or ""), line.get("source") == "elsewhere")
