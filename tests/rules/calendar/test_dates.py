"""Dates as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.calendar import parse_date, parse_partial_date

MARCH_5 = date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "05/03/2026",
        "5/3/2026",
        " 05 / 03 / 2026 ",
        "5-3-2026",
        "5.3.2026",
        "05 03 2026",
        "05032026",
        "20260305",
        "2026-03-05",
        "2026/3/5",
        "2026-03-05T00:00:00",
        "2026-03-05 00:00:00",
        "05/03/2026 00:00",
        "5 tháng 3 năm 2026",
        "ngày 05 tháng 3 năm 2026",
        "Ngày 05 tháng 03 năm 2026",
        "nga\u0300y 5 tha\u0301ng 3 na\u0306m 2026",
    ],
)
def test_reads(text: str) -> None:
    assert parse_date(text) == MARCH_5


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "để trống"),
        ("   ", "để trống"),
        ("05/03/26", "bốn chữ số"),
        ("31/02/2026", "không có ngày 31"),
        ("29/02/2025", "không có ngày 29"),
        ("03/25/2026", "đổi chỗ"),
        ("10/00/2026", "Tháng 0"),
        ("00/03/2026", "không có ngày 0"),
        ("5032026", "mất số 0 ở đầu"),
        ("45000", "Excel"),
        ("1956", "thiếu ngày"),
        ("03/1956", "thiếu ngày"),
        ("01/01/0001", "không hợp lý"),
        ("hôm qua", "Không đọc được"),
        ("5 March 2026", "Không đọc được"),
        ("=TODAY()", "Không đọc được"),
        ("x" * 10_000, "Không đọc được"),
        ("99999999", "không hợp lý"),
    ],
)
def test_refuses_with_a_sentence(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=part) as caught:
        parse_date(text)
    assert len(str(caught.value)) < 200
    assert str(caught.value).endswith(".")


def test_two_digit_years_need_a_pivot() -> None:
    assert parse_date("5/3/56", pivot=30) == date(1956, 3, 5)
    assert parse_date("5/3/26", pivot=30) == MARCH_5


def test_excel_serial_only_when_asked() -> None:
    assert parse_date("45000", excel_serial=True) == date(2023, 3, 15)
    assert parse_date("45000.0", excel_serial=True) == date(2023, 3, 15)
    assert parse_date("05/03/2026", excel_serial=True) == MARCH_5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1956", (date(1956, 1, 1), "year")),
        ("năm 1956", (date(1956, 1, 1), "year")),
        ("00/00/1956", (date(1956, 1, 1), "year")),
        ("03/1956", (date(1956, 3, 1), "month")),
        ("3-1956", (date(1956, 3, 1), "month")),
        ("1956-03", (date(1956, 3, 1), "month")),
        ("tháng 3 năm 1956", (date(1956, 3, 1), "month")),
        ("tháng 3/1956", (date(1956, 3, 1), "month")),
        ("00/03/1956", (date(1956, 3, 1), "month")),
        ("05/03/1956", (date(1956, 3, 5), "day")),
        ("01/01/1956", (date(1956, 1, 1), "day")),
    ],
)
def test_partial(text: str, expected: tuple[date, str]) -> None:
    assert parse_partial_date(text) == expected


@pytest.mark.parametrize("text", ["", "13/1956", "1756", "56", "00/13/1956", "abc"])
def test_partial_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse_partial_date(text)


@given(st.dates(date(1850, 1, 1), date(2199, 12, 31)))
def test_every_day_survives_every_spelling(day: date) -> None:
    spellings = (
        "%d/%m/%Y",
        "%d-%m-%Y",
        "%d.%m.%Y",
        "%d%m%Y",
        "%Y-%m-%d",
        "%Y%m%d",
        "ngày %d tháng %m năm %Y",
    )
    assert {parse_date(day.strftime(s)) for s in spellings} == {day}
    assert parse_partial_date(day.strftime("%d/%m/%Y")) == (day, "day")


@given(st.integers(61, 99_999))
def test_excel_serials_count_days(serial: int) -> None:
    assert parse_date(str(serial), excel_serial=True) == date(1900, 3, 1) + timedelta(days=serial - 61)


@given(st.text(max_size=40))
def test_never_fails_otherwise(text: str) -> None:
    for parse in (parse_date, parse_partial_date):
        try:
            parse(text)
        except ValueError as refusal:
            assert str(refusal).endswith(".")
