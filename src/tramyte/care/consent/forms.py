"""What is typed on the pages of agreements and requests."""

from typing import Any

from django import forms

from tramyte.care.consent.models import GIVERS, KIND_CHOICES, PURPOSE_CHOICES, Consent, DataRequest
from tramyte.care.people.typed import Typed
from tramyte.engine.registers.fields import DayField, TextField, WholeField, YesNoField


class ConsentForm(Typed):
    """A decision about one purpose; nothing is chosen beforehand, as the law wants it."""

    spans = {"purpose": 6, "decision": 6, "given_on": 3, "given_by": 5, "guardian": 4, "evidence": 5, "evidence_note": 7, "file": 12}

    purpose = forms.ChoiceField(label="Mục đích", choices=[("", "Chọn mục đích"), *PURPOSE_CHOICES])
    decision = forms.ChoiceField(label="Người dân trả lời", choices=Consent.DECISIONS, widget=forms.RadioSelect)
    given_on = DayField(label="Ngày trả lời", widget=forms.DateInput)
    given_by = forms.ChoiceField(label="Người trả lời", choices=GIVERS, widget=forms.RadioSelect)
    guardian = TextField(label="Họ tên người giám hộ", required=False, max_length=100)
    evidence = forms.ChoiceField(label="Bằng chứng", choices=Consent.EVIDENCE, widget=forms.RadioSelect)
    evidence_note = TextField(label="Số phiếu, nơi lưu, người làm chứng", max_length=200, help_text="Ví dụ: phiếu số 12, tủ hồ sơ 3; hoặc trước bà Lê Thị Mơ, y tế thôn.")
    file = forms.FileField(label="Ảnh hoặc bản quét phiếu", required=False, help_text="PDF hoặc ảnh.")

    @property
    def laid(self) -> list[tuple[Any, int]]:
        """Each field with its width."""
        return [(self[name], self.spans.get(name, 4)) for name in self.fields]


class RequestForm(Typed):
    """A request as the person said or wrote it."""

    kind = forms.ChoiceField(label="Yêu cầu", choices=[("", "Chọn loại yêu cầu"), *KIND_CHOICES])
    received_on = DayField(label="Ngày nhận", widget=forms.DateInput)
    asked_by = TextField(label="Người yêu cầu, nếu không phải người đó", required=False, max_length=100)
    words = TextField(label="Nội dung yêu cầu", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    @property
    def laid(self) -> list[tuple[Any, int]]:
        """Each field with its width."""
        return [(self[name], 12 if name == "words" else 4) for name in self.fields]


class AnswerForm(Typed):
    """The answer to a request."""

    outcome = forms.ChoiceField(label="Kết quả", choices=DataRequest.OUTCOMES, widget=forms.RadioSelect)
    on = DayField(label="Ngày trả lời", widget=forms.DateInput)
    answer = TextField(label="Nội dung trả lời", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Từ chối thì nêu lý do theo luật.")

    @property
    def laid(self) -> list[tuple[Any, int]]:
        """Each field with its width."""
        return [(self[name], {"outcome": 8, "on": 4}.get(name, 12)) for name in self.fields]


class LimitForm(Typed):
    """The time for one kind of request from a day on."""

    answer_days = WholeField(label="Trả lời trong (ngày làm việc)", min_value=0, max_value=90)
    done_days = WholeField(label="Thực hiện trong (ngày)", min_value=0, max_value=365)
    valid_from = DayField(label="Áp dụng từ ngày", widget=forms.DateInput)
    source = TextField(label="Nguồn: điều, khoản của văn bản", max_length=200)
    verified = YesNoField(label="Đã đối chiếu văn bản gốc", widget=forms.RadioSelect)
