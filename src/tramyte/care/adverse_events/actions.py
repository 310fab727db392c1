"""The only writers of adverse events: the event with its doses, how it went on, who was told, the stop of a lot."""

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction

from tramyte.care.adverse_events import checks, signs
from tramyte.care.adverse_events.checks import check_event
from tramyte.care.adverse_events.models import OPEN, AdverseEvent, FollowUp, SuspectDose
from tramyte.care.adverse_events.queries import doses_of, present, session_words
from tramyte.care.immunization import actions as immunization
from tramyte.care.immunization.keys import VaccineKey
from tramyte.care.immunization.models import Immunization, VaccineLot
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.actions.lines import Items, begin
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.text import clean

__all__ = ["cancel_event", "check_event", "follow_event", "record_event", "record_events", "report_event", "stop_lot_of"]

WRITE, REPORT = "reactions.write", "reactions.report"
READ_AS_WORDS = {"signs": signs.SIGNS, "severe_for": signs.SEVERE}
SEVERE = " (nặng)"  # after the words of a severe event where a dose shows them
ONE_DAY = datetime.timedelta(days=1)


def record_event(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, doses: Collection[uuid.UUID] | None = None, given_on: datetime.date | None = None,
    vaccines: str = "", **fields: Any,
) -> AdverseEvent:
    """Write an event, or change the one with this id; fields are those of `AdverseEvent`.

    signs and severe_for: codes, or words of them parted by ";" (what is no code of `signs` is free text). doses: keys of the person's
    doses; instead of them `given_on` with `vaccines` (names parted by ";", none: every dose of that day). The doses show the signs from
    then on. Raises Refused: `missing`, `not_found`, those of `checks`.
    """
    with transaction.atomic():
        row, before = begin(AdverseEvent, id, by=by, permission=WRITE, seen_version=seen_version)
        _fill(row, fields, by)
        former = doses_of(row) if before is not None else []
        chosen = _chosen(row, doses, given_on, vaccines, former, by)
        check_event({"onset_on": row.onset_on, "onset_at": row.onset_at, "outcome_on": row.outcome_on}, by=by)
        checks.check_doses(row, chosen)
        checks.check_whole(row)
        row.session = session_words(chosen)
        store(row, by=by, permission=WRITE, action="record_reaction", before=before)
        _tie(row, former, chosen, by)
        return row


def record_events(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[AdverseEvent]:
    """Write judged lines of a file one by one: they are few."""
    with transaction.atomic():
        return [record_event(by=by, id=id, **({"import_id": import_id} if id is None else {}), **fields) for id, fields in items]


def cancel_event(*, by: User, id: uuid.UUID, seen_version: int | None = None, reason: str) -> AdverseEvent:
    """Mark an event as entered in error; its doses show it no more."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao phản ứng này là ghi nhầm, ví dụ “nhầm sang cháu khác”.", field="reason")
    with transaction.atomic():
        row = fetch(AdverseEvent, id, by=by, permission=WRITE, seen_version=seen_version)
        before = row.plain()
        row.entered_in_error, row.error_reason = True, said[:200]
        store(row, by=by, permission=WRITE, action="cancel_reaction", before=before, note=said[:200])
        _tie(row, doses_of(row), [], by)
        return row


def undo_events(ids: Collection[uuid.UUID], *, by: User, import_id: uuid.UUID, reason: str) -> set[uuid.UUID]:
    """Take back those of these events that an import made and nobody changed since; answers them."""
    made = visible(by, AdverseEvent.objects.filter(pk__in=ids, import_id=import_id, entered_in_error=False, version=1), WRITE)
    found = list(made.values_list("pk", flat=True))
    with transaction.atomic():
        for key in found:
            cancel_event(by=by, id=key, reason=reason)
    return set(found)


def follow_event(
    *, by: User, id: uuid.UUID, on: datetime.date, note: str, outcome: str, next_on: datetime.date | None = None, seen_version: int | None = None,
) -> AdverseEvent:
    """Write how the person was found on a day, and when to ask again unless it is over. Raises Refused."""
    if not (said := clean(note)):
        raise Refused("missing", "Chưa ghi tình trạng. Hãy ghi điều đã hỏi được, ví dụ “hết sốt, bú tốt”.", field="note")
    if on > clock.today():
        raise Refused("future", f"Ngày hỏi {on:%d/%m/%Y} chưa đến. Hãy ghi ngày đã hỏi.", field="on")
    with transaction.atomic():
        row = fetch(AdverseEvent, id, by=by, permission=WRITE, seen_version=seen_version)
        if on < row.onset_on:
            raise Refused("order", f"Ngày hỏi {on:%d/%m/%Y} trước ngày xuất hiện {row.onset_on:%d/%m/%Y}. Hãy kiểm tra lại ngày.", field="on")
        store(FollowUp(event=row, on=on, note=said[:300], writer=by.full_name[:100]), by=by, permission=WRITE, action="follow_reaction")
        return record_event(by=by, id=row.pk, outcome=outcome, outcome_on=None if outcome in OPEN else on, follow_up_on=next_on or (on + ONE_DAY if outcome in OPEN else None))


def report_event(*, by: User, id: uuid.UUID, to: str, at: datetime.datetime, how: str = "", seen_version: int | None = None) -> AdverseEvent:
    """Write who was told of a severe event, and when; again puts right what was written. Raises Refused: `ordinary`, `missing`, `future`, `order`."""
    require(by, REPORT)
    with transaction.atomic():
        row = fetch(AdverseEvent, id, by=by, permission=REPORT, seen_version=seen_version)
        if not row.severe:
            raise Refused("ordinary", "Phản ứng thông thường không báo cáo riêng; đưa vào báo cáo tháng. Nếu là nặng, hãy sửa phiếu và chọn nặng vì sao.")
        if not (said := clean(to)):
            raise Refused("missing", "Chưa ghi đã báo cáo cho ai. Hãy ghi tên cơ quan và người nhận, ví dụ “Sở Y tế (chị Hoa), CDC tỉnh (trực ban)”.", field="to")
        if at > present() + datetime.timedelta(minutes=5):
            raise Refused("future", f"Giờ báo cáo {at.astimezone(clock.ZONE):%H:%M %d/%m/%Y} chưa đến. Hãy ghi lúc đã báo cáo xong.", field="at")
        if at < row.discovered_at - datetime.timedelta(minutes=1):
            raise Refused("order", f"Giờ báo cáo trước lúc trạm biết ({row.discovered_at.astimezone(clock.ZONE):%H:%M %d/%m/%Y}). Hãy kiểm tra lại hai giờ.", field="at")
        before = row.plain()
        row.reported_at, row.reported_to, row.reported_how, row.reported_by = at, said[:200], clean(how)[:200], by.full_name[:100]
        return store(row, by=by, permission=REPORT, action="report_reaction", before=before)


def stop_lot_of(*, by: User, id: uuid.UUID, lot: uuid.UUID, reason: str = "") -> VaccineLot:
    """Stop a lot that an event is tied to, from today on. Raises Refused: `not_found` for a lot that it is not tied to, `stopped`."""
    event = visible(by, AdverseEvent.objects.filter(entered_in_error=False)).select_related("person").filter(pk=id).first()
    held = next((dose.lot for dose in doses_of(event) if dose.lot_id == lot and dose.lot), None) if event else None
    if event is None or held is None:
        raise not_found("lô vắc xin của phản ứng này")
    if held.stopped_on:
        raise Refused("stopped", f"Lô {held} đã dừng từ {held.stopped_on:%d/%m/%Y}: {held.stop_reason}.", status=409)
    kind = "tai biến nặng" if event.severe else "phản ứng"
    said = clean(reason) or f"{kind} sau tiêm ngày {event.onset_on:%d/%m/%Y}, chờ kết luận"
    return immunization.stop_lot(by=by, id=held.pk, on=clock.today(), reason=said)


def _fill(row: AdverseEvent, fields: dict[str, Any], by: User) -> None:
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) and name not in READ_AS_WORDS else value)
    for name, words in (("person_id", "người có phản ứng"), ("onset_on", "ngày xuất hiện")):
        if getattr(row, name) is None:
            raise Refused("missing", f"Chưa ghi {words}. Hãy ghi đủ rồi lưu lại.", field=name.removesuffix("_id"))
    row.person = _whole(row.person_id, by)
    row.signs, row.signs_text = _read("signs", row.signs, row.signs_text)
    row.severe_for, other = _read("severe_for", row.severe_for, "")
    if other:
        known = ", ".join(signs.SEVERE.values())
        raise Refused("unknown", f"“{other[:60]}” không nằm trong các lý do nặng: {known}. Nhiều lý do cách nhau bằng dấu chấm phẩy.", field="severe_for")
    row.severe = bool(row.severe_for)
    if row.discovered_at is None:
        row.discovered_at = present()
    row.outcome, row.writer, row.cause = row.outcome or "ongoing", row.writer or by.full_name[:100], row.cause or ""
    row.onset_at, row.from_dose = row.onset_at or "", False
    if not row.is_open:
        row.follow_up_on = None
    elif row.follow_up_on is None:
        row.follow_up_on = clock.today() if row.severe else clock.today() + ONE_DAY


def _read(name: str, value: Any, text: str) -> tuple[str, str]:
    """Codes (a collection, or as they are stored) or words of them, and free text, as they are stored."""
    known = READ_AS_WORDS[name]
    codes = value.split() if isinstance(value, str) else list(value or ())
    if any(code not in known for code in codes):
        found, rest = signs.read(str(value), known)
        more, said = signs.read(text, known)
        return signs.joined([*found.split(), *more.split()], known), "; ".join(filter(None, dict.fromkeys((rest, said))))[:300]
    more, said = signs.read(text, known)
    return signs.joined([*codes, *more.split()], known), said[:300]


def _whole(person: uuid.UUID, by: User) -> Person:
    found = visible(by, Person.objects.select_related("hamlet"), WRITE).filter(pk=person, entered_in_error=False).first()
    if found is None:
        raise not_found("người có phản ứng")
    return found


def _chosen(
    row: AdverseEvent, doses: Collection[uuid.UUID] | None, given_on: datetime.date | None, vaccines: str, former: Sequence[Immunization], by: User,
) -> list[Immunization]:
    """The doses that are meant; those it is tied to already when nothing is said."""
    if doses is None and given_on is None:
        return list(former)
    rows = Immunization.objects.select_related("vaccine", "lot__product", "lot__facility").order_by("on", "pk")
    if doses is not None:
        found = list(rows.filter(pk__in=list(doses)))
        if len(found) < len(set(doses)):
            raise not_found("mũi tiêm")
        return found
    found = list(rows.filter(person=row.person, on=given_on, entered_in_error=False))
    if not found:
        raise Refused("no_dose", f"Sổ không có mũi nào của {row.person} ngày {given_on:%d/%m/%Y}. Hãy xem lại ngày tiêm, hoặc ghi mũi tiêm trước.", field="given_on")
    return _named(found, vaccines, by)


def _named(found: list[Immunization], vaccines: str, by: User) -> list[Immunization]:
    """Of these doses those of the named vaccines; all when none is named."""
    names = [{"": name} for one in vaccines.split(";") if (name := clean(one))]
    if not names:
        return found
    keys = set()
    for one in VaccineKey().find(by, WRITE, names):
        if isinstance(one, Refused):
            raise Refused(one.code, one.message, field="vaccines")
        keys.add(one.pk)
    if lacking := keys - {dose.vaccine_id for dose in found}:
        raise Refused("no_dose", f"Ngày {found[0].on:%d/%m/%Y} người này không tiêm {len(lacking)} trong các vắc xin đã ghi. Ngày đó có: {', '.join(str(dose.vaccine) for dose in found)}.", field="vaccines")
    return [dose for dose in found if dose.vaccine_id in keys]


def _tie(event: AdverseEvent, former: Sequence[Immunization], chosen: Sequence[Immunization], by: User) -> None:
    """Make the stored links those of the chosen doses, and have the doses show what the events say of them."""
    wanted, held = {dose.pk: dose for dose in chosen}, {dose.pk: dose for dose in former}
    for key in wanted.keys() - held.keys():
        store(SuspectDose(event=event, immunization=wanted[key]), by=by, permission=WRITE, action="tie_dose")
    for link in SuspectDose.objects.filter(event=event, entered_in_error=False).exclude(immunization__in=list(wanted)):
        before, link.entered_in_error, link.error_reason = link.plain(), True, "mũi này không còn bị nghi liên quan"
        store(link, by=by, permission=WRITE, action="untie_dose", before=before)
    for dose in {**held, **wanted}.values():
        show_on_dose(dose, by=by)


def show_on_dose(dose: Immunization, *, by: User) -> None:
    """Write into a dose what the events tied to it say: the books and the card read it there."""
    tied = AdverseEvent.objects.filter(doses__immunization=dose, doses__entered_in_error=False, entered_in_error=False).order_by("onset_on", "pk")
    immunization.note_reaction(by=by, id=dose.pk, reaction=shown_words(tied))


def shown_words(tied: Iterable[AdverseEvent]) -> str:
    """What a dose says of the events tied to it."""
    return "; ".join(f"{event.signs_words}{SEVERE if event.severe else ''}" for event in tied)[:200]
