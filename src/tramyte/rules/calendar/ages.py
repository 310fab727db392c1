"""Ages and months counted in whole calendar units."""

import calendar
from datetime import date


def age_days(birth: date, on: date) -> int:
    """Days lived on the day `on`, 0 on the day of birth; ValueError when `on` lies before the birth."""
    if on < birth:
        raise ValueError(
            f"Ngày {on:%d/%m/%Y} đứng trước ngày sinh {birth:%d/%m/%Y}. Hãy kiểm tra lại hai ngày này."
        )
    return (on - birth).days


def age_years(birth: date, on: date) -> int:
    """Completed years of life on the day `on`; ValueError when `on` lies before the birth.

    A year is completed when month and day are reached, so a person born on 29 February completes it on 1 March in
    common years: the comparison that SQL engines make too, which lets a figure and its oracle agree.
    """
    age_days(birth, on)
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def add_months(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), or the last day of a shorter month.

    The rule of Bộ luật Dân sự 2015, Điều 148 khoản 3: 31/01 and one month is 28/02 (29/02 in a leap year).
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, day.day if day.day <= 28 else min(day.day, calendar.monthrange(year, month)[1]))
