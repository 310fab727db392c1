"""Dates as Vietnamese offices write them, periods, ages, working days."""

from tramyte.rules.calendar.ages import add_months, age_days, age_years
from tramyte.rules.calendar.dates import Precision, parse_date, parse_partial_date
from tramyte.rules.calendar.periods import Period
from tramyte.rules.calendar.working_days import (
    DueDay,
    add_working_days,
    due_day,
    is_working_day,
    next_working_day,
    public_holidays,
)

__all__ = [
    "DueDay",
    "Period",
    "Precision",
    "add_months",
    "add_working_days",
    "age_days",
    "age_years",
    "due_day",
    "is_working_day",
    "next_working_day",
    "parse_date",
    "parse_partial_date",
    "public_holidays",
]
