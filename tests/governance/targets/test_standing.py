"""States of targets, with the values at their boundaries."""

import datetime

import pytest

from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.figures import Figure
from tramyte.governance.targets.page import chart_of, chart_table, months_after, this_year
from tramyte.governance.targets.standing import Level, gap_of, is_met, standing

DAY = datetime.date
TODAY = DAY(2026, 6, 3)
ENDS = [DAY(2025, 12, 31), DAY(2026, 1, 31), DAY(2026, 2, 28), DAY(2026, 3, 31), DAY(2026, 4, 30), DAY(2026, 5, 31), TODAY]


def figures(*met, of=1000, code="BH01", ends=ENDS):
    return [Figure(code, "00001", f"{on:%Y-%m}", count, of, 0, on, 1) for count, on in zip(met, ends[len(ends) - len(met):], strict=True)]


def level(value, comparator=">=", deadline=DAY(2026, 12, 31), unit="%"):
    return Level(comparator, value, unit, deadline)


STEADY = (900, 905, 910, 915, 920, 925, 930)
UNSTEADY = (900, 912, 905, 921, 914, 928, 930)
SLOW = (924, 925, 926, 927, 928, 930, 930)
FLAT = (930, 930, 930, 930, 930, 930, 930)

STATES = [
    ("reached", STEADY, level(93.0)),
    ("on_track", STEADY, level(93.1)),
    ("reached", STEADY, level(92.9, ">")),
    ("on_track", STEADY, level(93.0, ">")),
    ("hard", FLAT, level(93.1)),
    ("at_risk", UNSTEADY, level(97)),
    ("hard", SLOW, level(100)),
    ("unknown", STEADY[-3:], level(95)),
    ("reached", STEADY[-1:], level(93)),
    ("unknown", STEADY, level(5, "reduce")),
    ("unknown", STEADY, level(None, "=")),
    ("reached", FLAT, level(93, "<=")),
    ("hard", FLAT, level(92, "<=")),
    ("reached", STEADY, level(93, "~")),
    ("unknown", (), level(95)),
    # after the deadline the figure of its last day counts
    ("reached", STEADY, level(92.5, deadline=DAY(2026, 5, 31))),
    ("missed", STEADY, level(92.6, deadline=DAY(2026, 5, 31))),
    ("unknown", STEADY, level(90, deadline=DAY(2024, 12, 31))),
]


@pytest.mark.parametrize(("state", "met", "wanted"), STATES)
def test_the_state_of_a_target(state, met, wanted):
    stood = standing(wanted, INDICATORS["BH01"], figures(*met), TODAY)
    assert stood.state.slug == state
    assert stood.sentence.endswith((".", ")."))


def test_a_target_that_nothing_measures_shows_no_figure():
    stood = standing(level(95), None, figures(*STEADY), TODAY)
    assert (stood.state.slug, stood.figure, stood.gap, stood.history, stood.projection) == ("unrecorded", None, None, (), None)
    assert stood.sentence == "Chưa ghi nhận trong hệ thống."


@pytest.mark.parametrize(("value", "comparator", "gap"), [
    (93.0, ">=", 0), (93.0, ">", 1), (93.05, ">=", 1), (100, ">=", 70), (100, "=", 70), (92, "<=", 10), (92, "<", 11), (95, "~", 20),
    (5, "reduce", None), (None, ">=", None),
])
def test_the_gap_is_counted_in_people(value, comparator, gap):
    assert gap_of(figures(930)[0], comparator, value) == gap


def test_a_running_total_under_an_upper_limit_is_met_only_on_the_last_day():
    one = figures(90)[0]
    assert not is_met(one, level(10, "<="), cumulative=True)
    assert is_met(one, level(10, "<=", deadline=TODAY), cumulative=True)
    assert is_met(one, level(10, "<="))


def test_a_running_total_begins_the_year_at_nothing():
    stood = standing(level(100), INDICATORS["SK02"], figures(700, 50, 120, 190, 260, 330, 340, code="SK02"), TODAY)
    assert this_year(stood, INDICATORS["SK02"])[0] == (DAY(2025, 12, 31), 0.0)
    assert this_year(stood, INDICATORS["BH01"])[0] == (DAY(2025, 12, 31), 70.0)


def test_the_chart_has_the_length_of_the_months_left():
    stood = standing(level(98), INDICATORS["BH01"], figures(*STEADY), TODAY)
    chart = chart_of(stood, INDICATORS["BH01"])
    assert chart["labels"] == ["12/25", *(f"T{month}" for month in range(1, 13))]
    assert len(chart["actual"]) == len(chart["forecast"]) == len(chart["low"]) == 13
    assert chart["forecast"][5:7] == [None, 93.0]
    assert chart["forecast"][-1] == pytest.approx(stood.projection.value, abs=0.051)
    assert len(chart_table(chart)) == 13
    assert chart_of(standing(level(98), INDICATORS["BH01"], figures(930), TODAY), INDICATORS["BH01"]) is None


@pytest.mark.parametrize(("last", "deadline", "ends"), [
    (TODAY, DAY(2026, 8, 15), [DAY(2026, 7, 31), DAY(2026, 8, 15)]),
    (TODAY, DAY(2026, 6, 30), [DAY(2026, 6, 30)]),
    (TODAY, TODAY, []),
    (DAY(2026, 1, 31), DAY(2026, 3, 1), [DAY(2026, 2, 28), DAY(2026, 3, 1)]),
])
def test_the_months_up_to_a_deadline(last, deadline, ends):
    assert months_after(last, deadline) == ends
