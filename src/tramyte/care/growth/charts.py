"""The WHO growth charts of a child as SVG: seven curves, the child's measurements, axes in Vietnamese. Same drawing on screen and paper."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.growth.scoring import SEXES, Scored, score_all
from tramyte.care.people.models import Person
from tramyte.rules.growth.curves import Curve, curves
from tramyte.rules.growth.scores import DAYS_PER_MONTH, STANDING_FROM

WIDTH, HEIGHT = 640, 470
LEFT, RIGHT, TOP, BOTTOM = 60, 42, 10, 52
COLOURS = {-3: "#1A2330", -2: "#B42318", -1: "#B06A00", 0: "#1A6B3C", 1: "#B06A00", 2: "#B42318", 3: "#1A2330"}
CHILD = "#17548F"
YOUNG, OLD = 24, 60  # months that a chart by age may show
BY_AGE = {"weight_for_age": "kg", "length_for_age": "cm", "bmi_for_age": "kg/m²"}
TITLES = {
    "weight_for_age": "Cân nặng theo tuổi", "length_for_age": "Chiều dài, chiều cao theo tuổi", "weight_for_length": "Cân nặng theo chiều dài nằm",
    "weight_for_height": "Cân nặng theo chiều cao đứng", "bmi_for_age": "BMI theo tuổi",
}


@dataclass(frozen=True)
class Point:
    """One measurement on a chart; doubtful: WHO calls its z-score implausible."""

    x: float
    y: float
    doubtful: bool
    words: str


@dataclass(frozen=True)
class Chart:
    """A chart ready to be drawn. name: of `curves`; span: its last month, 0 for a chart by length; said: the picture in words."""

    name: str
    title: str
    sex: int
    span: int
    points: tuple[Point, ...]

    @property
    def said(self) -> str:
        """What the drawing shows, for whoever does not see it; the table beside it has the numbers."""
        if not self.points:
            return f"{self.title}: chưa có số đo."
        return f"{self.title}: {len(self.points)} lần đo; lần cuối {self.points[-1].words}."

    @property
    def svg(self) -> str:
        """The drawing, 640 x 470 units."""
        return _draw(self)


@dataclass(frozen=True)
class _Scale:
    """From values to places on the paper."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def charts_of(person: Person, rows: Sequence[GrowthMeasurement], span: int = OLD) -> list[Chart]:
    """The four charts of a child: by age up to `span` months (24 or 60), and weight by the length or height of the present age."""
    ordered = sorted(rows, key=lambda row: row.on)
    for row in ordered:
        row.person = person
    scored = list(zip(ordered, score_all(ordered), strict=True))
    sex = SEXES[person.sex]
    lying = not ordered or ordered[-1].age_days < STANDING_FROM
    return [
        _by_age("weight_for_age", sex, span, scored, "zwei"), _by_age("length_for_age", sex, span, scored, "zlen"),
        _by_length(sex, lying, scored), _by_age("bmi_for_age", sex, span, scored, "zbmi"),
    ]


def _value(name: str, row: GrowthMeasurement, scored: Scored) -> float | None:
    if name == "weight_for_age":
        return None if row.weight_kg is None else float(row.weight_kg)
    return scored.values["clenhei" if name == "length_for_age" else "cbmi"]


def _by_age(name: str, sex: int, span: int, scored: Sequence[tuple[GrowthMeasurement, Scored]], z: str) -> Chart:
    found = []
    for row, one in scored:
        value, months = _value(name, row, one), row.age_days / DAYS_PER_MONTH
        if value is not None and months <= span:
            found.append(Point(months, value, z in one.flagged, f"{row.on:%d/%m/%Y}, {row.months} tháng, {number(value)} {BY_AGE[name]}{_z_words(one, z)}"))
    return Chart(name, TITLES[name], sex, span, tuple(found))


def _by_length(sex: int, lying: bool, scored: Sequence[tuple[GrowthMeasurement, Scored]]) -> Chart:
    name = "weight_for_length" if lying else "weight_for_height"
    found = []
    for row, one in scored:
        length = one.values["clenhei"]
        if length is not None and row.weight_kg is not None and (row.age_days < STANDING_FROM) == lying:
            found.append(Point(length, float(row.weight_kg), "zwfl" in one.flagged, f"{row.on:%d/%m/%Y}, {number(length)} cm, {number(float(row.weight_kg))} kg{_z_words(one, 'zwfl')}"))
    return Chart(name, TITLES[name], sex, 0, tuple(found))


def _z_words(one: Scored, z: str) -> str:
    value = one.values[z]
    return "" if value is None else f", z {number(value)}{' (khó có thật)' if z in one.flagged else ''}"


def number(value: float) -> str:
    """12,5: at most two decimals, a true minus sign."""
    text = f"{abs(value):.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"−{text}" if value < 0 and text != "0" else text


def _draw(chart: Chart) -> str:
    lines = [_cut(curve, chart.span) for curve in curves(chart.name, chart.sex)]
    xs = [x for x, _ in lines[0].points]
    inside = [point for point in chart.points if xs[0] <= point.x <= xs[-1]]
    low, high = min(y for _, y in lines[0].points), max(y for _, y in lines[-1].points)
    low, high = min([low, *(point.y for point in inside)]), max([high, *(point.y for point in inside)])
    step = next(size for size in (1, 2, 5, 10, 20, 50) if (high - low) / size <= 14)
    x = _Scale(xs[0], xs[-1], LEFT, WIDTH - RIGHT)
    y = _Scale(math.floor(low / step) * step, math.ceil(high / step) * step, HEIGHT - BOTTOM, TOP)
    parts = [*_grid(chart, x, y, step), *(_curve(curve, x, y) for curve in lines), *_child(inside, x, y)]
    return f'<svg class="t-growth" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(chart.said)}" font-family="Inter" font-size="16">{"".join(parts)}</svg>'


def _cut(curve: Curve, span: int) -> Curve:
    return Curve(curve.z, tuple(point for point in curve.points if not span or point[0] < span or span == OLD))


def _grid(chart: Chart, x: _Scale, y: _Scale, step: int) -> list[str]:
    every = 5 if not chart.span else 2 if chart.span == YOUNG else 6
    first = math.ceil(x.low / every) * every
    parts = []
    for at in range(first, int(x.high) + 1, every):
        strong = bool(chart.span) and at % 12 == 0
        parts += [_line(x.at(at), TOP, x.at(at), HEIGHT - BOTTOM, "#A9B4C0" if strong else "#E1E6EC"), _text(x.at(at), HEIGHT - BOTTOM + 20, str(at), "middle", strong)]
    for value in range(int(y.low), int(y.high) + 1, step):
        parts += [_line(LEFT, y.at(value), WIDTH - RIGHT, y.at(value), "#E1E6EC"), _text(LEFT - 6, y.at(value) + 5.5, str(value), "end")]
    across = "Tuổi (tháng)" if chart.span else "Chiều dài nằm (cm)" if chart.name == "weight_for_length" else "Chiều cao đứng (cm)"
    up = {"length_for_age": "Chiều dài, chiều cao (cm)", "bmi_for_age": "BMI (kg/m²)"}.get(chart.name, "Cân nặng (kg)")
    middle = (TOP + HEIGHT - BOTTOM) / 2
    return [
        *parts, _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, across, "middle"),
        f'<text x="16" y="{middle:.1f}" text-anchor="middle" fill="#44505F" transform="rotate(-90 16 {middle:.1f})">{up}</text>']


def _curve(curve: Curve, x: _Scale, y: _Scale) -> str:
    path = " ".join(f"{x.at(one):.1f},{y.at(other):.1f}" for one, other in curve.points)
    colour = COLOURS[curve.z]
    end_x, end_y = curve.points[-1]
    name = f"+{curve.z}" if curve.z > 0 else number(curve.z)
    wide = ' stroke-width="2"' if curve.z == 0 else ' stroke-width="1.3"'
    return f'<polyline points="{path}" fill="none" stroke="{colour}"{wide}/>' + f'<text x="{x.at(end_x) + 5:.1f}" y="{y.at(end_y) + 5.5:.1f}" fill="{colour}" font-weight="600">{name}</text>'


def _child(points: Sequence[Point], x: _Scale, y: _Scale) -> list[str]:
    sound = [point for point in points if not point.doubtful]
    path = " ".join(f"{x.at(point.x):.1f},{y.at(point.y):.1f}" for point in sound)
    line = [f'<polyline points="{path}" fill="none" stroke="{CHILD}" stroke-width="2.4"/>'] if len(sound) > 1 else []
    return [*line, *(_dot(point, x.at(point.x), y.at(point.y)) for point in points)]


def _dot(point: Point, x: float, y: float) -> str:
    """Filled; hollow and red for what WHO calls implausible."""
    fill, stroke = ("#FFFFFF", "#B42318") if point.doubtful else (CHILD, "#FFFFFF")
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.6" fill="{fill}" stroke="{stroke}" stroke-width="1.6"><title>{escape(point.words)}</title></circle>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str, strong: bool = False) -> str:
    weight = ' font-weight="600"' if strong else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#44505F"{weight}>{escape(text)}</text>'
