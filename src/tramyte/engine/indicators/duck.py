"""The engine over a folder of Parquet files, by DuckDB; it reads nothing else and downloads no extension."""

import datetime
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from tramyte.engine.facts import parquet
from tramyte.engine.facts.declaring import TABLES
from tramyte.engine.facts.laying import subject_column
from tramyte.engine.indicators.compiling import compiled
from tramyte.engine.indicators.declaring import REQUIRED, Indicator
from tramyte.engine.indicators.measuring import Count, Row, Spot, count_sql, own_groups, row_of
from tramyte.engine.indicators.periods import values
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
        self._hold(made.tables)
        counted = made.totals if by in {"", "hamlet"} else made.counts
        sql = f"WITH {values(periods, as_of)}, rel AS ({counted.sql}) {count_sql(by)}"
        return [Count(*found) for found in self._connection.execute(sql).fetchall()]

    def rows(
        self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, subjects: Collection[Any] | None = None,
    ) -> list[Row]:
        """See `measuring.Engine`."""
        made = compiled(one.code, "duckdb")
        self._hold(made.tables)
        parts, params = [values(periods, as_of)], []
        for name in made.tables if subjects is not None else ():
            wanted = [str(subject) for subject in subjects or ()]
            column = subject_column(TABLES[name])
            parts.append(f'"{name}" AS (SELECT * FROM main."{name}" WHERE CAST("{column}" AS VARCHAR) IN (SELECT unnest(?)))')
            params.append(wanted)
        columns = [*REQUIRED, *(["reason_on"] if made.dated else []), *own_groups(one)]
        shown = ", ".join(f'"{name}"' for name in columns)
        sql = f"WITH {', '.join(parts)}, rel AS ({made.rows.sql}) SELECT {shown} FROM rel"
        return [row_of(found, made.dated) for found in self._connection.execute(sql, params).fetchall()]

    def spots(self) -> list[Spot]:
        """See `measuring.Engine`."""
        return [Spot(*found) for found in self._connection.execute("SELECT code, name, kind, parent FROM places").fetchall()]

