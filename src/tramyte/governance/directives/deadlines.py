"""From a printed deadline to the last day on which the work is still in time."""

import datetime
import re

from tramyte.rules.calendar import due_day
from tramyte.rules.text import fold

# "trước ngày 10/6", "trước 10/6" exclude the day itself; "trước 17 giờ ngày 10/6" and "trước tháng 12" do not.
_BEFORE_DAY = re.compile(r"\btruoc (?:ngay \d{1,2}\b|\d{1,2} (?:thang )?\d)")


def excludes_day(phrase: str | None) -> bool:
    """Whether the printed words leave the named day itself out ("trước ngày 10/6" does, "chậm nhất 10/6" does not)."""
    return bool(_BEFORE_DAY.search(fold(phrase or "")))


def last_day(printed: datetime.date | None, phrase: str | None) -> datetime.date | None:
    """The last day in time for a printed day and its words: 10/06 with "trước ngày 10/6" is 09/06."""
    if printed and excludes_day(phrase):
        return printed - datetime.timedelta(days=1)
    return printed


def explained(day: datetime.date | None) -> str:
    """A sentence when the day is a day off and the period by law ends later; else empty."""
    return due_day(day).reason if day else ""
