"""The pages of a long list, and the different values of one of its columns."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import OrderBy, RawSQL
from django.db.models.functions import NullIf

AHEAD = 1000  # rows that are looked through in the order of an index before all of a list are put in order


def lines(rows: "QuerySet[Any]", start: int, stop: int) -> list[Any]:
    """The lines of a query from `start` up to `stop`; two queries, or three when an index leads to their end.

    The database looks for the keys of these lines alone, by an index that holds the order where there is one; whole
    rows with their relations are read for them, not for all that are put in order, and nothing is asked of them again.
    """
    keys = list(_beginning(rows, stop).values_list("pk", flat=True)[start:stop])
    whole = rows.order_by()
    whole.query.clear_where()
    found = {row.pk: row for row in whole.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def _beginning(rows: "QuerySet[Any]", stop: int) -> "QuerySet[Any]":
    """The rows that can be among the first `stop`, when an index leads to them and does not already hold the whole order.

    The first rows of that index tell the value of the last of them; what lies beyond need not be joined and put in order.
    All rows when too few of the first ones belong to the list, and on PostgreSQL, which goes along an index by itself
    when few rows are asked for; SQLite puts all in order when the places of the user have an index too.
    """
    name, down, filled = _first(rows)
    if connection.vendor != "sqlite" or name not in led_by(rows.model) or _held(rows):
        return rows
    indexed = rows.model._default_manager.order_by(f"-{name}" if down else name)
    if filled:  # what is empty comes last
        indexed = indexed.filter(**{f"{name}__gt": ""})
    near = rows.filter(pk__in=indexed.values("pk")[:AHEAD + 2 * stop]).order_by(*indexed.query.order_by)
    last = next(iter(near.values_list(name, flat=True)[max(stop, 1) - 1:max(stop, 1)]), None)
    return rows if last is None else rows.filter(pk__in=indexed.filter(**{f"{name}__gte" if down else f"{name}__lte": last}).values("pk"))


def _first(rows: "QuerySet[Any]") -> tuple[str, bool, bool]:
    """The field that the rows are ordered by first, whether downwards, and whether its empty texts come last."""
    first = next(iter(rows.query.order_by), "")
    if isinstance(first, str):
        return first.removeprefix("-"), first.startswith("-"), False
    if isinstance(first, OrderBy) and isinstance(first.expression, NullIf):  # as `ordering` puts empty texts last
        field, nothing = first.expression.get_source_expressions()
        if isinstance(field, F) and isinstance(nothing, Value) and nothing.value == "":
            return field.name, first.descending, True  # type: ignore[attr-defined]  # the stubs leave it out
    return "", False, False


def _held(rows: "QuerySet[Any]") -> bool:
    """Whether one index holds the whole order, one way or the other."""
    order = [str(name) for name in rows.query.order_by]
    if len({name.startswith("-") for name in order}) > 1:
        return False
    key = rows.model._meta.pk.name
    names = [key if name.removeprefix("-") == "pk" else name.removeprefix("-") for name in order]
    return any(list(index.fields[:len(names)]) == names for index in rows.model._meta.indexes)


def led_by(model: Any) -> set[str]:
    """The fields, never null, that an index of the model begins with."""
    led = {index.fields[0].removeprefix("-") for index in model._meta.indexes if index.fields}
    return {field.name for field in model._meta.concrete_fields if (field.name in led or field.db_index) and not field.null and not field.is_relation}


def different(rows: "QuerySet[Any]", name: str, most: int) -> list[Any]:
    """The first different values of a field among the rows, in order; one query.

    Where an index leads to the field, the database goes along it from one value to the next, and asks of each whether
    any of the rows has it, in place of reading all of them.
    """
    rows = rows.order_by().select_related(None).prefetch_related(None)
    if name not in led_by(rows.model):
        return list(rows.order_by(name).values_list(name, flat=True).distinct()[:most])
    every, before = rows.model._default_manager.order_by(name).values(name), RawSQL("walk.value", ())
    try:
        (first, _), (following, _), (held, values) = (part[:1].query.sql_with_params() for part in (
            every, every.filter(**{f"{name}__gt": before}), rows.filter(**{name: before}).values(name)))
    except EmptyResultSet:  # a condition that nothing can meet: Django has no statement for it
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE walk(value) AS (SELECT ({first}) UNION ALL SELECT ({following}) FROM walk WHERE value IS NOT NULL) "
            f"SELECT value FROM walk WHERE ({held}) IS NOT NULL LIMIT {int(most)}", values)  # statements of the query compiler alone
        return [value for value, in cursor.fetchall()]


class Pages(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """Pages of a query, each read by `lines`."""

    def __init__(self, rows: "QuerySet[Any]", size: int, total: int) -> None:
        super().__init__(rows, size)
        self.rows, self.count = rows, total

    def page(self, number: Any) -> "Page[Any]":
        """One page. Raises InvalidPage for a number there is not."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return Page(lines(self.rows, start, start + self.per_page), number, self)
