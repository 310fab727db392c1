"""Vietnamese public holidays, working days, and deadlines that fall on a day off.

Holidays come from the package `holidays` (country VN): the days of Bộ luật Lao động 2019 Điều 112 with the lunar days
worked out, days off in lieu, and the exchanged days that the package knows. An exchange decided after the package
was published is not in it; the day stays correct by law but not by that decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

_ONE_DAY = timedelta(days=1)
DUE_DAY_SOURCE = "Bộ luật Dân sự 2015, Điều 148 khoản 5"


@lru_cache(maxsize=64)
def _year(year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """Days off and, second, the Saturdays and Sundays worked in exchange."""
    import holidays  # loads its country tables: not before the first question

    found = holidays.country_holidays("VN", years=year, language="vi")
    worked = frozenset(day for day in found.weekend_workdays if day.year == year)
    return MappingProxyType(dict(sorted(found.items()))), worked


def public_holidays(year: int) -> Mapping[date, str]:
    """The public holidays of a year with their Vietnamese names, in order."""
    return _year(year)[0]


def is_working_day(day: date) -> bool:
    """Whether offices work on that day: Monday to Friday without holidays, and weekend days worked in exchange."""
    holidays, worked = _year(day.year)
    return day in worked or (day.weekday() < 5 and day not in holidays)


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    day += _ONE_DAY
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The day that is `count` working days after `day`; the day itself does not count (Điều 147: the next day is the first).

    count: 0 or more; 0 gives the day itself. ValueError when negative.
    """
    if count < 0:
        raise ValueError("Số ngày làm việc phải từ 0 trở lên.")
    for _ in range(count):
        day = next_working_day(day)
    return day


@dataclass(frozen=True, slots=True)
class DueDay:
    """A deadline as written and as it ends by law; both are shown.

    stated: the day in the document. effective: the day whose end is the end of the period.
    reason: why they differ, a Vietnamese sentence with its source; empty when they are the same day.
    """

    stated: date
    effective: date
    reason: str

    @property
    def moved(self) -> bool:
        """Whether the law moves the deadline."""
        return self.stated != self.effective


def due_day(day: date) -> DueDay:
    """The deadline, moved to the next working day when it falls on a weekend or holiday.

    Rule: Bộ luật Dân sự 2015, Điều 148 khoản 5: a period whose last day is a weekend or holiday ends at the end of
    the next working day. A document may rule otherwise, so the stated day is kept beside it.
    """
    if is_working_day(day):
        return DueDay(day, day, "")
    effective = next_working_day(day)
    name = public_holidays(day.year).get(day) or ("Chủ nhật" if day.weekday() == 6 else "thứ Bảy")
    reason = (
        f"Ngày {day:%d/%m/%Y} là ngày nghỉ ({name}); theo {DUE_DAY_SOURCE}, thời hạn kết thúc cuối ngày làm việc"
        f" tiếp theo, {effective:%d/%m/%Y}."
    )
    return DueDay(day, effective, reason)
