"""The pages of a long list."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class Pages(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """Pages of a query: the database looks for the keys of a page alone, by an index that holds the order where there is one.

    Whole rows with their relations are read for the lines of the page, not for all that are put in order.
    """

    def __init__(self, rows: "QuerySet[Any]", size: int, total: int) -> None:
        super().__init__(rows, size)
        self.rows, self.count = rows, total

    def page(self, number: Any) -> "Page[Any]":
        """One page, in one query. Raises InvalidPage for a number there is not."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = self.rows.values("pk")[start:start + self.per_page]
        return Page(self.rows.filter(pk__in=keys), number, self)
