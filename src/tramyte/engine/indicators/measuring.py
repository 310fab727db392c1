"""Evaluating a definition: rows per subject, or counts by place, over whichever engine holds the facts."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tramyte.engine.indicators.declaring import BY_PLACE, Indicator
from tramyte.rules.calendar import Period

LINE = 30  # the separator of lines among the characters
UNSURE, ANSWERS = 2, 3  # how an answer that is unknown is told beside 0 and 1, and how many there are
FIRST = 48  # the character of the first period in which an answer is told; the next period has the third after it


@dataclass(frozen=True, slots=True)
class Row:
    """One subject in one period. subject: dashed id.  place: code.  met None: unknown.  groups: in the indicator's order."""

    period: str
    subject: str
    place: str
    met: bool | None
    reason: str
    due_on: datetime.date | None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many subjects of a place (and group value) were met, counted and unknown in a period."""

    period: str
    place: str
    group: str
    denominator: int
    numerator: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Spot:
    """One place as an engine's source knows it."""

    code: str
    name: str
    kind: str
    parent: str
    origin: str = ""  # of a hamlet: the code of the commune in which it lay before a merger


class Engine(Protocol):
    """What holds facts: the database (native) or a folder of Parquet files (duckdb)."""

    def counts(self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, by: str = "") -> list[Count]:
        """Counts per period, place and value of the group column `by` ("" or "hamlet": none)."""

    def rows(
        self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, subjects: Collection[Any] | None = None,
    ) -> list[Row]:
        """The whole rows of everybody, or of a few subjects."""

    def spots(self) -> list[Spot]:
        """All places."""


def own_groups(one: Indicator) -> list[str]:
    """The group columns of an indicator's relation; hamlet and old commune follow from the place itself."""
    return [name for name in one.groups if name not in BY_PLACE]


def count_sql(by: str) -> str:
    """The SQL that counts the rows of `rel` by period, place and one more column; the same on every engine."""
    return cells_sql([by if grouped(by) else ""])


def cells_sql(groups: Sequence[str]) -> str:
    """The SQL that counts the rows of `rel` by period, place and these columns together, "" standing for none."""
    keys = ['"period"', '"place"', *(f"COALESCE(\"{name}\", '')" if name else "''" for name in groups)]
    places = ", ".join(map(str, range(1, len(keys) + 1)))
    return (
        f"SELECT {', '.join(keys)}, COUNT(*), SUM(CASE WHEN \"met\" THEN 1 ELSE 0 END), SUM(CASE WHEN \"met\" IS NULL THEN 1 ELSE 0 END) "
        f"FROM rel GROUP BY {places} ORDER BY {places}"
    )


def mark(at: int) -> str:
    """The one character that stands for the period at a position, for `told_sql`."""
    return chr(FIRST + ANSWERS * at)


def told_sql(by: str) -> str:
    """The SQL for `counted`: one row for each place, in it of each row of `rel` one character, period and answer, and its group.

    The periods must be named by their `mark`.
    """
    group = f" || COALESCE(\"{by}\", '')" if grouped(by) else ""
    between = f"char({LINE})" if group else "''"
    return f'SELECT "place", GROUP_CONCAT(char(unicode("period") + COALESCE("met", {UNSURE})){group}, {between}) FROM rel GROUP BY 1'


def grouped(by: str) -> bool:
    """Whether counts are by a column of their own beside the place."""
    return by not in {"", *BY_PLACE}


def counted(told: Iterable[tuple[str, str]], periods: Sequence[Period], by: str) -> list[Count]:
    """What `count_sql` would answer, from the rows of `told_sql`."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for place, lines in told:
        for line, number in Counter(lines.split(chr(LINE)) if grouped(by) else lines).items():
            at, met = divmod(ord(line[0]) - FIRST, ANSWERS)
            sums = found.setdefault((periods[at].code, place, line[1:]), [0, 0, 0])
            for which, counts in enumerate((True, met == 1, met == UNSURE)):
                sums[which] += number if counts else 0
    return [Count(*cell, *sums) for cell, sums in sorted(found.items())]


def row_of(values: Sequence[Any], dated: bool) -> Row:
    """A fetched row as a Row; `{on}` in the reason becomes the date beside it."""
    period, subject, place, met, reason, due_on, *rest = values
    reason_on = day(rest.pop(0)) if dated else None
    told = (reason or "").replace("{on}", f"{reason_on:%d/%m/%Y}" if reason_on else "")
    return Row(period, str(subject), place, None if met is None else bool(met), told, day(due_on), tuple(str(value or "") for value in rest))


def day(value: Any) -> datetime.date | None:
    """A date as engines give it: a date, ISO text (SQLite) or nothing."""
    if value is None or isinstance(value, datetime.date):
        return value
    return datetime.date.fromisoformat(str(value)[:10])
