"""Fact tables as SQL of the database in use, whole or narrowed to a few subjects."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from tramyte.engine.actions.models import Fact
from tramyte.engine.facts.declaring import FactTable
from tramyte.engine.facts.expressions import Beside, Dashed

Ids = Collection[uuid.UUID]


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
    rows = query(table, subjects, columns=columns, asking=asking, reaching=reaching)
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    return sql, params


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
