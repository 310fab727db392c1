"""The table of periods: what a definition may know about time, as constants."""

import datetime
from collections.abc import Callable, Sequence

from tramyte.engine import clock
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import Period, add_months

# Name of each column with its type and meaning. A definition compares dates with these and never adds to a date
# itself: engines differ in date arithmetic, and a boundary is easier to check when it is a value.
COLUMNS = {
    "period": "text",        # its code, as 2026-06
    "first": "date",         # its first day
    "last": "date",          # its last day
    "day": "date",           # the day it is measured: its last day, or as_of while it is unfinished
    "year_start": "date",    # 1 January of its calendar year
    "year_end": "date",      # 31 December of it
    "back12": "date",        # twelve months before `day`; the last twelve months are after it, up to and including `day`
    "back6": "date",         # six months before `day`
    "turned2": "date",
    "turned3": "date",
    "turned5": "date",       # born on or before it: five years old or more on `day`
    "turned6": "date",       # born on or before it: six years old or more on `day`
    "turned15": "date",
    "turned18": "date",
    "turned50": "date",
    "turned60": "date",
}
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)


def row(period: Period, as_of: datetime.date) -> tuple[str, ...]:
    """One period as the values of COLUMNS; dates in ISO form."""
    day = period.until(as_of)
    dates = (
        period.start, period.end, day, datetime.date(period.start.year, 1, 1), datetime.date(period.start.year, 12, 31),
        add_months(day, -12), add_months(day, -6), add_months(day, -24), add_months(day, -36), add_months(day, -60), add_months(day, -72), add_months(day, -180), add_months(day, -216), add_months(day, -600), add_months(day, -720),
    )
    return (period.code, *(value.isoformat() for value in dates))


def lines(
    periods: Sequence[Period], as_of: datetime.date, date: str = "DATE '{}'", name: Callable[[int], str] | None = None,
) -> str:
    """The periods as rows of SQL values in the order of COLUMNS. date: how the engine writes a date.  name: a position's, instead of the code."""
    shapes = [date if type == "date" else "'{}'" for type in COLUMNS.values()]
    told = ((name(at) if name else period.code, *row(period, as_of)[1:]) for at, period in enumerate(periods))
    return ", ".join(f"({', '.join(shape.format(value) for shape, value in zip(shapes, one, strict=True))})" for one in told)


def values(periods: Sequence[Period], as_of: datetime.date, date: str = "DATE '{}'") -> str:
    """The periods as a common table expression called `periods`; see `lines`."""
    return f"periods({NAMES}) AS (VALUES {lines(periods, as_of, date)})"


def measured(periods: Sequence[Period], as_of: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day on which periods are measured."""
    days = [period.until(as_of) for period in periods]
    return min(days), max(days)


def begun(period: Period, as_of: datetime.date) -> Period:
    """The period itself; raises Refused when it begins after `as_of`: nothing can be measured yet."""
    if period.start > as_of:
        raise Refused("future", f"Kỳ {period.code} bắt đầu ngày {period.start:%d/%m/%Y}, sau ngày tính {as_of:%d/%m/%Y}. Hãy chọn kỳ đã bắt đầu.")
    return period


def stored(as_of: datetime.date) -> tuple[Period, ...]:
    """The months whose figures are kept: the year's so far and the twelve before them, oldest first."""
    first = add_months(datetime.date(as_of.year, 1, 1), -12)
    count = (as_of.year - first.year) * 12 + as_of.month - first.month + 1
    return Period.last_months(as_of, count)


def current(as_of: datetime.date | None = None) -> Period:
    """The running month."""
    day = as_of or clock.today()
    return Period.month(day.year, day.month)

