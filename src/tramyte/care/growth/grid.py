"""The grid of a campaign: the young children of one hamlet, a line each, typed and saved one by one."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from tramyte.care.growth.facts import FED_UNTIL
from tramyte.care.growth.models import CampaignDay, GrowthMeasurement
from tramyte.care.growth.queries import children, measurements
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.engine.registers.columns import words_of
from tramyte.engine.registers.fields import ChoiceField, NumberField, TextField
from tramyte.rules.calendar import add_months

NUMBERS = ("weight_kg", "height_cm", "muac_cm")
TYPED = (*NUMBERS, "position", "oedema", "vitamin_a", "feeding", "confirmation")
REASONS = ("Đã cân đo lại, số đúng như vậy", "Trẻ không chịu nằm hoặc đứng", "Trẻ đang ốm, mới ốm dậy", "Số lần trước ghi sai")


class LineForm(forms.Form):
    """What is typed of one child."""

    weight_kg = NumberField(label="Cân nặng (kg)", required=False, max_digits=7, decimal_places=2)
    height_cm = NumberField(label="Chiều dài, cao (cm)", required=False, max_digits=7, decimal_places=2)
    position = ChoiceField(label="Tư thế", required=False, choices=[("", "theo tuổi"), *GrowthMeasurement.POSITIONS])
    muac_cm = NumberField(label="Vòng cánh tay (cm)", required=False, max_digits=7, decimal_places=2)
    oedema = forms.BooleanField(label="Phù", required=False)
    vitamin_a = forms.BooleanField(label="Uống vitamin A", required=False)
    feeding = ChoiceField(label="Bú mẹ", required=False, choices=[("", "chưa hỏi"), *GrowthMeasurement.FEEDING])
    confirmation = TextField(label="Xác nhận số đo lạ", required=False, max_length=100)
    confirmed = forms.BooleanField(required=False)
    id = forms.UUIDField(required=False)
    seen_version = forms.IntegerField(required=False)


@dataclass
class Line:
    """One child of the grid. last: the measurement before; now: the one of this campaign or day; typed: what the inputs hold.

    fault: the sentence of a refusal, at which field; doubt: whether a reason would settle it.
    """

    person: Person
    on: datetime.date
    last: GrowthMeasurement | None = None
    now: GrowthMeasurement | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    at: str = ""
    doubt: bool = False

    @property
    def key(self) -> str:
        """A short name for ids on the page."""
        return str(self.person.pk)

    @property
    def months(self) -> int:
        """Completed months of age on the day."""
        return int((self.on - self.person.birth_date).days / 30.4375)

    @property
    def suckling(self) -> bool:
        """Whether the child is so young that breast milk alone is asked about."""
        return (self.on - self.person.birth_date).days < FED_UNTIL

    @property
    def takes_vitamin_a(self) -> bool:
        """Whether a child of this age is given vitamin A in a campaign: from six months on."""
        return add_months(self.person.birth_date, 6) <= self.on

    @property
    def lies(self) -> bool:
        """Whether a child of this age is measured lying."""
        return (self.on - self.person.birth_date).days < 731

    @property
    def state(self) -> dict[str, str]:
        """The class of what is saved, as a chip."""
        from tramyte.care.growth.words import state_of

        return state_of(self.now) if self.now else {}

    @property
    def before(self) -> str:
        """The measurement before, in words."""
        from tramyte.care.growth.words import measures

        return f"{measures(self.last)} ({self.last.on:%d/%m/%Y})" if self.last else "chưa cân đo"


def lines_of(user: User, stop: CampaignDay, on: datetime.date, only: uuid.UUID | None = None) -> list[Line]:
    """The lines of a hamlet on a day (of one child when `only` is given), by name. Three queries."""
    rows = children(user, on, stop.hamlet)
    persons = list(rows if only is None else rows.filter(pk=only))
    held: dict[uuid.UUID, list[GrowthMeasurement]] = {}
    for row in measurements().filter(person__in=[person.pk for person in persons]).order_by("on"):
        held.setdefault(row.person_id, []).append(row)
    return [_line(person, stop, on, held.get(person.pk, ())) for person in persons]


def _line(person: Person, stop: CampaignDay, on: datetime.date, rows: Sequence[GrowthMeasurement]) -> Line:
    now = next((row for row in reversed(rows) if row.campaign_id == stop.campaign_id or row.on == on), None)
    day = now.on if now else on
    last = next((row for row in reversed(rows) if row.on < day), None)
    return Line(person, day, last, now, {name: _shown(now, name) for name in TYPED} if now else {})


def _shown(row: GrowthMeasurement, name: str) -> str:
    value = getattr(row, name)
    return "1" if value is True else "" if value is None or value is False else words_of(value) if name in NUMBERS else str(value)


def refuse(line: Line, data: Mapping[str, Any], refused: Refused) -> Line:
    """The line as it was typed, with what is wrong."""
    line.typed = {name: str(data.get(name, "")) for name in TYPED}
    line.fault, line.at, line.doubt = refused.message, refused.field, refused.code == "implausible"
    return line


def values(data: Mapping[str, Any]) -> dict[str, Any]:
    """The typed values with id and seen_version. Raises Refused at the first field that cannot be read."""
    form = LineForm(data)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused("unread", f"{form.fields[name].label}: {' '.join(str(error) for error in errors)}", field=name)
    return dict(form.cleaned_data)
