"""From doses through the stored course to the figures: cases reckoned by hand on 3 June 2026."""

import datetime

import pytest

from tramyte.care.immunization.models import Course
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.native import Native
from tramyte.rules.calendar import Period

BORN = datetime.date(2025, 5, 20)  # one year old on 20 May 2026
BASIC = [("BCG", "2025-05-22"), *((code, day) for day in ("2025-07-20", "2025-08-20", "2025-09-20") for code in ("DPT-VGB-HIB", "OPV")), ("MEASLES", "2026-02-20")]


def answer(code, person):
    rows = Native().rows(INDICATORS[code], [Period.month(2026, 6)], clock.today(), subjects=[person.pk])
    return [(row.met, row.reason) for row in rows]


@pytest.mark.parametrize(("change", "full", "timely", "reason"), [
    ({}, True, True, "Đủ mũi ngày 20/02/2026"),
    ({"MEASLES": "2026-05-20"}, False, False, "Đủ mũi muộn, ngày 20/05/2026"),
    ({"MEASLES": "2026-05-19"}, True, False, "Đủ mũi ngày 19/05/2026"),
    ({"MEASLES": None}, False, False, "Đã đủ 1 tuổi, còn thiếu: sởi 1"),
    ({"MEASLES": "2026-02-19"}, False, False, "Đã đủ 1 tuổi, còn thiếu: sởi 1"),  # a day too young: does not count
    ({"BCG": "2025-06-19"}, True, True, "Đủ mũi ngày 20/02/2026"),
    ({"BCG": "2025-06-20"}, True, False, "Đủ mũi ngày 20/02/2026"),  # a month old: late
    ({"MEASLES": "2026-03-19"}, True, True, "Đủ mũi ngày 19/03/2026"),
    ({"MEASLES": "2026-03-20"}, True, False, "Đủ mũi ngày 20/03/2026"),
])
def test_full_and_in_time(child, give, change, full, timely, reason):
    boy = child(born=BORN)
    for code, on in BASIC:
        if (day := change.get(code, on)) is not None:
            give(boy, code, day, word="theo sổ giấy")
    assert answer("TC01", boy) == [(full, reason)]
    assert [met for met, _ in answer("TC16", boy)] == [timely]


def test_a_product_without_hepatitis_b_makes_dpt_but_no_full_set(child, give):
    boy = child(born=BORN)
    for code, on in BASIC:
        if code != "OPV":
            give(boy, "DPT-IPV-HIB" if code == "DPT-VGB-HIB" else code, on)
    course = Course.objects.get(person=boy)
    assert (course.dpt3, course.opv3, course.full_on) == (datetime.date(2025, 9, 20), datetime.date(2025, 9, 20), None)
    assert course.lacks == "DPT-VGB-Hib 1, 2, 3" and answer("TC04", boy)[0][0] is True and answer("TC01", boy)[0][0] is False


@pytest.mark.parametrize(("hour", "on", "at", "met", "word"), [
    ("22:00", "2026-01-11", "22:00", True, "Trong 24 giờ theo giờ sinh, giờ tiêm, ngày 11/01/2026"), ("22:00", "2026-01-11", "22:01", False, "Tiêm sau 24 giờ, ngày 11/01/2026"),
    ("", "2026-01-10", "", True, "Trong ngày sinh 10/01/2026, chưa ghi đủ giờ"), ("22:00", "2026-01-10", "", True, "Trong ngày sinh 10/01/2026, chưa ghi đủ giờ"),
    ("", "2026-01-11", "08:00", None, "Tiêm hôm sau, ngày 11/01/2026; bổ sung giờ sinh, giờ tiêm để biết có trong 24 giờ"), ("", "2026-01-12", "", False, "Tiêm sau 24 giờ, ngày 12/01/2026"),
])
def test_hepatitis_b_within_24_hours_by_the_clock_else_by_the_day(child, give, monkeypatch, hour, on, at, met, word):
    born_at = datetime.datetime.combine(datetime.date(2026, 1, 10), datetime.time.fromisoformat(hour), clock.ZONE) if hour else None
    monkeypatch.setattr("tramyte.care.immunization.forecasting.birth_times", lambda ids: {key: born_at for key in ids if born_at})
    boy = child()
    give(boy, "HEPB", on, at=at)
    assert answer("TC02", boy) == [(met, word)]


def test_nothing_given_is_on_every_list(child):
    boy = child(born=BORN)
    assert Course.objects.get(person=boy).lacks == "BCG, DPT-VGB-Hib 1, 2, 3, OPV 1, 2, 3, sởi 1"
    assert answer("TC01", boy) == [(False, "Đã đủ 1 tuổi, còn thiếu: BCG, DPT-VGB-Hib 1, 2, 3, OPV 1, 2, 3, sởi 1")]
    assert answer("TC12", boy) == [] and answer("TC16", boy) == [(False, "Có mũi trễ hẹn từ 20/06/2025")]


def test_a_dose_moves_the_figures_at_once(cast, child, give, django_assert_max_num_queries):
    from tramyte.engine.indicators import results

    boy = child(born=datetime.date(2025, 8, 1))
    results.refresh()
    give(boy, "BCG", "2025-08-03")
    assert {row.reason for row in results.worklist(cast.nurse, "TC04")} == {"Chưa có DPT-VGB-Hib mũi 3, chưa đủ 1 tuổi"}
    for on in ("2025-10-01", "2025-11-01", "2025-12-01"):
        give(boy, "DPT-VGB-HIB", on)
    assert not results.worklist(cast.nurse, "TC04").exists()
    figure = results.series(["TC04"], cast.commune, 1)["TC04"][-1]
    assert (figure.numerator, figure.denominator) == (1, Person.objects.count())
