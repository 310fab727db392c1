"""What a schedule may say beyond ages and intervals, each on a small schedule of its own."""

from datetime import date, timedelta

import pytest

from tramyte.rules.forecast import Child, Event, Given, forecast, read_schedule

BORN = date(2020, 1, 10)
AS_OF = date(2030, 1, 10)
MONTHLY = {"from_previous": "Y", "abs_min": "4 weeks - 4 days", "min": "4 weeks"}


def dose(number, **parts):
    return {"dose": f"Dose {number}", "cvx": ["10"], "intervals": [MONTHLY] if number > 1 else [], **parts}


def series(*doses, name="A", **parts):
    return {"name": name, "default": True, "doses": list(doses), **parts}


def plan(groups, days, *, rules=None, as_of=AS_OF, group="G", **child):
    """The plan for doses given so many days after birth ("21@30": product 21)."""
    schedule = read_schedule({"G": groups} if isinstance(groups, list) else groups, rules=rules)
    doses = []
    for day in days:
        product, _, age = str(day).rpartition("@")
        doses.append(Given(BORN + timedelta(days=int(age)), product or "10"))
    return forecast(Child(BORN, doses=doses, **{"sex": "F", **child}), schedule, as_of, group=group)


def verdicts(found):
    return [one.reason or one.status for one in found.doses]


def next_dose(found):
    (one,) = found.groups
    return one.number and (one.rule.number, one.number)


@pytest.mark.parametrize(("skip", "days", "expected"), [
    ({"all": [{"age_from": "1 year"}]}, [100, 400], None),
    ({"all": [{"age_from": "1 year"}]}, [100, 200, 300], None),
    ({"when": "forecast", "all": [{"age_from": "1 year"}]}, [100, 400], (3, 3)),
    ({"when": "forecast", "all": [{"age_from": "1 year", "age_before": "2 years"}]}, [100], (2, 2)),
    ({"when": "evaluation", "all": [{"age_from": "1 year"}]}, [100], (2, 2)),
    ({"all": [{"since_previous": "6 months"}]}, [100, 400], None),
    ({"when": "evaluation", "all": [{"since_previous": "6 months"}]}, [100, 200], (3, 3)),
    ({"all": [{"more_than": 0, "products": ["20"]}]}, [100], (2, 2)),
    ({"all": [{"more_than": 0, "counted_from": "90 days", "counted_before": "101 days"}]}, [100], (3, 2)),
    ({"all": [{"more_than": 0, "counted_from": "101 days"}]}, [100], (2, 2)),
    ({"all": [{"more_than": 1, "valid_only": False}]}, [20, 100], (3, 2)),
    ({"all": [{"more_than": 1}]}, [20, 100], (2, 2)),
    ({"all": [{"more_than": 0, "fewer_than": 2}]}, [100], (3, 2)),
])
def test_a_dose_is_passed_over(skip, days, expected):
    """Dose 2 is skipped under the condition, in judging, forecasting or both."""
    doses = [dose(1, abs_min_age="6 weeks"), dose(2, conditional_skip=[skip]), dose(3)]
    found = plan([series(*doses)], days)
    assert next_dose(found) == expected


def test_an_invalid_dose_starts_the_interval_and_one_by_mistake_does_not():
    doses = [dose(1), dose(2)]
    found = plan([series(*doses)], [100, 110, 130])
    assert verdicts(found) == ["Valid", "Interval: too short", "Interval: too short"]
    assert found.groups[0].earliest == BORN + timedelta(158)
    rules = {"series": {"A": {"all": {"inadvertent": [{"products": ["20"], "before": "1 year"}]}}}}
    found = plan([series(*doses)], [100, "20@110", 128], rules=rules, group="G")
    assert verdicts(found) == ["Valid", "Inadvertent Vaccine", "Valid"]
    found = plan([series(*doses)], [100, "20@110"], rules=rules)
    assert found.groups[0].earliest == BORN + timedelta(128)
    assert verdicts(plan([series(*doses)], [100, "20@400"], rules=rules)) == ["Valid", "Not a preferable or allowable vaccine"]


def test_intervals_from_a_numbered_dose_and_from_some_products():
    third = dose(3, intervals=[MONTHLY, {"from_previous": "N", "from_dose": "1", "abs_min": "16 weeks", "min": "16 weeks"}])
    assert verdicts(plan([series(dose(1), dose(2), third)], [100, 130, 211])) == ["Valid", "Valid", "Interval: too short"]
    assert verdicts(plan([series(dose(1), dose(2), third)], [100, 130, 212])) == ["Valid", "Valid", "Valid"]
    second = dose(2, cvx=["20"], intervals=[{"from_previous": "N", "from_recent": "10;30", "abs_min": "1 year", "min": "1 year"}])
    assert verdicts(plan([series(dose(1), second)], [100, "20@464"])) == ["Valid", "Interval: too short"]
    assert verdicts(plan([series(dose(1), second)], [100, "20@465"])) == ["Valid", "Valid"]


def test_an_observation_is_no_origin():
    found = plan([series(dose(1, intervals=[{"from_previous": "N", "min": "6 months"}], min_age="6 weeks"))], [])
    assert found.groups[0].earliest == BORN + timedelta(42)


def test_rules_that_hold_for_a_time():
    """A minimum age of before 2021, and an interval from 2021 on."""
    rules = {"series": {"A": {"doses": {
        "1": {"before": {"day": "2020-07-01", "abs_min_age": "6 weeks"}},
        "2": {"dated": {"6 months": {"first": "2021-01-01"}}, "floors": {"4 weeks - 4 days": "2 weeks"}}}}}}
    doses = [dose(1, abs_min_age="1 year"), dose(2, intervals=[MONTHLY, {"from_previous": "Y", "abs_min": "6 months", "min": "6 months"}])]
    assert verdicts(plan([series(*doses)], [100, 114], rules=rules)) == ["Valid", "Valid"]
    assert verdicts(plan([series(*doses)], [100, 113], rules=rules)) == ["Valid", "Interval: too short"]
    assert verdicts(plan([series(*doses)], [200, 380], rules=rules)) == ["Age: Too Young", "Valid"]
    assert verdicts(plan([series(*doses)], [366, 400], rules=rules)) == ["Valid", "Interval: too short"]


def test_shapes_of_rules_and_values_that_the_file_lacks():
    rules = {
        "series": {"A": {"like": "base", "doses": {"1": {"like": "late"}}}},
        "shapes": {"base": {"all": {"also": ["20"]}, "doses": {"2": {"set": {"max_age": "1 year"}}}}, "late": {"set": {"abs_min_age": "90 days"}}},
    }
    assert verdicts(plan([series(dose(1), dose(2))], ["20@89", "20@100", "20@366"], rules=rules)) == ["Age: Too Young", "Valid", "Age: Too Old"]


def test_a_dose_that_only_some_products_settle():
    """A booster counts, and the one with pertussis is still to be given."""
    rules = {"series": {"A": {"doses": {"1": {"done_by": ["10"], "also": ["20"]}}}}}
    found = plan([series(dose(1), dose(2))], ["20@100"], rules=rules)
    assert verdicts(found) == ["Valid"] and next_dose(found) == (1, 2)
    assert next_dose(plan([series(dose(1), dose(2))], ["20@100", 200], rules=rules)) == (2, 3)


def test_live_vaccines_of_two_groups():
    groups = {"G": [series(dose(1, cvx=["03"]))], "H": [series(dose(1, cvx=["21"]))]}
    rules = {"live": {"products": ["03", "21"], "interval": "28 days"}, "other_antigens": ["99"]}
    assert verdicts(plan(groups, ["21@100", "03@127"], rules=rules)) == ["Valid", "Live Virus Conflict"]
    assert verdicts(plan(groups, ["21@100", "03@128"], rules=rules)) == ["Valid", "Valid"]
    assert verdicts(plan(groups, ["21@100", "03@100"], rules=rules)) == ["Valid", "Valid"]
    found = plan(groups, ["99@90", "21@100"], rules=rules)
    assert verdicts(found) == ["Other antigen", "Valid"] and found.doses[0].status == "Valid" and found.doses[0].sentence
    assert found.groups[0].earliest == BORN + timedelta(128)
    twice = {"G": [series(dose(1, cvx=["94"]), dose(2, cvx=["94"]))]}
    assert verdicts(plan(twice, ["94@100", "94@125"], rules={"live": {"products": ["94"], "interval": "28 days"}})) == ["Valid", "Valid"]
    assert verdicts(plan(twice, ["94@100", "94@125"], rules={"live": {"products": ["94"], "repeats": ["94"], "interval": "28 days"}})) == ["Valid", "Live Virus Conflict"]


def chosen(groups, days, **child):
    found = plan(groups, days, **child)
    return found.groups[0].series if found.groups else None


def test_the_series_of_a_child():
    long = series(dose(1), dose(2), dose(3), name="long", max_age_to_start="1 year")
    late = series(dose(1), name="late", default=False, min_age_to_start="1 year", max_age_to_start="5 years")
    other = series(dose(1, cvx=["20"]), dose(2, cvx=["20"]), name="other", default=False)
    risk = series(dose(1), name="risk", default=False, type="Risk", min_age_to_start="6 years")
    groups = [long, late, other, risk]
    assert chosen(groups, []) == "long"
    assert chosen(groups, [100]) == "long"
    assert chosen(groups, [400]) == "late"
    assert chosen(groups, ["20@100"]) == "other"
    assert chosen([long, late, risk], [2500]) == "risk"
    assert chosen([long, late], [2500]) == "late", "none is open: the one that is done"
    assert chosen(groups, ["30@100"]) == "long"
    girls = [series(dose(1), name="girls", gender=["Female", "Transgender", "Unknown"])]
    assert (chosen(girls, [], sex=""), chosen(girls, [], sex="M")) == ("girls", None)
    assert chosen([series(dose(1), name="boys", gender=["Male"]), series(dose(1), name="girls", gender=["Female"], default=False)], [], sex="F") == "girls"


def test_a_named_series_is_followed_whoever_the_child_is():
    schedule = read_schedule({"G": [series(dose(1), name="boys", gender=["Male"]), series(dose(1), dose(2), name="girls", gender=["Female"])]})
    child = Child(BORN, "F", [Given(BORN + timedelta(100), "10")])
    assert forecast(child, schedule, AS_OF, group="G", series="boys").groups[0].state == "Complete"
    with pytest.raises(KeyError):
        forecast(child, schedule, AS_OF, group="G", series="nobody's")
    with pytest.raises(KeyError):
        forecast(child, schedule, AS_OF, group="H")


def test_what_came_after_the_day_is_left_out():
    found = plan([series(dose(1), dose(2))], [100, 200], as_of=BORN + timedelta(150), events=[Event("contraindicated", BORN + timedelta(160))])
    assert len(found.doses) == 1 and found.groups[0].status == "due" and found.groups[0].number == 2


def test_events_of_one_group():
    day = BORN + timedelta(100)
    told = [Event("contraindicated", day, "G"), Event("refused", day + timedelta(1), "G"), Event("deferred", day + timedelta(2), "10")]
    (one,) = plan([series(dose(1))], [], events=told).groups
    assert (one.status, one.reason, one.earliest, one.event_day) == ("contraindicated", "contraindicated", None, day)
    assert one.sentence == "Chống chỉ định, ghi ngày 19/04/2020." and one.state == "Contraindicated"
    (one,) = plan([series(dose(1))], [], events=told[1:]).groups
    assert (one.status, one.reason) == ("due", "deferred") and "21/04/2020" in one.sentence
    (one,) = plan([series(dose(1), dose(2))], [150], events=told[1:]).groups
    assert one.reason == "due", "forgotten after a dose"
