"""Which stored person a line of a file means."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Q

from tramyte.care.people import columns
from tramyte.care.people.models import Coverage, Household, Identifier, Person, Residence
from tramyte.care.people.queries import former_identities, people
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.bulk import hex_of, tuples
from tramyte.engine.places.models import Place
from tramyte.engine.registers.staging import Match
from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.identity import Identity, Verdict, blocking_keys, insurance_code, same_person
from tramyte.rules.text import fold

NEW_YEAR = (1, 1)  # the day of those whose birthday nobody knows: too many to compare by it
AT_ONCE = 1000
EVERYBODY = 5  # so many people a line, and everybody is read
FIELDS = ("pk", "full_name", "birth_date", "birth_precision", "sex", "phone", "hamlet__name")
HELD = ("person_id", "kind", "value")
T = TypeVar("T")
Former = Mapping[str, Sequence[Identity]]  # what merged records said, by the hex digits of the key that stands for them


def match_residents(user: User, lines: Sequence[dict[str, Any]]) -> list[Any]:
    """For each line the stored person it means, a Match with a doubt, or None for a new person.

    "same" by `rules.identity.same_person` is that person; "maybe" is left to somebody to look at; so is a second line
    with the same identity number.
    """
    identities = [_identity(line) for line in lines]
    former = {id.hex: said for id, said in former_identities().items()}
    stored = _stored(user, identities, former)
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for id, known in stored.items():
        for key in {key for one in (known, *former.get(id, ())) for key in blocking_keys(one)} if id in former else blocking_keys(known):
            blocks[key].append(id)
    answers = [_judge(identity, stored, blocks, former) for identity in identities]
    rows = _whole([uuid.UUID(answer) for answer in answers if isinstance(answer, str)])
    found = [rows[answer] if isinstance(answer, str) else answer for answer in answers]
    return _same_number_twice(identities, found)


def _identity(line: dict[str, Any]) -> Identity:
    day, precision = parse_partial_date(line["birth"])
    return Identity(
        name=line["full_name"], birth_date=day, precision=precision, sex=line.get("sex") or "", national_id=line.get("national_id") or "",
        insurance_number=line.get("card_number") or "", phone=line.get("phone") or "", hamlet=line["hamlet"].name)


def _judge(identity: Identity, stored: dict[str, Identity], blocks: dict[str, list[str]], former: Former) -> str | Match | None:
    near = {id for key in blocking_keys(identity) for id in blocks.get(key, ())}
    if not near:
        return None
    judged = ((same_person(identity, one), id) for id in near for one in (stored[id], *former.get(id, ())))
    verdicts = _best_of_each(sorted(judged, key=lambda pair: (-pair[0].score, pair[1])))
    best, id = verdicts[0]
    if best.kind == "different":
        return None
    if best.kind == "same" and not (len(verdicts) > 1 and verdicts[1][0].score == best.score):
        return id
    other = stored[id]
    born = f"{other.birth_date:%d/%m/%Y}" if other.birth_date else ""
    return Match(doubt=f"Có thể trùng với {other.name}, sinh {born}, {other.hamlet}: {', '.join(best.evidence[:3])}. Hãy mở hồ sơ đó xem rồi sửa ở đó, hoặc thêm tay nếu là người khác.")


def _best_of_each(verdicts: Sequence[tuple[Verdict, str]]) -> list[tuple[Verdict, str]]:
    """The first verdict on each person: a record that took others in is judged by the name that fits best."""
    first: dict[str, Verdict] = {}
    for verdict, id in verdicts:
        first.setdefault(id, verdict)
    return [(verdict, id) for id, verdict in first.items()]


def _stored(user: User, identities: Sequence[Identity], former: Former) -> dict[str, Identity]:
    """What is stored of everybody who may be one of these, and of who took other records in, by the hex digits of the key.

    For many lines everybody of the user's places is read at once, which costs less than asking for each part of them.
    """
    rows = visible(user, people(), "people.write")
    numbers = Identifier.objects.filter(valid_to=None, entered_in_error=False).order_by()
    if len(identities) * EVERYBODY > rows.count():
        return _known(tuples(rows.order_by(), *FIELDS), tuples(numbers, *HELD))
    found: dict[str, Identity] = {}
    for begin in range(0, len(identities), AT_ONCE):
        near = tuples(rows.filter(_near(identities[begin:begin + AT_ONCE]) | Q(pk__in=list(former))).order_by(), *FIELDS)
        keys = [hex_of(row[0]) for row in near]
        found |= _known(near, [row for part in _parts(keys) for row in tuples(numbers.filter(person__in=part), *HELD)])
    return found


def _near(identities: Sequence[Identity]) -> Q:
    """Whoever has the name, the day of birth or a number of one of these."""
    numbers = {number for one in identities for number in (one.national_id, insurance_code(one.insurance_number)) if number}
    days = {one.birth_date for one in identities if one.birth_date and one.precision == "day" and (one.birth_date.month, one.birth_date.day) != NEW_YEAR}
    holders = Identifier.objects.filter(value__in=numbers, entered_in_error=False).values("person")
    return Q(search__in={fold(one.name) for one in identities}) | Q(birth_date__in=days) | Q(pk__in=holders)


def _known(rows: Sequence[tuple[Any, ...]], numbers: Sequence[tuple[Any, ...]]) -> dict[str, Identity]:
    held: defaultdict[Any, dict[str, str]] = defaultdict(dict)
    for owner, kind, value in numbers:
        held[owner][kind] = value
    found = {}
    for id, name, born, precision, sex, phone, hamlet in rows:
        own = held.get(id, {})
        national = own.get("national") or own.get("old_national", "")
        found[hex_of(id)] = Identity(name, born, precision, sex, national, own.get("insurance", ""), phone, hamlet)
    return found


def _whole(ids: Sequence[uuid.UUID]) -> dict[str, Person]:
    """Persons with what the register's columns read, by the hex digits of the key; plain tuples in place of model rows."""
    rows: dict[str, Person] = {}
    for part in _parts(list(dict.fromkeys(ids))):
        rows |= {id.hex: row for id, row in Person.objects.in_bulk(part).items()}
    hamlets = Place.objects.in_bulk({row.hamlet_id for row in rows.values()})
    homes = {id: home for part in _parts([row.household_id for row in rows.values() if row.household_id]) for id, home in Household.objects.in_bulk(part).items()}
    for row in rows.values():
        row.hamlet, row.household = hamlets[row.hamlet_id], homes.get(row.household_id) if row.household_id else None
        columns.keep_read(row, [], [], [])
    for part in _parts([row.pk for row in rows.values()]):
        present = {"person__in": part, "entered_in_error": False}
        for owner, *number in tuples(Identifier.objects.filter(valid_to=None, **present).order_by(), "person_id", "kind", "value"):
            columns.read_of(rows[hex_of(owner)]).numbers.append(columns.Number(*number))
        for owner, key, *card in tuples(Coverage.objects.filter(**present).order_by(), "person_id", "pk", "card_number", "start", "end"):
            columns.read_of(rows[hex_of(owner)]).cards.append(columns.Card(hex_of(key), *card))
        for owner, key, place, *stay in tuples(Residence.objects.filter(**present).order_by(), "person_id", "pk", "place_id", "kind", "start"):
            columns.read_of(rows[hex_of(owner)]).stays.append(columns.Stay(hex_of(key), hex_of(place), *stay))
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


def _parts(items: list[T]) -> Iterable[list[T]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start:start + AT_ONCE]
