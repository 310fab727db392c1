"""The few database functions that differ between SQLite and PostgreSQL, each written once."""

import datetime
from typing import Any

from django.db.models import BooleanField, Case, DateField, F, Max, TextField, Value, When, Window
from django.db.models.expressions import BaseExpression, Func, RowRange
from django.db.models.functions import Lead, RowNumber


class Dashed(Func):
    """A UUID as dashed lower-case text: SQLite stores 32 hex digits, PostgreSQL a uuid. The one place of this cast."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        parts = "||'-'||".join(f"substr(%(expressions)s, {at}, {size})" for at, size in PARTS)
        inner, params = compiler.compile(self.source_expressions[0])
        return parts.replace("%(expressions)s", inner), list(params) * len(PARTS)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text", **extra)


PARTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


def dashed(column: str) -> str:
    """The SQL that shows a stored SQLite id as dashed text."""
    return "||'-'||".join(f"substr({column}, {at}, {size})" for at, size in PARTS)


class DayAfter(Func):
    """The day after a date."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '+1 day')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="((%(expressions)s)::date + 1)", **extra)


class YearAfter(Func):
    """The same day a year later; 29 February becomes 1 March: the first day on which twelve whole months are over."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '+12 months')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        first = "(date_trunc('month', (%(expressions)s)::timestamp) + interval '12 months')::date"
        return self.as_sql(compiler, connection, template=f"({first} + extract(day from %(expressions)s)::int - 1)", **extra)


ALWAYS = Value(datetime.date.min, DateField())
FOREVER = Value(datetime.date.max, DateField())
Source = Any  # a column name or a Django expression


def beside(of: str, order: tuple[Source, ...], expression: BaseExpression, **frame: Any) -> Window:
    """A window over the rows of one subject in an order of columns or expressions."""
    ordered = [(F(one) if isinstance(one, str) else one).asc() for one in order]
    return Window(expression, partition_by=[F(of)], order_by=ordered, **frame)


def history(of: str, order: tuple[Source, ...]) -> dict[str, Any]:
    """The expressions `since` and `next` by which exactly one row of each subject holds on any day.

    Rows are put in an order that begins with their first day. A row holds on a day when `since <= day` and
    `next > day`: the last one that has begun, or the first one when none has. The first row's `since` is ALWAYS,
    the last one's `next` is FOREVER.
    """
    start, first = order[0], beside(of, order, RowNumber())
    return {
        "since": Case(When(Is(first, 1), then=ALWAYS), default=F(start) if isinstance(start, str) else start, output_field=DateField()),
        "next": beside(of, order, Lead(start, 1, FOREVER)),
    }


class Is(Func):
    """Whether a whole number is a given one."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, expression: BaseExpression, number: int) -> None:
        super().__init__(expression)
        self.template = f"((%(expressions)s) = {number:d})"


def furthest(of: str, end: Source, order: tuple[Source, ...]) -> Window:
    """The latest `end` of a subject's rows up to and including this one."""
    return beside(of, order, Max(end), frame=RowRange(None, 0))

