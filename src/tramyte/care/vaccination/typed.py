"""What is typed on the pages of sessions."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from tramyte.care.immunization.models import Vaccine, VaccineLot
from tramyte.care.people.columns import CheckedField, hour_words
from tramyte.care.people.typed import Typed
from tramyte.care.vaccination.actions import Count
from tramyte.care.vaccination.models import Session, SessionLot
from tramyte.engine.places.models import Facility, Place
from tramyte.engine.refused import Refused
from tramyte.engine.registers.fields import (
    DayField,
    NumberField,
    RowField,
    RowsField,
    TextField,
    WholeField,
    offer,
)

MOST = 100_000


class PlanForm(Typed):
    """Day, site, hamlets and vaccines of a session."""

    on = DayField(label="Ngày tiêm", widget=forms.DateInput)
    starts = CheckedField(hour_words, label="Giờ bắt đầu", max_length=20)
    facility = RowField(label="Điểm tiêm, dùng kho vắc xin của", queryset=Facility.objects.none(), empty_label=None)
    site = TextField(label="Nơi tiêm", required=False, max_length=120, help_text="Để trống nếu tiêm ngay tại điểm tiêm; ghi nhà văn hóa thôn, trường học nếu tiêm ở đó.")
    tables = WholeField(label="Số bàn tiêm", min_value=1, max_value=20)
    hamlets = RowsField(label="Thôn mời đến", queryset=Place.objects.none(), widget=forms.CheckboxSelectMultiple)
    vaccines = forms.MultipleChoiceField(label="Vắc xin của buổi", required=False, widget=forms.CheckboxSelectMultiple, help_text="Không đánh dấu là mọi vắc xin đến hạn.")
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, places: Sequence[Place], sites: Any, due: Counter[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].queryset = sites
        hamlets = self.fields["hamlets"]
        hamlets.queryset = Place.objects.filter(pk__in=[one.pk for one in places]).order_by("code")
        hamlets.label_from_instance = lambda place: f"{place.name} ({due[place.pk]})"
        stored = Vaccine.objects.filter(entered_in_error=False, products__lots__entered_in_error=False)
        offer(self, "vaccines", stored.distinct().order_by("name").values_list("code", "name"))


class OpenForm(Typed):
    """Who works in the session, and how cold the store is."""

    screener = TextField(label="Người khám sàng lọc", max_length=60)
    injector = TextField(label="Người tiêm", max_length=60)
    recorder = TextField(label="Người ghi", max_length=60)
    staff = WholeField(label="Số nhân viên y tế", min_value=1, max_value=99)
    temperature = NumberField(label="Nhiệt độ bảo quản (°C)", required=False, max_digits=4, decimal_places=1, help_text="Của tủ hoặc phích lúc lấy vắc xin.")


class MoveForm(Typed):
    """Another day for a session."""

    on = DayField(label="Chuyển sang ngày", widget=forms.DateInput)
    reason = TextField(label="Lý do", max_length=200)


class ReasonForm(Typed):
    """Why a session is called off, opened again, or a vial thrown away."""

    reason = TextField(label="Lý do", max_length=200)


def doses_brought(data: Mapping[str, Any], lots: Sequence[VaccineLot]) -> dict[Any, int]:
    """The doses typed for each lot ("nhan-<id>"). Raises Refused at one that is no number."""
    return {lot.pk: whole(str(data.get(f"nhan-{lot.pk}", "")), f"Số liều nhận của lô {lot}", f"nhan-{lot.pk}") for lot in lots}


def counts(data: Mapping[str, Any], rows: Sequence[SessionLot]) -> dict[Any, Count]:
    """What was counted of each lot at closing. Raises Refused at what is no number."""
    return {
        row.lot_id: Count(*(whole(str(data.get(f"{name}-{row.lot_id}", "")), f"{words} của lô {row.lot}", f"{name}-{row.lot_id}") for name, words in (
            ("nhan", "Số liều nhận"), ("dung", "Số liều dùng"), ("huy", "Số liều hủy"))))
        for row in rows}


def whole(text: str, label: str, field: str) -> int:
    """A number of doses; an empty text is none. Raises Refused."""
    bare = re.sub(r"[ .]", "", text)
    if not bare:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", bare) or int(bare) > MOST:
        raise Refused("no_number", f"{label}: “{text[:20]}” không phải số liều. Hãy gõ số nguyên, ví dụ 20.", field=field)
    return int(bare)


def measured(text: str, label: str, field: str) -> Decimal | None:
    """A number with a comma or a point; None for an empty text. Raises Refused."""
    bare = text.strip().replace(",", ".").removesuffix("°C").removesuffix("kg").strip()
    if not bare:
        return None
    try:
        found = Decimal(bare)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > 1_000_000:
        raise Refused("no_number", f"{label}: “{text[:20]}” không phải là số. Hãy gõ lại, ví dụ 36,8.", field=field)
    return found


def degrees(text: str) -> Decimal | None:
    """A body temperature; "368" is 36.8. Raises Refused."""
    found = measured(text, "Thân nhiệt", "temperature")
    return found / 10 if found is not None and 300 <= found < 450 and found == found.to_integral_value() else None if found is None else round(found, 1)


def kilograms(text: str) -> Decimal | None:
    """A weight; from 300 on grams were typed. Raises Refused."""
    found = measured(text, "Cân nặng", "weight")
    return None if found is None else round(found / 1000 if found >= 300 else found, 3)


def planned(row: Session | None) -> dict[str, Any]:
    """What the form of a plan shows at first of a session that is there."""
    if row is None:
        return {"starts": "07:30", "tables": 1}
    hamlets = [one.hamlet_id for one in row.hamlets.filter(entered_in_error=False)]
    site = "" if row.site == row.facility.name else row.site
    return {
        "on": f"{row.on:%d/%m/%Y}", "starts": row.starts, "facility": row.facility_id, "site": site, "tables": row.tables, "hamlets": hamlets, "vaccines": list(row.wanted),
        "seen_version": row.version}

