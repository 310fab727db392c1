"""Ages and intervals as a schedule writes them ("12 months - 4 days"), added to a day."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_UNITS = {"year": (12, 0), "month": (1, 0), "week": (0, 7), "day": (0, 1), "hour": (0, 0)}
_TERM = re.compile(r"\s*([+-]?)\s*(\d{1,4})\s*(year|month|week|day|hour)s?\b", re.IGNORECASE)


class Duration(NamedTuple):
    """Whole calendar months (years are twelve) and days (weeks are seven), both may be negative."""

    months: int
    days: int


def read_duration(text: str | None) -> Duration | None:
    """A duration from text such as "6 weeks - 4 days", "16 years - 4 months"; None for None, "" and "n/a".

    Hours count as the whole days in them ("24 hours" is a day): a schedule of days cannot tell more.
    ValueError for anything else, and for more than 200 years.
    """
    if text is None or text.strip().lower() in ("", "n/a"):
        return None
    months = days = at = 0
    while at < len(text.rstrip()):
        term = _TERM.match(text, at)
        if not term or (at and not term[1]):
            raise ValueError(f"“{text}” không phải một tuổi hay khoảng cách (ví dụ đúng: 12 months - 4 days)")
        sign = -1 if term[1] == "-" else 1
        unit = _UNITS[term[3].lower()]
        months += sign * int(term[2]) * unit[0]
        days += sign * int(term[2]) * unit[1]
        if term[3].lower() == "hour":
            days += sign * (int(term[2]) // 24)
        at = term.end()
    if abs(months) * 31 + abs(days) > 200 * 366:
        raise ValueError(f"“{text}” quá dài, nhiều nhất 200 năm")
    return Duration(months, days)


@lru_cache(maxsize=1 << 17)
def add(day: int, duration: Duration) -> int:
    """The day (proleptic ordinal) after a duration: months first, then days.

    A day that the month does not have becomes the 1st of the next month (CDSi logic specification, date rules).
    """
    months, days = duration
    if not months:
        return day + days
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    spill = start.day - monthrange(year, month)[1]
    if spill > 0:
        return date(year, month, 1).toordinal() + start.day - spill + days
    return date(year, month, start.day).toordinal() + days
