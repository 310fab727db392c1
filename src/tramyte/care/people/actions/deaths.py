"""Deaths: the one writer of `Death`, of `Person.died_on` and of the residences that a death ends."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from tramyte.care.people.actions import checks
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.corrections import reopen_rows
from tramyte.care.people.actions.residences import close_residence
from tramyte.care.people.models import Death, Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import age_days, age_years
from tramyte.rules.text import clean

DIED = "mất"
BEARING_AGES = range(10, 61)  # outside these years of age a maternal death is a slip of the pen
NEWBORN_DAYS = 28


def check_death(fields: dict[str, Any], *, by: User) -> None:
    """The rules of a death, without a query. Raises Refused with the field at fault."""
    person, on = fields.get("person"), fields.get("on")
    if person is None or on is None:
        return
    checks.not_later_than_today(on, "on", "Ngày tử vong")
    if on < person.birth_date:
        raise Refused("invalid", f"Ngày tử vong {on:%d/%m/%Y} đứng trước ngày sinh {person.birth_date:%d/%m/%Y}. Hãy kiểm tra lại.", field="on")
    if fields.get("maternal") and (person.sex != "F" or age_years(person.birth_date, on) not in BEARING_AGES):
        raise Refused("invalid", "Tử vong mẹ chỉ ghi cho phụ nữ trong tuổi sinh đẻ. Hãy kiểm tra lại người hoặc bỏ đánh dấu này.", field="maternal")


@transaction.atomic
def record_death(
    *, by: User, id: uuid.UUID | str | None = None, seen_version: int | None = None, import_id: uuid.UUID | None = None, **fields: Any,
) -> Death:
    """Record a death, or correct the one with this id; fields are those of `Death` (`person` also by its key).

    The person's day of death follows, and residences that go on end on that day. Insurance and everything else stays
    as history. Raises Refused: a day to come or before birth, a person whose death is recorded already.
    """
    require(by, WRITE)
    known = bool(id) and Death.objects.filter(pk=id).exists()
    row = fetch(Death, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else Death(id=id or new_id(), import_id=import_id, recorder=by.full_name)
    before, was = (row.plain(), (row.person_id, row.on)) if known else (None, None)
    _fill(row, fields, by)
    if was == (row.person_id, row.on):
        return store(row, by=by, permission=WRITE, action="record_death", before=before)
    if was is not None:
        _lift(row, checks.a_person(was[0], by), by, "sửa ca tử vong")
    _only_death(row)
    store(row, by=by, permission=WRITE, action="record_death", before=before)
    _follow(row, by)
    return row


def record_deaths(items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None) -> list[Death]:
    """Write judged lines of an import, in order; one by one: deaths are few and each ends residences."""
    with transaction.atomic():
        return [record_death(by=by, id=id, import_id=import_id, **fields) for id, fields in items]


@transaction.atomic
def cancel_death(*, by: User, id: uuid.UUID | str, reason: str, seen_version: int | None = None) -> Death:
    """Take a death back that was entered in error: the person lives, and the residences that it ended go on as they were."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Hãy ghi lý do bỏ ca tử vong, ví dụ “ghi nhầm người”.", field="reason")
    row = fetch(Death, id, by=by, permission=WRITE, seen_version=seen_version)
    if row.entered_in_error:
        return row
    before = row.plain()
    row.entered_in_error, row.error_reason = True, said[:200]
    store(row, by=by, permission=WRITE, action="cancel_death", before=before, note=said[:200])
    _lift(row, checks.a_person(row.person_id, by), by, said)
    return row


def retract_death(*, by: User, person: Person | uuid.UUID, reason: str) -> Person:
    """As `cancel_death`, by the person."""
    owner = person.pk if isinstance(person, Person) else person
    row = Death.objects.filter(person=owner, entered_in_error=False).first()
    if row is None:
        raise Refused("alive", "Người này không có ngày mất để bỏ.", field="person")
    cancel_death(by=by, id=row.pk, reason=reason)
    return Person.objects.get(pk=owner)


@transaction.atomic
def death_restored(row: Death, *, by: User) -> None:
    """After an undo gave a death its former values back: the person and the residences follow them."""
    _lift(row, checks.a_person(row.person_id, by), by, "hoàn tác")
    _follow(row, by)


def _fill(row: Death, fields: dict[str, Any], by: User) -> None:
    for name, value in fields.items():
        if name == "person" and value is not None:
            value = checks.a_person(value, by)
        setattr(row, name, clean(value) if isinstance(value, str) else value)
    if row.person_id is None:
        raise Refused("missing", "Chưa ghi ai đã mất. Hãy chọn người trong sổ nhân khẩu.", field="person")
    row.recorder = row.recorder or by.full_name
    row.icd10 = row.icd10.upper()
    checks.a_day(row.on, "on", "Ngày tử vong")
    check_death({"person": row.person, "on": row.on, "maternal": row.maternal}, by=by)
    row.age_days, row.age_group = age_days(row.person.birth_date, row.on), age_group_of(row.person.birth_date, row.on)


def age_group_of(born: datetime.date, on: datetime.date) -> str:
    """Newborn (below 28 days), infant (below a year), child (below five years) or older, in completed time."""
    if age_days(born, on) < NEWBORN_DAYS:
        return "newborn"
    years = age_years(born, on)
    return "infant" if years < 1 else "child" if years < 5 else "older"


def _only_death(row: Death) -> None:
    other = Death.objects.filter(person=row.person_id, entered_in_error=False).exclude(pk=row.pk).first()
    if other is not None:
        raise Refused("died", f"Đã ghi người này mất ngày {other.on:%d/%m/%Y}. Nếu ngày đó sai, hãy sửa dòng đã có trong Sổ tử vong.", field="on")


def _follow(row: Death, by: User) -> None:
    """The person has died on that day; residences that go on after it end."""
    owner = checks.a_person(row.person_id, by)
    before, owner.died_on = owner.plain(), row.on
    store(owner, by=by, permission=WRITE, action="follow_death", before=before)
    for stay in owner.residences.filter(Q(end=None) | Q(end__gt=row.on), start__lte=row.on, entered_in_error=False):
        close_residence(stay, row.on, DIED, by, row.pk)


def _lift(row: Death, owner: Person, by: User, note: str) -> None:
    """The person has not died; the residences that this death ended are as they were."""
    before, owner.died_on = owner.plain(), None
    store(owner, by=by, permission=WRITE, action="lift_death", before=before, note=note[:200])
    reopen_rows(owner.residences.filter(ended_by=row.pk, entered_in_error=False), by=by, permission=WRITE, note=note[:200])
