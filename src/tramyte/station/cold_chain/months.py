"""The temperature sheet of a month: a line for each day, and the curve."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import pairwise

from tramyte.engine import clock
from tramyte.engine.refused import Refused
from tramyte.station.cold_chain.models import Excursion, StorageEquipment, TemperatureReading, TemperatureRule
from tramyte.station.cold_chain.queries import PARTS, due_parts, excursions, readings
from tramyte.station.cold_chain.rule import degrees, rule_on

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1000, 260, 44, 16, 12, 46
INK, GRID, BAND, LATE = "#17548F", "#E1E6EC", "#E4F4EA", "#B42318"


@dataclass(frozen=True)
class Day:
    """One line of the sheet. missing: the parts that should be there and are not; open: an excursion nobody has acted on."""

    on: datetime.date
    morning: TemperatureReading | None
    afternoon: TemperatureReading | None
    missing: tuple[str, ...]
    excursions: tuple[Excursion, ...]

    @property
    def rows(self) -> list[tuple[str, TemperatureReading | None]]:
        """(part, reading) of both parts."""
        return [(TemperatureReading.MORNING, self.morning), (TemperatureReading.AFTERNOON, self.afternoon)]

    @property
    def readers(self) -> str:
        """Who read, each name once."""
        return ", ".join(dict.fromkeys(row.reader for _, row in self.rows if row and row.reader))

    @property
    def notes(self) -> list[str]:
        """What was noted, and what was done when it was out of range."""
        said = [row.note for _, row in self.rows if row and row.note]
        return [*said, *(f"{degrees(one.celsius)} buổi {PARTS[one.part]}: {one.action or 'chưa ghi đã làm gì'}" for one in self.excursions)]


@dataclass(frozen=True)
class Month:
    """The sheet of one equipment in one month."""

    equipment: StorageEquipment
    first: datetime.date
    days: list[Day]
    rule: TemperatureRule

    @property
    def rows(self) -> list[TemperatureReading]:
        """All readings by time."""
        return [row for day in self.days for _, row in day.rows if row]

    @property
    def absent(self) -> int:
        """How many readings are missing."""
        return sum(len(day.missing) for day in self.days)

    @property
    def outside(self) -> list[TemperatureReading]:
        """The readings out of range."""
        return [row for row in self.rows if row.state]

    @property
    def outside_words(self) -> str:
        """How many readings are out of range."""
        return f"{len(self.outside)} lần ngoài khoảng"

    @property
    def absent_words(self) -> str:
        """How many readings are missing."""
        return f"Thiếu {self.absent} lần"

    @property
    def span(self) -> str:
        """Coldest and warmest, in words."""
        found = [row.celsius for row in self.rows]
        return f"{degrees(min(found))} đến {degrees(max(found))}" if found else "chưa có số"

    @property
    def said(self) -> str:
        """The curve in words, for whoever does not see it."""
        return f"Nhiệt độ {self.equipment} tháng {self.first:%m/%Y}: {len(self.rows)} lần đọc, {self.span}, {len(self.outside)} lần ngoài khoảng."

    @property
    def svg(self) -> str:
        """The curve, 1000 x 260 units."""
        return _draw(self)


def month_at(text: str) -> datetime.date:
    """The first day of "2026-06"; of the present month for an empty text. Raises Refused."""
    if not text:
        return clock.today().replace(day=1)
    try:
        return datetime.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Refused("bad_month", f"“{text[:20]}” không phải là tháng. Hãy ghi năm và tháng, ví dụ 2026-06.") from error


def month_of(equipment: StorageEquipment, first: datetime.date) -> Month:
    """The sheet of a month. Three queries."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    held = {(row.on, row.part): row for row in readings().filter(equipment=equipment, on__range=(first, last))}
    opened: dict[datetime.date, list[Excursion]] = {}
    for one in excursions().filter(equipment=equipment, on__range=(first, last)):
        opened.setdefault(one.on, []).append(one)
    days = []
    for number in range(last.day):
        on = first + datetime.timedelta(days=number)
        inside = equipment.in_use_from <= on <= (equipment.in_use_until or on)
        asked = due_parts(on) if equipment.daily and inside else []
        parts = {part: held.get((on, part)) for part in PARTS}
        days.append(Day(on, parts["am"], parts["pm"], tuple(part for part in asked if parts[part] is None), tuple(opened.get(on, ()))))
    return Month(equipment, first, days, rule_on(first))


@dataclass(frozen=True)
class _Scale:
    low: Decimal
    high: Decimal
    count: int

    def x(self, day: datetime.date, part: str) -> float:
        place = day.day - 1 + (0.3 if part == TemperatureReading.MORNING else 0.7)
        return LEFT + place / self.count * (WIDTH - LEFT - RIGHT)

    def y(self, value: Decimal) -> float:
        return HEIGHT - BOTTOM - float((value - self.low) / (self.high - self.low)) * (HEIGHT - TOP - BOTTOM)


def _draw(month: Month) -> str:
    values = [row.celsius for row in month.rows]
    low = min([Decimal(0), month.rule.low, *values]).to_integral_value(rounding="ROUND_FLOOR")
    high = max([Decimal(10), month.rule.high, *values]).to_integral_value(rounding="ROUND_CEILING")
    scale = _Scale(low, high, len(month.days))
    parts = [*_ground(month, scale), *_curve(month.rows, scale)]
    return (
        f'<svg class="t-temps" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(month.said)}" '
        f'font-family="Inter" font-size="13">{"".join(parts)}</svg>')


def _ground(month: Month, scale: _Scale) -> list[str]:
    top, bottom = scale.y(month.rule.high), scale.y(month.rule.low)
    parts = [f'<rect x="{LEFT}" y="{top:.1f}" width="{WIDTH - LEFT - RIGHT}" height="{bottom - top:.1f}" fill="{BAND}"/>']
    step = 2 if scale.high - scale.low <= 20 else 5
    for value in range(int(scale.low), int(scale.high) + 1):
        if value % step == 0:
            y, limit = scale.y(Decimal(value)), value in (month.rule.low, month.rule.high)
            parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{"#1A6B3C" if limit else GRID}"/>')
            parts.append(_text(LEFT - 7, y + 4.5, f"−{-value}" if value < 0 else str(value), "end"))
    for day in month.days:
        middle = (scale.x(day.on, "am") + scale.x(day.on, "pm")) / 2
        parts.append(_text(middle, HEIGHT - BOTTOM + 17, str(day.on.day), "middle"))
    return [*parts, _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, f"Ngày trong tháng {month.first:%m/%Y}; mỗi ngày hai lần, sáng và chiều (°C)", "middle")]


def _curve(rows: Sequence[TemperatureReading], scale: _Scale) -> list[str]:
    """The readings joined where the next one follows within a day; a square and red where out of range."""
    spots = [(row, scale.x(row.on, row.part), scale.y(row.celsius)) for row in rows]
    lines = [
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{other:.1f}" y2="{there:.1f}" stroke="{INK}" stroke-width="1.6"/>'
        for (row, x, y), (following, other, there) in pairwise(spots) if (following.on - row.on).days <= 1]
    dots = []
    for row, x, y in spots:
        words = f"<title>{row.on:%d/%m/%Y} {PARTS[row.part]}: {degrees(row.celsius)}</title>"
        dots.append(
            f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="#FFFFFF" stroke="{LATE}" stroke-width="2.2">{words}</rect>' if row.state else
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{INK}">{words}</circle>')
    return [*lines, *dots]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#44505F">{escape(text)}</text>'
