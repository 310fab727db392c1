"""Ages, months, working days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.calendar import (
    add_months,
    add_working_days,
    age_days,
    age_years,
    due_day,
    is_working_day,
    next_working_day,
    public_holidays,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1956, 3, 5), date(2026, 3, 4), 69),
        (date(1956, 3, 5), date(2026, 3, 5), 70),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 6, 3), date(2026, 6, 3), 0),
    ],
)
def test_age_years(birth: date, on: date, years: int) -> None:
    assert age_years(birth, on) == years


def test_no_age_before_birth() -> None:
    for age in (age_days, age_years):
        with pytest.raises(ValueError, match="trước ngày sinh"):
            age(date(2026, 6, 3), date(2026, 6, 2))
    assert age_days(date(2026, 6, 3), date(2026, 6, 3)) == 0


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_add_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(DAYS, DAYS)
def test_ages_grow_with_time(first: date, second: date) -> None:
    birth, on = sorted((first, second))
    years = age_years(birth, on)
    assert years * 365 <= age_days(birth, on) < (years + 1) * 366
    assert add_months(birth, years * 12) <= on


@pytest.mark.parametrize(
    ("stated", "effective", "why"),
    [
        (date(2026, 6, 10), date(2026, 6, 10), ""),
        (date(2026, 6, 20), date(2026, 6, 22), "thứ Bảy"),
        (date(2026, 6, 21), date(2026, 6, 22), "Chủ nhật"),
        (date(2026, 4, 30), date(2026, 5, 4), "Ngày Chiến thắng"),
        (date(2026, 9, 2), date(2026, 9, 3), "Quốc khánh"),
        (date(2026, 2, 16), date(2026, 2, 23), "Tết"),
        (date(2026, 4, 26), date(2026, 4, 28), "Giỗ Tổ"),
        (date(2026, 8, 22), date(2026, 8, 22), ""),
        (date(2025, 12, 31), date(2025, 12, 31), ""),
        (date(2026, 1, 1), date(2026, 1, 2), "Tết Dương lịch"),
    ],
)
def test_due_day(stated: date, effective: date, why: str) -> None:
    due = due_day(stated)
    assert (due.stated, due.effective, due.moved) == (stated, effective, stated != effective)
    assert why in due.reason
    assert bool(due.reason) == due.moved


def test_holidays_of_a_year() -> None:
    days = public_holidays(2026)
    assert days[date(2026, 1, 1)] == "Tết Dương lịch"
    assert date(2026, 2, 17) in days
    assert list(days) == sorted(days)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 15))
def test_working_days(day: date, count: int) -> None:
    after = next_working_day(day)
    assert after > day and is_working_day(after)
    assert add_working_days(day, 0) == day
    assert add_working_days(day, count + 1) == next_working_day(add_working_days(day, count))
    assert is_working_day(due_day(day).effective)


def test_working_days_over_a_weekend() -> None:
    assert add_working_days(date(2026, 6, 4), 3) == date(2026, 6, 9)
    with pytest.raises(ValueError, match="từ 0"):
        add_working_days(date(2026, 6, 4), -1)
