"""At the table: receiving, screening, giving, watching; every step is stored at once, and two tables may work side by side."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from tramyte.care.immunization import actions as immunization
from tramyte.care.immunization.actions.checks import check_person
from tramyte.care.immunization.models import NotGiven, Recommendation, Vaccine, VaccineLot
from tramyte.care.people.models import Person
from tramyte.care.vaccination.actions.planning import WRITE, add_person
from tramyte.care.vaccination.actions.vials import vial_for
from tramyte.care.vaccination.models import Attendee, Session, SessionDose
from tramyte.care.vaccination.queries import next_turn
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules import screening
from tramyte.rules.screening import Examined, Hindrance, Judgement
from tramyte.rules.text import clean


@dataclass(frozen=True, slots=True)
class Dose:
    """What is to be given: the code of the vaccine, the lot, and why a dose that will not count is written all the same."""

    vaccine: str
    lot: uuid.UUID
    word: str = ""


def receive(*, by: User, id: uuid.UUID | str) -> Attendee:
    """Somebody on the list has come; gives the next turn. Raises Refused: `not_open`, `came`, `merged`, `after_death`."""
    with transaction.atomic():
        row, session = _at_table(id, by)
        if row.came:
            raise Refused("came", f"{row.person} đã được tiếp nhận lúc {_hour(row.came)}, thứ tự {row.turn}.")
        before = row.plain()
        _arrive(row, session)
        return store(row, by=by, permission=WRITE, action="receive_attendee", before=before)


def receive_walk_in(*, by: User, session: uuid.UUID | str, person: Person | uuid.UUID) -> Attendee:
    """Somebody came who was not expected. Raises Refused as `add_person` and `receive`."""
    with transaction.atomic():
        made = add_person(by=by, session=session, person=person, origin="walk_in")
        return receive(by=by, id=made.pk)


def undo_receive(*, by: User, id: uuid.UUID | str) -> Attendee:
    """Somebody was ticked by mistake, or came for nothing: the line is as before; who was not expected leaves the list. Raises Refused: `screened`."""
    with transaction.atomic():
        row, _ = _at_table(id, by)
        if row.outcome:
            raise Refused("screened", f"{row.person} đã khám sàng lọc: {row.get_outcome_display()}. Hãy bấm “Khám lại” trước nếu ghi nhầm.")
        before = row.plain()
        row.came, row.turn = None, None
        if row.origin == "walk_in":
            row.entered_in_error, row.error_reason = True, "tiếp nhận nhầm, hoặc không có mũi cần tiêm"
        return store(row, by=by, permission=WRITE, action="undo_receive", before=before)


def screen(
    *, by: User, id: uuid.UUID | str, temperature: Decimal | None, weight: Decimal | None = None, signs: Sequence[str] = (), days: Mapping[str, datetime.date] | None = None,
    vaccines: Sequence[str] = (), why: str = "", until: datetime.date | None = None,
) -> tuple[Attendee, Judgement]:
    """Write what was measured and found before vaccination, with its outcome for these vaccines; what is put off is written as not given.

    why: of the sign "other"; until: another day than the rule proposes. Who was not received yet is. Raises Refused: `not_open`,
    `done`, `no_temperature`, `no_weight`, `implausible`, `unknown_sign`, `no_reason`, `ends_before`.
    """
    with transaction.atomic():
        row, session = _at_table(id, by)
        _not_done(row)
        found = _examined(row, session, temperature, weight, signs, days or {})
        judged = _worded(screening.judge(found, vaccines), clean(why), signs)
        before = row.plain()
        if not row.came:
            _arrive(row, session)
        row.temperature, row.weight_kg, row.findings, row.screened = temperature, weight, " ".join(signs), clock.now()
        row.outcome, row.why = judged.outcome, judged.why[:200]
        row.until = (until or judged.until) if judged.outcome == "deferred" else None
        store(row, by=by, permission=WRITE, action="screen_attendee", before=before)
        _put_off(row, session, judged, until, by)
        return row, judged


def give(*, by: User, id: uuid.UUID | str, doses: Sequence[Dose]) -> Attendee:
    """Give somebody who was found fit these doses, all or none; each leaves its lot and a vial of it. The half hour begins.

    Raises Refused: `not_open`, `not_screened`, `put_off`, `given`, `nothing`, and those of `record_immunization`.
    """
    with transaction.atomic():
        row, session = _at_table(id, by)
        if row.given:
            raise Refused("given", f"{row.person} đã được tiêm lúc {_hour(row.given)} trong buổi này. Nếu còn mũi khác, hãy ghi ở phiếu của trẻ.")
        if row.outcome != "eligible":
            raise Refused(*(("put_off", f"{row.person} {row.get_outcome_display()}: {row.why}. Muốn tiêm thì bấm “Khám lại”, khám sàng lọc lần nữa.") if row.outcome else (
                "not_screened", f"{row.person} chưa khám sàng lọc. Hãy đo thân nhiệt và ghi kết quả trước khi tiêm.")))
        if not doses:
            raise Refused("nothing", f"Chưa chọn mũi nào cho {row.person}. Hãy đánh dấu mũi sẽ tiêm, hoặc ghi lý do không tiêm.")
        before = row.plain()
        numbers = dict(Recommendation.objects.filter(person=row.person_id).values_list("vaccine", "number"))
        for dose in doses:
            _one(row, session, dose, numbers.get(dose.vaccine), by)
        row.given, row.left, row.reaction = clock.now(), None, ""
        return store(row, by=by, permission=WRITE, action="vaccinate_attendee", before=before)


def undo_given(*, by: User, id: uuid.UUID | str, reason: str) -> Attendee:
    """The doses of somebody in this session were written by mistake: each is marked so, its lot has it again, and the table is as before."""
    if not clean(reason):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao mũi này là ghi nhầm, ví dụ “nhầm sang trẻ trùng tên”.", field="reason")
    with transaction.atomic():
        row, _ = _at_table(id, by)
        for dose in row.doses.filter(entered_in_error=False, immunization__entered_in_error=False):
            immunization.cancel_immunization(by=by, id=dose.immunization_id, reason=reason)
        before = row.plain()
        row.given, row.left, row.reaction = None, None, ""
        return store(row, by=by, permission=WRITE, action="undo_vaccination", before=before, note=clean(reason)[:200])


def screen_again(*, by: User, id: uuid.UUID | str) -> Attendee:
    """Take a screening back, with what it put off, so that somebody may be examined once more. Raises Refused: `not_open`, `given`."""
    with transaction.atomic():
        row, session = _at_table(id, by)
        if row.given:
            raise Refused("given", f"{row.person} đã được tiêm lúc {_hour(row.given)} nên không khám lại. Nếu ghi nhầm, hãy bấm “Ghi nhầm” trước.")
        for one in NotGiven.objects.filter(person=row.person_id, on=session.on, reason__in=[row.why, *row.why.split("; ")], entered_in_error=False):
            immunization.cancel_not_given(by=by, id=one.pk, reason="khám sàng lọc lại trong buổi")
        before = row.plain()
        row.outcome, row.why, row.until, row.findings, row.screened = "", "", None, "", None
        return store(row, by=by, permission=WRITE, action="screen_again", before=before)


def release(*, by: User, id: uuid.UUID | str, reaction: str = "", early: bool = False) -> Attendee:
    """End the watch of somebody, without or with a reaction, which the card shows. Raises Refused: `not_given`, `left`, `early`."""
    with transaction.atomic():
        row, _ = _at_table(id, by)
        if not row.given or row.may_leave is None:
            raise Refused("not_given", f"{row.person} chưa được tiêm trong buổi này nên không có gì để theo dõi.")
        if row.left:
            raise Refused("left", f"{row.person} đã về lúc {_hour(row.left)}.")
        if clock.now() < row.may_leave and not early:
            raise Refused("early", f"{row.person} mới tiêm lúc {_hour(row.given)}, theo dõi đến {_hour(row.may_leave)}. Nếu gia đình đã đưa trẻ về, bấm “Về sớm”.")
        before = row.plain()
        row.left, row.reaction = clock.now(), clean(reaction)[:200]
        store(row, by=by, permission=WRITE, action="release_attendee", before=before, note="về trước 30 phút" if row.left < row.may_leave else "")
        for dose in row.doses.filter(entered_in_error=False, immunization__entered_in_error=False) if row.reaction else ():
            immunization.record_immunization(by=by, id=dose.immunization_id, reaction=row.reaction)
        return row


def mark_contact(*, by: User, id: uuid.UUID | str, contact: str, note: str = "", on: datetime.date | None = None) -> Attendee:
    """Note how the family of somebody who stayed away was reached. Raises Refused: `came`, `future`."""
    with transaction.atomic():
        row = fetch(Attendee, id, by=by, permission=WRITE)
        day = on or clock.today()
        if row.came:
            raise Refused("came", f"{row.person} đã đến buổi tiêm, không cần gọi lại.")
        if day > clock.today():
            raise Refused("future", f"Ngày {day:%d/%m/%Y} chưa đến; hôm nay là {clock.today():%d/%m/%Y}.", field="contacted_on")
        before = row.plain()
        row.contact, row.contacted_on, row.contact_note = contact, day, clean(note)[:200]
        return store(row, by=by, permission=WRITE, action="contact_absentee", before=before)


# ---- the steps


def _at_table(id: uuid.UUID | str, by: User) -> tuple[Attendee, Session]:
    """The person's row, locked, and its session, which must be open; the session is locked too, so that turns and vials are counted once."""
    row = fetch(Attendee, id, by=by, permission=WRITE)
    session = Session.objects.select_for_update().get(pk=row.session_id)
    if row.entered_in_error:
        raise Refused("removed", f"{row.person} đã được bỏ khỏi danh sách của buổi. Hãy tiếp nhận lại bằng cách gõ tên.")
    if not session.is_open:
        raise Refused("not_open", _not_open(session))
    row.session = session
    return row, session


def _not_open(session: Session) -> str:
    if session.state == Session.PLANNED:
        return f"Buổi tiêm ngày {session.on:%d/%m/%Y} chưa mở. Hãy mở buổi trước, rồi tiếp nhận người đến."
    return f"Buổi tiêm ngày {session.on:%d/%m/%Y} {session.get_state_display()}. Nếu đóng nhầm, hãy bấm “Mở lại buổi”; mũi lẻ thì ghi ở phiếu của trẻ."


def _arrive(row: Attendee, session: Session) -> None:
    check_person(row.person, session.on)
    row.came, row.turn = clock.now(), next_turn(session)


def _not_done(row: Attendee) -> None:
    if row.given:
        raise Refused("given", f"{row.person} đã được tiêm lúc {_hour(row.given)} ở buổi này, có thể do bàn khác. Không khám, không tiêm lần nữa.")
    if row.outcome in ("deferred", "contraindicated"):
        raise Refused("done", f"{row.person} đã khám lúc {_hour(row.screened)}: {row.get_outcome_display()}, {row.why}. Muốn khám lại thì bấm “Khám lại”.")


def _examined(row: Attendee, session: Session, temperature: Decimal | None, weight: Decimal | None, signs: Sequence[str], days: Mapping[str, datetime.date]) -> Examined:
    age = (session.on - row.person.birth_date).days
    if temperature is None:
        raise Refused("no_temperature", f"Chưa ghi thân nhiệt của {row.person}. Hãy đo rồi gõ, ví dụ 368 cho 36,8 °C.", field="temperature")
    if unknown := [code for code in signs if code not in screening.BY_CODE]:
        raise Refused("unknown_sign", f"Bảng kiểm không có mục “{unknown[0][:20]}”. Hãy tải lại trang.", field="signs")
    kilograms = float(weight) if weight is not None else None
    if said := screening.missing(age, kilograms):
        raise Refused("no_weight", said, field="weight")
    if said := screening.implausible(float(temperature), kilograms, age):
        at = "temperature" if not screening.PLAUSIBLE[0] <= temperature <= screening.PLAUSIBLE[1] else "weight"
        raise Refused("implausible", said, field=at)
    return Examined(session.on, age, float(temperature), kilograms, frozenset(signs), days)


def _worded(judged: Judgement, why: str, signs: Sequence[str]) -> Judgement:
    """The judgement with the words that were typed in place of "other"."""
    if "other" not in signs:
        return judged
    if not why:
        raise Refused("no_reason", "Đã đánh dấu “Lý do khác” mà chưa ghi lý do. Hãy ghi, ví dụ “gia đình xin hoãn”.", field="why")
    other = screening.BY_CODE["other"].words.lower()
    hindered = {code: Hindrance(one.outcome, one.words.replace(other, why), one.until, one.live) for code, one in judged.hindered.items()}
    return Judgement(judged.outcome, judged.allowed, hindered, judged.why.replace(other, why), judged.until)


def _put_off(row: Attendee, session: Session, judged: Judgement, until: datetime.date | None, by: User) -> None:
    """Write as not given what the screening puts off or forbids: every vaccine at once, or the groups that it concerns."""
    groups = list(Recommendation.objects.filter(person=row.person_id).values_list("vaccine", "group"))
    everything = judged.outcome == "deferred" and not any(one.live or one.outcome != "deferred" for one in judged.hindered.values())
    lines: dict[tuple[str, str], tuple[str, datetime.date | None]] = {}
    if everything:
        lines["deferred", ""] = (row.why, row.until)
    for code, one in {} if everything else judged.hindered.items():
        end = (until or one.until) if one.outcome == "deferred" else None
        for group in [group for vaccine, group in groups if vaccine == code] or [""]:
            lines[one.outcome, group] = (one.words, end)
    for (kind, group), (words, end) in lines.items():
        known = NotGiven.objects.filter(person=row.person_id, kind=kind, group=group, on=session.on, entered_in_error=False).values_list("pk", flat=True).first()
        immunization.record_not_given(by=by, id=known, person=row.person, kind=kind, group=group, on=session.on, until=end, reason=words[:200])


def _one(row: Attendee, session: Session, dose: Dose, number: int | None, by: User) -> None:
    """One dose: the record with its lot, and the vial it came from."""
    vaccine = Vaccine.objects.filter(code=dose.vaccine).first()
    lot = visible(by, VaccineLot.objects.filter(entered_in_error=False), "vaccines.view").select_related("product__vaccine").filter(pk=dose.lot).first()
    if vaccine is None or lot is None:
        raise Refused("unknown_lot", "Vắc xin hoặc lô vừa chọn không còn trong kho. Hãy tải lại trang và chọn lô khác.", field="lot")
    made = immunization.record_immunization(
        by=by, person=row.person, vaccine=vaccine, on=session.on, at=f"{clock.now():%H:%M}" if session.on == clock.today() else "", dose_number=number, source="station",
        lot=lot, lot_number=lot.number, site=session.site, performer=session.injector, word=dose.word)
    vial = vial_for(session, lot, by)
    store(SessionDose(attendee=row, vial=vial, immunization=made), by=by, permission=WRITE, action="give_in_session")


def _hour(moment: datetime.datetime | None) -> str:
    return f"{moment.astimezone(clock.ZONE):%H:%M}" if moment else ""
