"""Pregnancies: registered, dated, ended; the birth plan."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

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
from tramyte.care.maternal.models import AntenatalContact, BirthPlan, Pregnancy
from tramyte.care.maternal.queries import finding_of
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.pregnancy import (
    LONGEST,
    VIABLE,
    date_pregnancy,
    gestation_days,
    next_visit,
    risks_of,
    term_of,
    weeks_words,
)

SEEN = range(28, LONGEST + 1)  # days of gestation that an ultrasound can show
APART = 28  # days between the two datings; more is asked again
ENDINGS = ("miscarriage", "ectopic", "moved")  # a birth and an abortion are written in their own books


def _scanned(typed: Any) -> int | None:
    """The gestation of an ultrasound in days, also from its words."""
    return gestation_days(typed) if isinstance(typed, str) and typed else typed or None


def check_pregnancy(fields: Mapping[str, Any], *, by: User) -> None:
    """The rules of a pregnancy's days, without a query. Raises Refused with the field at fault."""
    lmp, scan_on = fields.get("lmp"), fields.get("scan_on")
    registered = fields.get("registered_on") or clock.today()
    check_day(registered, "Ngày đăng ký", field="registered_on")
    if lmp is not None:
        check_day(lmp, "Ngày đầu kỳ kinh cuối", field="lmp")
        if lmp > registered:
            raise Refused("after_contact", f"Kỳ kinh cuối {lmp:%d/%m/%Y} sau ngày đăng ký {registered:%d/%m/%Y}. Hãy kiểm tra lại hai ngày.", field="lmp")
        if (registered - lmp).days > LONGEST:
            raise Refused(
                "too_long", f"Kỳ kinh cuối {lmp:%d/%m/%Y} cách ngày {registered:%d/%m/%Y} hơn 45 tuần; không thai nào dài như vậy. Hãy kiểm tra lại năm.", field="lmp")
    if scan_on is not None:
        check_day(scan_on, "Ngày siêu âm", field="scan_on")
    scanned = _scanned(fields.get("scan_days"))
    _check_scan(lmp, scan_on, scanned)
    try:
        date_pregnancy(lmp, scan_on, scanned)
    except ValueError as error:
        raise Refused("undated", str(error), field="lmp" if lmp is None and scan_on is None else "scan_days") from error


def _check_scan(lmp: datetime.date | None, scan_on: datetime.date | None, days: int | None) -> None:
    """Refuse an ultrasound before the last menstrual period, and a gestation that none shows."""
    if days is not None and days not in SEEN:
        raise Refused("scan", f"Siêu âm ghi thai {weeks_words(days)}: phải từ 4 đến 45 tuần. Hãy xem lại phiếu siêu âm, ví dụ 12 tuần 3 ngày ghi 12+3.", field="scan_days")
    if lmp is not None and scan_on is not None and scan_on <= lmp:
        raise Refused(
            "scan_before", f"Ngày siêu âm {scan_on:%d/%m/%Y} không sau kỳ kinh cuối {lmp:%d/%m/%Y}: khi ấy chưa có thai này. Hãy kiểm tra lại hai ngày.", field="scan_on")


@transaction.atomic
def register_pregnancy(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, confirmed: bool = False, import_id: uuid.UUID | None = None, **fields: Any,
) -> Pregnancy:
    """Register a pregnancy, or correct the one with this id; fields are those of `Pregnancy` that are typed.

    confirmed: an unusual age, or a due date that has passed, was looked at. Raises Refused: a man, somebody dead or merged, days
    that cannot be, an open pregnancy besides (`open`).
    """
    row, before = begun(Pregnancy, id, by, seen_version)
    if before is None:
        row.import_id, row.registered_on = import_id, clock.today()
    fill(row, fields)
    row.scan_days = _scanned(row.scan_days)
    row.fetuses = row.fetuses or 1
    day, was_due = row.registered_on or row.ended_on or clock.today(), row.due_on
    row.person = a_person(row.person_id, by, day)
    check_woman(row.person, day, confirmed=confirmed)
    check_pregnancy({"lmp": row.lmp, "scan_on": row.scan_on, "scan_days": row.scan_days, "registered_on": day}, by=by)
    date_again(row)
    _begun_before(row)
    if row.due_on != was_due and not confirmed:
        _ask_again(row, day)
    _alone(row)
    if before is not None:
        _redate(row, by)
    return keep(row, by=by, action="register_pregnancy", before=before)


def register_pregnancies(items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None) -> list[Pregnancy]:
    """Write judged lines of an import, in order."""
    return one_by_one(register_pregnancy, items, by=by, import_id=import_id)


@transaction.atomic
def end_pregnancy(*, by: User, id: uuid.UUID, outcome: str, ended_on: datetime.date, note: str = "", seen_version: int | None = None) -> Pregnancy:
    """End a pregnancy without a birth: miscarriage, ectopic or moved. Births and abortions end it by their own actions."""
    row = fetch(Pregnancy, id, by=by, permission=WRITE, seen_version=seen_version)
    if row.outcome:
        raise Refused("ended", f"Thai kỳ này đã kết thúc ngày {row.ended_on:%d/%m/%Y} ({row.get_outcome_display()}). Hãy mở lại để xem.", field="outcome")
    if outcome not in ENDINGS:
        raise Refused("invalid", "Hãy chọn sảy thai, thai ngoài tử cung hoặc chuyển đi. Đẻ và phá thai thì ghi ở sổ của việc đó.", field="outcome")
    days = row.gestation(check_day(ended_on, "Ngày kết thúc", field="ended_on"))
    if days < 0:
        raise Refused("before_begin", f"Ngày kết thúc {ended_on:%d/%m/%Y} trước ngày đầu của thai {row.since:%d/%m/%Y}. Hãy kiểm tra lại.", field="ended_on")
    if outcome == "miscarriage" and days >= VIABLE:
        raise Refused("not_early", f"Thai đã {weeks_words(days)}: từ 20 tuần là đẻ non hoặc thai chết lưu, không phải sảy thai. Hãy ghi cuộc đẻ, tình trạng con là chết nếu thai lưu.", field="outcome")
    before = row.plain()
    if note:
        row.note = note
    return end(row, outcome, ended_on, by=by, before=before, field="ended_on")


def end(row: Pregnancy, outcome: str, on: datetime.date, *, by: User, before: dict[str, Any] | None = None, field: str = "on") -> Pregnancy:
    """Store how and when a pregnancy ended; one that ended so already is left alone. Refused before a contact of hers."""
    if (row.outcome, row.ended_on) == (outcome, on):
        return row
    last = max((one.on for one in _contacts(row)), default=on)
    if last > on:
        raise Refused(
            "before_contact", f"Ngày {on:%d/%m/%Y} trước lần khám thai {last:%d/%m/%Y} của thai kỳ này. Hãy kiểm tra lại ngày; lần khám ghi sai ngày hoặc nhầm người thì sửa lần khám trước.",
            field=field)
    before = before or row.plain()
    row.outcome, row.ended_on = outcome, on
    return keep(row, by=by, action="end_pregnancy", before=before)


@transaction.atomic
def reopen_pregnancy(*, by: User, id: uuid.UUID, seen_version: int | None = None) -> Pregnancy:
    """Let a pregnancy go on whose ending was a mistake. Refused while a birth or an abortion says that it ended."""
    row = fetch(Pregnancy, id, by=by, permission=WRITE, seen_version=seen_version)
    if row.deliveries.filter(entered_in_error=False).exists() or row.abortions.filter(entered_in_error=False).exists():
        raise Refused("has_ending", "Thai kỳ này có dòng trong Sổ đẻ hoặc Sổ phá thai. Hãy đánh dấu ghi nhầm dòng đó, thai kỳ sẽ tự mở lại.")
    before = row.plain()
    row.outcome, row.ended_on = "", None
    _alone(row)
    return keep(row, by=by, action="reopen_pregnancy", before=before)


@transaction.atomic
def cancel_pregnancy(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> Pregnancy:
    """Mark a pregnancy as entered in error; refused while contacts, a birth or an abortion belong to it."""
    row = fetch(Pregnancy, id, by=by, permission=WRITE, seen_version=seen_version)
    if any(rows.filter(entered_in_error=False).exists() for rows in (row.contacts, row.deliveries, row.abortions)):
        raise Refused("has_facts", "Thai kỳ này có lần khám, cuộc đẻ hoặc ca phá thai. Hãy đánh dấu ghi nhầm các dòng đó trước.")
    return in_error(Pregnancy, id, by=by, seen_version=seen_version, reason=reason, action="cancel_pregnancy")


@transaction.atomic
def set_birth_plan(*, by: User, pregnancy: Pregnancy | uuid.UUID, seen_version: int | None = None, **fields: Any) -> BirthPlan:
    """Write the plan of a birth, or change it; fields are those of `BirthPlan`."""
    owner = fetch(Pregnancy, pregnancy.pk if isinstance(pregnancy, Pregnancy) else pregnancy, by=by, permission=WRITE)
    if owner.outcome:
        raise Refused("ended", f"Thai kỳ này đã kết thúc ngày {owner.ended_on:%d/%m/%Y} nên không lập kế hoạch sinh nữa.", field="place")
    held = owner.plans.filter(entered_in_error=False).first()
    row, before = begun(BirthPlan, held.pk if held else None, by, seen_version)
    row.pregnancy, row.on = owner, clock.today()
    fill(row, fields)
    if check_day(row.on, "Ngày lập") < owner.since:
        raise Refused("before_begin", f"Ngày lập {row.on:%d/%m/%Y} trước ngày đầu của thai {owner.since:%d/%m/%Y}. Hãy kiểm tra lại.", field="on")
    return store(row, by=by, permission=WRITE, action="set_birth_plan", before=before)


@transaction.atomic
def cancel_birth_plan(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> BirthPlan:
    """Mark the plan of a birth as entered in error."""
    return in_error(BirthPlan, id, by=by, seen_version=seen_version, reason=reason, action="cancel_birth_plan")


def _begun_before(row: Pregnancy) -> None:
    """Refuse an ultrasound by which the pregnancy began after it was registered, or after it ended."""
    if row.registered_on is not None and row.since > row.registered_on:
        raise Refused(
            "after_contact", f"Tính theo siêu âm thì thai bắt đầu ngày {row.since:%d/%m/%Y}, sau ngày đăng ký {row.registered_on:%d/%m/%Y}. Hãy kiểm tra lại ngày siêu âm và tuổi thai.",
            field="scan_days")
    if row.ended_on is not None and row.since > row.ended_on:
        raise Refused("before_begin", f"Tính như vậy thì thai bắt đầu ngày {row.since:%d/%m/%Y}, sau ngày kết thúc {row.ended_on:%d/%m/%Y}. Hãy kiểm tra lại kỳ kinh cuối và siêu âm.", field="lmp")


def _ask_again(row: Pregnancy, day: datetime.date) -> None:
    """Ask about a due date that had passed on the day of registration, or long has; about an ultrasound weeks apart from the last period."""
    endless = not row.import_id and row.gestation(clock.today()) > LONGEST
    if (row.due_on < day or endless) and not row.outcome:
        raise Refused(
            "ask_due", f"Ngày dự kiến sinh {row.due_on:%d/%m/%Y} đã qua. Nếu đã đẻ, hãy ghi cuộc đẻ; nếu chưa đẻ thật, đánh dấu “Đã kiểm tra lại” rồi lưu.", field="lmp")
    apart = abs((row.since - row.lmp).days) if row.lmp is not None else 0
    if apart > APART:
        raise Refused(
            "ask_scan", f"Siêu âm lệch kỳ kinh cuối {apart} ngày. Hãy xem lại ngày ghi trên phiếu siêu âm và kỳ kinh cuối; đúng như vậy thì đánh dấu “Đã kiểm tra lại” rồi lưu.", field="scan_days")


def date_again(row: Pregnancy) -> None:
    """Give a pregnancy day 0 and due date; one known by its birth alone keeps those it has."""
    if row.lmp is None and row.scan_on is None and row.dated_by == "birth":
        return
    made = date_pregnancy(row.lmp, row.scan_on, row.scan_days)
    row.since, row.due_on, row.dated_by = made.since, made.due_on, made.by


def keep(row: Pregnancy, *, by: User, action: str, before: dict[str, Any] | None) -> Pregnancy:
    """Store a pregnancy with what follows from it and its contacts: risks and the next visit."""
    _settle(row, _contacts(row) if before is not None else [])
    return store(row, by=by, permission=WRITE, action=action, before=before)


def follow(row: Pregnancy, *, by: User) -> None:
    """After its contacts changed: store risks and next visit when they differ."""
    before, was = row.plain(), (row.risks, row.next_due)
    _settle(row, _contacts(row))
    if was != (row.risks, row.next_due):
        store(row, by=by, permission=WRITE, action="follow_contact", before=before)


def _contacts(row: Pregnancy) -> list[AntenatalContact]:
    return list(row.contacts.filter(entered_in_error=False).order_by("on"))


def _settle(row: Pregnancy, contacts: Sequence[AntenatalContact]) -> None:
    row.risks = " ".join(risk.code for risk in risks_of(finding_of(row, contacts, row.ended_on or clock.today())))
    agreed = contacts[-1].next_on if contacts else None
    row.next_due = None if row.outcome else next_visit([one.gestation for one in contacts], row.since, agreed)[0]


def _redate(row: Pregnancy, by: User) -> None:
    """Contacts and birth count from the new day 0. Refused when one of them would come before it, or a birth before 20 weeks."""
    for one in (*_contacts(row), *row.deliveries.filter(entered_in_error=False)):
        days, least = (one.on - row.since).days, 0 if isinstance(one, AntenatalContact) else VIABLE
        if not least <= days <= LONGEST:
            where = f"vào lúc thai {weeks_words(days)}" if days > 0 else "nằm ngoài thai kỳ"
            raise Refused("before_begin", f"Tính như vậy thì {one._meta.verbose_name} ngày {one.on:%d/%m/%Y} {where}. Hãy kiểm tra lại kỳ kinh cuối và siêu âm.", field="lmp")
        if days != one.gestation:
            before, one.gestation = one.plain(), days
            if isinstance(one, AntenatalContact):
                one.term = term_of(days)
            store(one, by=by, permission=WRITE, action="redate", before=before)


def _alone(row: Pregnancy) -> None:
    """Refuse a pregnancy beside an open one, or one that begins before another ended."""
    others = Pregnancy.objects.filter(person=row.person_id, entered_in_error=False).exclude(pk=row.pk)
    open_one = others.filter(outcome="").first()
    if open_one is not None and not row.outcome:
        raise Refused(
            "open", f"{row.person} đang có thai kỳ dự sinh {open_one.due_on:%d/%m/%Y} chưa ghi kết thúc. Hãy mở thai kỳ đó; nếu đã đẻ hay sảy thì ghi kết thúc trước.", field="person")
    last = row.ended_on or clock.today()
    clash = others.exclude(outcome="").filter(since__lte=last, ended_on__gt=row.since).first()
    if clash is not None and clash.outcome == "moved":
        raise Refused("moved", f"{row.person} có thai kỳ dự sinh {clash.due_on:%d/%m/%Y} đã ghi chuyển đi ngày {clash.ended_on:%d/%m/%Y}. Hãy mở lại thai kỳ đó rồi ghi tiếp.", field="lmp")
    if clash is not None:
        raise Refused(
            "overlap", f"Thai kỳ này tính từ {row.since:%d/%m/%Y}, nhưng thai kỳ trước kết thúc ngày {clash.ended_on:%d/%m/%Y}. Hãy kiểm tra lại kỳ kinh cuối.", field="lmp")
