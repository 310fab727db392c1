"""What is typed on the pages of immunization."""

from typing import Any

from django import forms

from tramyte.care.immunization.models import Activation, StockMovement, Vaccine
from tramyte.care.people.typed import Typed
from tramyte.engine.registers.fields import DayField, RowField, TextField, WholeField
from tramyte.rules.forecast import default_parameters

MOVED = [choice for choice in StockMovement.KINDS if choice[0] != StockMovement.USED]


class ProductForm(Typed):
    """What a maker sells of a vaccine."""

    vaccine = RowField(label="Vắc xin", queryset=Vaccine.objects.filter(entered_in_error=False), empty_label="Chọn vắc xin")
    name = TextField(label="Tên thương mại", max_length=100)
    manufacturer = TextField(label="Nhà sản xuất", required=False, max_length=100)
    doses_per_vial = WholeField(label="Số liều một lọ", min_value=1, max_value=100)
    open_hours = WholeField(label="Số giờ dùng sau khi mở lọ", required=False, min_value=1, max_value=720, help_text="Để trống nếu phải dùng ngay.")


class MovementForm(Typed):
    """A line of the store."""

    kind = forms.ChoiceField(label="Việc", choices=MOVED, widget=forms.RadioSelect)
    doses = WholeField(label="Số liều", help_text="Theo liều, không theo lọ. Số âm để bớt lại một dòng ghi thừa.")
    on = DayField(label="Ngày", widget=forms.DateInput)
    reason = TextField(label="Lý do, số phiếu", required=False, max_length=200, help_text="Hủy liều phải ghi lý do: vỡ lọ, quá giờ sau mở, quá hạn.")


class StopForm(Typed):
    """Why a lot is stopped or used again."""

    reason = TextField(label="Lý do", max_length=200)


class ActivationForm(Typed):
    """That the province (or the commune) gives a group of vaccines from a day on."""

    group = forms.ChoiceField(label="Nhóm vắc xin", choices=Activation.GROUPS, widget=forms.RadioSelect)
    valid_from = DayField(label="Từ ngày", widget=forms.DateInput)
    valid_to = DayField(label="Đến hết ngày", required=False, widget=forms.DateInput)
    born_from = DayField(label="Cho trẻ sinh từ ngày", required=False, widget=forms.DateInput, help_text="Để trống nếu cho mọi trẻ trong độ tuổi.")
    source = TextField(label="Văn bản", max_length=200, help_text="Số, ngày của kế hoạch triển khai.")


class ProgrammeForm(Typed):
    """How the commune carries the schedule out."""

    born_from = DayField(
        label="Theo dõi trẻ sinh từ ngày", required=False, widget=forms.DateInput,
        help_text="Trẻ sinh trước ngày này chỉ được hẹn khi sổ có mũi của trẻ. Để trống: mọi trẻ dưới 16 tuổi.")
    grace_days = WholeField(label="Số ngày châm chước", min_value=0, max_value=30, help_text="Bớt vào tuổi và khoảng cách tối thiểu khi xét mũi. Mặc định 0.")
    month_interval = forms.ChoiceField(
        label="“1 tháng” giữa hai mũi là", choices=[("28_days", "28 ngày"), ("calendar", "một tháng lịch")], widget=forms.RadioSelect)
    overdue_after = forms.ChoiceField(
        label="Quá hạn sau ngày hẹn", choices=[("2 weeks", "2 tuần"), ("1 month", "1 tháng"), ("2 months", "2 tháng")], widget=forms.RadioSelect)

    def chosen(self) -> dict[str, Any]:
        """The arguments of `set_programme`: only parameters that differ from the shipped ones are kept."""
        given, shipped = dict(self.cleaned_data), default_parameters()
        born_from = given.pop("born_from")
        return {"born_from": born_from, "parameters": {name: value for name, value in given.items() if value != shipped[name]}}
