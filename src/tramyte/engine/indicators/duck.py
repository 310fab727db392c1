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

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def counts(self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, by: str = "") -> list[Count]:
        """See `measuring.Engine`."""
        made = compiled(one.code, "duckdb")
        counted = made.totals if by in {"", "hamlet"} else made.counts
        sql = f"WITH {values(periods, as_of)}, rel AS ({counted}) {count_sql(by)}"
        return [Count(*found) for found in self._connection.execute(sql).fetchall()]

    def rows(
        self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, subjects: Collection[Any] | None = None,
    ) -> list[Row]:
        """See `measuring.Engine`."""
        made = compiled(one.code, "duckdb")
        parts, params = [values(periods, as_of)], []
        for name in made.tables if subjects is not None else ():
            wanted = [str(subject) for subject in subjects or ()]
            column = subject_column(TABLES[name])
            parts.append(f'"{name}" AS (SELECT * FROM main."{name}" WHERE "{column}" IN (SELECT unnest(?)))')
            params.append(wanted)
        columns = [*REQUIRED, *(["reason_on"] if made.dated else []), *own_groups(one)]
        shown = ", ".join(f'"{name}"' for name in columns)
        sql = f"WITH {', '.join(parts)}, rel AS ({made.rows}) SELECT {shown} FROM rel"
        return [row_of(found, made.dated) for found in self._connection.execute(sql, params).fetchall()]

    def spots(self) -> list[Spot]:
        """See `measuring.Engine`."""
        return [Spot(*found) for found in self._connection.execute("SELECT code, name, kind, parent FROM places").fetchall()]

