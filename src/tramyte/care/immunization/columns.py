"""The cells of the books of immunization: what is typed, and what is shown."""

import datetime
from typing import Any

from django import forms

from tramyte.care.immunization.models import SOURCES, Immunization, StockMovement, VaccineLot
from tramyte.care.immunization.queries import GROUPS
from tramyte.care.people.columns import CheckedField, hour_words
from tramyte.engine.registers.fields import ChoiceField, DayField, WholeField

EVERY = "mọi vắc xin"


def shown_verdict(row: Immunization) -> str:
    """What a dose is worth by the schedule, in words; empty for other vaccines."""
    if row.verdict in ("", "valid"):
        return str(row.get_verdict_display()).replace(" ", "\u00a0")  # two short words stay on one line
    return f"{row.get_verdict_display()}: {row.verdict_text}"


def hour_field() -> forms.Field:
    """The hour of a dose; what matters of the birth dose."""
    return CheckedField(hour_words, label="Giờ tiêm", required=False, max_length=20, help_text="Cần cho mũi viêm gan B sơ sinh.")


def source_field() -> forms.Field:
    """Where a dose comes from; a form that does not say it means the station, a list an old book."""
    return ChoiceField(choices=SOURCES, required=False, empty_value="", widget=forms.RadioSelect, help_text="Bỏ trống là tại trạm; trong tệp, bỏ trống là chép từ sổ cũ.")


def group_field() -> forms.Field:
    """A group of the schedule by its name, or every vaccine."""
    return ChoiceField(choices=[("", EVERY), *GROUPS.items()], required=False, empty_value="")


def shown_group(row: Any) -> str:
    """The code of the group; empty for every vaccine."""
    return str(row.group)


def doses_field() -> forms.Field:
    """Doses that came; of a lot that is there already it may stay as it is."""
    return WholeField(min_value=1, max_value=StockMovement.MOST, help_text="Đếm theo liều, không theo lọ.")


def received_day_field() -> forms.Field:
    """The day on which they came."""
    return DayField(widget=forms.DateInput)


def first_received(row: VaccineLot) -> tuple[int | None, datetime.date | None]:
    """How many doses came first, and when; reads prefetched movements."""
    came = sorted((one for one in row.movements.all() if one.kind == StockMovement.RECEIVED and not one.entered_in_error), key=lambda one: (one.on, one.pk))
    return (came[0].doses, came[0].on) if came else (None, None)


def shown_left(row: VaccineLot) -> int:
    """How many doses are left; reads prefetched movements."""
    return sum(one.doses * StockMovement.SIGN[one.kind] for one in row.movements.all() if not one.entered_in_error)
