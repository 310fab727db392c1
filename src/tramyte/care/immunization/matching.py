"""Which stored dose a line of a file means, and what the schedule says of a new one: what is known when it is stored need not be changed later."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from tramyte.care.immunization.forecasting import AT_ONCE, Ways, forget, moment, subjects
from tramyte.care.immunization.models import Immunization
from tramyte.care.immunization.models.doses import IMPORTED, STATION
from tramyte.care.immunization.renewing import judgement
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.bulk import hex_of, tuples
from tramyte.engine.registers.staging import Match
from tramyte.rules.forecast import DoseVerdict, Given

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

    New doses of old books also learn what they are worth. Some ten queries for five hundred people.
    """
    named = {id(row): row for line in lines for row in (line["person"], line["vaccine"])}
    keys = {mark: row.pk.hex for mark, row in named.items()}
    people = [named[mark].pk for mark in {id(line["person"]) for line in lines}]
    stored: dict[Mark, Stored] = {}
    for begin in range(0, len(people), AT_ONCE):
        rows = visible(user, Immunization.objects.filter(person__in=people[begin:begin + AT_ONCE], entered_in_error=False).order_by())
        for person, vaccine, key, *values in tuples(rows, "person_id", "vaccine_id", "pk", *OWN):
            stored[hex_of(person), hex_of(vaccine), values[0]] = Stored(uuid.UUID(hex_of(key)), values)
    found: list[Any] = [_stored(line, keys, stored) for line in lines]
    for index, verdict in _verdicts(lines, [index for index, row in enumerate(found) if row is None]):
        _keep(lines[index], verdict)
        if verdict.groups and verdict.status != "Valid":
            found[index] = Match(remark=f"Sẽ ghi, nhưng theo lịch: {verdict.sentence}")
    return found


def foresee(lines: Sequence[dict[str, Any]]) -> bool:
    """Write into new doses of old books what they are worth, where they were not matched just now.

    Only of a list that goes person by person, which it answers; one that goes day by day would have each person judged again and again.
    """
    forget()
    dense = len(lines) >= DENSE * len({id(line["person"]) for line in lines})
    if dense:
        for index, verdict in _verdicts(lines, [index for index, line in enumerate(lines) if _of_old_books(line) and WORTH[0] not in line], keep=True):
            _keep(lines[index], verdict)
    return dense


def _keep(line: dict[str, Any], verdict: DoseVerdict) -> None:
    if _of_old_books(line):  # a dose of the station is written by itself and reckoned then
        line.update(zip(WORTH, judgement(verdict), strict=True))


def _of_old_books(line: dict[str, Any]) -> bool:
    return (line.get("source") or IMPORTED) != STATION


def _stored(line: dict[str, Any], keys: dict[int, str], stored: dict[Mark, Stored]) -> Stored | None:
    person, vaccine = line["person"], line["vaccine"]
    row = stored.get((keys[id(person)], keys[id(vaccine)], line["on"]))
    if row is not None:
        row.person, row.vaccine = person, vaccine
    return row


def _verdicts(lines: Sequence[dict[str, Any]], indexes: Sequence[int], *, keep: bool = False) -> Iterator[tuple[int, DoseVerdict]]:
    """What the schedule says of these lines: all new doses of a person are judged together with the stored ones."""
    new: defaultdict[str, list[tuple[int, Given]]] = defaultdict(list)
    keys = {mark: person.pk for mark, person in {id(lines[index]["person"]): lines[index]["person"] for index in indexes}.items()}
    hexed = {mark: key.hex for mark, key in keys.items()}
    for index in indexes:
        new[hexed[id(lines[index]["person"])]].append((index, _given(lines[index])))
    as_of = clock.today()
    ways = Ways.on(as_of) if new else None
    for one in subjects(dict.fromkeys(keys.values()), as_of, ways):
        places = {id(given): index for index, given in new[one.key]}
        plan = one.plan_with([given for _, given in new[one.key]], as_of, keep=keep)
        yield from [(places[id(dose.given)], dose) for dose in plan.doses if id(dose.given) in places]


def _given(line: dict[str, Any]) -> Given:
    return Given(line["on"], line["vaccine"].code, moment(line["on"], line.get("at") or ""), line.get("source") == "elsewhere")
