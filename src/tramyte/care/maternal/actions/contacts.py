"""Antenatal and postnatal contacts."""

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from tramyte.care.maternal.actions.checks import (
    WRITE,
    a_person,
    begun,
    check_day,
    check_lived,
    check_pressure,
    check_woman,
    fill,
    in_error,
    one_by_one,
)
from tramyte.care.maternal.actions.pregnancies import (
    cancel_pregnancy,
    check_pregnancy,
    date_again,
    follow,
    keep,
    register_pregnancy,
)
from tramyte.care.maternal.models import AntenatalContact, Delivery, PostnatalContact, Pregnancy
from tramyte.care.maternal.queries import living, pregnancy_on
from tramyte.care.people.tetanus import give_tetanus, tetanus_of
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.pregnancy import LONGEST, term_of
from tramyte.rules.text import clean

OF_PREGNANCY = ("lmp", "gravida", "para", "illness", "height_cm")  # columns of the book that the pregnancy keeps
MOST_DAYS = 90  # a later contact after a birth is no longer of it


def check_contact(fields: Mapping[str, Any], *, by: User) -> None:
    """The rules of a contact that need no query. Raises Refused with the field at fault."""
    person, on = fields.get("person"), fields.get("on")
    if person is None or on is None:
        return
    check_day(on, "Ngày khám")
    check_lived(person, on)
    if person.sex != "F":
        check_woman(person, on)
    lmp = fields.get("lmp")
    if lmp is not None and lmp > on:
        raise Refused("before_begin", f"Ngày khám {on:%d/%m/%Y} trước kỳ kinh cuối {lmp:%d/%m/%Y}: khi ấy chưa có thai này. Hãy kiểm tra lại hai ngày.", field="on")
    if lmp is not None:
        check_pregnancy({"lmp": lmp, "registered_on": on}, by=by)
    check_pressure(fields.get("systolic"), fields.get("diastolic"))
    if (again := fields.get("next_on")) is not None and again <= on:
        raise Refused("next_before", f"Ngày hẹn {again:%d/%m/%Y} không sau ngày khám {on:%d/%m/%Y}. Hãy kiểm tra lại ngày hẹn.", field="next_on")


@transaction.atomic
def record_contact(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, confirmed: bool = False, import_id: uuid.UUID | None = None, **fields: Any,
) -> AntenatalContact:
    """Write an antenatal contact, or correct the one with this id; it opens a pregnancy when none is open and `lmp` is known.

    fields: those of `AntenatalContact`, of the pregnancy those in OF_PREGNANCY, and `tetanus_lot`: the lot of a tetanus dose given at
    this contact, which becomes a dose of hers. How many she had by then is counted where nobody says it. Raises Refused: a contact before the pregnancy
    began, after it ended, to come; nobody pregnant and no day of the last menstruation (`no_pregnancy`).
    """
    row, before = begun(AntenatalContact, id, by, seen_version)
    if before is None:
        row.import_id = import_id
    of_pregnancy, lot = {name: fields.pop(name) for name in OF_PREGNANCY if name in fields}, clean(fields.pop("tetanus_lot", "") or "")
    fill(row, fields)
    check_day(row.on, "Ngày khám")
    row.person = a_person(row.person_id, by, row.on)
    check_contact({"person": row.person, "on": row.on, "lmp": of_pregnancy.get("lmp"), "systolic": row.systolic, "diastolic": row.diastolic, "next_on": row.next_on}, by=by)
    owner = _pregnancy(row, of_pregnancy, by=by, confirmed=confirmed, import_id=row.import_id)
    row.pregnancy, row.gestation = owner, _gestation(owner, row.on)
    row.term, row.examiner = term_of(row.gestation), row.examiner or by.full_name
    if row.next_on is not None and owner.gestation(row.next_on) > LONGEST:
        raise Refused("next_late", f"Ngày hẹn {row.next_on:%d/%m/%Y} cách ngày dự sinh {owner.due_on:%d/%m/%Y} quá xa về sau. Hãy kiểm tra lại tháng và năm của ngày hẹn.", field="next_on")
    if lot:
        _give_tetanus(row, lot, by=by)
    if row.tetanus is None and not row.import_id:
        row.tetanus = min(tetanus_of(row.person).until(row.on), 5) or None
    store(row, by=by, permission=WRITE, action="record_contact", before=before)
    follow(owner, by=by)
    return row


def _give_tetanus(row: AntenatalContact, lot: str, *, by: User) -> None:
    """Write the dose given at a contact, once."""
    held = tetanus_of(row.person)
    if held.lot_on(row.on).casefold() != lot.casefold():
        try:
            give_tetanus(row.person, row.on, lot, by=by)
        except Refused as refused:
            refused.field = "tetanus_lot" if refused.status == 422 else refused.field
            raise


def record_contacts(items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None) -> list[AntenatalContact]:
    """Write judged lines of an import, in order of their days: the first of a woman opens her pregnancy."""
    order = sorted(range(len(items)), key=lambda at: items[at][1].get("on") or datetime.date.min)
    made = dict(zip(order, one_by_one(record_contact, [items[at] for at in order], by=by, import_id=import_id), strict=True))
    return [made[at] for at in range(len(items))]


@transaction.atomic
def cancel_contact(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> AntenatalContact:
    """Mark a contact as entered in error; risks and the next visit follow."""
    row = in_error(AntenatalContact, id, by=by, seen_version=seen_version, reason=reason, action="cancel_contact")
    follow(fetch(Pregnancy, row.pregnancy_id, by=by, permission=WRITE), by=by)
    return row


@transaction.atomic
def undo_contacts(ids: Collection[uuid.UUID], *, by: User, import_id: uuid.UUID, reason: str) -> set[uuid.UUID]:
    """Take these contacts of an import back that nobody changed since, with the pregnancies that they opened and nothing else stands on."""
    require(by, WRITE)
    rows = list(visible(by, AntenatalContact.objects.filter(pk__in=ids, import_id=import_id, entered_in_error=False, version=1), WRITE))
    for row in rows:
        cancel_contact(by=by, id=row.pk, reason=reason)
    for owner in Pregnancy.objects.filter(pk__in={row.pregnancy_id for row in rows}, import_id=import_id, entered_in_error=False):
        if not any(part.filter(entered_in_error=False).exists() for part in (owner.contacts, owner.deliveries, owner.abortions)):
            cancel_pregnancy(by=by, id=owner.pk, reason=reason)
    return {row.pk for row in rows}


def contact_restored(row: AntenatalContact, *, by: User) -> None:
    """After an undo gave a contact its former values: the pregnancy follows."""
    follow(row.pregnancy, by=by)


def _pregnancy(row: AntenatalContact, given: dict[str, Any], *, by: User, confirmed: bool, import_id: uuid.UUID | None) -> Pregnancy:
    """The pregnancy that the contact belongs to, with what the line says about it; opened when there is none."""
    told = {name: value for name, value in given.items() if value not in (None, "")}
    owner = row.pregnancy if row.pregnancy_id else pregnancy_on(row.person, row.on)
    if owner is None:
        if "lmp" not in told:
            raise Refused(
                "no_pregnancy", f"{row.person} chưa có thai kỳ nào vào ngày {row.on:%d/%m/%Y}. Hãy ghi ngày đầu kỳ kinh cuối để mở, hoặc đăng ký thai bằng siêu âm.", field="lmp")
        return register_pregnancy(by=by, confirmed=confirmed, import_id=import_id, person=row.person, registered_on=row.on, **told)
    if owner.person_id != row.person_id:
        raise Refused("other_person", "Thai kỳ này là của người khác. Hãy mở lại thai kỳ của đúng người.", field="person")
    if owner.entered_in_error:
        raise Refused("not_found", "Thai kỳ này đã bị đánh dấu ghi nhầm. Hãy mở lại thai kỳ của đúng người.", field="person")
    changed = {name: value for name, value in told.items() if getattr(owner, name) != value}
    return _tell(owner, changed, by=by) if changed else fetch(Pregnancy, owner.pk, by=by, permission=WRITE)


def _tell(owner: Pregnancy, changed: dict[str, Any], *, by: User) -> Pregnancy:
    if "lmp" in changed:
        return register_pregnancy(by=by, id=owner.pk, confirmed=True, **changed)
    held = fetch(Pregnancy, owner.pk, by=by, permission=WRITE)
    before = held.plain()
    fill(held, changed)
    date_again(held)
    return keep(held, by=by, action="register_pregnancy", before=before)


def _gestation(owner: Pregnancy, on: datetime.date) -> int:
    days = owner.gestation(on)
    if days < 0:
        raise Refused("before_begin", f"Ngày khám {on:%d/%m/%Y} trước ngày đầu của thai {owner.since:%d/%m/%Y}. Hãy kiểm tra lại ngày khám hoặc kỳ kinh cuối.", field="on")
    if days > LONGEST:
        raise Refused("too_long", f"Ngày khám cách kỳ kinh cuối {days // 7} tuần, quá 45 tuần. Hãy kiểm tra lại, hoặc ghi thai kỳ cũ đã kết thúc.", field="on")
    if owner.ended_on and on > owner.ended_on:
        raise Refused("ended", f"Thai kỳ đã kết thúc ngày {owner.ended_on:%d/%m/%Y}, trước ngày khám. Sau đẻ thì ghi khám sau sinh; có thai mới thì đăng ký thai mới.", field="on")
    return days


@transaction.atomic
def record_postnatal(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> PostnatalContact:
    """Write a contact after a birth, or correct the one with this id; fields are those of `PostnatalContact` but `person`."""
    row, before = begun(PostnatalContact, id, by, seen_version)
    fill(row, fields)
    if row.delivery_id is None:
        raise Refused("missing", "Chưa ghi khám sau cuộc đẻ nào. Hãy mở từ thai kỳ của sản phụ.", field="delivery")
    birth = fetch(Delivery, row.delivery_id, by=by, permission=WRITE)
    row.person, row.day = birth.person, (check_day(row.on, "Ngày khám") - birth.on).days
    if row.day < 0:
        raise Refused("before_birth", f"Ngày khám {row.on:%d/%m/%Y} trước ngày đẻ {birth.on:%d/%m/%Y}. Hãy kiểm tra lại.", field="on")
    if row.day > MOST_DAYS:
        raise Refused("too_late", f"Ngày khám sau đẻ {row.day} ngày: quá {MOST_DAYS} ngày thì không còn là khám sau sinh. Hãy ghi vào sổ khám bệnh.", field="on")
    if not (row.mother_seen or row.child_seen):
        raise Refused("nobody", "Chưa đánh dấu đã khám mẹ hay con. Hãy đánh dấu ít nhất một.", field="mother_seen")
    if row.mother_seen:
        check_lived(birth.person, row.on)
    if row.child_seen and not living(birth, row.on):
        raise Refused("no_child", f"Cuộc đẻ này không có con nào còn sống vào ngày {row.on:%d/%m/%Y}. Hãy chọn Không ở mục đã khám con.", field="child_seen")
    check_pressure(row.systolic, row.diastolic)
    row.examiner = row.examiner or by.full_name
    return store(row, by=by, permission=WRITE, action="record_postnatal", before=before)


def follow_birth(birth: Delivery, *, by: User) -> None:
    """After the day of a birth was corrected its contacts afterwards count from the new one. Refused when one would come before it."""
    for row in birth.postnatal.filter(entered_in_error=False):
        day = (row.on - birth.on).days
        if not 0 <= day <= MOST_DAYS:
            raise Refused(
                "postnatal", f"Ngày đẻ {birth.on:%d/%m/%Y} không hợp với lần khám sau sinh {row.on:%d/%m/%Y}. Hãy kiểm tra lại ngày đẻ, hoặc sửa lần khám đó trước.", field="on")
        if day != row.day:
            before, row.day = row.plain(), day
            store(row, by=by, permission=WRITE, action="redate", before=before)


@transaction.atomic
def cancel_postnatal(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> PostnatalContact:
    """Mark a contact after a birth as entered in error."""
    return in_error(PostnatalContact, id, by=by, seen_version=seen_version, reason=reason, action="cancel_postnatal")
