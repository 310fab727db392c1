"""The register: what a declaration says, and the methods that a topic may override."""

import inspect
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import QueryDict

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import Guard, may, places, visible
from tramyte.engine.actions.models import Fact
from tramyte.engine.refused import Refused
from tramyte.engine.registers import narrowing
from tramyte.engine.registers.columns import Column, field_at
from tramyte.engine.registers.fields import RelationField, field_for, speak, typed

Action = Callable[..., Any]
PAPERS = ("A3", "A4", "A5")


class Register:
    """One book (sổ): one model, one row a line. A topic declares a subclass in its `registers.py`.

    slug: the address, short English.  title: the book's name.  model: a Fact with a `guard`.
    date: the field that places a row in a period ("" when the book has none).
    same_day: a line is written on the day that it tells of, so that the form of a new one begins with today in `date`.
    record: the action that writes one row, `record(*, by, id=None, seen_version=None, **fields)`.
    read_only: the book shows what is written elsewhere: no record, no form, no import, no operations for programs.
    cancel: the action that marks a row as entered in error, `cancel(*, by, id, seen_version, reason)`.
    undo: takes a chunk of an import back in one transaction, `undo(ids, *, by, import_id, reason) -> set of ids`: the new
    rows among these with all that the import wrote beside them; answers those that went. Without it the engine does.
    restored: what follows when an undo gave a row its former values, `restored(row, *, by)`.
    record_many: the bulk action of imports, `record_many(items, *, by, import_id) -> rows` with items of
    (id or None, fields); without it a book takes no files.
    check: `check(fields, *, by)`, raises Refused (with `field`) when the rules forbid them; no queries.
    warn: `warn(fields) -> sentences` about what is doubtful and taken all the same, at every door; no queries.
    tell: `tell(row) -> sentence`, what a saved row turned out to mean, for whoever typed it.
    identity: the own fields that make two lines the same line, for imports.
    match: instead of `identity`, `match(user, lines) -> list` of row, Match or None for each line.
    foresee: `foresee(fields of lines)`, adds to new lines about to be written what follows from them; it may read, outside any transaction.
        Answers whether whoever follows the facts is to be brought up to date once these lines are written, not only at the end.
    write, load: the permissions to write a row and to import a file.
    columns, example (a typed line, by path), source (regulation and form), form_code (number of the form).
    unit: the word for one row.  order: how the list is sorted at first.  note: shown when not verified.
    filters: conditions of the list that no column gives.
    paper_title: the title of the statutory book, when it is another than `title`.
    paper (A3, A4 or A5), landscape, signers: the sheet of the statutory book, and the offices that sign at its end.
    entry: the URL name of the topic's own page for a new row, in place of the register's form.
    """

    slug: ClassVar[str] = ""
    title: ClassVar[str] = ""
    model: ClassVar[type[models.Model]]
    date: ClassVar[str] = ""
    same_day: ClassVar[bool] = False
    record: ClassVar[Action | None] = None
    read_only: ClassVar[bool] = False
    record_many: ClassVar[Action | None] = None
    cancel: ClassVar[Action | None] = None
    undo: ClassVar[Action | None] = None
    restored: ClassVar[Action | None] = None
    check: ClassVar[Action | None] = None
    warn: ClassVar[Action | None] = None
    match: ClassVar[Action | None] = None
    foresee: ClassVar[Action | None] = None
    tell: ClassVar[Action | None] = None
    identity: ClassVar[tuple[str, ...]] = ()
    write: ClassVar[str] = ""
    load: ClassVar[str] = ""
    columns: ClassVar[tuple[Column, ...]] = ()
    example: ClassVar[Mapping[str, str]] = {}
    source: ClassVar[str] = ""
    form_code: ClassVar[str] = ""
    unit: ClassVar[str] = "dòng"
    paper_title: ClassVar[str] = ""
    paper: ClassVar[str] = "A4"
    landscape: ClassVar[bool] = True
    signers: ClassVar[tuple[str, ...]] = ("Người ghi sổ", "Trưởng trạm")
    order: ClassVar[tuple[str, ...]] = ()
    note: ClassVar[str] = ""
    entry: ClassVar[str] = ""
    filters: ClassVar[tuple[narrowing.Filter, ...]] = ()

    def __init__(self) -> None:
        self.all_columns: tuple[Column, ...] = tuple(replace(column, model=self.model) for column in self.columns)
        self.own: tuple[Column, ...] = tuple(column for column in self.all_columns if column.own)
        self.by_path = {column.path: column for column in self.all_columns}

    # -- what a topic may override ------------------------------------------------------------------

    def rows(self, user: User, params: QueryDict | Mapping[str, str]) -> "models.QuerySet[Any]":
        """The rows that this user sees under these filters, in order, ready to be read without further queries.

        Raises Refused for a filter that cannot be read.
        """
        return narrowing.narrowed(self, user, self.base(user), params)

    def count(self, user: User, params: QueryDict | Mapping[str, str]) -> int:
        """How many rows `rows` gives. A book may know a quicker way to the same number."""
        return self.rows(user, params).count()

    def form(self, user: User, data: Mapping[str, Any] | None = None, row: Any = None, initial: Mapping[str, str] | None = None) -> forms.Form:
        """The form of the own columns, for a new row or an existing one."""
        shown = {column.path: typed(column, row) for column in self.own} if row is not None else dict(initial or {})
        form = forms.Form(data, initial=shown, use_required_attribute=False)
        for column in self.own:
            form.fields[column.path] = field_for(column)
        if row is not None:
            hidden = forms.IntegerField(widget=forms.HiddenInput, required=False)
            speak(hidden)
            form.fields["seen_version"] = hidden
            form.initial["seen_version"] = row.version
        return form

    def save(self, user: User, form: forms.Form, row: Any = None, id: uuid.UUID | None = None) -> Any:
        """The form parses, the action writes. Raises Refused; the row is None for a new one, which may bring its `id`.

        A refusal whose code begins with "ask_" asks: the form sent again with `confirmed` tells an action that knows the word.
        """
        values = dict(form.cleaned_data)
        seen = values.pop("seen_version", None)
        for column in self.own:
            if isinstance(form.fields[column.path], RelationField):
                values[column.path] = self.resolve(user, column, values[column.path])
        known = {"id": row.pk, "seen_version": seen} if row is not None else {"id": id} if id else {}
        action = type(self).record
        assert action is not None  # `written_by` let nobody come here
        looked = {"confirmed": True} if form.data.get("confirmed") and "confirmed" in inspect.signature(action).parameters else {}
        return action(by=user, **known, **looked, **values)

    def address(self, row: Any) -> str:
        """Where the row's own page is, linked from its first cell; empty when it has none."""
        return ""

    def kin(self, row: Any) -> "Iterable[Fact]":
        """Rows beside this one whose changes belong to its history, such as the numbers of a person."""
        return ()

    # -- the rest is the engine's -------------------------------------------------------------------

    def base(self, user: User) -> "models.QuerySet[Any]":
        """Every row this user may see, entered in error left out, with its relations loaded."""
        joined, fetched = self._relations()
        rows = visible(user, self.model._default_manager.filter(entered_in_error=False))
        return rows.select_related(*joined).prefetch_related(*fetched) if joined else rows.prefetch_related(*fetched)

    def _relations(self) -> tuple[list[str], list[str]]:
        joined, fetched = set(), set()
        for column in self.all_columns:
            steps = column.path.split(".")
            if len(steps) > 1 and self._is_one(steps[:-1]):
                joined.add("__".join(steps[:-1]))
            if column.relation or (column.source is not None and column.source.is_relation):
                joined.add(column.lookup)
            if column.relation and column.by:
                fetched |= {f"{column.lookup}__{name}" for name in column.key.prefetch}
        return sorted(joined), sorted(fetched)

    def _is_one(self, steps: list[str]) -> bool:
        model: Any = self.model
        for name in steps:
            model = model._meta.get_field(name).related_model
        return True

    def resolve(self, user: User, column: Column, text: str) -> Any:
        """The related row that a typed text names; None for an empty one. Raises Refused at the column."""
        if not text:
            return None
        found = column.key.find(user, self.write, [{"": text}])[0]
        if isinstance(found, Refused):
            raise Refused(found.code, found.message, field=column.path)
        return found

    def get(self, user: User, id: Any) -> Any:
        """One row of this user; None when it is not there or not theirs, and in a book whose rows are no facts."""
        if not self.facts:
            return None
        return self.base(user).filter(pk=id).first()

    def warnings(self, values: Mapping[str, Any], row: Any = None) -> tuple[str, ...]:
        """What in these values is doubtful and taken all the same, in sentences; what they leave empty is as in the row."""
        rule = type(self).warn
        if rule is None:
            return ()
        held = {column.path: column.value(row) for column in self.own} if row is not None else {}
        return tuple(rule(held | {path: value for path, value in values.items() if value}))

    @property
    def facts(self) -> bool:
        """Whether its rows are facts, which have an id, a version and a history, and may be ticked."""
        return issubclass(self.model, Fact)

    @property
    def guard(self) -> Guard:
        """How the model is guarded; a book of the house may say it itself."""
        found = getattr(self.model, "guard", None)
        assert isinstance(found, Guard)
        return found

    def seen_by(self, user: User) -> bool:
        """Whether the user may open this book at all."""
        guard = self.guard
        if not may(user, guard.view):
            return False
        return bool(places(user, guard.view, personal=guard.personal)) if guard.place else True

    def written_by(self, user: User) -> bool:
        """Whether the user may write in it."""
        return not self.read_only and self.seen_by(user) and may(user, self.write)

    def loaded_by(self, user: User) -> bool:
        """Whether the user may import a file into it."""
        return self.written_by(user) and bool(self.load) and may(user, self.load) and type(self).record_many is not None

    @property
    def bulk_columns(self) -> tuple[Column, ...]:
        """The columns whose value may be given to many rows at once."""
        return tuple(column for column in self.own if column.bulk)

    @property
    def date_label(self) -> str:
        """The words for the day that places a row in a period; empty when the book has none."""
        if not self.date:
            return ""
        found, source = self.by_path.get(self.date.replace("__", ".")), field_at(self.model, self.date)
        label = found.label if found is not None else str(getattr(source, "verbose_name", ""))
        return label[:1].upper() + label[1:]

    @property
    def heading_columns(self) -> dict[str, str]:
        """Heading -> path, in the order of the book."""
        return {column.label: column.path for column in self.all_columns}
