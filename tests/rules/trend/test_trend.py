"""Forecasts and the states of targets."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.calendar import Period
from tramyte.rules.trend import Projection, judge, meets, project

END = date(2026, 12, 31)
FIGURES = st.lists(st.floats(0, 100), min_size=4, max_size=14)


def months(figures: list[float], last: date = date(2026, 5, 31)) -> list[tuple[date, float]]:
    return [
        (p.end, figure) for p, figure in zip(Period.last_months(last, len(figures)), figures, strict=True)
    ]


def running(shares: list[float], year: int) -> list[tuple[date, float]]:
    return [(Period.month(year, i + 1).end, share) for i, share in enumerate(shares)]


LAST_YEAR = running([2, 5, 9, 14, 20, 30, 38, 45, 50, 54, 58, 60], 2025)


def test_too_little_history_gives_none() -> None:
    assert project([], END) is None
    assert project(months([90, 91, 92]), END) is None
    in_one_month = [(date(2026, 5, day), 90.0 + day) for day in range(1, 6)]
    assert project(in_one_month, END) is None
    assert project(months([90, 91, 92, 93]), END) is not None


def test_steady_growth_is_damped_and_clipped() -> None:
    found = project(months([90, 91, 92, 93, 94]), END)
    assert found is not None
    assert 97 < found.value < 100
    assert found.last == 94
    assert found.slope == pytest.approx(1, abs=0.05)
    steep = project(months([50, 60, 70, 80, 90]), END)
    assert steep is not None and steep.value == steep.high == 100


def test_one_wrong_month_does_not_turn_the_forecast() -> None:
    figures = [90 + i / 2 for i in range(10)]
    clean = project(months(figures), END)
    figures[4] = 20
    spoilt = project(months(figures), END)
    assert clean is not None and spoilt is not None
    assert spoilt.value == pytest.approx(clean.value, abs=0.3)
    assert spoilt.high - spoilt.low > clean.high - clean.low


def test_newest_of_a_month_counts_in_any_order() -> None:
    points = months([90, 91, 92, 93])
    extra = [(date(2026, 5, 2), 10.0), *reversed(points)]
    assert project(extra, END) == project(points, END)


def test_after_the_deadline_the_last_figure_stands() -> None:
    found = project(months([90, 91, 92, 93]), date(2026, 5, 31))
    assert found is not None
    assert (found.low, found.value, found.high) == (93, 93, 93)


@given(FIGURES, st.floats(-40, 40), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_range_contains_the_point_and_shifts_with_the_data(
    figures: list[float], shift: float, deadline: date
) -> None:
    found = project(months(figures), deadline, lower=-1e6, upper=1e6)
    moved = project(months([x + shift for x in figures]), deadline, lower=-1e6, upper=1e6)
    assert found is not None and moved is not None
    assert found.low <= found.value <= found.high
    assert moved.value == pytest.approx(found.value + shift, abs=1e-6)


@given(FIGURES, st.floats(0, 50))
def test_a_better_last_month_never_lowers_the_forecast(figures: list[float], better: float) -> None:
    raised = [*figures[:-1], figures[-1] + better]
    one, two = project(months(figures), END, upper=1e6), project(months(raised), END, upper=1e6)
    assert one is not None and two is not None
    assert two.value >= one.value - 1e-9


@given(FIGURES, st.floats(0, 60), st.floats(61, 100), st.booleans())
def test_clipped_to_the_bounds(figures: list[float], lower: float, upper: float, cumulative: bool) -> None:
    start = date(2026, 1, 1) if cumulative else None
    found = project(months(figures), END, lower=lower, upper=upper, cumulative_from=start)
    if found is not None:
        assert lower <= found.low <= found.value <= found.high <= upper


@given(FIGURES)
def test_a_farther_deadline_is_less_certain(figures: list[float]) -> None:
    near, far = (
        project(months(figures), day, lower=-1e9, upper=1e9)
        for day in (date(2026, 8, 31), date(2026, 12, 31))
    )
    assert near is not None and far is not None
    assert far.high - far.low >= near.high - near.low


def test_running_total_follows_last_year() -> None:
    now = running([3, 7, 12, 18, 26], 2026)
    found = project(LAST_YEAR + now, END, cumulative_from=date(2026, 1, 1))
    assert found is not None
    assert found.method == "pace of last year" and found.cumulative
    assert found.value == pytest.approx(26 + (60 - 20) * 1.3, abs=0.5)
    assert found.low >= 26
    assert found.low <= 26 + 40 <= found.high


def test_running_total_of_a_poor_year_is_not_halved_twice() -> None:
    now = running([0.1, 0.2, 0.3, 0.4, 0.5], 2026)
    found = project(LAST_YEAR + now, END, cumulative_from=date(2026, 1, 1))
    assert found is not None
    assert found.value == pytest.approx(0.5 + 40 * 0.5, abs=0.1)


def test_running_total_alone_goes_on_at_its_pace() -> None:
    now = running([4, 8, 12, 16, 20], 2026)
    found = project(now, END, cumulative_from=date(2026, 1, 1))
    assert found is not None
    assert found.method == "linear pace"
    assert found.value == pytest.approx(48.3, abs=0.5)
    assert project(now[:3], END, cumulative_from=date(2026, 1, 1)) is None


def test_running_total_needs_its_own_year() -> None:
    assert project(LAST_YEAR, END, cumulative_from=date(2026, 1, 1)) is None
    assert (
        project(LAST_YEAR + running([3, 7], 2026), date(2027, 1, 1), cumulative_from=date(2026, 1, 1)) is None
    )
    early = project(LAST_YEAR + running([3], 2026), END, cumulative_from=date(2026, 1, 1))
    assert early is not None and early.low <= early.value <= early.high


@given(
    st.lists(st.floats(0, 8), min_size=12, max_size=12), st.lists(st.floats(0, 8), min_size=2, max_size=11)
)
def test_running_total_never_falls_below_the_last(before: list[float], now: list[float]) -> None:
    def add_up(steps: list[float]) -> list[float]:
        return [sum(steps[: i + 1]) for i in range(len(steps))]

    points = running(add_up(before), 2025) + running(add_up(now), 2026)
    found = project(points, END, cumulative_from=date(2026, 1, 1))
    if found is not None:
        assert min(found.last, 100) <= found.low <= found.value <= found.high <= 100


def forecast(
    last: float, low: float, value: float, high: float, *, over: bool = False, cumulative: bool = False
) -> Projection:
    last_day = END if over else date(2026, 5, 31)
    return Projection(END, value, low, high, last_day, last, 0.1, 12, "trend", cumulative)


@pytest.mark.parametrize(
    ("projection", "comparator", "target", "state"),
    [
        (forecast(98, 97, 98, 99), ">=", 98, "reached"),
        (forecast(98, 97, 98, 99), ">", 98, "at_risk"),
        (forecast(95, 97, 98.5, 99), ">=", 98, "on_track"),
        (forecast(95, 96, 97, 98.2), ">=", 98, "at_risk"),
        (forecast(95, 94, 95, 96), ">=", 98, "hard"),
        (forecast(95, 97, 100, 100), "=", 100, "on_track"),
        (forecast(15, 14, 15, 16), "<=", 18, "reached"),
        (forecast(20, 15, 19, 23), "<", 18, "at_risk"),
        (forecast(20, 19, 20, 21), "<", 18, "hard"),
        (forecast(20, 15, 17, 19), "<", 18, "on_track"),
        (forecast(5, 8, 10, 12, cumulative=True), "<=", 15, "on_track"),
        (forecast(5, 5, 5, 5, cumulative=True, over=True), "<=", 15, "reached"),
        (forecast(95, 94, 95, 96), "reduce", 10, "unknown"),
        (forecast(95, 94, 95, 96), ">=", None, "unknown"),
        (None, ">=", 98, "unknown"),
    ],
)
def test_judge(projection: Projection | None, comparator: str, target: float | None, state: str) -> None:
    assert judge(projection, comparator, target) == state


def test_judge_without_forecast_uses_the_current_figure() -> None:
    assert judge(None, ">=", 98, current=98.2) == "reached"
    assert judge(None, ">=", 98, current=97) == "unknown"
    assert judge(None, "<=", 18, current=3) == "unknown"


def test_meets_refuses_other_signs() -> None:
    with pytest.raises(ValueError, match="reduce"):
        meets(1, "reduce", 2)
