"""The rule of Thông tư 15/2026/TT-BYT: alert by week, outbreak by month, against the five years before."""

import datetime
from dataclasses import dataclass

import numpy as np

from tramyte.rules.outbreak.detection import Numbers, Places
from tramyte.rules.outbreak.settings import VnTt15

YEARS = 5
_FEWEST_YEARS = 2
_LINKED_IN_WEEK, _LINKED_IN_MONTH = 3, 5
# A count equal to its threshold is not above it, however the threshold was rounded.
_A_HAIR = 1 + 1e-12


@dataclass(frozen=True)
class Verdict:
    """What the rule says of m series on n days.

    cumulative_week, cumulative_month (m, n): cases since Monday and since the 1st, the day included (linked cases when
    the disease is not endemic). upper_alert, upper_outbreak (m, n): thresholds, NaN where not defined. alarm (m, n):
    0 none, 1 alert (cảnh báo, Điều 22), 2 outbreak (có dịch, Điều 16).
    """

    cumulative_week: Numbers
    cumulative_month: Numbers
    upper_alert: Numbers
    upper_outbreak: Numbers
    alarm: Places


def vn_tt15(first_day: datetime.date, observed: Numbers, settings: VnTt15) -> Verdict:
    """The statutory rule for many series at once.

    observed (m, n): new cases of n consecutive days from first_day on, NaN where unknown (adds nothing to a running
    total and keeps its week and month out of the baseline); for a disease that is not endemic the epidemiologically
    linked cases.
    Endemic: outbreak when the cases since the 1st exceed mean + 2 SD of the same month, alert when the cases since
    Monday exceed mean + 1 SD of the same ISO week, over those of the five years before that are no epidemic years and
    whose month (week) the series covers whole; SD with n - 1. Fewer than two such years: no threshold. The year of a
    week is its ISO year; week 53 has a counterpart only in years that have one. A week above mean + 2 SD stays an alert.
    Not endemic: alert from 3 in the week, outbreak from 5 in the month.
    Source: Điều 16 and 22.
    """
    days = [first_day + datetime.timedelta(days=step) for step in range(observed.shape[1])]
    weeks = _Periods([day.isocalendar()[:2] for day in days], [day.weekday() == 0 for day in days])
    months = _Periods([(day.year, day.month) for day in days], [day.day == 1 for day in days])
    week, month = weeks.running(observed), months.running(observed)
    if not settings.endemic:
        alert, outbreak = np.full(week.shape, float(_LINKED_IN_WEEK)), np.full(week.shape, float(_LINKED_IN_MONTH))
        above, over = week >= alert, month >= outbreak
    else:
        alert, outbreak = weeks.upper(observed, settings, 1), months.upper(observed, settings, 2)
        above, over = week > alert * _A_HAIR, month > outbreak * _A_HAIR
    return Verdict(week, month, alert, outbreak, np.where(over, 2, np.where(above, 1, 0)))


class _Periods:
    """The weeks or months of consecutive days.

    names: (year, number) of each period. of (n,): the period of each day. starts: its first day's place. whole: the
    period lies within the days.
    """

    def __init__(self, of_days: list[tuple[int, int]], begins: list[bool]) -> None:
        opens = [place for place, begin in enumerate(begins) if begin or place == 0]
        self.starts: Places = np.array(opens, dtype=np.int64)
        self.names = [of_days[place] for place in opens]
        self.of: Places = np.searchsorted(self.starts, np.arange(len(of_days)), side="right") - 1
        self.whole = np.ones(len(opens), dtype=bool)
        # The days may begin and end within a period; the last one is no past of another.
        self.whole[:1], self.whole[-1:] = begins[:1], False

    def running(self, observed: Numbers) -> Numbers:
        """(m, n): the cases of the period up to each day."""
        total = np.cumsum(np.nan_to_num(observed), axis=1)
        before = np.concatenate([np.zeros((len(observed), 1)), total], axis=1)
        return np.asarray(total - before[:, self.starts[self.of]])

    def upper(self, observed: Numbers, settings: VnTt15, deviations: int) -> Numbers:
        """(m, n): mean and so many SDs of the same period in the years before."""
        if not self.names:
            return np.empty_like(observed)
        totals = np.where(self.whole, np.add.reduceat(observed, self.starts, axis=1), np.nan)
        # A last column that is never known stands for the years that are not there.
        totals = np.concatenate([totals, np.full((len(observed), 1), np.nan)], axis=1)
        place = {name: index for index, name in enumerate(self.names)}
        past = np.array([[place.get(name, -1) for name in _before(*own, settings)] for own in self.names])
        found = totals[:, past]
        known = ~np.isnan(found)
        count = known.sum(axis=2)
        filled = np.where(known, found, 0)
        mean = filled.sum(axis=2) / np.maximum(count, 1)
        squares = np.where(known, found - mean[:, :, None], 0) ** 2
        spread = np.sqrt(squares.sum(axis=2) / np.maximum(count - 1, 1))
        return np.where(count >= _FEWEST_YEARS, mean + deviations * spread, np.nan)[:, self.of]


def _before(year: int, number: int, settings: VnTt15) -> list[tuple[int, int]]:
    """The same period of the five years before; an epidemic year is a year that is not there."""
    years = range(year - YEARS, year)
    return [(0, 0) if past in settings.epidemic_years else (past, number) for past in years]
