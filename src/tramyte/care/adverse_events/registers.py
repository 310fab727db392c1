"""The book of adverse events after vaccination, with the columns of the statutory form."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from tramyte.care.adverse_events import actions, statutory
from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.adverse_events.queries import with_doses
from tramyte.care.immunization.columns import hour_field
from tramyte.care.immunization.keys import ChildKey
from tramyte.care.people.columns import text_field
from tramyte.engine.access.models import User
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import DayField, TextField
from tramyte.engine.registers.register import Register


def _hour() -> forms.Field:
    made = hour_field()
    made.label, made.help_text = "Giờ xuất hiện", "Giờ và phút, ví dụ 14:30."
    return made


class AdverseEvents(Register):
    """Sổ phản ứng, tai biến sau tiêm chủng: one line is one event of one person, with the columns of the statutory form of severe ones."""

    slug = "reactions"
    title = "Sổ phản ứng, tai biến sau tiêm chủng"
    paper_title = "Sổ theo dõi phản ứng, tai biến nặng sau tiêm chủng"
    unit = "phản ứng"
    model = AdverseEvent
    date = "onset_on"
    record, record_many, cancel, check, undo = actions.record_event, actions.record_events, actions.cancel_event, actions.check_event, actions.undo_events
    identity = ("person", "onset_on")
    write, load = "reactions.write", "people.import"
    order = ("-onset_on", "person__search")
    paper = "A3"
    source = "TC-AEFI: trường theo TT 34/2018/TT-BYT Đ14 (đã hết hiệu lực); TT 13/2026/TT-BYT Đ15 (báo cáo trong 24 giờ)"
    note = "Cột dựng từ các trường của phiếu tai biến nặng; chưa đối chiếu văn bản gốc."
    columns = (
        Column("person", "Số định danh", by=ChildKey(), search=True, masked=True, hidden=True, width=1.5, aliases=("Số CCCD", "CCCD", "Mã định danh")),
        Column("person.full_name", "Họ tên", search="person.search", agree=True, width=2.0, aliases=("Họ và tên", "Họ tên trẻ")),
        Column("person.birth_date", "Ngày sinh", search=True, agree=True, width=1.0),
        Column("person.age", "Tuổi", read=statutory.age, width=0.8, hidden=True),
        Column("person.sex", "Giới", width=0.5, hidden=True),
        Column("person.hamlet", "Thôn", filter=True, width=1.2, aliases=("Thôn/ấp",)),
        Column("person.home", "Địa chỉ", read=statutory.address, width=1.4, hidden=True),
        Column("person.telephone", "Điện thoại", read=statutory.phone, masked=True, width=1.0, hidden=True),
        Column("given_on", "Ngày tiêm", read=statutory.given_on, field=DayField(widget=forms.DateInput), hidden=True, width=1.0),
        Column("person.given", "Ngày giờ tiêm", read=statutory.given, width=1.2, hidden=True),
        Column("vaccines", "Vắc xin", read=statutory.vaccines, field=TextField(required=False, help_text="Nhiều vắc xin cách nhau bằng dấu chấm phẩy; để trống: mọi mũi của ngày đó."), width=1.8),
        Column("registration", "Số đăng ký", hidden=True, width=0.9),
        Column("person.lots", "Số lô", read=statutory.lots, width=0.9, hidden=True),
        Column("person.expiry", "Hạn dùng", read=statutory.expiry, width=1.0, hidden=True),
        Column("person.makers", "Nhà sản xuất", read=statutory.makers, width=1.0, hidden=True),
        Column("supplier", "Nơi cung cấp", hidden=True, width=1.0),
        Column("storage", "Điều kiện bảo quản", field=text_field(300), hidden=True, width=1.2),
        Column("onset_on", "Ngày xuất hiện", width=1.0),
        Column("onset_at", "Giờ xuất hiện", field=_hour(), hidden=True, width=0.7),
        Column("signs", "Triệu chứng", read=lambda row: row.signs_words, field=TextField(help_text="Nhiều dấu hiệu cách nhau bằng dấu chấm phẩy."), width=2.2, aliases=("Dấu hiệu",)),
        Column("person.level", "Mức độ", read=lambda row: "nặng" if row.severe else "thông thường", stored="severe", width=0.9),
        Column("severe_for", "Nặng vì", read=lambda row: row.severe_words, stored="severe", field=TextField(required=False, help_text="Để trống: phản ứng thông thường."), hidden=True, width=1.4),
        Column("treatment", "Xử trí/điều trị", field=text_field(400), hidden=True, width=1.6, aliases=("Xử trí",)),
        Column("outcome", "Kết quả", filter=True, width=1.0),
        Column("outcome_on", "Ngày có kết quả", hidden=True, width=1.0),
        Column("cause", "Nguyên nhân", filter=True, hidden=True, width=1.2, aliases=("Nguyên nhân (kết luận)",)),
        Column("cause_text", "Ai kết luận, số văn bản", field=text_field(300), hidden=True, width=1.2),
        Column("person.session", "Toàn bộ vắc xin/lô/đối tượng trong buổi", read=lambda row: row.session, hidden=True, width=1.8),
        Column("word", "Vì sao cho là liên quan", hidden=True, width=1.2),
        Column("person.reported", "Báo cáo lúc", read=statutory.reported, hidden=True, width=1.0),
    )
    example = {
        "person": "037226001234", "person.full_name": "Nguyễn Minh Khôi", "person.birth_date": "10/01/2026", "person.hamlet": "Thôn Đông Hạ", "given_on": "12/03/2026", "vaccines": "DPT-VGB-Hib (5 trong 1)",
        "registration": "QLVX-1044-17", "supplier": "CDC tỉnh", "storage": "+2 đến +8 °C", "onset_on": "12/03/2026", "onset_at": "16:30", "signs": "sốt từ 39 °C; co giật",
        "severe_for": "phải nhập viện hoặc kéo dài nằm viện", "treatment": "hạ sốt, chuyển bệnh viện", "outcome": "khỏi", "outcome_on": "14/03/2026", "cause": "do đặc tính của vắc xin",
        "cause_text": "Hội đồng tư vấn của Sở Y tế", "word": "",
    }

    def base(self, user: User) -> "QuerySet[Any]":
        """Of people that the registry still holds, with their doses."""
        return with_doses(super().base(user).filter(person__entered_in_error=False))

    def address(self, row: Any) -> str:
        """The page of the event."""
        return reverse("reaction", args=[row.pk])
