"""Births: the delivery, its children as lines of Sổ đẻ and as persons, the end of the pregnancy."""

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from tramyte.care.maternal.actions.birth_checks import (
    check_baby,
    check_birth,
    one_name_each,
    one_number_each,
)
from tramyte.care.maternal.actions.birth_doses import (
    OF_DOSE,
    cancel_dose,
    stored_dose,
    told_dose,
    write_dose,
)
from tramyte.care.maternal.actions.checks import (
    WRITE,
    a_person,
    begun,
    check_day,
    check_woman,
    fill,
    in_error,
    one_by_one,
)
from tramyte.care.maternal.actions.children import child_of, follow_child, has_left
from tramyte.care.maternal.actions.contacts import follow_birth
from tramyte.care.maternal.actions.pregnancies import cancel_pregnancy, end, keep, reopen_pregnancy
from tramyte.care.maternal.columns import code_of
from tramyte.care.maternal.models import Delivery, Newborn, PostnatalContact, Pregnancy
from tramyte.care.maternal.queries import pregnancies, pregnancy_on
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.pregnancy import LONGEST, TERM, weeks_words
from tramyte.rules.text import clean

OF_DELIVERY = ("at", "place", "site", "attendant", "attendant_name", "mode", "complications", "note")
OF_LINE = {"0-hepatitis_b_lot": "hepatitis_b_at", "person": "mother"}  # what a line of the book calls it otherwise
NO_BIRTH = ("miscarriage", "abortion", "ectopic")  # a pregnancy that ended so bore no child
OF_CHILD = ("name", "national_id", "found")  # what a line says of the child as a person


@transaction.atomic
def record_delivery(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, newborns: Sequence[Mapping[str, Any]], confirmed: bool = False,
    import_id: uuid.UUID | None = None, **fields: Any,
) -> Delivery:
    """Write a birth with its children, or correct the one with this id; each child born alive becomes a person.

    fields: those of `Delivery`, and `weeks` (gestation) or `para` of a woman whose pregnancy was not followed. newborns: those of
    `Newborn` by name, with `name`, `national_id` and `found` (a person already entered) of the child, and those of OF_DOSE, which
    become a dose of the child. confirmed: what is
    unusual was looked at. Raises Refused with the field at fault; of a child as "0-weight_g".
    """
    row, before = begun(Delivery, id, by, seen_version)
    if before is None:
        row.import_id = import_id
    told = {name: fields.pop(name) for name in ("weeks", "para") if name in fields}
    fill(row, fields)
    check_day(row.on, "Ngày đẻ")
    row.person = a_person(row.person_id, by, row.on)
    check_woman(row.person, row.on, confirmed=confirmed)
    if not newborns:
        raise Refused("no_child", "Chưa ghi con nào. Hãy ghi ít nhất một con; thai chết thì chọn tình trạng là chết.", field="0-sex")
    one_number_each(newborns)
    if not confirmed:
        one_name_each(row, newborns)
    owner = _pregnancy(row, told, by=by, confirmed=confirmed)
    row.pregnancy, row.gestation = owner, owner.gestation(row.on)
    check_birth(row, confirmed=confirmed)
    if before is None and not confirmed and has_left(row.person, row.on):
        raise Refused(
            "ask_left", f"{row.person} đã chuyển đi trước ngày {row.on:%d/%m/%Y}. Nếu đẻ ở nơi mới thì ghi thai kỳ kết thúc là chuyển đi; nếu đã về đây thì ghi nơi ở của mẹ trước."
            " Vẫn ghi cuộc đẻ ở đây thì đánh dấu “Đã kiểm tra lại” rồi lưu: con được ghi tạm trú.", field="on")
    store(row, by=by, permission=WRITE, action="record_delivery", before=before)
    if before is not None:
        follow_birth(row, by=by)
    for at, given in enumerate(newborns):
        _line(row, at, given, by=by, confirmed=confirmed)
    _end(row, by=by)
    return row


@transaction.atomic
def record_newborn(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, confirmed: bool = False, import_id: uuid.UUID | None = None, **fields: Any,
) -> Newborn:
    """Write one line of Sổ đẻ: a child with its delivery, which is made when the mother has none on that day.

    fields: `mother`, `on`, those of `Newborn`, of the delivery those in OF_DELIVERY, and `weeks`, `para`, `name`, `national_id`.
    """
    known, before = begun(Newborn, id, by, seen_version)
    given = {name: value for name, value in fields.items() if name not in {"mother", "on", "weeks", "para", *OF_DELIVERY}}
    mother, on = fields.get("mother") or (known.mother if before else None), fields.get("on") or (known.on if before else None)
    of_delivery = {name: _coded(name, fields[name]) for name in (*OF_DELIVERY, "weeks", "para") if name in fields}
    if before is None:
        check_day(on, "Ngày đẻ")
        mother = a_person(mother, by, on)
    assert mother is not None
    if before is not None and mother.pk != known.mother_id:
        raise Refused("other_person", "Dòng này là của sản phụ khác. Hãy ghi nhầm dòng này, rồi ghi cho đúng người.", field="mother")
    birth = known.delivery if before else Delivery.objects.filter(person=mother, on=on, entered_in_error=False).first()
    held = _held(birth)
    line = {**given, "id": known.pk, **({} if before or given.get("order") else {"order": len(held) + 1})}
    if birth is None:
        of_delivery |= {"import_id": import_id}
    others = [{"id": one.pk} for one in held if one.pk != known.pk]
    try:
        made = record_delivery(by=by, id=birth.pk if birth else None, newborns=[line, *others], confirmed=confirmed, person=mother, on=on, **of_delivery)
    except Refused as refused:
        refused.field = OF_LINE.get(refused.field, refused.field.removeprefix("0-"))
        raise
    if import_id and before is None:
        Newborn.objects.filter(pk=known.pk).update(import_id=import_id)
    return Newborn.objects.select_related("delivery", "child").get(delivery=made, pk=known.pk)


def record_newborns(items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None) -> list[Newborn]:
    """Write judged lines of an import, in order: twins are two lines of one mother and day."""
    return one_by_one(record_newborn, items, by=by, import_id=import_id)


@transaction.atomic
def set_certificate(*, by: User, id: uuid.UUID, seen_version: int | None = None, **fields: Any) -> Newborn:
    """Write what the certificate of birth says that the book does not; fields are those of `Newborn` about it."""
    row = fetch(Newborn, id, by=by, permission=WRITE, seen_version=seen_version)
    if not row.alive:
        raise Refused("stillborn", "Con đẻ ra đã chết nên không cấp giấy chứng sinh. Hãy kiểm tra lại tình trạng con ở Sổ đẻ.")
    before = row.plain()
    fill(row, fields)
    check_baby(row, 0, by=by, confirmed=True)
    return store(row, by=by, permission=WRITE, action="set_certificate", before=before)


@transaction.atomic
def reissue_certificate(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> Newborn:
    """Note that the certificate is issued again, with the reason; the paper says so from then on. Raises Refused for one never issued."""
    row = fetch(Newborn, id, by=by, permission=WRITE, seen_version=seen_version)
    if not (row.certificate and row.certificate_on):
        raise Refused("not_issued", "Giấy chứng sinh này chưa ghi số hoặc ngày cấp nên chưa cấp lần nào. Hãy ghi đủ rồi in lần đầu.", field="reason")
    if not (said := clean(reason)):
        raise Refused("no_reason", "Hãy ghi lý do cấp lại: mất, rách, sai sót; theo đơn của ai.", field="reason")
    before = row.plain()
    row.copies, row.copied_on, row.copied_why = row.copies + 1, clock.today(), said[:150]
    return store(row, by=by, permission=WRITE, action="reissue_certificate", before=before, note=said[:150])


@transaction.atomic
def cancel_newborn(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> Newborn:
    """Mark a line of Sổ đẻ as entered in error; with the last one the delivery goes and the pregnancy is open again.

    The dose that was written with the line goes with it. The child stays in the registry: its person is taken back there, when it
    was a mistake too.
    """
    row = in_error(Newborn, id, by=by, seen_version=seen_version, reason=reason, action="cancel_newborn")
    if row.birth_dose:
        cancel_dose(row.birth_dose, by=by, reason=row.error_reason)
    birth = fetch(Delivery, row.delivery_id, by=by, permission=WRITE)
    if not _held(birth):
        if after := birth.postnatal.filter(entered_in_error=False).count():
            raise Refused("has_facts", f"Cuộc đẻ này có {after} lần khám sau sinh. Hãy mở từng lần khám đó, đánh dấu ghi nhầm trước, rồi ghi nhầm cuộc đẻ.")
        in_error(Delivery, birth.pk, by=by, seen_version=None, reason=reason, action="cancel_delivery")
        _let_go_on(birth.pregnancy, by, reason)
    else:
        _end(birth, by=by)
    return row


@transaction.atomic
def cancel_delivery(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> Delivery:
    """Mark a birth with all its lines as entered in error; see `cancel_newborn`."""
    row = fetch(Delivery, id, by=by, permission=WRITE, seen_version=seen_version)
    for line in _held(row):
        cancel_newborn(by=by, id=line.pk, reason=reason)
    row.refresh_from_db()
    return row


@transaction.atomic
def undo_newborns(ids: Collection[uuid.UUID], *, by: User, import_id: uuid.UUID, reason: str) -> set[uuid.UUID]:
    """Take these births of an import back that nobody changed since; answers them. Children whom an import made stay in the registry."""
    require(by, WRITE)
    rows = list(visible(by, Newborn.objects.filter(pk__in=ids, import_id=import_id, entered_in_error=False, version=1), WRITE))
    seen = set(PostnatalContact.objects.filter(delivery__newborns__in=rows, entered_in_error=False).values_list("delivery", flat=True))
    rows = [row for row in rows if row.delivery_id not in seen]
    for row in rows:
        cancel_newborn(by=by, id=row.pk, reason=reason)
    return {row.pk for row in rows}


def _coded(name: str, value: Any) -> Any:
    """The value of a field of the delivery; a choice also by its words, as the book has them."""
    choices = getattr(Delivery._meta.get_field(name), "choices", None) if name in OF_DELIVERY else None
    return code_of(list(choices), str(value or "")) if choices else value


def _held(birth: Delivery | None) -> list[Newborn]:
    return list(birth.newborns.filter(entered_in_error=False).order_by("order")) if birth else []


def _pregnancy(row: Delivery, told: Mapping[str, Any], *, by: User, confirmed: bool) -> Pregnancy:
    """The pregnancy that this birth ends; one is made of a woman who was not followed, by the weeks of the birth."""
    owner = _known(row.pregnancy_id) if row.pregnancy_id else pregnancy_on(row.person, row.on) or _open(row.person, row.on)
    weeks = told.get("weeks")
    if owner is None:
        return _unfollowed(row, told, by=by)
    if owner.person_id != row.person_id:
        raise Refused("other_person", "Thai kỳ này là của người khác. Hãy mở lại thai kỳ của đúng sản phụ.", field="person")
    if owner.outcome in NO_BIRTH:
        raise Refused("ended", f"Thai kỳ này đã ghi kết thúc ngày {owner.ended_on:%d/%m/%Y} ({owner.get_outcome_display()}). Nếu đó là ghi nhầm, hãy mở lại thai kỳ hoặc bỏ dòng Sổ phá thai trước, rồi ghi cuộc đẻ.")
    if weeks is not None and abs(owner.gestation(row.on) // 7 - weeks) > 1 and owner.dated_by != "birth":
        raise Refused(
            "weeks", f"Ghi {weeks} tuần, nhưng thai kỳ đã đăng ký tính ra {weeks_words(owner.gestation(row.on))}. Hãy để trống để máy tính, hoặc sửa kỳ kinh cuối.", field="weeks")
    if (para := told.get("para")) and para != owner.para:
        owner, before = fetch(Pregnancy, owner.pk, by=by, permission=WRITE), owner.plain()
        owner.para = para
        return keep(owner, by=by, action="register_pregnancy", before=before)
    return owner


def _known(key: uuid.UUID) -> Pregnancy:
    """The pregnancy as it is stored now. Raises Refused for one that was taken back."""
    found = pregnancies().filter(pk=key).first()
    if found is None:
        raise Refused("not_found", "Thai kỳ này đã bị đánh dấu ghi nhầm. Hãy mở lại thai kỳ của đúng sản phụ.", field="person")
    return found


def _open(person: Person, on: datetime.date) -> Pregnancy | None:
    """The pregnancy that had begun by the day and goes on, also beyond all measure; else the one with which she had moved away."""
    rows = pregnancies().filter(person=person, since__lte=on)
    lately = on - datetime.timedelta(days=LONGEST)
    return rows.filter(outcome="").first() or rows.filter(outcome="moved", since__gte=lately).order_by("-since").first()


def _unfollowed(row: Delivery, told: Mapping[str, Any], *, by: User) -> Pregnancy:
    weeks = told.get("weeks")
    if weeks is None:
        raise Refused("no_weeks", f"{row.person} chưa có thai kỳ nào được quản lý vào ngày {row.on:%d/%m/%Y} nên máy không tính được tuổi thai. Hãy xem lại ngày đẻ; đúng thì ghi tuổi thai lúc đẻ (tuần).", field="weeks")
    since = row.on - datetime.timedelta(days=7 * weeks)
    owner = Pregnancy(
        person=row.person, since=since, due_on=since + datetime.timedelta(days=TERM), dated_by="birth", para=told.get("para") or "", outcome="delivered",
        ended_on=row.on, import_id=row.import_id)
    check_birth(row, days=7 * weeks, confirmed=True)
    _apart(owner)
    return keep(owner, by=by, action="register_pregnancy", before=None)


def _apart(owner: Pregnancy) -> None:
    """Refuse a birth whose pregnancy would reach into another of hers."""
    others = pregnancies().filter(person=owner.person_id, since__lt=owner.ended_on).exclude(pk=owner.pk)
    clash = others.filter(Q(outcome="") | Q(ended_on__gt=owner.since)).order_by("-since").first()
    if clash is not None:
        said = f"kết thúc ngày {clash.ended_on:%d/%m/%Y} ({clash.get_outcome_display()})" if clash.ended_on else f"dự sinh {clash.due_on:%d/%m/%Y}"
        raise Refused(
            "overlap", f"Đẻ ngày {owner.ended_on:%d/%m/%Y} thì thai tính từ {owner.since:%d/%m/%Y}, trùng với thai kỳ {said} của {owner.person}. Hãy xem lại ngày đẻ và tuổi thai;"
            " con sinh đôi thì thêm vào cuộc đẻ đã ghi.", field="on")


def _line(row: Delivery, at: int, given: Mapping[str, Any], *, by: User, confirmed: bool) -> Newborn:
    """One child: the line of the book, and the person when it was born alive."""
    known = given.get("id")
    held = next((one for one in _held(row) if one.pk == known or (known is None and one.order == given.get("order", at + 1))), None)
    baby, before = (held, held.plain()) if held else (Newborn(**({"id": known} if known else {}), order=at + 1, import_id=row.import_id), None)
    fill(baby, {name: value for name, value in given.items() if name not in {"id", *OF_CHILD, *OF_DOSE}})
    baby.delivery, baby.mother, baby.on, baby.at = row, row.person, row.on, row.at
    check_baby(baby, at, by=by, confirmed=confirmed)
    of_child = {name: given.get(name) for name in OF_CHILD}
    if baby.alive:
        baby.child = follow_child(baby, of_child, by=by) if baby.child_id else child_of(baby, of_child, at, by=by, confirmed=confirmed)
    elif baby.child_id:
        raise Refused("has_person", f"Trẻ này đã có hồ sơ ({baby.child}). Nếu đẻ ra đã chết thì ghi nhầm hồ sơ đó trước; chết sau khi sinh thì ghi vào Sổ tử vong.", field=f"{at}-state")
    given_before = stored_dose(baby)
    dose = told_dose(baby, given, given_before, at)
    if dose is not None and given_before is None:
        baby.birth_dose = dose.key
    if baby.plain() != before:
        store(baby, by=by, permission=WRITE, action="record_newborn", before=before)
    write_dose(baby, given_before, dose, at, by=by)
    return baby


def _end(row: Delivery, *, by: User) -> None:
    """The pregnancy ended on the day of the birth; without a child alive it was a stillbirth."""
    outcome = "delivered" if any(one.alive for one in _held(row)) else "stillbirth"
    end(fetch(Pregnancy, row.pregnancy_id, by=by, permission=WRITE), outcome, row.on, by=by)


def _let_go_on(owner: Pregnancy, by: User, reason: str) -> None:
    """A pregnancy whose birth was a mistake goes on; one known by that birth alone was a mistake as well."""
    if owner.dated_by == "birth":
        cancel_pregnancy(by=by, id=owner.pk, reason=reason)
    else:
        reopen_pregnancy(by=by, id=owner.pk)
