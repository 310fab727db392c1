"""The dated periods of a reporting duty."""

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tramyte.governance.directives.deadlines import last_day
from tramyte.governance.reports.spans import Week
from tramyte.rules.calendar import Period, add_months
from tramyte.rules.text import fold

AHEAD_DAYS, WEEKS_AROUND = 92, datetime.timedelta(days=28)
MONTHS = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
LATE_IN_MONTH = 15
WEEKDAYS = {"hai": 1, "2": 1, "ba": 2, "3": 2, "tu": 3, "4": 3, "nam": 4, "5": 4, "sau": 5, "6": 5, "bay": 6, "7": 6, "nhat": 7}
EARLY_WEEKDAY = 2
_WEEKDAY = re.compile(r"(?P<before>\btruoc (?:ngay )?)?\b(?:thu|chu) (?P<name>hai|ba|tu|nam|sau|bay|nhat|[2-7])\b")


@dataclass(frozen=True)
class Asked:
    """When a duty wants its reports: the fields of `Duty` that decide days."""

    period_kind: str
    due_month: int | None = None
    due_day: int | None = None
    due_on: datetime.date | None = None
    due_phrase: str = ""


def dated_periods(asked: Asked, since: datetime.date, on: datetime.date) -> list[tuple[Period, datetime.date | None]]:
    """The periods of a duty with the last day in time as directed (None: no day is named), by day.

    From the first whose day is not before `since` to the end of the year of `on` or 92 days after it, whichever is
    later; of a weekly duty the weeks four before to four after `on`. A duty with one date has that one period, its
    year. Duties that follow no calendar (daily, ad hoc, unclear) have none until a date is given or a report is asked for.
    """
    if asked.due_on:
        return [(Period.year(asked.due_on.year), last_day(asked.due_on, asked.due_phrase))]
    if asked.period_kind == "weekly":
        return _weeks(asked.due_phrase, max(since, on - WEEKS_AROUND), on + WEEKS_AROUND)
    if asked.period_kind not in MONTHS:
        return []
    until = max(datetime.date(on.year, 12, 31), on + datetime.timedelta(days=AHEAD_DAYS))
    found = []
    for period in _periods(asked.period_kind, since.year - 1, until.year):
        if not _named(asked, period):
            continue
        printed = _printed(asked, period)
        day = last_day(printed, asked.due_phrase)
        if since <= (day or period.end) and (day or period.start) <= until:
            found.append((period, day))
    return sorted(found, key=lambda one: (one[1] or one[0].end, one[0].code))


def _weeks(phrase: str, first: datetime.date, last: datetime.date) -> list[tuple[Period, datetime.date | None]]:
    """The weeks whose day lies between two days.

    "thứ Sáu hằng tuần" is the Friday of the week, "trước thứ Sáu" the day before it; a Monday or Tuesday is about the
    week that has ended. Where no weekday is printed the week's own last day counts, which by law ends on the Monday.
    """
    found = _WEEKDAY.search(fold(phrase))
    weekday = WEEKDAYS[found["name"]] - bool(found["before"]) if found else 7
    late = 7 if weekday <= EARLY_WEEKDAY else 0
    made = []
    monday = Week.of(first).start - datetime.timedelta(days=7)
    while monday <= last:
        day = monday + datetime.timedelta(days=weekday - 1 + late)
        if first <= day <= last:
            made.append((Week.of(monday), day))
        monday += datetime.timedelta(days=7)
    return made


def _periods(kind: str, first: int, last: int) -> Iterator[Period]:
    for year in range(first, last + 1):
        if kind == "annual":
            yield Period.year(year)
        elif kind == "semiannual":
            yield from (Period.half(year, half) for half in (1, 2))
        elif kind == "quarterly":
            yield from (Period.quarter(year, quarter) for quarter in range(1, 5))
        else:
            yield from (Period.month(year, month) for month in range(1, 13))


def _named(asked: Asked, period: Period) -> bool:
    """Whether a period is meant: a duty that names a month ("6 tháng, trước ngày 10/6") means one period a year."""
    if not asked.due_month or asked.period_kind == "annual":
        return True
    months = MONTHS[asked.period_kind]
    place = (asked.due_month - 1) % months
    # Reports are asked for near the end of the period they cover; one due early in a period is about the period before.
    early = (asked.due_day or LATE_IN_MONTH) < LATE_IN_MONTH if months == 1 else place < months / 3
    day = add_months(datetime.date(2024, asked.due_month, 1), -(place + 1) if early else 0)
    return (day.month - 1) // months == (period.start.month - 1) // months


def _printed(asked: Asked, period: Period) -> datetime.date | None:
    """The day as printed for a period; a day that a month does not have is that month's last."""
    if not asked.due_day and not asked.due_month:
        return None
    if asked.due_month:
        year = period.end.year + (1 if asked.due_month < _first_month(asked, period) else 0)
        return _day(year, asked.due_month, asked.due_day or 31)
    # Without a month: from the 15th on it is the last month of the period, before that the month after it.
    month = period.end.replace(day=1) if (asked.due_day or 0) >= LATE_IN_MONTH else period.end + datetime.timedelta(days=1)
    return _day(month.year, month.month, asked.due_day or 31)


def _first_month(asked: Asked, period: Period) -> int:
    """The earliest month in which a report about a period can be due in the same year; earlier months are next year's."""
    return 7 if asked.period_kind == "annual" else period.start.month + 1 if asked.period_kind != "monthly" else period.start.month


def _day(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))
