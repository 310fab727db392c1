"""Dating, visits and risks by tables of cases."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.pregnancy import (
    LONGEST,
    Finding,
    date_pregnancy,
    enough_visits,
    gestation_days,
    limit_of,
    missing_visits,
    next_visit,
    risks_of,
    term_of,
    weeks_words,
)

DAY = datetime.date
LMP = DAY(2026, 1, 5)


def after(days):
    return LMP + datetime.timedelta(days=days)


def test_the_due_date_is_280_days_after_the_period():
    made = date_pregnancy(LMP)
    assert (made.since, made.due_on, made.by) == (LMP, DAY(2026, 10, 12), "lmp")


@pytest.mark.parametrize(("days", "limit"), [(0, 5), (62, 5), (63, 7), (97, 7), (98, 7), (111, 7), (112, 10), (153, 10), (154, 14), (195, 14), (196, 21), (LONGEST, 21)])
def test_the_limit_grows_with_the_gestation(days, limit):
    assert limit_of(days, DAY(2026, 5, 1)) == limit


@pytest.mark.parametrize(("days", "limit"), [(56, 5), (84, 7), (126, 10), (168, 14), (210, 21)])
def test_an_ultrasound_takes_over_only_beyond_its_limit(days, limit):
    for apart, by in ((limit, "lmp"), (-limit, "lmp"), (limit + 1, "scan"), (-limit - 1, "scan")):
        made = date_pregnancy(LMP, after(days), days + apart)
        assert made.by == by
        assert made.since == (LMP if by == "lmp" else after(-apart))
        assert (made.due_on - made.since).days == 280


def test_an_ultrasound_alone_dates():
    assert date_pregnancy(None, after(84), 84).since == LMP


@pytest.mark.parametrize("given", [(None, None, None), (LMP, after(80), None), (None, None, 80)])
def test_too_little_is_refused_with_a_sentence(given):
    with pytest.raises(ValueError, match="Hãy ghi"):
        date_pregnancy(*given)


@pytest.mark.parametrize(("days", "term"), [(0, 1), (97, 1), (98, 2), (195, 2), (196, 3), (300, 3)])
def test_terms(days, term):
    assert term_of(days) == term


@pytest.mark.parametrize(("visits", "enough"), [
    ([70, 150, 220, 250], True), ([70, 80, 150, 220], False), ([150, 160, 220, 250], False), ([70, 150, 250], False), ([70, 150, 200, 230, 260], True), ([], False),
])
def test_four_visits_are_one_one_two(visits, enough):
    assert enough_visits(visits) is enough
    assert (not missing_visits(visits, 281)) is enough


@pytest.mark.parametrize(("visits", "due", "words"), [
    ([], 84, "khám 3 tháng đầu"), ([50], 168, "khám 3 tháng giữa"), ([140], 224, "khám 3 tháng cuối, lần 1"), ([70, 150, 220], 252, "khám 3 tháng cuối, lần 2"),
    ([70, 150, 220, 250], 280, "khám gần ngày dự kiến sinh"), ([90], 168, "khám 3 tháng giữa"), ([240], 252, "khám 3 tháng cuối, lần 2"),
])
def test_the_next_visit(visits, due, words):
    assert next_visit(visits, LMP) == (after(due), words)


def test_an_appointment_counts_before_the_plan():
    assert next_visit([70], LMP, after(100)) == (after(100), "hẹn khám")


@given(visits=st.lists(st.integers(30, 290), max_size=6))
def test_the_next_visit_is_always_ahead_of_the_last(visits):
    due, _ = next_visit(visits, LMP)
    assert due > after(max(visits, default=0)) or due == after(280)


@pytest.mark.parametrize(("finding", "codes"), [
    ({}, set()), ({"age": 17}, {"young"}), ({"age": 18}, set()), ({"age": 35}, {"old"}), ({"height_cm": 144.9}, {"short"}), ({"births": 4}, {"parity"}),
    ({"scar": True}, {"scar"}), ({"fetuses": 2}, {"twins"}), ({"illness": "tim"}, {"illness"}), ({"systolic": 140, "diastolic": 80}, {"pressure"}),
    ({"systolic": 120, "diastolic": 90}, {"pressure"}), ({"systolic": 160, "diastolic": 90}, {"severe_pressure"}), ({"systolic": 139, "diastolic": 89}, set()),
    ({"protein": "2+"}, {"protein"}), ({"protein": "trace"}, set()), ({"systolic": 145, "protein": "1+"}, {"pressure", "preeclampsia"}),
    ({"haemoglobin": 110}, set()), ({"haemoglobin": 69}, {"severe_anaemia"}), ({"anaemia": True}, {"anaemia"}), ({"haemoglobin": 104}, {"anaemia"}),
    ({"haemoglobin": 105}, set()), ({"haemoglobin": 109, "days": 200}, {"anaemia"}), ({"fetal_heart": 109}, {"fetal_heart"}), ({"fetal_heart": 160}, set()),
    ({"presentation": "breech"}, set()), ({"presentation": "breech", "days": 252}, {"lie"}), ({"presentation": "head", "days": 260}, set()),
    ({"fundal_cm": 28, "days": 24 * 7}, {"fundal"}), ({"fundal_cm": 27, "days": 24 * 7}, set()), ({"fundal_cm": 35, "days": 24 * 7, "fetuses": 2}, {"twins"}),
    ({"hiv": "pos"}, {"hiv"}), ({"syphilis": "pos", "hepatitis_b": "neg"}, {"syphilis"}), ({"days": 287}, {"overdue"}), ({"danger": True}, {"bleeding"}),
])
def test_risks(finding, codes):
    assert {risk.code for risk in risks_of(Finding(**{"days": 150, **finding}))} == codes


def test_dangers_come_first():
    found = risks_of(Finding(days=287, age=40, systolic=165, diastolic=110))
    assert [risk.danger for risk in found] == [True, True, False]


def test_words():
    assert (weeks_words(171), weeks_words(168)) == ("24 tuần 3 ngày", "24 tuần")


@pytest.mark.parametrize(("text", "days"), [("12 tuần 3 ngày", 87), ("12+3", 87), ("12", 84), (" 8w2d ", 58), ("12 TUẦN", 84), ("7 tuan 1 ngay", 50)])
def test_a_typed_gestation(text, days):
    assert gestation_days(text) == days


@pytest.mark.parametrize("text", ["", "abc", "12+7", "123", "12 tháng"])
def test_a_gestation_that_nobody_reads(text):
    with pytest.raises(ValueError, match="Hãy ghi tuần và ngày"):
        gestation_days(text)


@given(days=st.integers(7, LONGEST))
def test_words_are_read_again(days):
    assert gestation_days(weeks_words(days)) == days
