"""What "lập" (opened) and "cập nhật" (kept up to date) of a health record mean: the one definition.

A record is opened on the first day on which a part of the form was saved, or on which the station noted that it was opened on
paper. Its content is as old as the last entry: a saved part, a noted update, or a check-up. It is kept up to date while that
entry lies within twelve months, the same day of the year before left out. Indicator SK01 says this over the fact tables,
`record_state` over the rows of one person; tests/care/health_record holds the two together.

Source: Quyết định 831/QĐ-BYT ngày 11/3/2017, Điều 2 (the form is brought up to date yearly); each contact with the station
counts as one, and the twelve months to the day are ours, not verified against an official formula.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from tramyte.care.people.models import RecordEntry
from tramyte.rules.calendar import add_months

UPKEEP_MONTHS = 12
FROM_PARTS = "ghi trong hồ sơ sức khỏe"  # the source of an entry that saving a part wrote


@dataclass(frozen=True)
class RecordState:
    """A record on a day. opened_on: None while it is not; last_on: of its last entry; kept: within twelve months."""

    opened_on: datetime.date | None
    last_on: datetime.date | None
    kept: bool

    @property
    def due_on(self) -> datetime.date | None:
        """The first day on which the record will be, or was, too old; None while it is not opened."""
        return year_after(self.last_on) if self.opened_on and self.last_on else None


def record_state(entries: Iterable[RecordEntry], contacts: Iterable[datetime.date], as_of: datetime.date) -> RecordState:
    """The state of a record by its entries and by the days of check-ups, on a day."""
    past = [entry for entry in entries if entry.on <= as_of]
    opened = min((entry.on for entry in past if entry.kind == "opened"), default=None)
    last = max([*(entry.on for entry in past), *(day for day in contacts if day <= as_of)], default=None)
    return RecordState(opened, last, opened is not None and last is not None and last > add_months(as_of, -UPKEEP_MONTHS))


def year_after(day: datetime.date) -> datetime.date:
    """The same day a year later; 29 February becomes 1 March: the first day on which twelve whole months are over."""
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else datetime.date(day.year + 1, 3, 1)
