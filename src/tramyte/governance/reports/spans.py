"""The periods of reports: those of the calendar, a week, and the days that a report asked for by itself tells about."""

import datetime
import re
from dataclasses import dataclass

from tramyte.rules.calendar import Period, add_months

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LATE_START = datetime.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Week(Period):
    """A week, Monday to Sunday, numbered as by ISO 8601; code "2026-W23"."""

    @classmethod
    def of(cls, day: datetime.date) -> "Week":
        """The week that holds a day."""
        year, week, weekday = day.isocalendar()
        start = day - datetime.timedelta(days=weekday - 1)
        return cls(start, start + datetime.timedelta(days=6), f"{year:04d}-W{week:02d}")

    @property
    def kind(self) -> str:
        """ "week"."""
        return "week"

    @property
    def title(self) -> str:
        """ "Tuần 23 năm 2026 (từ 01/06 đến 07/06/2026)"."""
        year, week = self.code.split("-W")
        return f"Tuần {int(week)} năm {year} (từ {self.start:%d/%m} đến {self.end:%d/%m/%Y})"

    def until(self, as_of: datetime.date) -> datetime.date:
        """The day of its figures; see `_figures_until`."""
        return _figures_until(self.end, as_of)


@dataclass(frozen=True, slots=True)
class UpTo(Period):
    """From 1 January up to the day for which a report was asked; code "2026-06-09". One for January tells of the year before too."""

    @classmethod
    def of(cls, day: datetime.date) -> "UpTo":
        """The days up to a day."""
        return cls(datetime.date((day - LATE_START).year, 1, 1), day, day.isoformat())

    @property
    def kind(self) -> str:
        """ "day"."""
        return "day"

    @property
    def title(self) -> str:
        """ "Đến ngày 09/06/2026"."""
        return f"Đến ngày {self.end:%d/%m/%Y}"

    def until(self, as_of: datetime.date) -> datetime.date:
        """The day of its figures; see `_figures_until`."""
        return _figures_until(self.end, as_of)


def _figures_until(end: datetime.date, as_of: datetime.date) -> datetime.date:
    """Figures are kept by the month: a span that ends within one is told with that month's, as it stands when the report is written."""
    month_end = add_months(end.replace(day=1), 1) - datetime.timedelta(days=1)
    return min(month_end, as_of)


def span_of(code: str) -> Period:
    """The period of a report with this code; ValueError with a Vietnamese sentence when it is none."""
    week = _WEEK.fullmatch(code)
    try:
        if week:
            return Week.of(datetime.date.fromisocalendar(int(week[1]), int(week[2]), 1))
        if _DAY.fullmatch(code):
            return UpTo.of(datetime.date.fromisoformat(code))
    except ValueError:
        raise ValueError(f"Kỳ “{code}” không có trong lịch. Hãy viết tuần như 2026-W23, ngày như 2026-06-09.") from None
    return Period.parse(code)
