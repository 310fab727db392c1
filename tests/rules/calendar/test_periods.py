"""Periods: bounds, codes, titles, months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.calendar import Period


@pytest.mark.parametrize(
    ("code", "start", "end", "months", "title"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), 12, "Năm 2026"),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), 6, "6 tháng đầu năm 2026"),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31), 6, "6 tháng cuối năm 2026"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), 3, "Quý I năm 2026"),
        ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30), 3, "Quý II năm 2026"),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), 3, "Quý III năm 2026"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), 3, "Quý IV năm 2026"),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), 1, "Tháng 10 năm 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 1, "Tháng 2 năm 2024"),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), 1, "Tháng 2 năm 2026"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), 1, "Tháng 12 năm 2026"),
    ],
)
def test_parse(code: str, start: date, end: date, months: int, title: str) -> None:
    period = Period.parse(code)
    assert (period.start, period.end, period.code, period.title) == (start, end, code, title)
    assert len(period.months()) == months
    assert period.months()[0].start == start
    assert period.months()[-1].end == end
    assert period.previous().end == start - timedelta(days=1)
    assert period.previous().kind == period.kind
    assert start in period and end in period and end + timedelta(days=1) not in period


@pytest.mark.parametrize(
    "code", ["", "26", "2026-13", "2026-H3", "2026-Q5", "2026-00", "2026-1", "0000", "năm nay", "x" * 999]
)
def test_refuses(code: str) -> None:
    with pytest.raises(ValueError, match="2026-H1") as caught:
        Period.parse(code)
    assert len(str(caught.value)) < 150


def test_numbers_out_of_range() -> None:
    for make in (Period.half, Period.quarter, Period.month):
        for number in (0, 13):
            with pytest.raises(ValueError, match="không có"):
                make(2026, number)


def test_last_months_cross_the_year() -> None:
    codes = [p.code for p in Period.last_months(date(2026, 2, 28), 4)]
    assert codes == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert Period.last_months(date(2026, 2, 28), 0) == ()


def test_until() -> None:
    assert Period.parse("2026").until(date(2026, 6, 3)) == date(2026, 6, 3)
    assert Period.parse("2026-Q1").until(date(2026, 6, 3)) == date(2026, 3, 31)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_months_tile_the_calendar(day: date) -> None:
    month = Period.month(day.year, day.month)
    assert day in month
    assert Period.parse(str(month)) == month
    year = Period.year(day.year)
    days = sum((m.end - m.start).days + 1 for m in year.months())
    assert days == (year.end - year.start).days + 1
    assert Period.last_months(day, 12)[-1] == month
