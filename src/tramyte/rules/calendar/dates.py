"""Dates as they are typed, pasted and found in spreadsheets: always the day before the month."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from tramyte.rules.text import clean

Precision = Literal["day", "month", "year"]

FIRST_YEAR, LAST_YEAR = 1850, 2199
_EXCEL_EPOCH = date(1899, 12, 30)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?Z?$")
_NUMERIC = re.compile(r"(\d{1,2})\s?[-/.\s]\s?(\d{1,2})\s?[-/.\s]\s?(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? năm (\d{4}|\d{2})", re.IGNORECASE)
_YEAR = re.compile(r"(?:năm )?(\d{4})", re.IGNORECASE)
_MONTH_YEAR = (
    re.compile(r"(?P<m>\d{1,2})\s?[-/.]\s?(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})"),
    re.compile(r"tháng (?P<m>\d{1,2})(?: năm |[/-])(?P<y>\d{4})", re.IGNORECASE),
)
_HOW = "Hãy viết ngày/tháng/năm, ví dụ 05/03/2026 là ngày 5 tháng 3."


def parse_date(text: str, *, pivot: int | None = None, excel_serial: bool = False) -> date:
    """The day that a Vietnamese reader sees in the text; ValueError with a Vietnamese sentence when there is none.

    Reads 05/03/2026 (5 March), 5-3-2026, 5.3.2026, 05032026, 2026-03-05, 20260305, "ngày 05 tháng 3 năm 2026", and
    the same followed by midnight. Years 1850 to 2199.
    pivot: with it a two-digit year above the pivot is 19yy, else 20yy; without it two-digit years are refused.
    excel_serial: with it a bare number from 61 to 99999 is a day count from Excel's 1900 calendar (45000 is
    15/03/2023; below 61 that calendar is a day off); only for cells that the spreadsheet itself calls dates.
    """
    shown = clean(text)
    bare = _MIDNIGHT.sub("", shown)
    if not bare:
        raise ValueError(f"Ngày để trống. {_HOW}")
    if excel_serial and re.fullmatch(r"\d{2,5}(?:\.0+)?", bare) and (serial := int(bare.split(".")[0])) > 60:
        return _EXCEL_EPOCH + timedelta(days=serial)
    day, month, year = _parts(bare)
    return _build(int(day), int(month), _full_year(year, pivot, bare), bare)


@lru_cache(maxsize=20_000)  # the lines of a file are read again when judged, matched and written
def parse_partial_date(text: str, *, pivot: int | None = None) -> tuple[date, Precision]:
    """A birth date of which only the year or the month may be known, with what is known.

    "1956" is (1956-01-01, "year"), "03/1956" is (1956-03-01, "month"), 00/00/1956 and 00/03/1956 read likewise,
    everything else as `parse_date`, with "day". ValueError with a Vietnamese sentence.
    """
    bare = _MIDNIGHT.sub("", clean(text))
    if match := _YEAR.fullmatch(bare):
        return _build(1, 1, int(match[1]), bare), "year"
    for pattern in _MONTH_YEAR:
        if match := pattern.fullmatch(bare):
            return _build(1, int(match["m"]), int(match["y"]), bare), "month"
    if (match := _NUMERIC.fullmatch(bare)) and int(match[1]) == 0:
        year, month = _full_year(match[3], pivot, bare), int(match[2])
        return _build(1, month or 1, year, bare), "month" if month else "year"
    return parse_date(bare, pivot=pivot), "day"


def _parts(bare: str) -> tuple[str, str, str]:
    """Day, month and year as written."""
    for pattern in (_NUMERIC, _WORDS):
        if match := pattern.fullmatch(bare):
            return match[1], match[2], match[3]
    if match := _ISO.fullmatch(bare):
        return match[3], match[2], match[1]
    if re.fullmatch(r"\d{8}", bare):
        # A year of 1850-2199 read as month would be 18 to 21: the two orders cannot be taken for each other.
        if FIRST_YEAR <= int(bare[4:]) <= LAST_YEAR:
            return bare[:2], bare[2:4], bare[4:]
        return bare[6:], bare[4:6], bare[:4]
    raise ValueError(_why_not(bare))


def _why_not(bare: str) -> str:
    shown = bare if len(bare) <= 30 else f"{bare[:30]}…"
    if re.fullmatch(r"\d{7}", bare):
        return f"Ngày “{shown}” chỉ có 7 chữ số, có thể mất số 0 ở đầu. Hãy viết đủ 8 chữ số hoặc có dấu gạch chéo."
    if re.fullmatch(r"\d{5}(?:\.\d+)?", bare):
        return f"“{shown}” giống số thứ tự ngày của Excel. Hãy định dạng ô là ngày, hoặc viết ngày/tháng/năm."
    if re.fullmatch(r"(?:năm )?\d{4}|\d{1,2}[-/.]\d{4}", bare):
        return f"“{shown}” thiếu ngày. {_HOW}"
    return f"Không đọc được ngày “{shown}”. {_HOW}"


def _full_year(year: str, pivot: int | None, bare: str) -> int:
    if len(year) == 4:
        return int(year)
    if pivot is None:
        raise ValueError(
            f"Ngày “{bare}” chỉ có hai chữ số của năm. Hãy viết đủ bốn chữ số, ví dụ 1956 hoặc 2026."
        )
    return int(year) + (1900 if int(year) > pivot else 2000)


def _build(day: int, month: int, year: int, bare: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Năm {year} trong ngày “{bare}” không hợp lý. Hãy kiểm tra lại bốn chữ số của năm.")
    if not 1 <= month <= 12:
        hint = " Có thể ngày và tháng bị đổi chỗ." if 1 <= day <= 12 and month <= 31 else ""
        raise ValueError(f"Tháng {month} trong ngày “{bare}” không có.{hint} {_HOW}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            f"Tháng {month} năm {year} không có ngày {day}. Hãy kiểm tra lại ngày “{bare}”."
        ) from None
