"""The pages of a long list."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


def lines(rows: "QuerySet[Any]", start: int, stop: int) -> "QuerySet[Any]":
    """The lines of a query from `start` up to `stop`, in one query.

    The database looks for the keys of these lines alone, by an index that holds the order where there is one; whole
    rows with their relations are read for them, not for all that are put in order.
    """
    return rows.filter(pk__in=rows.values("pk")[start:stop])


class Pages(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """Pages of a query, each read by `lines`."""

    def __init__(self, rows: "QuerySet[Any]", size: int, total: int) -> None:
        super().__init__(rows, size)
        self.rows, self.count = rows, total

    def page(self, number: Any) -> "Page[Any]":
        """One page, in one query. Raises InvalidPage for a number there is not."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return Page(lines(self.rows, start, start + self.per_page), number, self)
