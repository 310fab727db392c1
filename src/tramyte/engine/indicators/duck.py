"""The engine over a folder of Parquet files, by DuckDB; it reads nothing else and downloads no extension."""

import datetime
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from tramyte.engine.facts import parquet
from tramyte.engine.facts.declaring import TABLES
from tramyte.engine.facts.laying import subject_column
from tramyte.engine.indicators.compiling import Asked, compiled
from tramyte.engine.indicators.declaring import REQUIRED, Indicator
from tramyte.engine.indicators.measuring import Count, Row, Spot, count_sql, grouped, own_groups, row_of
from tramyte.engine.indicators.periods import measured, values
from tramyte.rules.calendar import Period

HELD = 2_000_000  # rows: while no table has more, those asked about are read into memory once, with keys of 16 bytes
CONFIG: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class Duck:
    """Facts of a folder written by `tramyte facts`. Raises Refused when the folder is none."""

    def __init__(self, folder: Path) -> None:
        import duckdb

        parquet.check(folder)
        self._connection = duckdb.connect(":memory:", config=CONFIG)
        for name in (*TABLES, "places"):
            files = str(folder / name / "*.parquet").replace("'", "''")
            self._connection.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{files}')")
        self._to_hold = set(TABLES) if max(parquet.rows(folder).values(), default=0) <= HELD else set()

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def _hold(self, names: Collection[str]) -> None:
        """Read tables into memory that are asked about for the first time; larger extracts stay where they are."""
        for name in self._to_hold & set(names):
            keys = ", ".join(f'CAST("{column}" AS UUID) AS "{column}"' for column, type in TABLES[name].types.items() if type == "key")
            self._connection.execute(f'CREATE TABLE held AS SELECT * REPLACE ({keys}) FROM "{name}"')
            self._connection.execute(f'DROP VIEW "{name}"')
            self._connection.execute(f'ALTER TABLE held RENAME TO "{name}"')
            self._to_hold.discard(name)

    def counts(self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, by: str = "") -> list[Count]:
        """See `measuring.Engine`."""
        made = compiled(one.code, "duckdb")
        head, params = self._head(made.counts if grouped(by) else made.totals, periods, as_of)
        return [Count(*found) for found in self._connection.execute(head + count_sql(by), params).fetchall()]

    def rows(
        self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, subjects: Collection[Any] | None = None,
    ) -> list[Row]:
        """See `measuring.Engine`."""
        made = compiled(one.code, "duckdb")
        head, params = self._head(made.rows, periods, as_of, subjects)
        columns = [*REQUIRED, *(["reason_on"] if made.dated else []), *own_groups(one)]
        shown = ", ".join(f'"{name}"' for name in columns)
        return [row_of(found, made.dated) for found in self._connection.execute(f"{head}SELECT {shown} FROM rel", params).fetchall()]

    def _head(
        self, asked: Asked, periods: Sequence[Period], as_of: datetime.date, subjects: Collection[Any] | None = None,
    ) -> tuple[str, list[Any]]:
        """The common table expressions of an evaluation, ending with `rel`, and their parameters.

        Of a table with `since` and `next` only what holds on a measured day is read (as `laid_out` does), of any table only
        what is about the subjects, when some are given.
        """
        self._hold(asked.columns)
        first, last = measured(periods, as_of)
        parts, params = [values(periods, as_of)], []
        for name in asked.columns:
            wanted = []
            if {"since", "next"} <= set(TABLES[name].columns):
                wanted.append(f"since <= DATE '{last}' AND next > DATE '{first}'")
            if subjects is not None:
                wanted.append(f'CAST("{subject_column(TABLES[name])}" AS VARCHAR) IN (SELECT unnest(?))')
                params.append([str(subject) for subject in subjects])
            if wanted:
                parts.append(f'"{name}" AS NOT MATERIALIZED (SELECT * FROM main."{name}" WHERE {" AND ".join(wanted)})')
        return f"WITH {', '.join(parts)}, rel AS ({asked.sql}) ", params

    def spots(self) -> list[Spot]:
        """See `measuring.Engine`."""
        found = self._connection.execute("SELECT * FROM places")  # an earlier extract says no origin
        names = [column[0] for column in found.description or []]
        return [Spot(**dict(zip(names, row, strict=True))) for row in found.fetchall()]

