"""The columns of a register: what is shown, typed, searched and filtered."""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as default_field
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms import Field as FormField

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import Guard, places, visible
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused

NUMBER = re.compile(r"[A-Za-z]{0,2}\d[\d .]{5,}")  # identity, card and telephone numbers
SHORT_CHOICE = 24  # letters of a choice that is not broken over two lines


class Key(Protocol):
    """How a related row is named by a person: the number or words typed, and what they lead to.

    `search`: lookups below the relation that the search box tries. `prefetch`: relations below it that
    `shown` reads.
    """

    @property
    def search(self) -> tuple[str, ...]: ...

    @property
    def prefetch(self) -> tuple[str, ...]: ...

    def shown(self, row: Any) -> str:
        """The text that names this row in a cell or a form, and that `find` would find it by."""

    def find(self, user: User, permission: str, typed: Sequence[dict[str, str]]) -> list[Any]:
        """For each typed mapping the row, or the Refused that says why there is none.

        A mapping holds the cell itself under "" and the cells of the dotted columns below the relation
        under the rest of their paths.
        """

    def suggest(self, user: User, permission: str, text: str) -> list[tuple[str, str]]:
        """Up to ten (text to type, words beside it) that begin like the text."""


def within(user: User, permission: str, model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of a related model that the user may point at with a permission.

    Guarded models through `visible`; places and what hangs on a place by the user's places; the rest
    are open lists.
    """
    rows = model._default_manager.all()
    guard = getattr(model, "guard", None)
    if isinstance(guard, Guard):
        return visible(user, rows, permission) if guard.place else rows
    allowed = places(user, permission)
    if model is Place:
        return rows.filter(pk__in=allowed)
    names = {f.name for f in model._meta.get_fields()}
    return rows.filter(place__in=allowed) if "place" in names else rows


@dataclass(frozen=True)
class FieldKey:
    """A related row named by one of its own fields, such as a code; a second field may stand in for it.

    `where` narrows the rows that may be named (a mapping of lookups, or a function that gives one).
    """

    name: str
    also: str = ""
    where: Callable[[], dict[str, Any]] = dict
    model: type[models.Model] | None = None
    prefetch: tuple[str, ...] = ()

    @property
    def search(self) -> tuple[str, ...]:
        """Both fields, as they are stored."""
        return tuple(f"{name}__icontains" for name in (self.name, self.also) if name)

    def shown(self, row: Any) -> str:
        """The field's value."""
        return str(getattr(row, self.name))

    def find(self, user: User, permission: str, typed: Sequence[dict[str, str]]) -> list[Any]:
        """One query for all; refuses an unknown text, and one that names several rows."""
        assert self.model is not None
        wanted = {cells[""] for cells in typed}
        known: dict[str, list[Any]] = {}
        for name in filter(None, (self.name, self.also)):
            for part in _parts(sorted(wanted - known.keys())):
                for row in within(user, permission, self.model).filter(**{f"{name}__in": part}, **self.where()):
                    known.setdefault(str(getattr(row, name)), []).append(row)
        return [self._one(cells[""], known.get(cells[""], [])) for cells in typed]

    def _one(self, text: str, rows: list[Any]) -> Any:
        assert self.model is not None
        what = str(self.model._meta.verbose_name)
        if len(rows) == 1:
            return rows[0]
        if rows:
            return Refused("ambiguous", f"Có {len(rows)} {what} cùng tên “{text}”. Hãy ghi mã thay cho tên.")
        return Refused("unknown", f"Không có {what} “{text[:60]}” trong phạm vi của bạn. Hãy chép mã từ danh sách gợi ý.")

    def suggest(self, user: User, permission: str, text: str) -> list[tuple[str, str]]:
        """Rows whose field holds the text."""
        assert self.model is not None
        asked = models.Q()
        for lookup in self.search:
            asked |= models.Q(**{lookup: text})
        rows = within(user, permission, self.model).filter(asked, **self.where()).distinct()[:10]
        return [(self.shown(row), str(row)) for row in rows]


def _parts(items: list[str], size: int = 500) -> Iterable[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


@dataclass(frozen=True)
class Column:
    """One column of the paper book.

    path: without a dot an own field of the model (or, with `read`, of the action): shown, typed and
    imported. With a dot it is read through a relation: shown, printed and exported only.
    heading: as printed in the book; it is also the import format. Empty: the model's own label.
    by: for a relation, how a person names the related row: the name of a field, or a Key.
    search: the search box looks here; a text names an already folded field to look in (and to sort by).
    filter: offered as a filter.  hidden: exported, printed and typed, but not a column of the screen's list.
    read: gives the value of an own field that the model does not have; `field` is then its form field.
    masked: the screen's list hides the middle of numbers; form, export, print and JSON keep them whole.
    stored: the path of the stored field that a column with `read` is sorted and filtered by.
    total: its sum over all lines found stands under the list.
    agree: of a dotted column: in a file its cell must agree with the related row that was found.
    bulk: its value may be given to many rows at once: `check` is all there is to know, and nothing else follows from it.
    width: share of the printed line.  aliases: other headings that station files use for it.
    """

    path: str
    heading: str = ""
    by: str | Key | None = None
    search: bool | str = False
    filter: bool = False
    hidden: bool = False
    read: Callable[[Any], Any] | None = None
    field: FormField | None = None
    width: float = 1.0
    aliases: tuple[str, ...] = ()
    agree: bool = False
    stored: str = ""
    total: bool = False
    masked: bool = False
    bulk: bool = False
    help: str = ""
    model: type[models.Model] = default_field(default=models.Model, repr=False)  # filled in by the register

    @property
    def own(self) -> bool:
        """Typed and imported, not only shown."""
        return "." not in self.path

    @property
    def lookup(self) -> str:
        """The path as the ORM writes it."""
        return self.path.replace(".", "__")

    @cached_property
    def source(self) -> "models.Field[Any, Any] | None":
        """The model field at the end of the path; None for a value that only `read` knows."""
        return field_at(self.model, self.path)

    @cached_property
    def sought(self) -> str:
        """The lookup that sorts and filters the column; empty when nothing is stored that could."""
        path = self.stored or ("" if self.read else self.path)
        return path.replace(".", "__") if path and field_at(self.model, path) is not None else ""

    @property
    def sought_field(self) -> "models.Field[Any, Any] | None":
        """The field at the end of `sought`."""
        return field_at(self.model, self.sought.replace("__", ".")) if self.sought else None

    @cached_property
    def label(self) -> str:
        """The heading, else the model's label with a capital."""
        if self.heading:
            return self.heading
        label = str(self.source.verbose_name) if self.source is not None else self.path
        return label[:1].upper() + label[1:]

    @cached_property
    def relation(self) -> type[models.Model] | None:
        """The model an own relation leads to."""
        found = self.source if self.own else None
        return found.related_model if isinstance(found, models.ForeignKey) else None

    @cached_property
    def key(self) -> Key:
        """The Key of an own relation."""
        if isinstance(self.by, str):
            return FieldKey(self.by, model=self.relation)
        if isinstance(self.by, FieldKey) and self.by.model is None:
            return FieldKey(self.by.name, self.by.also, self.by.where, self.relation)
        assert self.by is not None
        return self.by

    @cached_property
    def numeric(self) -> bool:
        """Numbers stand at the right: those of a stored field, and what a `read` function that promises whole numbers gives."""
        found = self.source
        if getattr(self.read, "__annotations__", {}).get("return") in (int, int | None):
            return True
        return isinstance(found, models.IntegerField | models.DecimalField | models.FloatField) and not found.choices

    @cached_property
    def plain(self) -> bool:
        """Its words say what they are without the heading: places, names, numbers of people, choices."""
        source = self.source
        return self.masked or isinstance(source, models.ForeignKey) or bool(getattr(source, "flatchoices", None))

    @cached_property
    def tight(self) -> bool:
        """Numbers, days, names, places, codes and short choices are not broken over two lines."""
        choices = getattr(self.source, "flatchoices", None) or []
        short = bool(choices) and max(len(str(words)) for _, words in choices) <= SHORT_CHOICE
        return self.numeric or isinstance(self.search, str) or self.masked or short or isinstance(self.source, models.DateField | models.ForeignKey)

    def value(self, row: Any) -> Any:
        """The value of a row: plain Python, a related row for a relation, None when there is none."""
        if self.read:
            return self.read(row)
        for name in self.path.split("."):
            row = getattr(row, name) if row is not None else None
        return row

    def cell(self, row: Any) -> Any:
        """The value as page, print, CSV, Excel and JSON show it: text, number, date or None."""
        value = self.value(row)
        if value is None or value == "":
            return None
        if self.by and self.own and isinstance(value, models.Model):
            return self.key.shown(value) or None
        if isinstance(value, models.Model):
            return str(value)
        choices = getattr(self.source, "flatchoices", None) or getattr(self.field, "choices", None) or []
        return dict(choices).get(value, value)

    def hides(self, words: str) -> bool:
        """Whether these words are a number that the screen's list masks; a name in its place is shown."""
        return self.masked and NUMBER.fullmatch(words) is not None

    def words(self, row: Any) -> str:
        """The cell in words: dates dd/mm/yyyy, a decimal comma, empty text for nothing."""
        return words_of(self.cell(row))


def words_of(cell: Any) -> str:
    """A cell in the words of the interface."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Có" if cell else "Không"
    if isinstance(cell, datetime.datetime):
        return f"{cell.astimezone(clock.ZONE):%d/%m/%Y %H:%M}"
    if isinstance(cell, datetime.date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, Decimal | float):
        return f"{cell:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{cell:f}" else f"{cell:f}"
    return str(cell)


def field_at(model: type[models.Model], path: str) -> "models.Field[Any, Any] | None":
    """The field at the end of a dotted path; None when a step is missing or is not a stored field."""
    found: Any = None
    for name in path.split("."):
        try:
            found = model._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return None
        model = getattr(found, "related_model", None) or models.Model
    return found if isinstance(found, models.Field) else None
