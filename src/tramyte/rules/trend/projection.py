"""The forecast of an indicator to a deadline, with a range.

Two kinds of indicators need two methods. A *standing* figure (share of people insured today) moves from where it is:
a damped robust trend. A *running total* that starts from nothing each January (share examined this year) moves with
the seasons of work: the pace of this year against the same months of last year.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import sqrt
from statistics import median

from tramyte.rules.calendar import add_months

Point = tuple[date, float]

FEWEST_MONTHS = 4
MOST_MONTHS = 12
DAMPING = 0.95
_DAYS_A_MONTH = 365.25 / 12
_SLOWEST, _FASTEST = 0.5, 2.0
# Student's t, 90th percentile, by degrees of freedom (1 to 11): bounds of a two-sided range of 80 %.
_T90 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363)


@dataclass(frozen=True, slots=True)
class Projection:
    """The forecast of one indicator.

    deadline: the day that is forecast. value: the forecast; low, high: its range of 80 % (low <= value <= high); all
    three within the bounds given. last_day, last: the newest figure. slope: points per month that the forecast starts
    from. months: months of history used. method: "trend", "pace of last year" or "linear pace". cumulative: whether
    the figure is a running total since January.
    """

    deadline: date
    value: float
    low: float
    high: float
    last_day: date
    last: float
    slope: float
    months: int
    method: str
    cumulative: bool


def project(
    points: Sequence[Point],
    deadline: date,
    *,
    lower: float = 0,
    upper: float = 100,
    cumulative_from: date | None = None,
) -> Projection | None:
    """The forecast at the deadline, or None when history is shorter than four months ("chưa đủ số liệu").

    points: (day, figure), any order; of each month the newest counts. lower, upper: bounds of the figure.

    Standing figures: the slope is the median of the slopes between all pairs of the last twelve months (Theil-Sen;
    Sen 1968, J Am Stat Assoc 63:1379), because one wrong month, an import or a campaign must not turn the forecast;
    it starts at the newest figure, which is counted and not sampled, and is damped by 0.95 a month (Gardner and
    McKenzie 1985, Manag Sci 31:1237), because the last uncovered people are the hardest to reach. The range is that
    of a random walk with drift, residual deviation x sqrt(h (1 + h/n)) x Student's t at 80 % (Hyndman and
    Athanasopoulos, Forecasting: principles and practice, 3rd ed., 5.2 and 5.5).

    cumulative_from: the day a running total starts (1 January of the year of the deadline); earlier points are those
    of the year before. With last year's curve the forecast adds what last year still added after this day, times the
    ratio of the two years so far (kept within 1/2 and 2); without it, the mean pace of this year. The range spans the
    ratio and 1 and grows with the spread of the monthly steps; it never lies below the newest figure. None too when
    the deadline lies outside the year that `cumulative_from` begins.
    """
    history = _monthly(points)
    if not history:
        return None
    if cumulative_from is None:
        found = _trend(history[-MOST_MONTHS:], deadline)
    else:
        found = _running_total(history, deadline, cumulative_from)
    return None if found is None else _clip(found, lower, upper)


def _clip(found: Projection, lower: float, upper: float) -> Projection:
    value, low, high = (min(max(x, lower), upper) for x in (found.value, found.low, found.high))
    return Projection(
        found.deadline,
        value,
        low,
        high,
        found.last_day,
        found.last,
        found.slope,
        found.months,
        found.method,
        found.cumulative,
    )


def _monthly(points: Sequence[Point]) -> list[Point]:
    newest: dict[tuple[int, int], Point] = {}
    for day, figure in sorted(points):
        newest[day.year, day.month] = (day, figure)
    return [newest[month] for month in sorted(newest)]


def _months_between(first: date, second: date) -> float:
    return (second - first).days / _DAYS_A_MONTH


def _t90(degrees: int) -> float:
    return _T90[min(max(degrees, 1), len(_T90)) - 1]


def _spread(steps: Sequence[tuple[float, float]], slope: float) -> float:
    """The deviation of monthly steps (months, change) from a steady slope, per square root of a month."""
    squares = [(change - slope * months) ** 2 / months for months, change in steps]
    return sqrt(sum(squares) / max(len(squares) - 1, 1))


def _steps(history: Sequence[Point]) -> list[tuple[float, float]]:
    return [(_months_between(a, b), y - x) for (a, x), (b, y) in pairwise(history)]


def _trend(history: Sequence[Point], deadline: date) -> Projection | None:
    count = len(history)
    if count < FEWEST_MONTHS:
        return None
    last_day, last = history[-1]
    slope = median(
        (y - x) / _months_between(a, b) for i, (a, x) in enumerate(history) for b, y in history[i + 1 :]
    )
    ahead = max(0.0, _months_between(last_day, deadline))
    value = last + slope * DAMPING * (1 - DAMPING**ahead) / (1 - DAMPING)
    half = _t90(count - 2) * _spread(_steps(history), slope) * sqrt(ahead * (1 + ahead / (count - 1)))
    return Projection(
        deadline, value, value - half, value + half, last_day, last, slope, count, "trend", False
    )


def _running_total(history: Sequence[Point], deadline: date, start: date) -> Projection | None:
    year_after, year_before = add_months(start, 12), add_months(start, -12)
    now = [(start, 0.0), *(point for point in history if start <= point[0] < year_after)]
    before = [(year_before, 0.0), *(point for point in history if year_before <= point[0] < start)]
    if not start <= deadline < year_after or len(now) < 2 or _months_between(*_ends(now)) <= 0:
        return None
    if len(before) > FEWEST_MONTHS and before[-1][0] >= add_months(deadline, -13):
        found = _pace_of_last_year(now, before, deadline)
        if found is not None:
            return found
    return _linear_pace(now, deadline) if len(now) > FEWEST_MONTHS else None


def _ends(history: Sequence[Point]) -> tuple[date, date]:
    return history[0][0], history[-1][0]


def _reading(curve: Sequence[Point], day: date) -> float:
    """The figure of a curve on a day, straight lines between its points, level after the last."""
    after = bisect_right([point[0] for point in curve], day)
    if after == len(curve):
        return curve[-1][1]
    (a, x), (b, y) = curve[after - 1], curve[after]
    return x + (y - x) * (day - a).days / (b - a).days


def _pace_of_last_year(now: Sequence[Point], before: Sequence[Point], deadline: date) -> Projection | None:
    last_day, last = now[-1]
    then, at_deadline = (_reading(before, add_months(day, -12)) for day in (last_day, deadline))
    if then <= 0:
        return None
    rest = max(0.0, at_deadline - then)
    ratio = min(max(last / then, _SLOWEST), _FASTEST)
    differences = [(day, figure - ratio * _reading(before, add_months(day, -12))) for day, figure in now]
    months = len(now) - 1
    half = _half_range(differences, 0.0, last_day, deadline) if months > 1 else 0.0
    edges = (last + rest, last + rest * ratio)
    low, high = max(last, min(edges) - half), max(edges) + half
    value = last + rest * ratio
    slope = (value - last) / max(_months_between(last_day, deadline), 1.0)
    used = months + len(before) - 1
    return Projection(deadline, value, low, high, last_day, last, slope, used, "pace of last year", True)


def _half_range(history: Sequence[Point], slope: float, last_day: date, deadline: date) -> float:
    steps = [step for step in _steps(history) if step[0] > 0]
    ahead = max(0.0, _months_between(last_day, deadline))
    return _t90(len(steps) - 1) * _spread(steps, slope) * sqrt(ahead * (1 + ahead / len(steps)))


def _linear_pace(now: Sequence[Point], deadline: date) -> Projection:
    last_day, last = now[-1]
    slope = last / _months_between(*_ends(now))
    value = last + slope * max(0.0, _months_between(last_day, deadline))
    half = _half_range(now, slope, last_day, deadline)
    low = min(value, max(last, value - half))
    months = len(now) - 1
    return Projection(deadline, value, low, value + half, last_day, last, slope, months, "linear pace", True)
