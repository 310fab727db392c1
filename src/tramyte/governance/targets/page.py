"""What the pages of targets show, made from rows that are already read: lines, chart, strip, breakdown."""

import calendar
import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places
from tramyte.engine.indicators import Indicator
from tramyte.engine.indicators.declaring import GROUP_TITLES
from tramyte.engine.indicators.figures import Figure
from tramyte.engine.places.models import Place
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.queries import Row
from tramyte.governance.targets.standing import STATES, Level, Standing, forecast, method_words, span
from tramyte.governance.targets.words import LESS, SPACE, Subject, day, measured, number, subject_of
from tramyte.rules.calendar import add_months

OPERATORS = {">=": "ge", ">": "gt", "<=": "le", "<": "lt", "=": "eq", "~": "eq"}
UNKNOWN_PLACE = "Chưa rõ thôn"


def opens_list(user: User, target: Target, one: Indicator | None) -> bool:
    """Whether the user may open the named list behind a target's gap: persons only for those who may see them."""
    if one is None:
        return False
    return not one.personal or bool(places(user, "people.view", personal=True))


@dataclass(frozen=True)
class Line:
    """One target in the table: its row and the words of each column."""

    row: Row
    title: str
    level: str
    value: str
    ratio: str
    noun: str
    less: bool
    gap: int | None
    gap_url: str
    forecast: str
    range: str
    points: tuple[float | None, ...]
    ahead: float | None

    @property
    def state(self) -> Any:
        """How it stands, for the chip."""
        return self.row.standing.state


def line_of(user: User, row: Row) -> Line:
    """The columns of one target."""
    target, stood, one = row.target, row.standing, row.indicator
    figure, unit = stood.figure, one.unit if one else ""
    url = reverse("target", args=[target.pk])
    door = reverse("target-worklist", args=[target.pk]) if opens_list(user, target, one) else f"{url}#theo-nhom"
    ahead = stood.projection if stood.state.slug != "reached" else None
    return Line(
        row=row, title=title_of(target), level=str(stood.level), value=measured(figure.value, unit) if figure else "–",
        ratio=f"{number(figure.numerator)}/{number(figure.denominator)}" if figure else "", noun=subject_of(target.indicator).noun,
        less=target.comparator in LESS, gap=stood.gap, gap_url=door, forecast=measured(ahead.value, unit) if ahead else "–",
        range=span(ahead, unit) if ahead else "", points=tuple(value for _, value in this_year(stood, one)), ahead=ahead.value if ahead else None,
    )


def title_of(target: Target) -> str:
    """The phrase as printed with a capital first letter and no stop at the end."""
    phrase = target.phrase.strip().rstrip(".;,")
    return phrase[:1].upper() + phrase[1:]


def this_year(stood: Standing, one: Indicator | None) -> list[tuple[datetime.date, float | None]]:
    """The months of the newest figure's year with the December before it, where a running total begins at nothing."""
    if not stood.history or one is None:
        return []
    before = datetime.date(stood.history[-1][0].year - 1, 12, 31)
    kept = [point for point in stood.history if point[0] >= before]
    if one.cumulative:
        return [(before, 0.0), *(point for point in kept if point[0] > before)]
    return kept


def counts_of(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """How many targets are in each state, the worst first, for the line of chips."""
    found = []
    for state in STATES.values():
        count = sum(1 for row in rows if row.standing.state is state)
        if count:
            found.append({"state": state, "count": count, "words": f"{count} {state.words[:1].lower()}{state.words[1:]}"})
    return found


def strip_of(line: Line, subject: Subject, place_words: str) -> list[dict[str, str]]:
    """The four figures at the top of a target's page."""
    stood, target = line.row.standing, line.row.target
    figure = stood.figure
    if figure is None:
        return []
    gap = "–" if stood.gap is None else f"{number(stood.gap)}{SPACE}{line.noun}"
    return [
        {"label": "Hiện đạt", "value": line.value, "note": f"{line.ratio} {line.noun}{place_words}{interval_words(figure)}"},
        {"label": "Giao", "value": line.level, "note": f"hạn {day(target.deadline)}"},
        {"label": "Phải giảm" if line.less else "Còn thiếu", "value": gap, "note": f"trong {number(figure.missing)} {line.noun} {subject.short}"},
        {"label": f"Dự báo {day(target.deadline)}", "value": line.forecast, "note": line.range or _no_forecast(stood)},
    ]


def interval_words(figure: Figure) -> str:
    """"; khoảng tin cậy 95 %: 15,2 – 22,1 %" where few are counted; empty for other indicators."""
    return f"; khoảng tin cậy 95{SPACE}%: {span_words(figure)}" if figure.interval else ""


def span_words(figure: Figure) -> str:
    """ "15,2 – 22,1 %", the confidence interval of a figure that has one; else empty. """
    if figure.interval is None:
        return ""
    low, high = ("∞" if math.isinf(limit) else number(limit, 1) for limit in figure.interval)
    return f"{low}{SPACE}–{SPACE}{high}{SPACE}{figure.unit}"


def _no_forecast(stood: Standing) -> str:
    return "đã đạt mức giao" if stood.state.slug == "reached" else "chưa đủ số liệu"


def chart_of(stood: Standing, one: Indicator) -> dict[str, Any] | None:
    """The trend with the target's line and the forecast's band, month by month up to the deadline; None without history."""
    shown = this_year(stood, one)
    if len(shown) < 2:
        return None
    last = shown[-1][0]
    future = months_after(last, stood.level.deadline) if stood.projection else []
    ahead = [forecast(stood.history, one, on) for on in future]
    gap: list[float | None] = [None] * (len(shown) - 1)
    now = shown[-1][1]
    return {
        "labels": [label(on, last.year) for on, _ in shown] + [label(on, last.year) for on in future],
        "actual": [_point(value) for _, value in shown] + [None] * len(future), "unit": one.unit,
        "target": stood.level.value if stood.level.comparator != "reduce" else None, "operator": OPERATORS.get(stood.level.comparator, "eq"),
        "zero": one.cumulative,
        **({
            "forecast": [*gap, _point(now), *(_point(one.value) if one else None for one in ahead)],
            "low": [*gap, _point(now), *(_point(one.low) if one else None for one in ahead)],
            "high": [*gap, _point(now), *(_point(one.high) if one else None for one in ahead)],
        } if future else {}),
    }


def months_after(last: datetime.date, deadline: datetime.date) -> list[datetime.date]:
    """The end of each later month up to the deadline, the deadline itself last (also within the month of `last`)."""
    found = []
    step = last.replace(day=1)
    while (step := add_months(step, 1)) <= deadline:
        found.append(min(deadline, step.replace(day=calendar.monthrange(step.year, step.month)[1])))
    if not found and deadline > last:
        found.append(deadline)
    return found


def label(on: datetime.date, year: int) -> str:
    """T6 for a month of the year, 12/25 for one of another year."""
    return f"T{on.month}" if on.year == year else f"{on.month}/{on:%y}"


def _point(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def chart_table(chart: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The numbers of the chart as rows: month, figure, forecast, low, high."""
    if chart is None:
        return []
    ahead = [chart.get(name) or [None] * len(chart["labels"]) for name in ("forecast", "low", "high")]
    unit = chart["unit"]
    return [
        {"label": name, "actual": measured(actual, unit), "forecast": measured(value, unit) if actual is None else "–",
         "range": f"{measured(low, unit)} – {measured(high, unit)}" if actual is None and low is not None else "–"}
        for name, actual, value, low, high in zip(chart["labels"], chart["actual"], *ahead, strict=True)
    ]


def method_of(stood: Standing) -> str:
    """How the forecast was made, as a sentence; empty without one."""
    if stood.projection is None:
        return ""
    return f"Dự báo theo {method_words(stood.projection)}; khoảng dự báo 80{SPACE}%."


@dataclass(frozen=True)
class Part:
    """One hamlet or site of the breakdown. missing: those on its list; url: where that list is, empty without a right to it."""

    code: str
    name: str
    figure: Figure
    missing: int
    level: Level
    url: str = ""

    @property
    def interval(self) -> str:
        """The confidence interval in words, empty when the indicator shows none."""
        return span_words(self.figure)

    @property
    def whole(self) -> bool:
        """Nobody is missing."""
        return not self.missing


def parts_of(figures: Sequence[Figure], target: Target, level: Level, one: Indicator, by: str, *, opens: bool) -> list[Part]:
    """The breakdown, the worst first: by value, then by how many are missing."""
    base = reverse("target-worklist", args=[target.pk])
    key = "thon" if by == "hamlet" else "diem"
    parts = [
        Part(figure.group, _part_name(figure, target), figure, figure.missing, level, f"{base}?{key}={figure.group}" if opens and figure.missing else "")
        for figure in figures
    ]
    turn = -1 if one.direction == "down" else 1
    return sorted(parts, key=lambda part: (turn * (part.figure.value or 0.0), -part.missing, part.name))


def _part_name(figure: Figure, target: Target) -> str:
    """Short, because the heading says what they are: "Đông Hạ" for "Thôn Đông Hạ"; "Chưa rõ thôn" for the commune itself."""
    if figure.group == target.place.code or not figure.group_name:
        return UNKNOWN_PLACE
    return figure.group_name.removeprefix("Thôn ")


def group_title(by: str) -> str:
    """The heading of a breakdown: "Theo thôn"."""
    return f"Theo {GROUP_TITLES[by]}"


def place_words(place: Place, target: Target) -> str:
    """", Thôn Đông Hạ" where the figures are a hamlet's and the target is the commune's."""
    return "" if place.pk == target.place_id else f", {place}"
