"""Persons, their numbers and the upkeep of their health records."""

import datetime
import uuid
from typing import Any

from django.db import transaction

from tramyte.care.people import search
from tramyte.care.people.actions import checks
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.residences import record_residence
from tramyte.care.people.models import Household, Identifier, Person, RecordEntry
from tramyte.care.people.queries import possible_duplicates
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import add_months
from tramyte.rules.identity import (
    Identity,
    check_insurance_number,
    check_national_id,
    insurance_code,
    national_id_kind,
    temporary_number,
)
from tramyte.rules.text import clean

CHANGEABLE = {"full_name", "birth_date", "birth_precision", "sex", "ethnicity", "occupation", "phone", "household", "relation", "mother"}


@transaction.atomic
def register_person(
    *, by: User, id: uuid.UUID | None = None, full_name: str, birth_date: datetime.date, sex: str, hamlet: Place,
    birth_precision: str = "day", ethnicity: str = "Kinh", occupation: str = "", phone: str = "",
    household: Household | None = None, relation: str = "", mother: Person | None = None, national_id: str = "",
    insurance_number: str = "", residence: str = "permanent", since: datetime.date | None = None, confirmed: bool = False,
) -> Person:
    """Enter a person with a residence (from `since`, else today) and, where known, the numbers.

    residence: permanent or temporary. insurance_number: the 10-digit code or a card number that holds it.
    confirmed: somebody has looked at the likely duplicates; without it a likely one is refused (`duplicate`).
    """
    require(by, WRITE)
    fields = checks.person_fields({
        "full_name": full_name, "birth_date": birth_date, "birth_precision": birth_precision, "sex": sex, "hamlet": hamlet,
        "ethnicity": ethnicity, "occupation": occupation, "phone": phone, "relation": relation})
    numbers = _numbers(national_id, insurance_number)
    if not confirmed:
        _no_duplicate(by, fields, numbers)
    person = Person(id=id or new_id(), household=checks.a_household(household, by) if household else None, mother=mother, **fields)
    store(person, by=by, permission=WRITE, action="register_person")
    for kind, value in numbers.items():
        store(Identifier(person=person, kind=kind, value=value), by=by, permission=WRITE, action="record_identifier")
    record_residence(by=by, person=person, place=hamlet, kind=residence, start=since or max(clock.today(), person.birth_date))
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def change_person(*, by: User, id: uuid.UUID | str, seen_version: int | None = None, **fields: Any) -> Person:
    """Change own fields of a person: those of CHANGEABLE. Where somebody lives changes by `record_residence`."""
    unknown = fields.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"change_person does not write {sorted(unknown)}")
    person = fetch(Person, id, by=by, permission=WRITE, seen_version=seen_version)
    before = person.plain()
    for name, value in checks.person_fields(fields).items():
        setattr(person, name, value)
    if person.household_id and "household" in fields:
        checks.a_household(person.household_id, by)
    if person.died_on and person.died_on < person.birth_date:
        raise Refused("invalid", f"Ngày sinh sau ngày mất {person.died_on:%d/%m/%Y}. Hãy kiểm tra lại hai ngày.", field="birth_date")
    if person.mother_id == person.pk:
        raise Refused("invalid", "Một người không thể là mẹ của chính mình. Hãy chọn lại mẹ.", field="mother")
    store(person, by=by, permission=WRITE, action="change_person", before=before)
    search.refresh([person.pk])
    return person


@transaction.atomic
def record_identifier(
    *, by: User, person: Person | uuid.UUID, kind: str, value: str, id: uuid.UUID | None = None,
    valid_from: datetime.date | None = None,
) -> Identifier:
    """Give a person a number. A present one of that kind is ended the day before and stays findable.

    kind: national (12 digits), old_national (9), insurance (10-digit code; a card number gives its code), temporary.
    A national number ends the temporary one too. The number the person has already is answered unchanged.
    """
    owner = checks.a_person(person, by)
    value = _checked_number(kind, value)
    replaced = [kind, "temporary"] if kind == "national" else [kind]
    present = list(owner.identifiers.filter(kind__in=replaced, valid_to=None, entered_in_error=False).select_for_update())
    same = next((row for row in present if row.value == value), None)
    if same is not None:
        return same
    begins = valid_from or clock.today()
    checks.not_later_than_today(begins, "valid_from", "Ngày có số")
    made = Identifier(id=id or new_id(), person=owner, kind=kind, value=value, valid_from=begins if present else valid_from)
    for row in present:
        before = row.plain()
        row.valid_to, row.ended_by = begins - datetime.timedelta(days=1), made.pk
        store(row, by=by, permission=WRITE, action="end_identifier", before=before)
    store(made, by=by, permission=WRITE, action="record_identifier")
    search.refresh([owner.pk])
    return made


@transaction.atomic
def issue_temporary(*, by: User, person: Person | uuid.UUID, newborn: bool = False) -> Identifier:
    """Give somebody without a personal number a temporary one (see `rules.identity.temporary_number`); the present one is answered.

    newborn: whatever the age; else a child below one year whose day of birth is known counts as one. Raises Refused `numbered`.
    """
    owner = checks.a_person(person, by)
    held = {row.kind: row for row in owner.identifiers.filter(valid_to=None, entered_in_error=False)}
    if "national" in held:
        raise Refused("numbered", "Người này đã có số định danh nên không cấp số tạm. Hãy dùng số định danh.", field="kind")
    if "temporary" in held:
        return held["temporary"]
    newborn = newborn or (owner.birth_precision == "day" and clock.today() < add_months(owner.birth_date, 12))
    value = temporary_number(owner.pk.hex, owner.birth_date if newborn else clock.today(), newborn=newborn)
    return record_identifier(by=by, person=owner, kind="temporary", value=value)


@transaction.atomic
def record_entry(
    *, by: User, person: Person | uuid.UUID, kind: str, on: datetime.date | None = None, source: str = "", id: uuid.UUID | None = None,
) -> RecordEntry:
    """Note that the health record was opened (`opened`, once) or brought up to date (`updated`) on a day, today unless told."""
    owner = checks.a_person(person, by)
    day = on or clock.today()
    checks.not_later_than_today(day, "on", "Ngày")
    if day < owner.birth_date:
        raise Refused("invalid", f"Ngày {day:%d/%m/%Y} đứng trước ngày sinh. Hãy kiểm tra lại.", field="on")
    opened = owner.record_entries.filter(kind="opened", entered_in_error=False).order_by("on").first()
    if kind == "opened" and opened:
        raise Refused("already_opened", f"Hồ sơ đã được lập ngày {opened.on:%d/%m/%Y}. Hãy ghi là cập nhật.", field="kind")
    if kind == "updated" and not opened:
        raise Refused("not_opened", "Người này chưa được lập hồ sơ. Hãy ghi là lập hồ sơ trước.", field="kind")
    entry = RecordEntry(id=id or new_id(), person=owner, kind=kind, on=day, source=clean(source))
    return store(entry, by=by, permission=WRITE, action="record_entry")


def _numbers(national_id: str, insurance_number: str) -> dict[str, str]:
    """The kind and value of the numbers that were given, checked."""
    found = {}
    if clean(national_id):
        number = checks.checked("national_id", check_national_id, national_id)
        found["national" if national_id_kind(number) == "cccd" else "old_national"] = number
    if clean(insurance_number):
        found["insurance"] = insurance_code(checks.checked("insurance_number", check_insurance_number, insurance_number))
    return found


def _checked_number(kind: str, value: str) -> str:
    if kind == "insurance":
        return insurance_code(checks.checked("value", check_insurance_number, value))
    if kind == "temporary":
        if not (number := clean(value)) or len(number) > 20:
            raise Refused("invalid", "Số tạm phải có từ 1 đến 20 ký tự. Hãy nhập lại.", field="value")
        return number
    number = checks.checked("value", check_national_id, value)
    if (kind == "national") != (len(number) == 12):
        raise Refused("invalid", "Căn cước có 12 chữ số, chứng minh nhân dân cũ có 9. Hãy chọn lại loại giấy tờ.", field="kind")
    return number


def _no_duplicate(by: User, fields: dict[str, Any], numbers: dict[str, str]) -> None:
    identity = Identity(
        name=fields["full_name"], birth_date=fields["birth_date"], precision=fields["birth_precision"], sex=fields["sex"],
        national_id=numbers.get("national") or numbers.get("old_national", ""), insurance_number=numbers.get("insurance", ""),
        phone=fields["phone"], hamlet=fields["hamlet"].name)
    likely = [match for match in possible_duplicates(identity, by=by) if match.verdict.kind == "same"]
    if likely:
        person = likely[0].person
        raise Refused("duplicate", f"Có thể người này đã có trong sổ: {person.full_name}, sinh {person.birth_date:%d/%m/%Y}, {person.hamlet}. "
                      "Hãy mở hồ sơ đó xem; nếu đúng là hai người khác nhau thì đánh dấu đã xem và lưu lại.", field="full_name")
