"""A line of the residents' book: a person with household, residence, numbers and card, one at a time or many."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from tramyte.care.people import search
from tramyte.care.people.actions import checks
from tramyte.care.people.actions.batches import IMPORT, Batch, store_batch
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.corrections import retract
from tramyte.care.people.actions.households import record_household
from tramyte.care.people.actions.insurance import record_coverage
from tramyte.care.people.actions.persons import (
    change_person,
    issue_temporary,
    record_identifier,
    register_person,
)
from tramyte.care.people.actions.residences import record_residence
from tramyte.care.people.models import Coverage, Household, Identifier, Person, RecordEntry, Residence
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.bulk import drafts, hex_of, tuples
from tramyte.engine.actions.writing import fetch
from tramyte.engine.documents.letters import has_old_letters
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.identity import insurance_code, national_id_kind, national_id_warnings

KINDS = {"thường trú": "permanent", "tạm trú": "temporary", "": "permanent"}
OWN = ("full_name", "sex", "ethnicity", "occupation", "phone", "relation")
Item = tuple[uuid.UUID | None, dict[str, Any]]


@transaction.atomic
def record_resident(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, confirmed: bool = False, **fields: Any,
) -> Person:
    """Enter a line of the residents' book, or change the person with this id by the fields that are given.

    fields: those of the register's columns; birth and residence in words (`1956`, `tạm trú`), hamlet a Place. An empty
    number, card, household or date changes nothing. A card without its first day counts from today, one that has
    run out from its last day. confirmed: likely duplicates of a new person were looked at. Beside the columns:
    old_number (nine digits, kept as an old number) and temporary (true: who has no number gets a temporary one).
    """
    check_resident(fields, by=by)
    known = bool(id) and Person.objects.filter(pk=id).exists()
    person = fetch(Person, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else _enter(by, fields, confirmed, id)
    if known:
        _change(by, person, fields)
    if number := fields.get("household_number"):
        _join(by, person, fields.get("hamlet") or person.hamlet, number)
    if old := fields.get("old_number"):
        record_identifier(by=by, person=person, kind="old_national", value=old)
    if fields.get("temporary") and not fields.get("national_id"):
        issue_temporary(by=by, person=person)
    if card := fields.get("card_number"):
        _card(by, person, card, fields)
    return Person.objects.get(pk=person.pk)


def check_resident(fields: dict[str, Any], *, by: User) -> None:
    """Refuse what does not fit together in one line; reads nothing."""
    start, end = fields.get("card_start"), fields.get("card_end")
    if start and end:
        checks.in_order(start, end, "card_end")
    if (start or end) and not fields.get("card_number"):
        raise Refused("no_card", "Có ngày của thẻ BHYT mà thiếu số thẻ. Hãy ghi số thẻ, hoặc bỏ ngày.", field="card_number")
    if start and not end:
        raise Refused("no_end", "Thẻ BHYT có ngày bắt đầu mà thiếu ngày hết hạn. Hãy ghi ngày hết hạn.", field="card_end")
    born = parse_partial_date(fields["birth"])[0] if fields.get("birth") else None
    since = fields.get("since")
    if since and born and since < born:
        raise Refused("invalid", f"Ngày bắt đầu ở {since:%d/%m/%Y} đứng trước ngày sinh. Hãy kiểm tra lại.", field="since")


def old_font_warnings(name: str) -> tuple[str, ...]:
    """The sentence about a name whose letters are those of TCVN3 (.VnTime) or VNI; none for any other name."""
    if not has_old_letters(name):
        return ()
    return (f"Họ tên “{name[:60]}” có chữ giống phông cũ (TCVN3 .VnTime hoặc VNI). Hãy gõ lại bằng Unicode; đúng là tên nước ngoài thì giữ nguyên.",)


def resident_warnings(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """What in the identity number does not go with birth date and sex, and letters of an old font in the name; the line is taken all the same."""
    letters = old_font_warnings(fields.get("full_name") or "")
    born = parse_partial_date(fields["birth"])[0] if fields.get("birth") else None
    numbers = national_id_warnings(fields["national_id"], born, fields.get("sex") or "") if fields.get("national_id") else ()
    return (*letters, *numbers)


@transaction.atomic
def record_residents(items: Sequence[Item], *, by: User, import_id: uuid.UUID) -> list[Person]:
    """Write judged lines of an import: new people in bulk, stored ones one by one. Answers their persons in order.

    Raises Refused when a number of a new line belongs to somebody else by now.
    """
    new = [fields for id, fields in items if id is None]
    _numbers_are_free(new)
    made = iter(_enter_many(new, by, import_id))
    return [next(made) if id is None else _update(id, fields, by, import_id) for id, fields in items]


def _update(id: uuid.UUID, fields: dict[str, Any], by: User, import_id: uuid.UUID) -> Person:
    """A stored person changed by an import; the rows it adds beside bear the import, so that they can be taken back."""
    kinds = (Identifier, Residence, Coverage)
    known = {model: set(model._default_manager.filter(person=id).values_list("pk", flat=True)) for model in kinds}
    begun = timezone.now()
    person = record_resident(by=by, id=id, **fields)
    for model in kinds:
        model._default_manager.filter(person=id).exclude(pk__in=known[model]).update(import_id=import_id)
    Household.objects.filter(pk=person.household_id, created_at__gte=begun).update(import_id=import_id)
    return person


def resident_restored(row: Person, *, by: User) -> None:
    """After an undo gave a person the former values back: the words to be found by."""
    search.refresh([row.pk])


@transaction.atomic
def cancel_resident(*, by: User, id: uuid.UUID | str, reason: str, seen_version: int | None = None) -> Person:
    """Mark a person as entered in error, with the rows that the same import (or entry) made beside."""
    person = fetch(Person, id, by=by, permission=WRITE, seen_version=seen_version)
    for model in (RecordEntry, Coverage, Residence, Identifier):
        for row in model._default_manager.filter(person=person, entered_in_error=False, import_id=person.import_id):
            retract(by=by, model=model, id=row.pk, reason=reason)
    person = retract(by=by, model=Person, id=person.pk, reason=reason)
    home = person.household
    if home and home.import_id and home.import_id == person.import_id and not home.members.filter(entered_in_error=False).exists():
        retract(by=by, model=Household, id=home.pk, reason=reason)
    return person


def _enter(by: User, fields: dict[str, Any], confirmed: bool, id: uuid.UUID | None) -> Person:
    day, precision = parse_partial_date(fields["birth"])
    return register_person(
        by=by, id=id, birth_date=day, birth_precision=precision, hamlet=fields["hamlet"], national_id=fields.get("national_id") or "",
        insurance_number=fields.get("card_number") or "", residence=KINDS[fields.get("residence") or ""], since=fields.get("since"), confirmed=confirmed,
        **{name: fields.get(name) or "" for name in OWN})


def _change(by: User, person: Person, fields: dict[str, Any]) -> None:
    own = {name: fields[name] for name in OWN if name in fields}
    if fields.get("birth"):
        own["birth_date"], own["birth_precision"] = parse_partial_date(fields["birth"])
    if own:
        change_person(by=by, id=person.pk, **own)
    if number := fields.get("national_id"):
        record_identifier(by=by, person=person, kind="national" if national_id_kind(number) == "cccd" else "old_national", value=number)
    hamlet, kind = fields.get("hamlet") or person.hamlet, fields.get("residence") or ""
    if _lives_anew(person, hamlet, kind, fields.get("since")):
        record_residence(by=by, person=person, place=hamlet, kind=KINDS[kind], start=fields.get("since") or clock.today())


def _lives_anew(person: Person, hamlet: Place, kind: str, since: datetime.date | None) -> bool:
    """Whether a line tells of a residence that is not known yet.

    Who stays elsewhere for a while still lives where the stored residence says. Who left is back only by a first day after the last one.
    """
    stays = list(person.residences.filter(kind__in=["permanent", "temporary"], entered_in_error=False))
    going_on = [row for row in stays if row.end is None or row.end >= clock.today()]
    if hamlet.pk != person.hamlet_id:
        return all(row.place_id != hamlet.pk or (kind and row.kind != KINDS[kind]) for row in going_on)
    if not going_on and since and person.is_alive:
        return all(row.end < since for row in stays if row.end)
    return bool(kind) and all(row.kind != KINDS[kind] for row in stays)


def _join(by: User, person: Person, hamlet: Place, number: str) -> None:
    """Make the person a member; the number that is stored stays that of the household, wherever its member stays meanwhile."""
    if person.household and person.household.number == number and hamlet.pk == person.hamlet_id:
        return
    home = Household.objects.filter(hamlet=hamlet, number=number, entered_in_error=False).first()
    if home is None:
        home = record_household(by=by, hamlet=hamlet, number=number)
    if person.household_id != home.pk:
        change_person(by=by, id=person.pk, household=home)


def _card(by: User, person: Person, card: str, fields: dict[str, Any]) -> None:
    start, end = card_period(fields)
    if end is None or start is None:
        record_identifier(by=by, person=person, kind="insurance", value=card)
    elif not person.coverages.filter(start=start, end=end, card_number=card, entered_in_error=False).exists():
        record_coverage(by=by, person=person, card_number=card, start=start, end=end)


def card_period(fields: dict[str, Any]) -> tuple[datetime.date | None, datetime.date | None]:
    """The card's days: without a first day it is known to hold from today, one that has run out on its last day."""
    start, end = fields.get("card_start"), fields.get("card_end")
    return (start or min(clock.today(), end), end) if end else (None, None)


def _numbers_are_free(lines: Sequence[dict[str, Any]]) -> None:
    numbers = {line["national_id"] for line in lines if line.get("national_id")}
    taken = Identifier.objects.filter(value__in=numbers, kind__in=["national", "old_national"], valid_to=None, entered_in_error=False, person__entered_in_error=False)
    if found := taken.select_related("person").first():
        raise Refused("number_taken", f"Số định danh {found.value} đang là của {found.person.full_name}. Hãy kiểm tra lại số, hoặc mở hồ sơ đó.", field="national_id")


def _enter_many(lines: Sequence[dict[str, Any]], by: User, import_id: uuid.UUID) -> list[Person]:
    batch = Batch()
    _people(batch, lines)
    _facts(batch, lines)
    if lines:
        store_batch(by=by, batch=batch, import_id=import_id, permission=IMPORT)
    return batch.people


def _homes(lines: Sequence[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """The keys of the stored households of these lines, by the hex digits of the hamlet and the number."""
    numbers = {line["household_number"] for line in lines if line.get("household_number")}
    rows = Household.objects.filter(number__in=numbers, hamlet__in={line["hamlet"].pk for line in lines}, entered_in_error=False).order_by()
    return {(hex_of(hamlet), number): hex_of(id) for hamlet, number, id in tuples(rows, "hamlet_id", "number", "pk")}


def _people(batch: Batch, lines: Sequence[dict[str, Any]]) -> None:
    homes, draft_person, draft_home = _homes(lines), drafts(Person), drafts(Household)
    new: dict[tuple[str, str], uuid.UUID] = {}
    for line in lines:
        hamlet, number = line["hamlet"], line.get("household_number") or ""
        place = (hamlet.pk.hex, number)
        if number and place not in homes and place not in new:
            batch.households.append(draft_home(hamlet=hamlet, number=number))
            new[place] = batch.households[-1].pk
        home = new.get(place) or (uuid.UUID(homes[place]) if place in homes else None)
        day, precision = parse_partial_date(line["birth"])
        own = {name: line.get(name) or "" for name in OWN}
        batch.people.append(draft_person(birth_date=day, birth_precision=precision, hamlet=hamlet, household_id=home, **own))


def _facts(batch: Batch, lines: Sequence[dict[str, Any]]) -> None:
    draft_stay, draft_number, draft_card, today = drafts(Residence), drafts(Identifier), drafts(Coverage), clock.today()
    for person, line in zip(batch.people, lines, strict=True):
        start = line.get("since") or max(today, person.birth_date)
        batch.residences.append(draft_stay(person=person, place=line["hamlet"], kind=KINDS[line.get("residence") or ""], start=start))
        if number := line.get("national_id"):
            kind = "national" if national_id_kind(number) == "cccd" else "old_national"
            batch.identifiers.append(draft_number(person=person, kind=kind, value=number))
        if card := line.get("card_number"):
            batch.identifiers.append(draft_number(person=person, kind="insurance", value=insurance_code(card)))
            begin, end = card_period(line)
            if begin and end:
                group = card[:2] if len(card) == 15 else ""
                batch.coverages.append(draft_card(person=person, card_number=card, group=group, start=begin, end=end))
