"""The pages of a long list."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


def lines(rows: "QuerySet[Any]", start: int, stop: int) -> "QuerySet[Any]":
    """The lines of a query from `start` up to `stop`, in one query, or two when an index leads to their end.

    The database looks for the keys of these lines alone, by an index that holds the order where there is one; whole
    rows with their relations are read for them, not for all that are put in order.
    """
    return rows.filter(pk__in=_beginning(rows, stop).values("pk")[start:stop])


def _beginning(rows: "QuerySet[Any]", stop: int) -> "QuerySet[Any]":
    """The rows that can be among the first `stop`, when an index holds what they are ordered by first and a join the rest.

    The index alone tells the first value of the last of them; what lies beyond need not be joined and put in order.
    """
    first, *rest = rows.query.order_by or [""]
    if not isinstance(first, str) or not any(isinstance(name, str) and "__" in name for name in rest):
        return rows
    name, down = first.removeprefix("-"), first.startswith("-")
    if name not in _led_by(rows.model):
        return rows
    last = next(iter(rows.order_by(first).values_list(name, flat=True)[max(stop, 1) - 1:max(stop, 1)]), None)
    return rows if last is None else rows.filter(**{f"{name}__gte" if down else f"{name}__lte": last})


def _led_by(model: Any) -> set[str]:
    """The fields, never empty, that an index of the model begins with."""
    led = {index.fields[0].removeprefix("-") for index in model._meta.indexes if index.fields}
    return {field.name for field in model._meta.concrete_fields if (field.name in led or field.db_index) and not field.null and not field.is_relation}


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
