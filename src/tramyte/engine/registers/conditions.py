"""Conditions on any stored column by its type of value: a text holds words, a number or day lies between two, empty or not.

In the address they are `path__has`, `path__min`, `path__max` and `path__is` (`empty` or `filled`); all of them combine.
A choice is the bare `path`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet

from tramyte.engine.refused import Refused
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.folded import Folded
from tramyte.rules.calendar import parse_date
from tramyte.rules.text import fold

EMPTY, FILLED = "empty", "filled"
STATES = ((EMPTY, "để trống"), (FILLED, "có giá trị"))
LONGEST = 100


@dataclass(frozen=True)
class Condition:
    """What is asked of one column, as typed: `has` for texts, `least` and `most` for numbers and days, `state` for empty or filled."""

    column: Column
    kind: str
    has: str = ""
    least: str = ""
    most: str = ""
    state: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its parameters in the address."""
        return names(self.column)

    @property
    def asked(self) -> bool:
        """Whether anything is asked."""
        return bool(self.has or self.least or self.most or self.state)

    @property
    def words(self) -> str:
        """What is asked, in words."""
        said = [f"có chữ “{self.has[:40]}”"] if self.has else []
        said += [f"{word} {text[:20]}" for word, text in (("từ", self.least), ("đến", self.most)) if text]
        return ", ".join([" ".join(said)] * bool(said) + [dict(STATES).get(self.state, self.state)] * bool(self.state))


def kind_of(column: Column) -> str:
    """choice, text, number or date; empty for a column that cannot be asked."""
    source = column.sought_field
    if source is None or isinstance(source, models.DateTimeField):
        return ""
    if column.filter or getattr(source, "flatchoices", None) or isinstance(source, models.BooleanField):
        return "choice"
    if isinstance(source, models.DateField):
        return "date"
    if isinstance(source, models.IntegerField | models.DecimalField | models.FloatField):
        return "number"
    if isinstance(source, models.ForeignKey):
        return "text" if column.relation and column.key.search else ""
    return "text" if source.get_internal_type() in {"CharField", "TextField"} else ""


def names(column: Column) -> tuple[str, ...]:
    """The parameters of a column in the address, the bare path of a choice left out."""
    return tuple(f"{column.path}__{end}" for end in ("has", "min", "max", "is"))


def conditions(columns: tuple[Column, ...], params: Mapping[str, str]) -> list[Condition]:
    """One for each column that can be asked, with what is asked of it; columns in the order given."""
    made = []
    for column in columns:
        if kind := kind_of(column):
            has, least, most, state = (str(params.get(name, "")).strip()[:LONGEST] for name in names(column))
            made.append(Condition(column, kind, has if kind == "text" else "", *((least, most) if kind in {"number", "date"} else ("", "")), state))
    return made


def applied(columns: tuple[Column, ...], rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
    """The rows that meet every condition asked. Raises Refused for one that cannot be read."""
    for number, condition in enumerate(conditions(columns, params)):
        if condition.asked:
            rows = _applied(condition, rows, f"asked_{number}")
    return rows


def _applied(condition: Condition, rows: QuerySet[Any], alias: str) -> QuerySet[Any]:
    column = condition.column
    if condition.state:
        if condition.state not in dict(STATES):
            raise unread(column.label)
        nothing = empty(column)
        rows = rows.filter(nothing) if condition.state == EMPTY else rows.exclude(nothing)
    for text, end in ((condition.least, "gte"), (condition.most, "lte")):
        if text:
            rows = rows.filter(**{f"{column.sought}__{end}": _value(condition, text, last=end == "lte")})
    return _holding(column, rows, condition.has, alias) if condition.has else rows


def empty(column: Column) -> Q:
    """That nothing is entered."""
    nothing, source = Q(**{f"{column.sought}__isnull": True}), column.sought_field
    is_text = source is not None and source.get_internal_type() in {"CharField", "TextField"}
    return nothing | Q(**{column.sought: ""}) if is_text else nothing


def _holding(column: Column, rows: QuerySet[Any], text: str, alias: str) -> QuerySet[Any]:
    """The words of the text, without tones, in this order."""
    words = fold(text)
    if isinstance(column.search, str):
        return rows.filter(**{f"{column.search.replace('.', '__')}__contains": words})
    if column.relation:
        below = Q()
        for lookup in column.key.search:
            below |= Q(**{lookup: words if lookup.endswith("__contains") else text})
        # as a subquery: a person with two numbers must not appear twice
        return rows.filter(**{f"{column.sought}__in": column.relation._default_manager.filter(below).order_by().values("pk")})
    if column.masked:  # numbers have no tones
        return rows.filter(**{f"{column.sought}__contains": text.strip()})
    found: QuerySet[Any] = rows.alias(**{alias: Folded(F(column.sought))}).filter(**{f"{alias}__contains": words})
    return found


def _value(condition: Condition, text: str, *, last: bool) -> Any:
    try:
        return _day(text, last) if condition.kind == "date" else _number(text)
    except (ValueError, InvalidOperation):
        raise unread(condition.column.label, "Hãy ghi ngày như 05/03/2026 hoặc năm như 1956." if condition.kind == "date" else "Hãy ghi số như 52,5.") from None


def _day(text: str, last: bool) -> datetime.date | None:
    """A day; a year alone stands for its first or last day."""
    if text.isdecimal() and len(text) == 4:
        return datetime.date(int(text), 12, 31) if last else datetime.date(int(text), 1, 1)
    return parse_date(text)


def _number(text: str) -> Decimal:
    """A finite number with a comma or a point, of no more digits than any column holds."""
    found = Decimal(text.replace(" ", "").replace(",", "."))
    if not found.is_finite() or abs(found) >= Decimal(10) ** 12:
        raise ValueError(text)
    return found


def unread(label: str, hint: str = "Hãy chọn lại trong danh sách.") -> Refused:
    """The refusal of a condition that cannot be read."""
    return Refused("bad_filter", f"Điều kiện lọc “{label}” không đọc được. {hint}")


def asked(columns: tuple[Column, ...], params: Mapping[str, str]) -> Iterator[Condition]:
    """The conditions that ask something."""
    return (condition for condition in conditions(columns, params) if condition.asked)
