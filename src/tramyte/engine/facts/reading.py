"""Fact tables as SQL of the database in use, whole or narrowed to a few subjects."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from tramyte.engine.actions.models import Fact
from tramyte.engine.facts.declaring import TABLES, FactTable
from tramyte.engine.facts.expressions import Beside, Dashed

Ids = Collection[uuid.UUID]
SOMEBODY = uuid.UUID("5b7f8e0a-6c1d-4f8e-9d27-0a54c1e3b9d6")  # stands for any one subject; nobody's key


def query(
    table: FactTable, subjects: Ids | None = None, *, columns: Collection[str] | None = None, dash: bool = False,
    asking: bool = False, reaching: datetime.date | None = None,
) -> "QuerySet[Any, Any]":
    """The rows of a fact table in the order of its columns, as a query that was not run yet.

    subjects: only facts of these; they are narrowed before anything is joined or counted.
    columns: only these, in the table's order.
    dash: keys as dashed lower-case text instead of the database's own form.
    asking: what depends on other rows is asked row by row, not by windows (see `expressions.Beside`).
    reaching: only rows that hold on this day or later, of a table that `narrows`.
    """
    counted = {"entered_in_error": False} if issubclass(table.source, Fact) else {}  # derived rows are right or gone
    rows = table.source._default_manager.filter(**counted, **table.where).order_by()
    if subjects is not None:
        rows = rows.filter(**{f"{table.subject}__in": list(subjects)})
    if reaching is not None:
        rows = rows.filter(_reaching(table, reaching))
    made = {
        f"fact_{name}": _expression(column.source, dash and column.type == "key", asking)
        for name, column in table.columns.items() if columns is None or name in columns
    }
    flat: QuerySet[Any, Any] = rows.annotate(**made).values_list(*made)
    return flat


def select(
    table: FactTable, columns: Collection[str], subjects: Ids | None = None, *, asking: bool = False, reaching: datetime.date | None = None,
) -> tuple[str, Sequence[Any]]:
    """The SQL of these columns of a fact table, in the table's order, and its parameters."""
    if subjects is not None and not subjects:
        raise ValueError("narrowed to nobody: do not ask")
    if subjects is not None and len(subjects) == 1 and reaching is None:
        (subject,) = subjects
        sql, params = _of_one(table.name, tuple(name for name in table.columns if name in columns), asking, connection.vendor)
        return sql, [_instead(one, uuid.UUID(str(subject))) for one in params]
    return _statement(query(table, subjects, columns=columns, asking=asking, reaching=reaching))


def _statement(rows: "QuerySet[Any, Any]") -> tuple[str, Sequence[Any]]:
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    return sql, params


@lru_cache(maxsize=1024)
def _of_one(name: str, columns: tuple[str, ...], asking: bool, vendor: str) -> tuple[str, Sequence[Any]]:
    """The SQL about one subject, `SOMEBODY` among its parameters: after every entry the same is asked of somebody else, and making
    these questions takes Django longer than the database needs to answer them."""
    return _statement(query(TABLES[name], [SOMEBODY], columns=columns, asking=asking))


def _instead(value: Any, subject: uuid.UUID) -> Any:
    """A parameter, with the subject where `SOMEBODY` stood, in the form of the database."""
    if value == SOMEBODY:
        return subject
    return subject.hex if value == SOMEBODY.hex else value


def narrows(table: FactTable) -> bool:
    """Whether the rows of a table that hold from a day on are found by an index: a table of histories that looks at the subject's own row."""
    joined = any(name.startswith(f"{table.subject}__") for name in table.where)
    return joined and _reaching(table, datetime.date.min) is not None


def _reaching(table: FactTable, day: datetime.date) -> Any:
    since = table.columns["since"].source if "since" in table.columns else None
    return since.history.reaching(day) if isinstance(since, Beside) and since.history else None


def _expression(source: Any, dash: bool, asking: bool) -> Any:
    if isinstance(source, Beside):
        return source.question if asking else source.window
    named = F(source) if isinstance(source, str) else source
    return Dashed(named) if dash else named
