"""The dated occurrences of a recurring task."""

import datetime

from tramyte.rules.calendar import add_months

# How many months one occurrence covers, and how far ahead of today occurrences are laid out (days).
MONTHS = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
AHEAD = {"weekly": 28, "monthly": 92, "quarterly": 184, "semiannual": 366, "annual": 366}


def occurrence_days(
    recurrence: str, first: datetime.date, last: datetime.date | None, on: datetime.date,
) -> list[tuple[datetime.date, str]]:
    """The last days of the calendar periods of a series with their words ("tháng 06/2026"), oldest first.

    From the period that holds `first` to `last` (None: without end), at most to the horizon after `on`.
    """
    horizon = on + datetime.timedelta(days=AHEAD[recurrence])
    limit = min(last, horizon) if last else horizon
    days = []
    day = _period_end(recurrence, first)
    while day <= limit:
        days.append((day, _words(recurrence, day)))
        day = _period_end(recurrence, day + datetime.timedelta(days=1))
    return days


def _period_end(recurrence: str, day: datetime.date) -> datetime.date:
    if recurrence == "weekly":
        return day + datetime.timedelta(days=6 - day.weekday())
    months = MONTHS[recurrence]
    start = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return add_months(start, months) - datetime.timedelta(days=1)


def _words(recurrence: str, day: datetime.date) -> str:
    if recurrence == "weekly":
        return f"tuần đến {day:%d/%m/%Y}"
    if recurrence == "monthly":
        return f"tháng {day:%m/%Y}"
    if recurrence == "quarterly":
        return f"quý {('I', 'II', 'III', 'IV')[day.month // 3 - 1]}/{day.year}"
    if recurrence == "semiannual":
        return f"6 tháng {'đầu' if day.month == 6 else 'cuối'} năm {day.year}"
    return f"năm {day.year}"
