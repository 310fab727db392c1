"""What is typed on the pages of adverse events."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from tramyte.care.adverse_events.models import OUTCOMES, AdverseEvent
from tramyte.care.adverse_events.queries import doses_of, present
from tramyte.care.adverse_events.signs import SEVERE, SIGNS, SOURCE, joined
from tramyte.care.immunization.columns import hour_field
from tramyte.care.immunization.models import Immunization
from tramyte.care.people.models import Person
from tramyte.care.people.typed import Typed
from tramyte.engine import clock
from tramyte.engine.refused import Refused
from tramyte.engine.registers.fields import DayField, TextField, offer
from tramyte.station.cold_chain.queries import PARTS, readings
from tramyte.station.cold_chain.rule import degrees

OFFERED = 90  # days back in which doses are offered
MORE = ("registration", "supplier", "storage", "cause", "cause_text")


def hour(label: str, *, required: bool = False) -> forms.Field:
    """An hour and minute."""
    made = hour_field()
    made.label, made.required, made.help_text = label, required, "Ví dụ 14:30."
    return made


def moment(on: datetime.date, at: str) -> datetime.datetime:
    """A day and "HH:MM" in the station's zone."""
    return datetime.datetime.combine(on, datetime.time.fromisoformat(at), clock.ZONE)


class _FocusFirst(forms.CheckboxSelectMultiple):
    """Boxes of which the first has the focus when the page opens."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One box; the first with the focus."""
        option = super().create_option(*args, **kwargs)
        if option["index"] == "0":
            option["attrs"]["autofocus"] = True
        return option


class ReactionForm(Typed):
    """An event of one person: the doses of the last 90 days to choose from, the newest day chosen."""

    doses = forms.MultipleChoiceField(label="Mũi tiêm nghi liên quan", widget=forms.CheckboxSelectMultiple)
    onset_on = DayField(label="Ngày xuất hiện", widget=forms.DateInput)
    onset_at = hour("Giờ xuất hiện")
    signs = forms.MultipleChoiceField(label="Dấu hiệu", required=False, choices=list(SIGNS.items()), widget=_FocusFirst)
    signs_text = TextField(label="Dấu hiệu khác, ghi rõ", required=False, max_length=300)
    outcome = forms.ChoiceField(label="Hiện nay", choices=OUTCOMES, widget=forms.RadioSelect)
    outcome_on = DayField(label="Ngày khỏi, ngày có kết quả", required=False, widget=forms.DateInput)
    follow_up_on = DayField(label="Hẹn hỏi lại", required=False, widget=forms.DateInput, help_text="Để trống: hôm sau; nặng thì hôm nay.")
    treatment = TextField(label="Xử trí, điều trị", required=False, max_length=400)
    severe_for = forms.MultipleChoiceField(label="Nặng vì", required=False, choices=list(SEVERE.items()), widget=forms.CheckboxSelectMultiple, help_text=f"Không chọn gì là phản ứng thông thường. Theo {SOURCE}.")
    discovered_on = DayField(label="Trạm biết ngày", widget=forms.DateInput)
    discovered_time = hour("Trạm biết lúc", required=True)
    word = TextField(label="Vì sao", required=False, max_length=200, help_text="Cần khi xuất hiện quá 30 ngày sau tiêm, hoặc dấu hiệu nguy hiểm mà không phải tai biến nặng.")
    registration = TextField(label="Số đăng ký vắc xin", required=False, max_length=100)
    supplier = TextField(label="Nơi cung cấp vắc xin", required=False, max_length=120)
    storage = TextField(label="Điều kiện bảo quản", required=False, max_length=300)
    cause = forms.ChoiceField(label="Kết luận nguyên nhân", required=False, choices=[("", "chưa có kết luận"), *AdverseEvent.CAUSES])
    cause_text = TextField(label="Ai kết luận, số văn bản", required=False, max_length=300)
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, person: Person, doses: Sequence[Immunization], row: AdverseEvent | None, data: Any = None, chosen: str = "") -> None:
        super().__init__(data, initial=_held(row) if row else _fresh(doses, chosen))
        offer(self, "doses", [(str(one.pk), _named(one)) for one in doses])

    def given(self) -> dict[str, Any]:
        """The arguments of `record_event`."""
        values = dict(self.cleaned_data)
        on, at = values.pop("discovered_on"), values.pop("discovered_time")
        return {**values, "signs": joined(values["signs"], SIGNS), "severe_for": joined(values["severe_for"], SEVERE), "discovered_at": moment(on, at)}

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the action at its field."""
        name = {"discovered_at": "discovered_time"}.get(refused.field, refused.field)
        self.add_error(name if name in self.fields else None, refused.message)

    @property
    def opened(self) -> bool:
        """Whether the part of severe events is to be shown at once."""
        held = self.data.getlist("severe_for") if self.is_bound and hasattr(self.data, "getlist") else self.initial.get("severe_for")
        return bool(held) or any(self.errors.get(name) for name in ("severe_for", "word", "discovered_on", "discovered_time", *MORE))


def doses_to_choose(person: Person, row: AdverseEvent | None) -> list[Immunization]:
    """A person's doses of the last 90 days, or the last five when there are none, newest first; and those that are tied already."""
    rows = Immunization.objects.filter(person=person, entered_in_error=False).select_related("vaccine", "lot__facility").order_by("-on", "pk")
    found = list(rows)
    since = clock.today() - datetime.timedelta(days=OFFERED)
    tied = {one.pk for one in doses_of(row)} if row else set()
    return [one for one in found if one.on >= since or one.pk in tied] or found[:5]


def _named(dose: Immunization) -> str:
    number = f" mũi {dose.dose_number}" if dose.dose_number else ""
    return f"{dose.vaccine}{number}, {dose.on:%d/%m/%Y}{f' {dose.at}' if dose.at else ''}{f', lô {dose.lot_number}' if dose.lot_number else ''}"


def _fresh(doses: Sequence[Immunization], chosen: str) -> dict[str, Any]:
    """A new event: the dose asked for with those of its day, else those of the newest day."""
    asked = next((one for one in doses if str(one.pk) == chosen), doses[0] if doses else None)
    same = [one for one in doses if asked and one.on == asked.on]
    now = present()
    return {
        "doses": [str(one.pk) for one in same], "onset_on": f"{asked.on:%d/%m/%Y}" if asked else "", "outcome": "ongoing", "discovered_on": f"{now:%d/%m/%Y}",
        "discovered_time": f"{now:%H:%M}", "storage": storage_words(same)}


def storage_words(doses: Sequence[Immunization]) -> str:
    """How the store of these doses was on their day, from its temperature log; "" when nothing was written. One query."""
    tied = {(dose.lot.facility_id, dose.on) for dose in doses if dose.lot}
    rows = readings().filter(equipment__facility__in={store for store, _ in tied}, on__in={on for _, on in tied}).select_related("equipment").order_by("on", "equipment__code", "part")
    told = [f"{row.equipment.code} {PARTS[row.part]} {row.on:%d/%m}: {degrees(row.celsius)}" for row in rows if (row.equipment.facility_id, row.on) in tied] if tied else []
    return "; ".join(told)[:300]


def _held(row: AdverseEvent) -> dict[str, Any]:
    known = row.discovered_at.astimezone(clock.ZONE)
    days = {name: f"{value:%d/%m/%Y}" if (value := getattr(row, name)) else "" for name in ("onset_on", "outcome_on", "follow_up_on")}
    texts = {name: getattr(row, name) for name in ("onset_at", "signs_text", "outcome", "treatment", "word", *MORE)}
    return {
        **days, **texts, "doses": [str(one.pk) for one in doses_of(row)], "signs": row.signs.split(), "severe_for": row.severe_for.split(), "discovered_on": f"{known:%d/%m/%Y}",
        "discovered_time": f"{known:%H:%M}", "seen_version": row.version}


class FollowForm(Typed):
    """How the person was found."""

    on = DayField(label="Ngày hỏi", widget=forms.DateInput)
    note = TextField(label="Tình trạng", max_length=300)
    outcome = forms.ChoiceField(label="Hiện nay", choices=OUTCOMES, widget=forms.RadioSelect)
    next_on = DayField(label="Hẹn hỏi lại", required=False, widget=forms.DateInput)


class ReportForm(Typed):
    """Who was told of a severe event, when and how."""

    to = TextField(label="Đã báo cáo cho", max_length=200, help_text="Cơ quan và người nhận: Sở Y tế, CDC tỉnh.")
    how = TextField(label="Cách báo cáo", required=False, max_length=200, help_text="Điện thoại, văn bản số, hệ thống quốc gia.")
    day = DayField(label="Ngày báo cáo", widget=forms.DateInput)
    time = hour("Giờ báo cáo", required=True)

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the action at its field."""
        name = {"at": "time"}.get(refused.field, refused.field)
        self.add_error(name if name in self.fields else None, refused.message)
