"""The rule of Thông tư 15/2026/TT-BYT: cases drawn by hand from its text, and a plain oracle."""

import math
from datetime import date, timedelta
from functools import cache
from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tramyte.rules.outbreak import VnTt15, vn_tt15

START = date(2021, 1, 1)
MARCHES = {2021: 10, 2022: 12, 2023: 14, 2024: 16, 2025: 18}


class Place:
    """One commune's days and what the rule says of them."""

    def __init__(self, cases, rule=None, first=START, last=date(2026, 12, 31)):
        self.first = first
        counts = [float(cases.get(first + timedelta(days=step), 0)) for step in range((last - first).days + 1)]
        self.said = vn_tt15(first, np.array([counts]), rule or VnTt15(endemic=True))

    def on(self, day):
        """(cumulative_week, cumulative_month, upper_alert, upper_outbreak, alarm)"""
        said, place = self.said, (0, (day - self.first).days)
        return tuple(numbers[place] for numbers in (said.cumulative_week, said.cumulative_month, said.upper_alert, said.upper_outbreak, said.alarm))

    def alarm(self, day):
        return int(self.on(day)[4])


def marches(**other):
    """The cases of five Marches, all on the 10th, and others by day."""
    return {date(year, 3, 10): count for year, count in MARCHES.items()} | other.get("more", {})


def test_an_outbreak_is_a_month_above_mean_and_two_deviations():
    # Mean 14, SD sqrt(10): 20.32. The 20th case stays below, the 21st is above; in April counting begins anew.
    commune = Place(marches(more={date(2026, 3, 5): 20, date(2026, 3, 31): 1}))
    assert commune.on(date(2026, 3, 4))[1] == 0
    assert commune.on(date(2026, 3, 30))[1] == 20 and commune.on(date(2026, 3, 30))[3] == pytest.approx(14 + 2 * math.sqrt(10))
    assert commune.alarm(date(2026, 3, 30)) == 0
    assert commune.on(date(2026, 3, 31))[1] == 21 and commune.alarm(date(2026, 3, 31)) == 2
    assert commune.on(date(2026, 4, 1))[1] == 0 and commune.on(date(2026, 4, 1))[0] == 1
    assert commune.alarm(date(2026, 4, 1)) == 1


def test_epidemic_years_are_left_out_and_not_replaced():
    # Without 2023: mean 14, SD sqrt(40 / 3). 2020 is a sixth year and never counts.
    cases = marches(more={date(2023, 3, 10): 500, date(2020, 3, 10): 900})
    rule = VnTt15(endemic=True, epidemic_years=(2023,))
    assert Place(cases, rule, date(2020, 1, 1)).on(date(2026, 3, 1))[3] == pytest.approx(14 + 2 * math.sqrt(40 / 3))
    assert Place(cases, first=date(2020, 1, 1)).on(date(2026, 3, 1))[3] > 200


@pytest.mark.parametrize(("epidemic", "threshold"), [((2021, 2022, 2023), 17 + 2 * math.sqrt(2)), ((2021, 2022, 2023, 2024), None), (tuple(MARCHES), None)])
def test_two_usable_years_are_needed(epidemic, threshold):
    commune = Place(marches(more={date(2026, 3, 2): 90}), VnTt15(endemic=True, epidemic_years=epidemic))
    _, month, _, upper, alarm = commune.on(date(2026, 3, 2))
    assert month == 90
    if threshold is None:
        assert math.isnan(upper) and alarm == 0
    else:
        assert upper == pytest.approx(threshold) and alarm == 2


def test_a_month_not_whole_is_no_year():
    # The days begin on 2 March 2021: that March is not whole, four years are left.
    late = Place(marches(), first=date(2021, 3, 2))
    assert late.on(date(2026, 3, 1))[3] == pytest.approx(15 + 2 * math.sqrt(20 / 3))
    assert Place(marches(), first=date(2021, 3, 1)).on(date(2026, 3, 1))[3] == pytest.approx(14 + 2 * math.sqrt(10))
    holed = marches(more={date(2021, 3, 20): math.nan})
    assert Place(holed).on(date(2026, 3, 1))[3] == pytest.approx(15 + 2 * math.sqrt(20 / 3))


def test_an_unknown_day_adds_nothing_to_the_running_totals():
    commune = Place(marches(more={date(2026, 3, 3): 5, date(2026, 3, 4): math.nan, date(2026, 3, 5): 2}))
    assert commune.on(date(2026, 3, 4))[:2] == (5, 5) and commune.on(date(2026, 3, 5))[:2] == (7, 7)


def weekly(years, week, counts, **other):
    """The cases of one ISO week of several years, all on its Thursday."""
    return {date.fromisocalendar(year, week, 4): count for year, count in zip(years, counts, strict=True)} | other.get("more", {})


def test_an_alert_is_a_week_above_mean_and_one_deviation():
    # Mean 4, SD sqrt(2.5): 5.58. Monday to Sunday; the month (mean 4 too) is not above 7.16 yet.
    monday = date.fromisocalendar(2026, 20, 1)
    commune = Place(weekly(MARCHES, 20, (2, 3, 4, 5, 6), more={monday: 5, monday + timedelta(days=5): 1}))
    assert commune.on(monday)[2] == pytest.approx(4 + math.sqrt(2.5))
    assert [commune.alarm(monday + timedelta(days=day)) for day in range(-1, 8)] == [0, 0, 0, 0, 0, 0, 1, 1, 0]
    assert [commune.on(monday + timedelta(days=day))[0] for day in range(-1, 8)] == [0, 5, 5, 5, 5, 5, 6, 6, 0]


def test_a_week_above_two_deviations_stays_an_alert_while_the_month_is_usual():
    monday = date.fromisocalendar(2026, 20, 1)
    cases = weekly(MARCHES, 20, (2, 3, 4, 5, 6)) | {date(year, 5, 1): 40 for year in MARCHES} | {monday: 30}
    _, month, alert, outbreak, alarm = Place(cases).on(monday)
    assert alert < 30 < outbreak and month == 30 and alarm == 1


def test_a_count_that_is_the_usual_one_is_no_alarm():
    # Every year the same: SD 0, the threshold is the mean itself, which must be passed.
    cases = weekly(MARCHES, 28, (3, 3, 3, 3, 3))
    thursday = date.fromisocalendar(2026, 28, 4)
    quiet, busy = Place(cases | {thursday: 3}), Place(cases | {thursday: 4})
    assert quiet.on(thursday) == (3, 3, 3, 3, 0) and busy.on(thursday) == (4, 4, 3, 3, 2)
    none = Place({}).on(date(2026, 7, 8))
    assert none[2:] == (0, 0, 0)


def test_a_week_runs_across_new_year_and_belongs_to_its_iso_year():
    # 29/12/2025 is the Monday of week 1 of 2026. Past first weeks: from 04/01/2021, 03/01/2022, 02/01/2023, 01/01/2024, 30/12/2024.
    past = {date(2021, 1, 4): 1, date(2022, 1, 3): 2, date(2023, 1, 2): 3, date(2024, 1, 1): 4, date(2024, 12, 30): 5}
    commune = Place(past | {date(2025, 12, 31): 4, date(2026, 1, 4): 1})
    assert commune.on(date(2025, 12, 31))[:2] == (4, 4)
    assert commune.on(date(2026, 1, 1))[:2] == (4, 0)
    assert commune.on(date(2026, 1, 4))[:2] == (5, 1) and commune.on(date(2026, 1, 5))[0] == 0
    assert commune.on(date(2026, 1, 4))[2] == pytest.approx(3 + math.sqrt(2.5))
    # The epidemic year 2025 takes the week out that began in 2024.
    rule = VnTt15(endemic=True, epidemic_years=(2025,))
    assert Place(past, rule).on(date(2026, 1, 4))[2] == pytest.approx(2.5 + stdev([1, 2, 3, 4]))


def test_week_53_has_a_counterpart_only_in_years_that_have_one():
    # 28/12/2026 begins week 53; of 2021 to 2025 none has one. 2032 has one and 2026 lies six years back.
    commune = Place({date(2026, 12, 28): 80}, last=date(2027, 1, 10))
    assert math.isnan(commune.on(date(2026, 12, 29))[2]) and commune.alarm(date(2026, 12, 29)) == 2
    assert commune.on(date(2027, 1, 2))[:2] == (80, 0) and commune.alarm(date(2027, 1, 2)) == 0
    assert commune.on(date(2027, 1, 4))[2] == 0


def test_29_february_belongs_to_its_february():
    cases = {date(year, 2, 10): count for year, count in ((2023, 4), (2024, 4), (2025, 6), (2026, 6), (2027, 5))}
    commune = Place(cases | {date(2024, 2, 29): 3, date(2028, 2, 29): 12}, first=date(2023, 1, 1), last=date(2028, 3, 2))
    assert commune.on(date(2028, 2, 28))[1] == 0 and commune.on(date(2028, 2, 29))[1] == 12
    upper = mean([4, 7, 6, 6, 5]) + 2 * stdev([4, 7, 6, 6, 5])
    assert commune.on(date(2028, 2, 29))[3] == pytest.approx(upper) and commune.alarm(date(2028, 2, 29)) == 2
    assert commune.on(date(2028, 3, 1))[1] == 0


def test_linked_cases_of_a_disease_that_is_not_endemic():
    rule = VnTt15(endemic=False)
    monday = date(2026, 6, 1)
    commune = Place({monday: 2, date(2026, 6, 7): 1, date(2026, 6, 10): 1, date(2026, 6, 30): 1, date(2026, 7, 1): 1}, rule)
    assert [commune.alarm(day) for day in (monday, date(2026, 6, 6), date(2026, 6, 7), date(2026, 6, 8))] == [0, 0, 1, 0]
    assert commune.on(date(2026, 6, 29))[1:] == (4, 3, 5, 0)
    assert commune.on(date(2026, 6, 30))[1:] == (5, 3, 5, 2)
    # The week goes on into July, the month does not.
    assert commune.on(date(2026, 7, 1))[:2] == (2, 1) and commune.alarm(date(2026, 7, 1)) == 0
    assert Place({date(2026, 6, 30): 2, date(2026, 7, 1): 1}, rule).alarm(date(2026, 7, 1)) == 1


def oracle(first, counts, epidemic):
    """{day: (week, month, alert, outbreak, alarm)}: dictionaries and loops, a day at a time."""
    days = [first + timedelta(days=step) for step in range(len(counts))]
    by_day = dict(zip(days, counts, strict=True))

    def total(opening, length):
        numbers = [by_day.get(opening + timedelta(days=step), math.nan) for step in range(length)]
        return math.nan if any(map(math.isnan, numbers)) else sum(numbers)

    def since(day, length):
        numbers = [by_day.get(day - timedelta(days=step), 0) for step in range(length)]
        return sum(number for number in numbers if not math.isnan(number))

    def month_total(year, month):
        opening = date(year, month, 1)
        return total(opening, (date(year + month // 12, month % 12 + 1, 1) - opening).days)

    def week_total(year, week):
        try:
            return total(date.fromisocalendar(year, week, 1), 7)
        except ValueError:
            return math.nan

    @cache
    def upper(year, number, totals, deviations):
        past = [totals(year - back, number) for back in range(1, 6) if year - back not in epidemic]
        past = [number for number in past if not math.isnan(number)]
        return mean(past) + deviations * stdev(past) if len(past) >= 2 else math.nan

    found = {}
    for day in days:
        year, number, weekday = day.isocalendar()
        week = since(day, weekday)
        month = since(day, day.day)
        alert, outbreak = upper(year, number, week_total, 1), upper(day.year, day.month, month_total, 2)
        found[day] = (week, month, alert, outbreak, 2 if month > outbreak + 1e-9 else 1 if week > alert + 1e-9 else 0)
    return found


@settings(max_examples=20)
@given(
    st.dates(date(1996, 1, 1), date(2030, 12, 31)),
    st.integers(2100, 2500),
    st.sets(st.integers(1995, 2036), max_size=12),
    st.sampled_from([0.05, 0.5, 3]),
    st.integers(0, 5),
    st.integers(0, 10**6),
)
def test_the_rule_is_the_plain_reading(first, days, epidemic, rate, holes, seed):
    dice = np.random.default_rng(seed)
    counts = dice.poisson(rate, days).astype(float)
    counts[dice.integers(0, days, holes)] = np.nan
    said = vn_tt15(first, counts[None], VnTt15(endemic=True, epidemic_years=tuple(epidemic)))
    wanted = oracle(first, counts.tolist(), epidemic)
    found = np.stack([said.cumulative_week[0], said.cumulative_month[0], said.upper_alert[0], said.upper_outbreak[0], said.alarm[0]], axis=1)
    assert np.allclose(found, np.array(list(wanted.values())), rtol=1e-12, atol=1e-12, equal_nan=True)


def test_many_communes_are_each_alone():
    counts = np.random.default_rng(2).poisson(0.4, (4, 2300)).astype(float)
    counts[2, 700] = np.nan
    rule = VnTt15(endemic=True, epidemic_years=(2022,))
    together = vn_tt15(START, counts, rule)
    for row in range(4):
        alone = vn_tt15(START, counts[row : row + 1], rule)
        for name in ("cumulative_week", "cumulative_month", "upper_alert", "upper_outbreak", "alarm"):
            assert np.array_equal(getattr(together, name)[row], getattr(alone, name)[0], equal_nan=True)


@pytest.mark.parametrize("endemic", [True, False])
@pytest.mark.parametrize("days", [0, 1, 8])
def test_short_series_have_no_past(endemic, days):
    said = vn_tt15(date(2026, 2, 27), np.ones((2, days)), VnTt15(endemic=endemic))
    assert said.alarm.shape == (2, days) and np.isnan(said.upper_alert).sum() == (2 * days if endemic else 0)
    # 27/02/2026 is a Friday: the week runs to Sunday, the month to Saturday.
    assert said.cumulative_week[0].tolist() == [1, 2, 3, 1, 2, 3, 4, 5][:days]
    assert said.cumulative_month[0].tolist() == [1, 2, 1, 2, 3, 4, 5, 6][:days]
