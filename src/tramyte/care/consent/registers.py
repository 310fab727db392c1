"""The books of agreements and of requests about personal data."""

from typing import Any

from django.urls import reverse

from tramyte.care.consent import actions
from tramyte.care.consent.models import Consent, DataRequest
from tramyte.care.consent.purposes import SOURCE
from tramyte.care.people.keys import PersonKey
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.register import Register

PERSON = Column("person", "Số định danh", by=PersonKey(), search=True, masked=True, width=1.5, aliases=("Số định danh cá nhân", "Số CCCD", "CCCD"))
WHO = (
    Column("person.full_name", "Họ và tên", search="person.search", agree=True, width=2, aliases=("Họ tên",)),
    Column("person.birth_date", "Ngày sinh"),
    Column("person.hamlet", "Thôn", filter=True, width=1.2),
)
SOMEBODY = {"person": "037056001234", "person.full_name": "Nguyễn Văn An", "person.birth_date": "12/05/1956"}


class ConsentBook(Register):
    """Sổ đồng ý xử lý dữ liệu cá nhân: one line is one decision of one person about one purpose."""

    slug = "consents"
    title = "Sổ đồng ý xử lý dữ liệu cá nhân"
    unit = "quyết định"
    model = Consent
    date = "given_on"
    same_day = True
    record, record_many, cancel, check = actions.record_consent, actions.record_consents, actions.cancel_consent, actions.check_consent
    identity = ("person", "purpose", "given_on")
    write, load = "people.write", "people.import"
    order = ("-given_on", "person__search")
    source = SOURCE
    note = "Cột của sổ do trạm đặt, chưa đối chiếu văn bản gốc."
    columns = (
        PERSON, *WHO,
        Column("purpose", "Mục đích", filter=True, width=2.2),
        Column("decision", "Quyết định", filter=True),
        Column("given_on", "Ngày quyết định"),
        Column("given_by", "Người quyết định", hidden=True),
        Column("guardian", "Họ tên người giám hộ", hidden=True),
        Column("evidence", "Bằng chứng", filter=True, hidden=True),
        Column("evidence_note", "Số phiếu, nơi lưu", search=True, width=2),
        Column("withdrawn_on", "Ngày rút lại"),
    )
    example = {
        **SOMEBODY, "purpose": "Nhắn tin, gọi điện nhắc lịch", "decision": "đồng ý", "given_on": "10/02/2026", "given_by": "người đó", "guardian": "",
        "evidence": "phiếu có chữ ký", "evidence_note": "Phiếu số 12, tủ hồ sơ 3", "withdrawn_on": "",
    }

    def address(self, row: Any) -> str:
        """The page of the person's agreements."""
        return reverse("person-rights", args=[row.person_id])


class RequestBook(Register):
    """Sổ yêu cầu về dữ liệu cá nhân: one line is one request of one person."""

    slug = "data-requests"
    title = "Sổ yêu cầu về dữ liệu cá nhân"
    unit = "yêu cầu"
    model = DataRequest
    date = "received_on"
    same_day = True
    record, record_many, cancel, check = actions.record_request, actions.record_requests, actions.cancel_request, actions.check_request
    identity = ("person", "kind", "received_on")
    write, load = "people.write", "people.import"
    order = ("-received_on", "person__search")
    source = SOURCE
    note = "Cột của sổ do trạm đặt, chưa đối chiếu văn bản gốc."
    columns = (
        PERSON, *WHO,
        Column("kind", "Yêu cầu", filter=True, width=1.8),
        Column("received_on", "Ngày nhận"),
        Column("asked_by", "Người yêu cầu", hidden=True, help="Để trống khi chính người đó yêu cầu."),
        Column("words", "Nội dung", width=2.6),
        Column("person.answer_by", "Hạn trả lời", read=lambda row: row.answer_by),
        Column("person.done_by", "Hạn thực hiện", read=lambda row: row.done_by),
        Column("person.answered_on", "Ngày trả lời", read=lambda row: row.answered_on),
        Column("person.outcome", "Kết quả", read=lambda row: row.get_outcome_display()),
        Column("person.done_on", "Ngày thực hiện xong", read=lambda row: row.done_on),
    )
    example = {**SOMEBODY, "kind": "Chỉnh sửa dữ liệu", "received_on": "02/03/2026", "asked_by": "", "words": "Ngày sinh đúng là 15/05/1956 theo giấy khai sinh"}

    def address(self, row: Any) -> str:
        """The request's own page."""
        return reverse("data-request", args=[row.pk])
