"""From when a pregnancy counts, and when the birth is due.

The due date is the first day of the last menstrual period plus 280 days (Naegele's rule). The first ultrasound takes its place
when the two differ by more than a limit that grows with the gestation by the menstrual period.
"""

import datetime
import re
from dataclasses import dataclass

TERM = 280  # days from the last menstrual period to the due date
VIABLE = 20 * 7  # a birth before this day is a miscarriage or an abortion
LONGEST = 45 * 7  # no pregnancy lasts longer


_TYPED = re.compile(r"(\d{1,2})\s*(?:(?:tuần|tuan|w|t)\s*(?:[+,]?\s*(\d)\s*(?:ngày|ngay|d|n)?)?|[+/,]\s*(\d)|)")


@dataclass(frozen=True)
class Redating:
    """One step of the limits. before: gestation in days by the menstrual period, exclusive; limit: days that may differ."""

    before: int
    limit: int


@dataclass(frozen=True)
class Limits:
    """The limits that hold from a day on, with their source. verified: compared with the original text."""

    valid_from: datetime.date
    steps: tuple[Redating, ...]
    source: str
    verified: bool


LIMITS = (
    Limits(
        datetime.date(1900, 1, 1),
        (Redating(63, 5), Redating(112, 7), Redating(154, 10), Redating(196, 14), Redating(LONGEST + 1, 21)),
        "ACOG Committee Opinion 700 (5/2017): trên 5 ngày khi thai dưới 9 tuần, 7 ngày đến hết 15 tuần 6 ngày, 10 ngày đến hết 21 tuần 6 ngày, 14 ngày đến hết 27 tuần 6 ngày, 21 ngày từ 28 tuần",
        verified=False,
    ),
)


@dataclass(frozen=True)
class Dating:
    """A dated pregnancy. since: day 0 of gestation; due_on: the expected day of birth; by: "lmp" or "scan"; why: in words."""

    since: datetime.date
    due_on: datetime.date
    by: str
    why: str


def limit_of(days: int, on: datetime.date) -> int:
    """How many days an ultrasound made on a day may differ from a gestation of so many days without taking its place."""
    held = [one for one in LIMITS if one.valid_from <= on][-1]
    return next(step.limit for step in held.steps if days < step.before)


def date_pregnancy(lmp: datetime.date | None, scan_on: datetime.date | None = None, scan_days: int | None = None) -> Dating:
    """Day 0 and due date from the last menstrual period, the first ultrasound, or both.

    lmp: first day of the last menstrual period.  scan_on, scan_days: day of the ultrasound and the gestation it showed, in days
    (0 to 315).  Raises ValueError with a Vietnamese sentence when neither is known or one half of an ultrasound is missing.
    """
    if (scan_on is None) != (scan_days is None):
        raise ValueError("Siêu âm cần cả ngày làm và tuổi thai đo được. Hãy ghi đủ hai mục, hoặc để trống cả hai.")
    if scan_on is None or scan_days is None:
        if lmp is None:
            raise ValueError("Chưa ghi ngày đầu kỳ kinh cuối, cũng chưa có siêu âm. Hãy ghi một trong hai để tính tuổi thai.")
        return _dated(lmp, "lmp", "theo kỳ kinh cuối, cộng 280 ngày")
    begun = scan_on - datetime.timedelta(days=scan_days)
    if lmp is None:
        return _dated(begun, "scan", f"theo siêu âm {scan_on:%d/%m/%Y}, {weeks_words(scan_days)}")
    apart, limit = abs((begun - lmp).days), limit_of(min(max((scan_on - lmp).days, 0), LONGEST), scan_on)
    if apart > limit:
        return _dated(begun, "scan", f"theo siêu âm {scan_on:%d/%m/%Y}: lệch kỳ kinh {apart} ngày, quá {limit} ngày")
    return _dated(lmp, "lmp", f"theo kỳ kinh cuối: siêu âm lệch {apart} ngày, trong giới hạn {limit} ngày")


def _dated(since: datetime.date, by: str, why: str) -> Dating:
    return Dating(since, since + datetime.timedelta(days=TERM), by, why)


def weeks_words(days: int) -> str:
    """A gestation in days as "24 tuần 3 ngày"."""
    weeks, rest = divmod(days, 7)
    return f"{weeks} tuần {rest} ngày" if rest else f"{weeks} tuần"


def gestation_days(text: str) -> int:
    """A gestation typed as "12 tuần 3 ngày", "12+3" or "12", in days. ValueError with a sentence for anything else."""
    found = _TYPED.fullmatch(text.strip().lower())
    rest = int(found[2] or found[3] or 0) if found else 0
    if found is None or rest > 6:
        raise ValueError(f"Không đọc được tuổi thai “{text[:20]}”. Hãy ghi tuần và ngày, ví dụ 12 tuần 3 ngày hoặc 12+3.")
    return int(found[1]) * 7 + rest
