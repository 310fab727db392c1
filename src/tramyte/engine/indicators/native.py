"""The engine over the database itself, through Django's own cursor, inside whatever transaction is open."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import F

from tramyte.engine.facts.declaring import TABLES
from tramyte.engine.facts.expressions import dashed
from tramyte.engine.facts.laying import laid_out
from tramyte.engine.facts.reading import select
from tramyte.engine.indicators.compiling import Asked, compiled, together
from tramyte.engine.indicators.declaring import REQUIRED, Indicator
from tramyte.engine.indicators.measuring import (
    Count,
    Row,
    Spot,
    cells_sql,
    count_sql,
    counted,
    grouped,
    mark,
    own_groups,
    row_of,
    told_sql,
)
from tramyte.engine.indicators.periods import NAMES, lines, measured, values
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import origin_code
from tramyte.rules.calendar import Period

DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
QUOTED = "'{}'"  # how SQLite writes a date


def dialect() -> str:
    """Ibis' name for the database in use."""
    return DIALECTS[connection.vendor]


class Native:
    """Facts are read by Django's queries: laid out for everybody, as common table expressions for a few subjects."""

    def counts(self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, by: str = "") -> list[Count]:
        """See `measuring.Engine`."""
        made = compiled(one.code, dialect())
        asked = made.counts if grouped(by) else made.totals
        with laid_out(asked.columns, measured(periods, as_of)), laid_periods(periods, as_of, marked=True):
            return _counts(_head(asked, periods, as_of)[0], periods, by)

    def rows(
        self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, subjects: Collection[Any] | None = None,
    ) -> list[Row]:
        """See `measuring.Engine`."""
        if subjects is not None and not subjects:
            return []
        made = compiled(one.code, dialect())
        shown = [_subject() if name == "subject" else f'"{name}"' for name in REQUIRED]
        shown += (['"reason_on"'] if made.dated else []) + [f'"{name}"' for name in own_groups(one)]
        asked = f"SELECT {', '.join(shown)} FROM rel"
        everybody = subjects is None
        with laid_out(made.rows.columns if everybody else {}, measured(periods, as_of)), laid_periods(periods if everybody else (), as_of):
            head, params = _head(made.rows, periods, as_of, subjects)
            return [row_of(found, made.dated) for found in _fetch(head + asked, params)]

    def spots(self) -> list[Spot]:
        """See `measuring.Engine`."""
        found = Place.objects.filter(entered_in_error=False).order_by("valid_from", "code")
        return [Spot(*one) for one in found.values_list("code", "name", "kind", F("parent__code"), origin_code())]


@contextmanager
def laid_for(codes: Iterable[str], periods: Sequence[Period], as_of: datetime.date, *, reading: bool = True) -> Iterator[None]:
    """Within this block the facts of several indicators are laid out once, for whatever is asked about these periods."""
    asked = together(compiled(code, dialect()).rows for code in codes)
    with laid_out(asked, measured(periods, as_of), reading=reading):
        yield


@contextmanager
def laid_rows(one: Indicator, period: Period, as_of: datetime.date) -> Iterator[None]:
    """Within this block the rows of everybody in one period are the temporary table `rel`; the facts must be laid out."""
    made = compiled(one.code, dialect())
    with laid_periods([period], as_of), connection.cursor() as cursor:
        head, params = _head(made.rows, [period], as_of)
        cursor.execute(f"CREATE TEMPORARY TABLE rel AS {head} SELECT * FROM rel", params)
    try:
        yield
    finally:
        _drop("rel")


@contextmanager
def laid_periods(periods: Sequence[Period], as_of: datetime.date, *, marked: bool = False) -> Iterator[None]:
    """Within this block the periods are a temporary table on SQLite: in the order of their days, it finds those of a span at once.

    marked: they are named by their `mark`, to be counted.
    """
    if connection.vendor != "sqlite" or not periods:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE periods ({NAMES}, PRIMARY KEY (day, period)) WITHOUT ROWID")
        cursor.execute(f"INSERT INTO periods VALUES {lines(periods, as_of, QUOTED, mark if marked else None)}")
    try:
        yield
    finally:
        _drop("periods")


def counted_rows(one: Indicator) -> list[tuple[str, Count]]:
    """The counts of the rows in `rel` (see `laid_rows`), without a group ("") and by each of the indicator's own."""
    kinds = ["", *own_groups(one)]
    sums: dict[tuple[str, str, str, str], list[int]] = {}
    for period, place, *groups, here, met, unsure in _fetch(cells_sql(kinds[1:]), ()):
        for kind, group in zip(kinds, ["", *groups], strict=True):
            cell = sums.setdefault((kind, period, place, group), [0, 0, 0])
            cell[:] = cell[0] + here, cell[1] + met, cell[2] + unsure
    return [(kind, Count(period, place, group, *cell)) for (kind, period, place, group), cell in sorted(sums.items())]


def _head(
    asked: Asked, periods: Sequence[Period], as_of: datetime.date, subjects: Collection[Any] | None = None,
) -> tuple[str, list[Any]]:
    """The common table expressions of an evaluation, ending with `rel`, and their parameters.

    subjects: read the fact tables here, only about these; without it they are laid out already, on SQLite with the periods.
    """
    params: list[Any] = []
    sqlite, parts = connection.vendor == "sqlite", []
    if subjects is not None or not sqlite:
        parts.append(values(periods, as_of, QUOTED) if sqlite else values(periods, as_of))
    for name, read in asked.columns.items() if subjects is not None else ():
        sql, given = select(TABLES[name], read, subjects)
        columns = ", ".join(f'"{column}"' for column in TABLES[name].columns if column in read)
        parts.append(f'"{name}"({columns}) AS ({sql})')
        params += given
    parts.append(f"rel AS ({asked.sql.replace('%', '%%')})")
    return f"WITH {', '.join(parts)} ", params


def _counts(head: str, periods: Sequence[Period], by: str) -> list[Count]:
    """The counts of everybody's rows. SQLite has them by place already, as residences are laid out; sorting them once more
    by period and group took half of the time, so that it only tells them and they are counted here."""
    if connection.vendor == "sqlite":
        return counted(_fetch(head + told_sql(by), ()), periods, by)
    return [Count(*found) for found in _fetch(head + count_sql(by), ())]


def _drop(name: str) -> None:
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {name}")


def _subject() -> str:
    """Keys leave the database as dashed text: the one place for results."""
    return dashed('"subject"') if connection.vendor == "sqlite" else '"subject"::text'


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return list(cursor.fetchall())
