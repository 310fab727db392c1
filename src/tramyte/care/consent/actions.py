"""Recording agreements and requests: the only writers of this topic."""

import datetime
import functools
import uuid
from typing import Any

from django.db import transaction

from tramyte.care.consent.models import Consent, DataRequest, RequestLimit
from tramyte.care.consent.purposes import ADULT_OF_OWN, ASKED_TOO, KINDS
from tramyte.care.consent.queries import due_days, limits
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require
from tramyte.engine.actions.lines import Items, begin, cancelling, record_chunk
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.places.actions import check_days
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import age_years
from tramyte.rules.text import clean

WRITE = "people.write"
ANSWER = "rights.write"
SETTLED = "Yêu cầu này đã xong, không ghi thêm được. Nếu ghi nhầm, hãy đánh dấu ghi nhầm rồi ghi lại."


def check_consent(fields: dict[str, Any], *, by: User) -> None:
    """The rules of an agreement, without a query. Raises Refused with the field at fault."""
    person, on = fields.get("person"), fields.get("given_on")
    if person is None or on is None:
        return
    _check_day(person, on, "given_on")
    withdrawn = fields.get("withdrawn_on")
    if withdrawn is not None:
        if fields.get("decision") != "permit":
            raise Refused("not_given", "Chỉ rút lại được lời đồng ý. Quyết định này là không đồng ý nên để trống ngày rút lại.", field="withdrawn_on")
        if withdrawn < on:
            raise Refused("order", f"Ngày rút lại trước ngày đồng ý {on:%d/%m/%Y}. Hãy kiểm tra lại.", field="withdrawn_on")
        if withdrawn > clock.today():
            raise Refused("future", "Ngày rút lại chưa đến. Hãy ghi ngày người dân báo rút lại.", field="withdrawn_on")
    _check_giver(person, on, fields.get("given_by") or "self", str(fields.get("guardian") or ""))


def _check_day(person: Person, on: datetime.date, field: str) -> None:
    today = clock.today()
    if on > today:
        raise Refused("future", f"Ngày {on:%d/%m/%Y} chưa đến; hôm nay là {today:%d/%m/%Y}. Hãy kiểm tra lại.", field=field)
    if on < person.birth_date:
        raise Refused("before_birth", f"Ngày này trước ngày sinh {person.birth_date:%d/%m/%Y}. Hãy kiểm tra lại.", field=field)


def _check_giver(person: Person, on: datetime.date, giver: str, guardian: str) -> None:
    """Who may decide: under seven the guardian, from seven to fifteen child and guardian, then the person (or a guardian)."""
    age = age_years(person.birth_date, on)
    if age < ASKED_TOO and giver != "guardian":
        raise Refused("giver", f"Trẻ {age} tuổi: cha, mẹ hoặc người giám hộ quyết định thay. Hãy chọn người giám hộ và ghi họ tên.", field="given_by")
    if ASKED_TOO <= age < ADULT_OF_OWN and giver != "both":
        raise Refused("giver", f"Trẻ {age} tuổi: cần cả trẻ và người giám hộ đồng ý. Hãy chọn cả hai và ghi họ tên người giám hộ.", field="given_by")
    if giver != "self" and not guardian.strip():
        raise Refused("no_guardian", "Hãy ghi họ tên cha, mẹ hoặc người giám hộ.", field="guardian")


def record_consent(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> Consent:
    """Write what was decided about one purpose, or correct it. Fields are those of `Consent`. Raises Refused."""
    with transaction.atomic():
        row, before = begin(Consent, id, by=by, permission=WRITE, seen_version=seen_version)
        _set(row, fields)
        check_consent(vars(row) | {"person": row.person}, by=by)
        return store(row, by=by, permission=WRITE, action="record_consent", before=before)


def withdraw_consent(*, by: User, id: uuid.UUID, on: datetime.date, seen_version: int | None = None) -> Consent:
    """End an agreement on a day; what was done under it until then stays lawful and stays recorded. Raises Refused."""
    with transaction.atomic():
        row = fetch(Consent, id, by=by, permission=WRITE, seen_version=seen_version)
        if row.withdrawn_on is not None:
            raise Refused("withdrawn", f"Lời đồng ý này đã rút lại ngày {row.withdrawn_on:%d/%m/%Y}.", status=409)
        before = row.plain()
        row.withdrawn_on = on
        check_consent(vars(row) | {"person": row.person}, by=by)
        return store(row, by=by, permission=WRITE, action="withdraw_consent", before=before)


def record_consents(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[Consent]:
    """Write a chunk of judged lines of a file."""
    def new(fields: dict[str, Any]) -> Consent:
        check_consent(fields, by=by)
        return Consent(**fields)

    return record_chunk(items, new=new, record=record_consent, by=by, permission=WRITE, action="import_consents", import_id=import_id)


def check_request(fields: dict[str, Any], *, by: User) -> None:
    """The rules of a request as it comes in, without a query. Raises Refused with the field at fault."""
    person, on = fields.get("person"), fields.get("received_on")
    if person is not None and on is not None:
        _check_day(person, on, "received_on")


def record_request(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> DataRequest:
    """Write a request as it came in; its two deadlines follow from the law of that day. Raises Refused."""
    with transaction.atomic():
        row, before = begin(DataRequest, id, by=by, permission=WRITE, seen_version=seen_version)
        _set(row, fields)
        if row.person_id is None or row.received_on is None or row.kind not in KINDS:
            raise Refused("missing", "Thiếu người, loại yêu cầu hoặc ngày nhận. Hãy ghi đủ rồi lưu lại.", field="received_on" if row.kind in KINDS else "kind")
        check_request(vars(row) | {"person": row.person}, by=by)
        if before is not None and row.answered_on is not None:
            raise Refused("settled", SETTLED, status=409)
        row.answer_by, row.done_by = due_days(row.kind, row.received_on, limits(row.received_on))
        return store(row, by=by, permission=WRITE, action="record_request", before=before)


def record_requests(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[DataRequest]:
    """Write a chunk of judged lines of a file; a day's limits are read once."""
    limits_on = functools.cache(limits)

    def new(fields: dict[str, Any]) -> DataRequest:
        check_request(fields, by=by)
        row = DataRequest(**fields)
        row.answer_by, row.done_by = due_days(row.kind, row.received_on, limits_on(row.received_on))
        return row

    return record_chunk(items, new=new, record=record_request, by=by, permission=WRITE, action="import_datarequests", import_id=import_id)


def answer_request(
    *, by: User, id: uuid.UUID, outcome: str, answer: str, on: datetime.date | None = None, seen_version: int | None = None,
) -> DataRequest:
    """Answer a request; one that is refused says why. Raises Refused."""
    require(by, ANSWER)
    with transaction.atomic():
        row = fetch(DataRequest, id, by=by, permission=ANSWER, seen_version=seen_version)
        if row.answered_on is not None:
            raise Refused("answered", f"Yêu cầu này đã trả lời ngày {row.answered_on:%d/%m/%Y}.", status=409)
        before, day = row.plain(), on or clock.today()
        _check_after(row.received_on, day, "ngày nhận", "on")
        if outcome == "refused" and not clean(answer):
            raise Refused("no_reason", "Từ chối thì phải nêu lý do, ví dụ: hồ sơ bệnh án phải lưu theo Luật Khám bệnh, chữa bệnh.", field="answer")
        row.outcome, row.answer, row.answered_on = outcome, clean(answer), day
        return store(row, by=by, permission=ANSWER, action="answer_request", before=before)


def finish_request(*, by: User, id: uuid.UUID, on: datetime.date | None = None, seen_version: int | None = None) -> DataRequest:
    """Note that what was answered has been carried out. Raises Refused."""
    require(by, ANSWER)
    with transaction.atomic():
        row = fetch(DataRequest, id, by=by, permission=ANSWER, seen_version=seen_version)
        if not row.is_open:
            raise Refused("settled", SETTLED, status=409)
        if row.answered_on is None:
            raise Refused("not_answered", "Hãy trả lời người yêu cầu trước, rồi ghi đã thực hiện.", field="on")
        before, day = row.plain(), on or clock.today()
        _check_after(row.answered_on, day, "ngày trả lời", "on")
        row.done_on = day
        return store(row, by=by, permission=ANSWER, action="finish_request", before=before)


def _check_after(first: datetime.date, day: datetime.date, words: str, field: str) -> None:
    if day > clock.today():
        raise Refused("future", f"Ngày {day:%d/%m/%Y} chưa đến. Hãy ghi ngày đã làm.", field=field)
    if day < first:
        raise Refused("order", f"Ngày {day:%d/%m/%Y} trước {words} {first:%d/%m/%Y}. Hãy kiểm tra lại.", field=field)


def record_limit(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> RequestLimit:
    """Write the time that the law gives for one kind of request from a day on. Raises Refused."""
    with transaction.atomic():
        row, before = begin(RequestLimit, id, by=by, permission=ANSWER, seen_version=seen_version)
        _set(row, fields)
        check_days(vars(row), by=by)
        return store(row, by=by, permission=ANSWER, action="record_limit", before=before)


cancel_consent = cancelling(Consent, WRITE, "cancel_consent")
cancel_request = cancelling(DataRequest, WRITE, "cancel_datarequest")


def _set(row: Fact, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
