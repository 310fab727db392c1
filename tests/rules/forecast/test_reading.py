"""Schedules and durations as they are read, and the sentence for each that cannot be."""

import itertools
import json
from datetime import date

import pytest

from tramyte.rules.forecast import (
    BadParameter,
    BadSchedule,
    Child,
    Given,
    forecast,
    read_schedule,
    versions,
    vietnam,
)
from tramyte.rules.forecast.durations import add, read_duration
from tramyte.rules.forecast.vietnam import default_parameters

DOSE = {"dose": "Dose 1", "min_age": "6 weeks", "cvx": ["10"], "intervals": []}


@pytest.mark.parametrize(("start", "text", "end"), [
    ("2025-01-10", "6 weeks - 4 days", "2025-02-17"),
    ("2025-01-10", "12 months - 4 days", "2026-01-06"),
    ("2025-01-10", "16 years - 4 months", "2040-09-10"),
    ("2025-01-10", "3 months + 4 weeks", "2025-05-08"),
    ("2025-01-10", "8 months + 1 day", "2025-09-11"),
    ("2025-01-31", "1 month", "2025-03-01"),
    ("2024-01-31", "1 month", "2024-03-01"),
    ("2025-08-31", "1 month", "2025-10-01"),
    ("2024-02-29", "1 year", "2025-03-01"),
    ("2024-02-29", "4 years", "2028-02-29"),
    ("2025-01-31", "1 month - 4 days", "2025-02-25"),
    ("2025-01-10", "0 days", "2025-01-10"),
    ("2025-01-10", "48 hours", "2025-01-12"),
])
def test_months_first_then_days_and_a_missing_day_is_the_first_of_the_next_month(start, text, end):
    assert date.fromordinal(add(date.fromisoformat(start).toordinal(), read_duration(text))) == date.fromisoformat(end)


@pytest.mark.parametrize("text", ["6 moons", "weeks", "6 weeks 4 days", "1 - 2 days", "6 weeks -", "999 years", "-"])
def test_a_duration_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="“"):
        read_duration(text)


def test_an_absent_duration_is_none():
    assert [read_duration(text) for text in (None, "", "n/a")] == [None] * 3


@pytest.mark.parametrize(("data", "said"), [
    ([], "không phải một lịch"), ({}, "không phải một lịch"), ("x", "không phải một lịch"), ({"groups": {}}, "không có nhóm"),
    ({"A": 5}, "nhóm A: phải là danh sách"), ({"A": [5]}, "nhóm A, phác đồ thứ 1"), ({"A": [{"name": "x"}]}, "thiếu 'doses'"),
    ({"A": [{"name": "x", "doses": []}]}, "không có mũi nào"), ({"A": [{"name": "x", "doses": [{}]}]}, "mũi thứ 1: thiếu 'cvx'"),
    ({"A": [{"name": "x", "doses": [{"cvx": "10"}]}]}, "phải là danh sách"),
    ({"A": [{"name": "x", "doses": [{**DOSE, "min_age": "6 moons"}]}]}, "mũi thứ 1: “6 moons”"),
    ({"A": [{"name": "x", "doses": [{**DOSE, "min_age": 6}]}]}, "mũi thứ 1"),
    ({"A": [{"name": "x", "doses": [{**DOSE, "conditional_skip": [{"all": [{"more_than": "x"}]}]}]}]}, "phải là số nguyên"),
    ({"groups": {"A": [{"name": "x", "doses": [DOSE]}]}, "valid_from": "2026-02-31"}, "ngày “2026-02-31”"),
    ({"groups": {"A": [{"name": "x", "doses": [DOSE]}]}, "products": 5}, "phần đầu của lịch"),
    ({"groups": {"A": {"series": [{"name": "x", "doses": [DOSE]}], "counts": [1]}}}, "nhóm A"),
])
def test_what_is_no_schedule_is_refused_with_the_place(data, said):
    with pytest.raises(BadSchedule, match=said):
        read_schedule(data)


@pytest.mark.parametrize("recurring", [False, True])
def test_a_schedule_of_ones_own(recurring):
    """Two doses 4 weeks apart, the second every 10 years when it recurs; only girls; a branch of sexes."""
    second = {"dose": "Dose 2", "cvx": ["10"], "recurring": recurring, "intervals": [{"from_previous": "Y", "abs_min": "4 weeks - 4 days", "min": "4 weeks", "rec_earliest": "8 weeks", "rec_latest": "13 weeks"}]}
    schedule = read_schedule({"A": [{"name": "girls", "gender": ["Female"], "default": True, "doses": [DOSE, second]}]})
    child = Child(date(2025, 1, 10), "F", [Given(date(2025, 2, 21), "10"), Given(date(2025, 3, 16), "10"), Given(date(2025, 4, 9), "10")])
    plan = forecast(child, schedule, date(2025, 4, 9))
    assert [one.status for one in plan.doses] == ["Valid", "Not Valid", "Valid"]
    (one,) = plan.groups
    if recurring:
        assert (one.number, one.earliest, one.recommended, one.past_due) == (3, date(2025, 5, 7), date(2025, 6, 4), date(2025, 7, 8))
    else:
        assert one.state == "Complete"
    child.sex = "M"
    assert forecast(child, schedule, date(2025, 4, 9)).groups == []


def test_a_schedule_written_as_sheets_of_rows():
    rows = [["Series Name", "Two doses"], ["Select Patient Series", "Yes"], ["Series Dose", "Dose 1"], ["Age", "n/a", "6 weeks", "2 months", "n/a", "n/a"],
            ["Preferable Vaccine", "OPV (02)"], ["Recurring Dose", "No"], ["Series Dose", "Dose 2"], ["Preferable Interval", "Y", "n/a", "n/a", "n/a", "n/a", "4 weeks"],
            ["Allowable Vaccine", "OPV (02)"]]
    schedule = read_schedule({"Polio": {"Sheet1": [], "2-dose series": rows, "Immunity": [["Clinical History Immunity", "x"]]}})
    (one,) = forecast(Child(date(2025, 1, 10), "", [Given(date(2025, 3, 1), "02")]), schedule, date(2025, 3, 1)).groups
    assert (one.series, one.number, one.earliest) == ("Two doses", 2, date(2025, 3, 29))


def test_the_version_in_force_and_its_source():
    told = versions()
    assert [vietnam(date.fromisoformat(one["valid_from"])).version for one in told] == [one["version"] for one in told]
    assert all(one["source"] and isinstance(one["verified"], bool) for one in told)
    assert vietnam(date(2026, 6, 30)).version == "TCMR-2026.02" and vietnam(date(2026, 7, 1)).version == "TCMR-2026.07"
    for earlier, later in itertools.pairwise(told):
        assert date.fromisoformat(later["valid_from"]).toordinal() == date.fromisoformat(earlier["valid_to"]).toordinal() + 1
    with pytest.raises(BadSchedule, match="01/01/2018"):
        vietnam(date(2017, 12, 31))


def test_every_dose_names_its_source_and_whether_it_was_checked():
    for group in vietnam(date(2026, 11, 1)).groups.values():
        for dose in (dose for series in group.series for dose in series.doses):
            assert dose.source and dose.product in dose.products, dose.code


@pytest.mark.parametrize("parameters", [
    {"nope": 1}, {"grace_days": -1}, {"grace_days": "4"}, {"grace_days": True}, {"birth_dose_hours": 0}, {"month_interval": "30_days"},
    {"overdue_after": "soon"}, {"overdue_after": 5}, {"max_ages": {"ROTA1": "late"}}, {"max_ages": {"ROTA9": "20 weeks"}}, {"max_ages": 5},
])
def test_a_bad_parameter_is_refused(parameters):
    with pytest.raises(BadParameter):
        vietnam(date(2026, 11, 1), parameters)


def test_the_defaults_are_told():
    assert json.loads(json.dumps(default_parameters()))["month_interval"] == "28_days"
    assert vietnam(date(2026, 11, 1), default_parameters()) == vietnam(date(2026, 11, 1))
