"""What is typed on the pages of the cold chain: the readings of a day, what was done, the rule of temperatures."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.engine.registers.columns import words_of
from tramyte.engine.registers.fields import DayField, NumberField, TextField, cleaned, speak
from tramyte.station.cold_chain.actions import record_reading
from tramyte.station.cold_chain.models import Excursion, StorageEquipment, TemperatureReading
from tramyte.station.cold_chain.queries import PARTS, due_parts, hour_now, readings


class _Form(forms.Form):
    """A form whose fields say what to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        for one in self.fields.values():
            speak(one)

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the action at its field."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class ActForm(_Form):
    """What was done when equipment was out of range."""

    action = TextField(label="Đã làm gì", max_length=400, widget=forms.Textarea(attrs={"rows": 3}), help_text="Ví dụ: mất điện từ 5 giờ; chạy máy phát, 30 phút sau tủ về 5 °C.")
    vaccines = forms.ChoiceField(label="Vắc xin trong thiết bị", choices=Excursion.VACCINES, widget=forms.RadioSelect)
    vaccines_note = TextField(label="Vắc xin nào, lô nào, ở đâu", required=False, max_length=300, help_text="Phải ghi khi đã chuyển, để riêng hoặc hủy.")
    acted_on = DayField(label="Ngày xử trí", widget=forms.DateInput)
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RuleForm(_Form):
    """A new rule of temperatures."""

    low = NumberField(label="Thấp nhất (°C)", max_digits=4, decimal_places=1)
    high = NumberField(label="Cao nhất (°C)", max_digits=4, decimal_places=1)
    valid_from = DayField(label="Từ ngày", widget=forms.DateInput)
    source = TextField(label="Văn bản", max_length=250, help_text="Số, ngày, điều của văn bản.")
    verified = forms.BooleanField(label="Đã đọc trong văn bản gốc", required=False)


@dataclass
class Cell:
    """The reading of one part of a day: what is stored, what was typed, what is wrong. due: it should be there by now."""

    equipment: StorageEquipment
    part: str
    row: TemperatureReading | None = None
    due: bool = False
    typed: str = ""
    confirmed: bool = False
    fault: str = ""
    doubt: bool = False

    @property
    def name(self) -> str:
        """The name of its input."""
        return f"{self.equipment.pk}-{self.part}"

    @property
    def label(self) -> str:
        """ "Sáng", "Chiều". """
        return PARTS[self.part].capitalize()

    @property
    def stored(self) -> str:
        """What is stored, as it would be typed."""
        return words_of(self.row.celsius) if self.row else ""


@dataclass
class DayLine:
    """Equipment with the two cells of a day, and the reading before that day."""

    equipment: StorageEquipment
    cells: list[Cell] = field(default_factory=list)
    last: TemperatureReading | None = None


def lines_of(items: Sequence[StorageEquipment], on: datetime.date) -> list[DayLine]:
    """A line for each equipment on a day. One query: the readings of that day and of the week before it."""
    held = readings().filter(equipment__in=items, on__range=(on - datetime.timedelta(days=7), on)).order_by("on", "part")
    rows: dict[Any, list[TemperatureReading]] = {}
    for row in held:
        rows.setdefault(row.equipment_id, []).append(row)
    due = due_parts(on)
    lines = []
    for one in items:
        mine = rows.get(one.pk, [])
        there = {row.part: row for row in mine if row.on == on}
        cells = [Cell(one, part, there.get(part), part in due and one.daily) for part in PARTS]
        for cell in cells:
            cell.typed = cell.stored
        lines.append(DayLine(one, cells, next((row for row in reversed(mine) if row.on < on), None)))
    return lines


def save(lines: Sequence[DayLine], on: datetime.date, data: Mapping[str, Any], by: User) -> tuple[list[TemperatureReading], int]:
    """Write each cell that was changed; what is refused stays in its cell with the sentence. Answers what was written, and how many were refused."""
    written, faults = [], 0
    for cell in [cell for line in lines for cell in line.cells]:
        cell.typed, cell.confirmed = str(data.get(cell.name, cell.stored)).strip(), bool(data.get(f"{cell.name}-ok"))
        if cell.typed == cell.stored:
            continue
        try:
            written.append(_write(cell, on, data, by))
        except Refused as refused:
            if refused.status in {403, 404}:
                raise
            cell.fault, cell.doubt, faults = refused.message, refused.code == "out_of_range", faults + 1
    return written, faults


def _write(cell: Cell, on: datetime.date, data: Mapping[str, Any], by: User) -> TemperatureReading:
    if not cell.typed:
        raise Refused("emptied", "Không xóa trắng nhiệt độ đã ghi. Ghi nhầm thì mở sổ theo dõi nhiệt độ, chọn dòng đó rồi “Đánh dấu ghi nhầm”.")
    try:
        celsius = cleaned(NumberField(max_digits=5, decimal_places=1), cell.typed.removesuffix("°C").removesuffix("độ").strip())
    except ValueError as error:
        raise Refused("unread", str(error)) from None
    seen = str(data.get(f"{cell.name}-version", ""))
    known = {"id": cell.row.pk, "seen_version": int(seen) if seen.isdigit() else cell.row.version} if cell.row else {}
    hour = {} if cell.row else {"at": _hour(on, cell.part)}
    cell.row = record_reading(
        by=by, equipment=cell.equipment, on=on, part=cell.part, celsius=celsius, confirmed=cell.confirmed, reader=by.full_name[:100], **hour, **known)
    cell.typed = cell.stored
    return cell.row


def _hour(on: datetime.date, part: str) -> str:
    """The hour of a reading that is typed in the part of the day that it is of; "" for one that is written afterwards."""
    now = hour_now()
    if now is None or on != clock.today() or (part == TemperatureReading.MORNING) != (now < datetime.time(12)):
        return ""
    return f"{now:%H:%M}"
