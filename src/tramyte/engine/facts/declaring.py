"""How a topic declares its fact tables: in its `facts.py`, found at start."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.expressions import BaseExpression

TYPES = ("key", "text", "date", "integer", "boolean")


@dataclass(frozen=True)
class Column:
    """One column: its type and where it comes from, a Django lookup path or expression.

    A `key` is an id: it may be compared with other keys and ordered by, nothing else; it leaves the
    engine as dashed lower-case text.
    """

    type: str
    source: "str | BaseExpression | Any"


def key(source: Any) -> Column:
    """An id column."""
    return Column("key", source)


def text(source: Any) -> Column:
    """A text column; missing text is null."""
    return Column("text", source)


def date(source: Any) -> Column:
    """A calendar date column."""
    return Column("date", source)


def integer(source: Any) -> Column:
    """A whole number column."""
    return Column("integer", source)


def boolean(source: Any) -> Column:
    """A column that is true, false or null."""
    return Column("boolean", source)


@dataclass(frozen=True)
class FactTable:
    """A flat table of facts that are not entered in error.

    model: the model read, as "app.Model".  columns: name to column.  subject: the lookup whose value
    narrows the table to a few subjects.  subject_type: what these subjects are.  where: further
    conditions as Django lookups.  written_by: the models whose rows change this table, each with the
    attribute that names the subject ("pk", "person_id").  shows: further models whose rows show in it for many
    subjects at once: a change of one makes the figures stale.  alike: of a table of histories (see `expressions.History`)
    the columns that say the same in all rows of a subject that begin on one day, before all the one that tells this day.
    """

    name: str
    model: str
    subject_type: str
    subject: str
    columns: Mapping[str, Column]
    written_by: Mapping[str, str]
    where: Mapping[str, Any] = field(default_factory=dict)
    shows: Collection[str] = ()
    alike: Sequence[str] = ()

    def __post_init__(self) -> None:
        wrong = [name for name, column in self.columns.items() if column.type not in TYPES]
        if wrong:
            raise ValueError(f"fact table {self.name}: unknown type of {wrong}")

    @property
    def source(self) -> type[Model]:
        """The model class that is read."""
        return apps.get_model(self.model)

    @property
    def types(self) -> dict[str, str]:
        """Column names with their types, in order."""
        return {name: column.type for name, column in self.columns.items()}


TABLES: dict[str, FactTable] = {}


def register(table: FactTable) -> FactTable:
    """Make a fact table known under its name; ValueError when the name is taken."""
    if table.name in TABLES:
        raise ValueError(f"two fact tables are called {table.name}")
    TABLES[table.name] = table
    return table


def written(model: type[Model]) -> dict[str, str]:
    """The fact tables that rows of a model change, each with the attribute naming the subject."""
    label = model._meta.label
    return {name: table.written_by[label] for name, table in TABLES.items() if label in table.written_by}


def showing(model: type[Model]) -> set[str]:
    """The fact tables in which rows of a model show for many subjects at once."""
    return {name for name, table in TABLES.items() if model._meta.label in table.shows}
