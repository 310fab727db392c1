"""The few database functions that differ between SQLite and PostgreSQL, each written once."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.expressions import BaseExpression, Func, RowRange
from django.db.models.functions import Coalesce, Lead, RowNumber
from django.db.models.lookups import GreaterThanOrEqual


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
    """The day (or so many days) after a date."""

    output_field = DateField()

    def __init__(self, expression: Any, days: int = 1) -> None:
        super().__init__(expression)
        self.days = days

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"date(%(expressions)s, '+{self.days} day')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"((%(expressions)s)::date + {self.days})", **extra)


class YearAfter(Func):
    """The same day a year (or so many) later; 29 February becomes 1 March: the first day on which these whole months are over."""

    output_field = DateField()

    def __init__(self, expression: Any, years: int = 1) -> None:
        super().__init__(expression)
        self.months = 12 * years

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"date(%(expressions)s, '+{self.months} months')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        first = f"(date_trunc('month', (%(expressions)s)::timestamp) + interval '{self.months} months')::date"
        return self.as_sql(compiler, connection, template=f"({first} + extract(day from %(expressions)s)::int - 1)", **extra)


ALWAYS = Value(datetime.date.min, DateField())
FOREVER = Value(datetime.date.max, DateField())
Source = Any  # a column name or a Django expression


@dataclass(frozen=True)
class Beside:
    """A column that depends on the other rows of its subject, in two forms: a window over them, or a question for each row.

    SQLite answers questions from an index in a third of the time that its windows take; a window reads each row once
    and is what other databases do best. Where rows of a subject begin on the same day, the window lets the last of
    them hold; by the question they are alike (see `FactTable.alike`). history: whose first day this is.
    """

    window: Any
    question: Any
    history: "History | None" = None


class History:
    """The rows of each subject in an order that begins with their first day; on any day exactly one of them holds.

    A row holds on a day when `since <= day` and `next > day`: the last one that has begun, or the first one when none
    has. The first row's `since` is ALWAYS, the last one's `next` is FOREVER.
    model: as "app.Model".  of: the attribute that names the subject.  order: column names or expressions, the first day
    before all.  where: which rows there are, besides those not entered in error.
    """

    def __init__(self, model: str, of: str, order: tuple[Source, ...], **where: Any) -> None:
        self._of, self._order = of, [F(one) if isinstance(one, str) else one for one in order]
        self._start = self._order[0]
        rows: QuerySet[Any] = apps.get_model(model)._default_manager.order_by().filter(entered_in_error=False, **where)
        self._rows = rows.alias(begun=self._start)
        self._mates = self._rows.filter(**{of: OuterRef(of)})

    @property
    def since(self) -> Beside:
        """The first day on which a row holds."""
        earlier = Exists(self._mates.filter(begun__lt=_of_row(self._start)))
        return Beside(
            Case(When(Is(self._over(RowNumber()), 1), then=ALWAYS), default=self._start, output_field=DateField()),
            Case(When(earlier, then=self._start), default=ALWAYS, output_field=DateField()), self)

    def reaching(self, day: datetime.date) -> Any:
        """The condition that a row holds on this day or later; None when no index tells the first days.

        Asked of the subject's own row, which must be joined: from there an index leads to the rows, past all earlier ones.
        """
        subject = self._rows.model._meta.get_field(self._of).remote_field
        if subject is None or not isinstance(self._start, F):
            return None
        own = subject.model._meta
        key = Func(template=f'"{own.db_table}"."{own.pk.column}"', output_field=own.pk)
        last = self._rows.filter(**{self._of: key}, begun__lte=day)
        return GreaterThanOrEqual(self._start, Coalesce(self._found(last, "MAX", self._start), ALWAYS, output_field=DateField()))

    @property
    def next(self) -> Beside:
        """The first day on which a row holds no longer."""
        later = self._asked("MIN", self._start, begun__gt=_of_row(self._start))
        return Beside(self._over(Lead(self._start, 1, FOREVER)), Coalesce(later, FOREVER, output_field=DateField()))

    def so_far(self, best: type[Max] | type[Min], expression: Source) -> Beside:
        """The latest (`Max`) or earliest (`Min`) date that an expression gives in a subject's rows up to and including this one."""
        return Beside(
            self._over(best(expression), frame=RowRange(None, 0)),
            self._asked(str(best.function), expression, begun__lte=_of_row(self._start)))

    def _over(self, expression: BaseExpression, **frame: Any) -> Window:
        return Window(expression, partition_by=[F(self._of)], order_by=[one.asc() for one in self._order], **frame)

    def _asked(self, function: str, expression: Source, **which: Any) -> Subquery:
        return self._found(self._mates.filter(**which), function, expression)

    def _found(self, rows: QuerySet[Any], function: str, expression: Source) -> Subquery:
        # Not Django's Min and Max: these would group, which costs more than the question.
        found = Func(expression, function=function, output_field=DateField())
        return Subquery(rows.annotate(found=found).values("found"), output_field=DateField())


def only_one(model: str, of: str) -> Beside:
    """Whether a row is the only one of its subject."""
    others = apps.get_model(model)._default_manager.order_by().filter(entered_in_error=False, **{of: OuterRef(of)}).exclude(pk=OuterRef("pk"))
    return Beside(Is(Window(Count("pk"), partition_by=[F(of)]), 1), ~Exists(others))


def _of_row(expression: Any) -> Any:
    """An expression as a question about other rows reads it from the row that asks."""
    if isinstance(expression, F):
        return OuterRef(expression.name)  # type: ignore[attr-defined]  # the stubs know no name of F
    asked = expression.copy()
    asked.set_source_expressions([_of_row(one) for one in expression.get_source_expressions()])
    return asked


class Is(Func):
    """Whether a whole number is a given one."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, expression: BaseExpression, number: int) -> None:
        super().__init__(expression)
        self.template = f"((%(expressions)s) = {number:d})"
