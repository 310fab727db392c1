"""Fact tables laid out as temporary tables of the database connection, for questions about everybody.

Measured on SQLite with 30,000 people: joins between common table expressions had no index and ran for minutes,
whatever the planner guessed; laid out and clustered by subject they take a second or two.
"""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tramyte.engine.facts.declaring import TABLES, FactTable
from tramyte.engine.facts.reading import select

Days = tuple[datetime.date, datetime.date]
_NATIVE = {
    "sqlite": {"key": "TEXT", "text": "TEXT", "date": "TEXT", "integer": "INTEGER", "boolean": "INTEGER"},
    "postgresql": {"key": "uuid", "text": "text", "date": "date", "integer": "bigint", "boolean": "boolean"},
}


def subject_column(table: FactTable) -> str:
    """The key column that holds a fact table's subject."""
    wanted = {table.subject, f"{table.subject}_id"}
    return next(name for name, column in table.columns.items() if column.type == "key" and column.source in wanted)


@contextmanager
def laid_out(names: Iterable[str], days: Days, *, reading: bool = True) -> Iterator[None]:
    """Within this block the named fact tables exist as temporary tables, all as of one moment; then they are gone.

    days: the first and the last day that are measured; of a history (a table with `since` and `next`) only the rows
    that hold on one of the days between are laid out. Tables that an outer block laid out are used as they are, so
    its days must include these. No lock is taken on the station's own tables.
    reading: the block only reads, and stays in the moment of the tables. Without it the block may open transactions
    of its own and sees what others write meanwhile, though not in these tables.
    """
    there: set[str] = connection.__dict__.setdefault("_laid_out", set())
    wanted = [name for name in names if name not in there]
    if not wanted:
        yield
        return
    own_moment = not connection.in_atomic_block and not there
    if own_moment:
        _run("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")
    opened = own_moment
    try:
        for name in wanted:
            _lay_out(TABLES[name], days)
            there.add(name)
        if own_moment and not reading:
            _run("COMMIT")
            opened = False
        yield
    finally:
        there.difference_update(wanted)
        if opened:
            _run("ROLLBACK")
        elif not connection.needs_rollback:
            for name in wanted:
                _run(f'DROP TABLE IF EXISTS "{name}"')


def _lay_out(table: FactTable, days: Days) -> None:
    types = _NATIVE[connection.vendor]
    subject, id = subject_column(table), next(iter(table.columns))
    shapes = ", ".join(f'"{name}" {types[type]}' for name, type in table.types.items())
    keys = f'"{subject}", "{id}"' if subject != id else f'"{id}"'
    columns = ", ".join(f'"{name}"' for name in table.columns)
    sql, params = select(table)
    if {"since", "next"} <= set(table.columns):
        sql = f'SELECT * FROM ({sql}) made WHERE made.fact_since <= %s AND (made.fact_next IS NULL OR made.fact_next > %s)'
        params = [*params, days[1].isoformat(), days[0].isoformat()]
    clustered = " WITHOUT ROWID" if connection.vendor == "sqlite" else ""
    _run(f'CREATE TEMPORARY TABLE "{table.name}" ({shapes}, PRIMARY KEY ({keys})){clustered}')
    _run(f'INSERT INTO "{table.name}" ({columns}) {sql}', params)
    if connection.vendor == "postgresql":
        _run(f'ANALYZE "{table.name}"')


def _run(sql: str, params: Iterable[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, None if params is None else list(params))
