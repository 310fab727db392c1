"""What a list shows: search, filters, period and order, read from the address."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DateField, DateTimeField, F, ForeignKey, Q, QuerySet

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.engine.registers import conditions, ordering
from tramyte.engine.registers.columns import Column, field_at
from tramyte.engine.registers.folded import Folded
from tramyte.engine.registers.paging import different
from tramyte.rules.calendar import Period, parse_date
from tramyte.rules.text import fold

if TYPE_CHECKING:
    from tramyte.engine.registers.register import Register

EMPTY = "-"  # the filter value for "nothing entered"
LONGEST_QUERY = 100

Known = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Filter:
    """A filter that a book has beside those of its columns.

    options: (value, words).  narrow: `narrow(rows, value) -> rows`.  default: what counts when nothing is asked.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]]
    default: str

    def asked(self, params: Mapping[str, str]) -> str:
        """The value asked for, else the default. Raises Refused for a value that is no option."""
        value = str(params.get(self.name, "")) or self.default
        if value not in dict(self.options):
            raise conditions.unread(self.label)
        return value


@dataclass(frozen=True)
class Choice:
    """A filter as the page offers it: name, label, options of (value, words), the chosen value and its words.

    `default`: the value that counts when nothing is chosen; without one everything is shown then.
    `quick`: stands above the list, not among the further conditions.
    """

    name: str
    label: str
    options: list[tuple[str, str]] = field(default_factory=list)
    chosen: str = ""
    default: str = ""
    quick: bool = True

    @property
    def words(self) -> str:
        """The words of the chosen option."""
        return dict(self.options).get(self.chosen, self.chosen)


def narrowed(register: Register, user: User, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
    """Search, then filters, then period, then conditions, then order."""
    rows = _searched(register, rows, str(params.get("q", "")))
    for column in register.all_columns:
        value = str(params.get(column.path, ""))
        if value and conditions.kind_of(column) == "choice":
            rows = _filtered(column, rows, value)
    for extra in register.filters:
        rows = extra.narrow(rows, extra.asked(params))
    rows = _in_period(register, rows, params)
    return conditions.applied(register.all_columns, rows, params).order_by(*ordering.order(register, str(params.get("sort", ""))))


def _searched(register: Register, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    words = fold(text[:LONGEST_QUERY]).split()
    if not words:
        return rows
    asked = Q()
    folded = [column for column in register.all_columns if column.search is True and _is_text(column)]
    for number, column in enumerate(folded):
        rows = rows.alias(**{f"folded_{number}": Folded(F(column.lookup))})
    for word in words[:8]:
        one = _year(register, word)
        for number in range(len(folded)):
            one |= _begins(f"folded_{number}", word)
        for column in register.all_columns:
            one |= _named(column, word)
        asked &= one
    return rows.filter(asked)


def _named(column: Column, word: str) -> Q:
    """The word in an already folded field, or in what a related row is named by."""
    if isinstance(column.search, str):
        return _begins(column.search.replace(".", "__"), word)
    if not (column.search and column.relation):
        return Q()
    below = Q()
    for lookup in column.key.search:
        below |= _begins(lookup.removesuffix("__contains"), word) if lookup.endswith("__contains") else Q(**{lookup: word})
    # as a subquery: a person with two numbers must not appear twice
    return Q(**{f"{column.lookup}__in": column.relation._default_manager.filter(below).order_by().values("pk")})


def _begins(name: str, word: str) -> Q:
    """A word of the folded text begins so: "an" finds An, not Vân."""
    return Q(**{f"{name}__startswith": word}) | Q(**{f"{name}__contains": f" {word}"})


def _year(register: Register, word: str) -> Q:
    found = Q()
    if word.isdecimal() and len(word) == 4:
        for column in register.all_columns:
            if column.search and isinstance(column.source, DateField):
                found |= Q(**{f"{column.lookup}__year": int(word)})
    return found


def _filtered(column: Column, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    source = column.sought_field
    if value == EMPTY:
        return rows.filter(conditions.empty(column))
    if isinstance(source, ForeignKey):
        name = "code" if source.related_model is Place else "pk"
        lookup = f"{column.sought}__{name}"
    else:
        lookup = column.sought
    codes = {str(code) for code, _ in getattr(source, "flatchoices", None) or []}
    if codes and value not in codes:
        raise conditions.unread(column.label)
    try:
        return rows.filter(**{lookup: value})
    except (ValueError, ValidationError):
        raise conditions.unread(column.label) from None


def _is_text(column: Column) -> bool:
    return column.source is not None and column.source.get_internal_type() in {"CharField", "TextField"}


def _in_period(register: Register, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
    if not register.date:
        return rows
    start, end = bounds(params)
    if isinstance(field_at(register.model, register.date.replace("__", ".")), DateTimeField):
        return _between_moments(register.date, rows, start, end)
    if start:
        rows = rows.filter(**{f"{register.date}__gte": start})
    return rows.filter(**{f"{register.date}__lte": end}) if end else rows


def _between_moments(name: str, rows: QuerySet[Any], start: datetime.date | None, end: datetime.date | None) -> QuerySet[Any]:
    """The rows of these whole days in the station's zone."""
    if start:
        rows = rows.filter(**{f"{name}__gte": datetime.datetime.combine(start, datetime.time.min, clock.ZONE)})
    if end:
        rows = rows.filter(**{f"{name}__lt": datetime.datetime.combine(end, datetime.time.min, clock.ZONE) + datetime.timedelta(days=1)})
    return rows


def bounds(params: Mapping[str, str]) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day asked for. Raises Refused with the sentence of the period or date."""
    try:
        if code := str(params.get("period", "")):
            period = Period.parse(code)
            return period.start, period.end
        start, end = (parse_date(text) if (text := str(params.get(name, ""))) else None for name in ("from", "to"))
    except ValueError as error:
        raise Refused("bad_period", str(error)) from None
    return start, end


def choices(register: Register, user: User, params: Mapping[str, str], known: Known | None = None) -> list[Choice]:
    """The filters of a page: the period first, then each filter column with its options.

    known: options by path that were read before, for who asks more than once; it is filled.
    """
    known = {} if known is None else known
    made = []
    if register.date:
        made.append(Choice("period", "Kỳ", list(_periods(asked := str(params.get("period", "")))), asked))
    for column in register.all_columns:
        if conditions.kind_of(column) == "choice":
            if column.path not in known:
                known[column.path] = _options(register, column, user)
            asked = str(params.get(column.path, ""))
            made.append(Choice(column.path, column.label, _with_asked(register, column, user, known[column.path], asked), asked, quick=column.filter))
    made += [Choice(extra.name, extra.label, list(extra.options), extra.asked(params), extra.default) for extra in register.filters]
    return made


def _periods(asked: str) -> Iterator[tuple[str, str]]:
    """The present periods and those before them, and the one asked for."""
    today = clock.today()
    month = Period.month(today.year, today.month)
    quarter = Period.quarter(today.year, (today.month + 2) // 3)
    half, year = Period.half(today.year, 1 if today.month < 7 else 2), Period.year(today.year)
    offered = {period.code: period.title for one in (month, quarter, half, year) for period in (one, one.previous())}
    if asked and asked not in offered:
        bounds({"period": asked})  # refuses one that cannot be read
        offered[asked] = Period.parse(asked).title
    yield from offered.items()


def _options(register: Register, column: Column, user: User) -> list[tuple[str, str]]:
    source = column.sought_field
    if isinstance(source, BooleanField):
        return [("True", "Có"), ("False", "Không")]
    if isinstance(source, ForeignKey) and source.related_model is Place:
        allowed = Place.objects.filter(pk__in=places(user, register.guard.view, personal=register.guard.personal), kind=Place.HAMLET)
        return [(place.code, place.name) for place in allowed.order_by("code")]
    if isinstance(source, ForeignKey):
        model: Any = source.related_model
        used = register.base(user).order_by().prefetch_related(None).values_list(column.sought)
        return [(str(row.pk), str(row)) for row in model._default_manager.filter(pk__in=used)[:200]]
    listed = [(str(code), str(label)) for code, label in getattr(source, "flatchoices", None) or []]
    if listed:
        return [*listed, (EMPTY, "(trống)")] if source is not None and (source.null or source.blank) else listed
    texts = _texts(register, column, user)
    return [*((text, text) for text in texts), (EMPTY, "(trống)")]


def _with_asked(register: Register, column: Column, user: User, options: list[tuple[str, str]], asked: str) -> list[tuple[str, str]]:
    """The options and the one asked for, when it is right and not among those listed. Raises Refused for one that never was."""
    source = column.sought_field
    if not asked or asked in dict(options):
        return options
    if not isinstance(source, ForeignKey):
        return [*options, (asked, f"“{asked[:40]}”")]
    rows: QuerySet[Any] = source.related_model._default_manager.all()
    if source.related_model is Place:
        row = rows.filter(code=asked, pk__in=places(user, register.guard.view, personal=register.guard.personal)).first()
    else:
        row = rows.filter(pk=asked, pk__in=register.base(user).order_by().prefetch_related(None).values_list(column.sought)).first()
    if row is None:
        raise conditions.unread(column.label)
    return [*options, (asked, str(row))]


def _texts(register: Register, column: Column, user: User) -> list[str]:
    """The texts that stand in a column of the rows that the user sees."""
    return [str(value) for value in different(register.base(user), column.sought, 200) if value not in (None, "")]
