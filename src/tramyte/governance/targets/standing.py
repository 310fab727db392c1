"""Where a target stands: figure, gap, history, forecast and state, from stored figures. Pure functions."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from tramyte.engine.indicators import Indicator
from tramyte.engine.indicators.figures import FACTORS, Figure, gap
from tramyte.governance.targets.words import LESS, SPACE, day, level, measured, number, subject_of
from tramyte.rules.trend import FEWEST_MONTHS, Projection, judge, meets, project

Point = tuple[datetime.date, float | None]


@dataclass(frozen=True)
class State:
    """A state of a target as pages show it (look.md section 5): words, icon, kind of colour, place in "worst first"."""

    slug: str
    words: str
    icon: str
    kind: str
    order: int
    sign: str


STATES = {state.slug: state for state in (
    State("hard", "Khó đạt", "circle-x", "late", 0, "✗"),
    State("missed", "Không đạt", "circle-x", "late", 1, "✗"),
    State("at_risk", "Nguy cơ", "alert-triangle", "due", 2, "▲"),
    State("unknown", "Chưa đủ số liệu", "help", "unk", 3, "?"),
    State("on_track", "Dự báo đạt", "trending-up", "blue", 4, "↗"),
    State("reached", "Đã đạt", "check", "ok", 5, "✓"),
    State("unrecorded", "Chưa ghi nhận", "circle", "off", 6, "–"),
)}


@dataclass(frozen=True)
class Level:
    """What must be reached: `comparator`, `value` in `unit`, until `deadline` (that day included)."""

    comparator: str
    value: float | None
    unit: str
    deadline: datetime.date

    def __str__(self) -> str:
        return level(self.value, self.comparator, self.unit)


@dataclass(frozen=True)
class Standing:
    """Where a target stands. history: (day, value) of each stored month, oldest first; gap: how many more must be met."""

    level: Level
    state: State
    sentence: str
    figure: Figure | None = None
    gap: int | None = None
    history: tuple[Point, ...] = ()
    projection: Projection | None = None


def gap_of(figure: Figure, comparator: str, value: float | None) -> int | None:
    """How many more subjects the level needs; None when the level is no figure to reach ("reduce", no number)."""
    if value is None or comparator == "reduce":
        return None
    return gap(figure, ">=" if comparator == "~" else comparator, value)


def forecast(history: Sequence[Point], one: Indicator, deadline: datetime.date) -> Projection | None:
    """The forecast of an indicator from its stored months; None with too little history (see `rules.trend.project`)."""
    points = [(on, value) for on, value in history if value is not None and on <= deadline]
    upper = float(FACTORS.get(one.unit, 0)) or math.inf
    start = datetime.date(deadline.year, 1, 1) if one.cumulative else None
    return project(points, deadline, upper=upper, cumulative_from=start)


def is_met(figure: Figure, level: Level, *, cumulative: bool = False) -> bool:
    """Whether a figure meets a level for good: an upper limit of a running total only holds on the last day."""
    if figure.value is None or level.value is None or level.comparator == "reduce":
        return False
    if cumulative and level.comparator in LESS and figure.as_of < level.deadline:
        return False
    return meets(figure.value, level.comparator, level.value)


def standing(level: Level, one: Indicator | None, figures: Sequence[Figure], today: datetime.date) -> Standing:
    """Where a target stands, from the stored figures of its indicator at the month ends (oldest first) and today.

    one: the indicator, None when nothing measures the target. After the deadline the figure of its last day counts.
    """
    if one is None:
        return Standing(level, STATES["unrecorded"], "Chưa ghi nhận trong hệ thống.")
    over = today > level.deadline
    known = [figure for figure in figures if figure.as_of <= level.deadline] if over else list(figures)
    figure = known[-1] if known else None
    if figure is None or figure.value is None or (over and figure.as_of < level.deadline):
        return Standing(level, STATES["unknown"], _nothing(level, over=over))
    history = tuple((row.as_of, row.value) for row in known)
    ahead = None if over else forecast(history, one, level.deadline)
    missing = gap_of(figure, level.comparator, level.value)
    state = _state(level, one, figure, ahead, over=over)
    return Standing(level, state, _sentence(level, one, figure, missing, ahead, state), figure, missing, history, ahead)


def _state(level: Level, one: Indicator, figure: Figure, ahead: Projection | None, *, over: bool) -> State:
    if is_met(figure, level, cumulative=one.cumulative):
        return STATES["reached"]
    if over:
        return STATES["missed" if gap_of(figure, level.comparator, level.value) is not None else "unknown"]
    return STATES[judge(ahead, level.comparator, level.value)]


def _nothing(level: Level, *, over: bool) -> str:
    if over:
        return f"Đã hết hạn {day(level.deadline)}; hệ thống không còn giữ số liệu của ngày đó."
    return "Chưa có số liệu nào được tính. Số liệu sẽ có sau lần tính tới."


def _sentence(level: Level, one: Indicator, figure: Figure, missing: int | None, ahead: Projection | None, state: State) -> str:
    """The standing in words, for screen readers, reports and the command line."""
    said = f"Đến {day(figure.as_of)} đạt {measured(figure.value, one.unit)} ({number(figure.numerator)}/{number(figure.denominator)}), giao {level}"
    if missing is None:
        return f"{said}. Văn bản không nêu mức phải tới, nên chưa xét được đạt hay chưa."
    if state.slug == "reached":
        return f"{said}: đã đạt."
    noun = subject_of(one.code).noun
    lack = f"phải giảm {number(missing)} {noun}" if level.comparator in LESS else f"còn thiếu {number(missing)} {noun}"
    if state.slug == "missed":
        return f"{said}, {lack}: không đạt khi hết hạn {day(level.deadline)}."
    if ahead is None:
        return f"{said}, {lack}. Chưa đủ số liệu để dự báo: cần ít nhất {FEWEST_MONTHS} tháng."
    return f"{said}, {lack}. Dự báo {day(level.deadline)}: {measured(ahead.value, one.unit)} ({span(ahead, one.unit)})."


def span(ahead: Projection, unit: str) -> str:
    """The range of a forecast: "từ 93,0 đến 97,1 %"."""
    return f"từ {number(ahead.low, 1)} đến {number(ahead.high, 1)}{SPACE + unit if unit else ''}"


METHODS = {
    "trend": "xu hướng của {months} tháng gần nhất (trung vị các độ dốc, giảm dần 5 % mỗi tháng)",
    "pace of last year": "nhịp của năm nay so với cùng kỳ năm trước ({months} tháng số liệu)",
    "linear pace": "nhịp trung bình của {months} tháng năm nay",
}


def method_words(ahead: Projection) -> str:
    """How a forecast was made, in Vietnamese."""
    return METHODS[ahead.method].format(months=ahead.months).replace(" %", f"{SPACE}%")
