"""The order of a list: the book's own at first, else by any stored column, always the same on every database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import NullIf

from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.folded import Folded

if TYPE_CHECKING:
    from tramyte.engine.registers.register import Register


def order(register: Register, asked: str) -> list[Any]:
    """What the database sorts by for "path" or "-path"; lines that are alike keep the book's order, then that of their ids.

    Turned round, all of it is turned round, so that an index that holds the order serves both ways.
    An unknown column gives the book's own order.
    """
    path, down = asked.removeprefix("-"), asked.startswith("-")
    column = register.by_path.get(path)
    book = [*(register.order or [str(name) for name in register.model._meta.ordering or ()]), "pk"]
    if column is None or not sortable(column):
        return book
    first = list(_keys(column, down))
    return [*first, *(_turned(name) if down else name for name in book if name.removeprefix("-") not in first and f"-{name}" not in first)]


def sortable(column: Column) -> bool:
    """Whether a list can be sorted by the column."""
    return bool(column.sought)


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _keys(column: Column, down: bool) -> Iterator[Any]:
    """Names by their folded copy; choices as the form lists them; texts without tones first; nothing entered comes last."""
    if isinstance(column.search, str):
        name = column.search.replace(".", "__")
        yield f"-{name}" if down else name
        return
    source = column.sought_field
    choices = getattr(source, "flatchoices", None) or []
    if choices:
        places = [When(**{column.sought: code}, then=Value(n)) for n, (code, _) in enumerate(choices)]
        yield OrderBy(Case(*places, default=Value(len(places)), output_field=IntegerField()), descending=down)
    elif source is not None and column.masked and not source.is_relation:  # numbers have no tones; an index serves where none is empty
        yield from [OrderBy(NullIf(F(column.sought), Value("")), descending=down, nulls_last=True)] if source.blank else [f"-{column.sought}" if down else column.sought]
    elif source is not None and source.get_internal_type() in {"CharField", "TextField"}:
        yield OrderBy(NullIf(Folded(F(column.sought)), Value("")), descending=down, nulls_last=True)
        yield OrderBy(F(column.sought), descending=down, nulls_last=True)
    elif source is not None and source.null and not source.is_relation:
        yield OrderBy(F(column.sought), descending=down, nulls_last=True)
    else:
        yield f"-{column.sought}" if down else column.sought
