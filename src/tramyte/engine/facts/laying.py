"""Fact tables laid out as temporary tables of the database connection, for questions about everybody.

Measured on SQLite with 30,000 people: joins between common table expressions had no index and ran for minutes,
whatever the planner guessed; laid out and clustered they take half a second. A table that knows its place is
clustered by place, so that counting by place sorts nothing; the others by subject, to be found beside it.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tramyte.engine.facts.declaring import TABLES, FactTable
from tramyte.engine.facts.reading import narrows, select

Days = tuple[datetime.date, datetime.date]
Wanted = Mapping[str, Collection[str]]  # columns by fact table
_NATIVE = {
    "sqlite": {"key": "TEXT", "text": "TEXT", "date": "TEXT", "integer": "INTEGER", "boolean": "INTEGER"},
    "postgresql": {"key": "uuid", "text": "text", "date": "date", "integer": "bigint", "boolean": "boolean"},
}


def subject_column(table: FactTable) -> str:
    """The key column that holds a fact table's subject."""
    wanted = {table.subject, f"{table.subject}_id"}
    return next(name for name, column in table.columns.items() if column.type == "key" and column.source in wanted)


@contextmanager
def laid_out(wanted: Wanted, days: Days, *, reading: bool = True) -> Iterator[None]:
    """Within this block these columns of fact tables exist as temporary tables, all as of one moment; then they are gone.

    days: the first and the last day that are measured; of a table with `since` and `next` only the rows that hold
    on one of the days between are laid out. Tables that an outer block laid out are used as they are, so its
    columns and days must include these; LookupError when a column is missing there. No lock is taken on the
    station's own tables.
    reading: the block only reads, and stays in the moment of the tables. Without it the block may open transactions
    of its own and sees what others write meanwhile, though not in these tables.
    """
    there: dict[str, set[str]] = connection.__dict__.setdefault("_laid_out", {})
    lacking = {name: set(columns) - there[name] for name, columns in wanted.items() if name in there}
    if any(lacking.values()):
        raise LookupError(f"the outer block did not lay out {lacking}")
    fresh = [name for name in wanted if name not in there]
    if not fresh:
        yield
        return
    own_moment = not connection.in_atomic_block and not there
    if own_moment:
        _run("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ")
    opened = own_moment
    try:
        for name in fresh:
            there[name] = _lay_out(TABLES[name], wanted[name], days)
        if own_moment and not reading:
            _run("COMMIT")
            opened = False
        yield
    finally:
        for name in fresh:
            there.pop(name, None)
        if opened:
            _run("ROLLBACK")
        elif not connection.needs_rollback:
            for name in fresh:
                _run(f'DROP TABLE IF EXISTS "{name}"')


def _lay_out(table: FactTable, wanted: Collection[str], days: Days) -> set[str]:
    """Lay out the wanted columns and those it is clustered and narrowed by; answers all of them."""
    subject, dated = subject_column(table), [name for name in ("since", "next") if {"since", "next"} <= set(table.columns)]
    asking = connection.vendor == "sqlite" and set(wanted) <= {subject, *dated, *table.alike} | (set() if table.alike else set(table.columns))
    # Rows that begin on one day are alike then: one of them is enough.
    keys = [subject, "since"] if asking and table.alike else [subject, next(iter(table.columns))]
    keys = ["place", *keys] if "place" in table.columns else keys
    laid = [name for name in table.columns if name in {*wanted, *keys, *dated, *table.alike[:1]}]
    narrowed = asking and narrows(table)
    sql, params = select(table, laid, asking=asking, reaching=days[0] if narrowed else None)
    if dated:
        # The first day is asked before `since`, which costs more.
        begun = f"(made.fact_{table.alike[0]} <= %s OR made.fact_since <= %s)" if table.alike else "made.fact_since <= %s"
        asked, last = [begun] if narrowed else [begun, "made.fact_next > %s"], [] if narrowed else [days[0].isoformat()]
        sql = f"SELECT * FROM ({sql}) made WHERE {' AND '.join(asked)}"
        params = [*params, *[days[1].isoformat()] * begun.count("%s"), *last]
    types = _NATIVE[connection.vendor]
    shapes = ", ".join(f'"{name}" {types[table.columns[name].type]}' for name in laid)
    if connection.vendor == "sqlite":
        shapes += f", PRIMARY KEY ({', '.join(_quoted(dict.fromkeys(keys)))})) WITHOUT ROWID"
    else:
        shapes += ")"
    _run(f'CREATE TEMPORARY TABLE "{table.name}" ({shapes}')
    _run(f'INSERT {"OR IGNORE " if asking else ""}INTO "{table.name}" ({", ".join(_quoted(laid))}) {sql}', params)
    if connection.vendor == "postgresql":
        _run(f'ANALYZE "{table.name}"')
    return set(laid)


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _run(sql: str, params: Iterable[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, None if params is None else list(params))
