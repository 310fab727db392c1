"""Which stored person a line of a file means."""

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from tramyte.care.people import columns
from tramyte.care.people.models import Coverage, Household, Identifier, Person, Residence
from tramyte.care.people.queries import people
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.places.models import Place
from tramyte.engine.registers.staging import Match
from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.identity import Identity, blocking_keys, insurance_code, same_person
from tramyte.rules.text import fold

NEW_YEAR = (1, 1)  # the day of those whose birthday nobody knows: too many to compare by it
AT_ONCE = 2000


def match_residents(user: User, lines: Sequence[dict[str, Any]]) -> list[Any]:
    """For each line the stored person it means, a Match with a doubt, or None for a new person.

    "same" by `rules.identity.same_person` is that person; "maybe" is left to somebody to look at; so is a second line
    with the same identity number.
    """
    identities = [_identity(line) for line in lines]
    stored = _stored(user, identities)
    blocks: defaultdict[str, list[uuid.UUID]] = defaultdict(list)
    for id, known in stored.items():
        for key in blocking_keys(known):
            blocks[key].append(id)
    answers = [_judge(identity, stored, blocks) for identity in identities]
    ids = [answer for answer in answers if isinstance(answer, uuid.UUID)]
    rows = _whole(ids)
    found = [rows[answer] if isinstance(answer, uuid.UUID) else answer for answer in answers]
    return _same_number_twice(identities, found)


def _identity(line: dict[str, Any]) -> Identity:
    day, precision = parse_partial_date(line["birth"])
    return Identity(
        name=line["full_name"], birth_date=day, precision=precision, sex=line.get("sex") or "", national_id=line.get("national_id") or "",
        insurance_number=line.get("card_number") or "", phone=line.get("phone") or "", hamlet=line["hamlet"].name)


def _judge(identity: Identity, stored: dict[uuid.UUID, Identity], blocks: dict[str, list[uuid.UUID]]) -> uuid.UUID | Match | None:
    near = {id for key in blocking_keys(identity) for id in blocks.get(key, ())}
    if not near:
        return None
    verdicts = sorted(((same_person(identity, stored[id]), id) for id in near), key=lambda pair: (-pair[0].score, pair[1]))
    best, id = verdicts[0]
    if best.kind == "different":
        return None
    if best.kind == "same" and not (len(verdicts) > 1 and verdicts[1][0].score == best.score):
        return id
    other = stored[id]
    born = f"{other.birth_date:%d/%m/%Y}" if other.birth_date else ""
    return Match(doubt=f"Có thể trùng với {other.name}, sinh {born}, {other.hamlet}: {', '.join(best.evidence[:3])}. Hãy mở hồ sơ đó xem rồi sửa ở đó, hoặc thêm tay nếu là người khác.")


def _stored(user: User, identities: Sequence[Identity]) -> dict[uuid.UUID, Identity]:
    """What is stored of everybody who may be one of these."""
    numbers = {number for one in identities for number in (one.national_id, insurance_code(one.insurance_number)) if number}
    days: set[datetime.date] = {one.birth_date for one in identities if one.birth_date and one.precision == "day" and (one.birth_date.month, one.birth_date.day) != NEW_YEAR}
    holders = Identifier.objects.filter(value__in=numbers, entered_in_error=False).values_list("person", flat=True)
    rows = visible(user, people(), "people.write")
    fields = ("pk", "full_name", "birth_date", "birth_precision", "sex", "phone", "hamlet__name")
    found = {row[0]: row for row in rows.filter(Q(search__in={fold(one.name) for one in identities}) | Q(birth_date__in=days)).values_list(*fields)}
    found |= {row[0]: row for part in _parts(list(holders)) for row in rows.filter(pk__in=part).values_list(*fields)}
    held: defaultdict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for part in _parts(list(found)):
        for owner, kind, value in Identifier.objects.filter(person__in=part, valid_to=None, entered_in_error=False).values_list("person", "kind", "value"):
            held[owner][kind] = value
    return {
        id: Identity(name, born, precision, sex, held[id].get("national") or held[id].get("old_national", ""), held[id].get("insurance", ""), phone, hamlet)
        for id, name, born, precision, sex, phone, hamlet in found.values()
    }


def _whole(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """Persons with what the register's columns read; plain tuples in place of model rows, which would cost four times as much."""
    rows: dict[uuid.UUID, Person] = {}
    for part in _parts(list(dict.fromkeys(ids))):
        rows |= Person.objects.in_bulk(part)
    hamlets = Place.objects.in_bulk({row.hamlet_id for row in rows.values()})
    homes = {id: home for part in _parts([row.household_id for row in rows.values() if row.household_id]) for id, home in Household.objects.in_bulk(part).items()}
    for row in rows.values():
        row.hamlet, row.household = hamlets[row.hamlet_id], homes.get(row.household_id) if row.household_id else None
        columns.keep_read(row, [], [], [])
    for part in _parts(list(rows)):
        present = {"person__in": part, "entered_in_error": False}
        for owner, *number in Identifier.objects.filter(valid_to=None, **present).order_by().values_list("person_id", "kind", "value"):
            columns.read_of(rows[owner]).numbers.append(columns.Number(*number))
        for owner, *card in Coverage.objects.filter(**present).order_by().values_list("person_id", "pk", "card_number", "start", "end"):
            columns.read_of(rows[owner]).cards.append(columns.Card(*card))
        for owner, *stay in Residence.objects.filter(**present).order_by().values_list("person_id", "pk", "place_id", "kind", "start"):
            columns.read_of(rows[owner]).stays.append(columns.Stay(*stay))
    return rows


def _same_number_twice(identities: Sequence[Identity], found: list[Any]) -> list[Any]:
    counts = Counter(identity.national_id for identity in identities if identity.national_id)
    met: set[str] = set()
    for index, identity in enumerate(identities):
        number = identity.national_id
        if found[index] is None and counts[number] > 1 and number in met:
            found[index] = Match(doubt=f"Số định danh {number} đã có ở dòng trên của tệp này. Hãy kiểm tra lại hai dòng.")
        met.add(number)
    return found


def _parts(items: list[uuid.UUID]) -> Iterable[list[uuid.UUID]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start:start + AT_ONCE]
