"""The shared CDSi cases: 207 explained by ages, intervals and products alone, and the others."""

import csv
import json
from datetime import date

import pytest

from tramyte.rules.forecast import Child, Given, cdsi_rules, forecast, read_schedule, vietnam
from tramyte.rules.forecast.durations import read_duration

pytestmark = pytest.mark.shared
# Two measles doses and a rubella dose, mumps wanted: the file holds one antigen of each group.
OTHER_ANTIGEN_NEEDED = {"2013-0539"}


def read(folder, name):
    return json.loads((folder / "truth/forecast" / name).read_text(encoding="utf-8"))


def cases(folder):
    lines = (folder / "truth/forecast/cdsi_cases_A.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def answer(case, schedule, series=""):
    doses = [Given(date.fromisoformat(one["date"]), one["cvx"]) for one in case["doses"]]
    as_of = date.fromisoformat(case["assessment_date"])
    plan = forecast(Child(date.fromisoformat(case["dob"]), case["sex"], doses), schedule, as_of, group=case["group"], series=series)
    (one,) = plan.groups
    days = [day and day.isoformat() for day in (one.earliest, one.recommended, one.past_due)]
    return [dose.status for dose in plan.doses], one.state, str(one.number) if one.earliest else "", *days


def expected(case):
    told = case["expected"]
    number = (told["forecast_dose"] or "").strip("-")
    return [dose["expected_status"] for dose in case["doses"]], told["series_status"], number, told["earliest"], told["recommended"], told["past_due"]


def test_every_engine_level_case_agrees_wholly(shared):
    schedule = read_schedule(read(shared, "schedules_cdsi_2023.json"), rules=cdsi_rules())
    found = [case for case in cases(shared) if case["engine_level"]]
    assert len(found) == 207
    assert [case["id"] for case in found if answer(case, schedule) != expected(case)] == []
    assert [case["id"] for case in found if answer(case, schedule, case["explained_by"]) != expected(case)] == []


def test_they_agree_by_the_named_series_and_the_bare_file_too(shared):
    """Without any rule of ours: but for one adult, for whom the file of 2023 gives an upper age that the cases do not."""
    schedule = read_schedule(read(shared, "schedules_cdsi_2023.json"))
    found = [case for case in cases(shared) if case["engine_level"]]
    assert [case["id"] for case in found if answer(case, schedule, case["explained_by"]) != expected(case)] == ["2022-0013"]


def test_the_other_cases_with_a_schedule_agree(shared):
    schedule = read_schedule(read(shared, "schedules_cdsi_2023.json"), rules=cdsi_rules())
    found = [case for case in cases(shared) if not case["engine_level"] and case["group"] in schedule.groups]
    assert {case["id"] for case in found if answer(case, schedule) != expected(case)} == OTHER_ANTIGEN_NEEDED
    assert len(found) == 89


def test_the_shipped_schedule_has_every_value_of_the_reference(shared):
    """Minimum ages and intervals of epi_schedule.csv, row by row."""
    rules = {dose.code: dose for group in vietnam(date(2026, 11, 1)).groups.values() for series in reversed(group.series) for dose in series.doses}
    with (shared / "reference/epi_schedule.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 34
    for row in rows:
        rule = rules[row["code"]]
        if row["min_age_value"]:
            assert rule.min_age == read_duration(f"{row['min_age_value']} {row['min_age_unit']}"), row["code"]
        if row["min_interval_value"]:
            assert read_duration(f"{row['min_interval_value']} {row['min_interval_unit']}") in [one.least for one in rule.intervals], row["code"]


def test_the_who_workbooks_are_read(shared):
    schedule = read_schedule(read(shared, "who_schedules_cdsi_form.json"))
    assert len(schedule.groups) == 22 and sum(len(group.series) for group in schedule.groups.values()) == 32
    child = Child(date(2025, 1, 10), "F", [Given(date(2025, 2, 21), "198"), Given(date(2025, 3, 20), "198")])
    (one,) = forecast(child, schedule, date(2025, 3, 20), group="Diphtheria").groups
    assert (one.number, one.earliest) == (2, date(2025, 4, 17))
