"""Moving whatever points at one record of a person to another, for every model there is, and back."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from tramyte.care.people.models import Identifier, Person
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import Fact
from tramyte.engine.audit import chain
from tramyte.engine.facts.declaring import written

TWICE = "đã có ở hồ sơ gộp vào"
HOUSEKEEPING = {"version", "created_at", "updated_at", "import_id", "error_reason", "ended_by_id", "ended_by"}
SAME_BY = {Identifier: ("kind", "value", "valid_to", "entered_in_error")}  # since when a number is held makes no other number
Pointer = Any  # a foreign key that leads to a person


class Changes:
    """Rows changed on the way, each with its values before and after, as `Merge.changed` keeps them."""

    def __init__(self, by: User, action: str) -> None:
        self.by, self.action = by, action
        self.made: list[dict[str, Any]] = []

    def end(self, row: Fact, **values: Any) -> None:
        """As `set`, by the words of an act that ends a row: `corrections.reopen` takes it back like any other end."""
        self.set(row, f"end_{row._meta.model_name}", **values)

    def set(self, row: Fact, action: str = "", /, **values: Any) -> None:
        """Give a row these values; nothing is written when it has them already."""
        before = row.plain()
        for name, value in values.items():
            setattr(row, name, value)
        after = row.plain()
        names = [name for name in after if after[name] != before[name]]
        if not names:
            return
        row.version += 1
        row.save()
        chain.record(by=self.by, action=action or self.action, row=row, before=before, after=after)
        self.made.append({
            "model": row._meta.label, "id": str(row.pk), "was": {name: before[name] for name in names}, "now": {name: after[name] for name in names}})

    def take_back(self, made: list[dict[str, Any]]) -> None:
        """Give rows their former values, the last change first; a value that somebody changed since stays."""
        for change in reversed(made):
            row = apps.get_model(change["model"])._base_manager.get(pk=change["id"])
            held = row.plain()
            same = [name for name, value in change["now"].items() if held[name] == value]
            self.set(row, **{name: row._meta.get_field(name).to_python(change["was"][name]) for name in same})


def pointers() -> list[Pointer]:
    """Every foreign key of the product that leads to a person, found by Django: a new topic is covered without a line here.

    A model may stay behind: it says so by the class attribute `stays_on_merge`.
    """
    found = [relation for relation in Person._meta.get_fields(include_hidden=True) if relation.auto_created and not relation.concrete]
    return [relation.field for relation in found if not relation.many_to_many and not getattr(relation.related_model, "stays_on_merge", False)]


def pointing(field: Pointer, person: Person) -> "models.QuerySet[Any]":
    """The rows that point at a person by this foreign key."""
    return field.model._base_manager.filter(**{field.attname: person.pk})


def reached(*people: Person) -> tuple[set[str], set[Any]]:
    """The fact tables and their subjects that moving rows between these people may change."""
    tables, subjects = set(written(Person)), {person.pk for person in people}
    for field in pointers():
        names = written(field.model)
        tables |= set(names)
        for name in set(names.values()) - {field.attname}:
            subjects |= {getattr(row, name) for person in people for row in pointing(field, person)}
    return tables, subjects


def move(gone: Person, kept: Person, changes: Changes) -> dict[str, list[str]]:
    """Point everything at the one kept; answers what was moved. A fact that both have stays behind and counts no more."""
    moved = {}
    for field in pointers():
        ids = [str(row.pk) for row in _movable(field, gone, kept, changes) if _point(field, row, kept, changes)]
        if ids:
            moved[f"{field.model._meta.label}.{field.name}"] = ids
    return moved


def move_back(moved: dict[str, list[str]], gone: Person, kept: Person) -> None:
    """Point what was moved at its first owner again, unless it was moved on since."""
    for where, ids in moved.items():
        label, _, name = where.rpartition(".")
        field: Pointer = apps.get_model(label)._meta.get_field(name)
        pointing(field, kept).filter(pk__in=ids).update(**{field.attname: gone.pk})


def _movable(field: Pointer, gone: Person, kept: Person, changes: Changes) -> Iterator[Any]:
    rows = list(pointing(field, gone))
    known = {_content(field, row) for row in pointing(field, kept)} if rows and field.model is not Person else set()
    for row in rows:
        if _content(field, row) not in known:
            yield row
        elif isinstance(row, Fact):
            changes.set(row, entered_in_error=True, error_reason=row.error_reason or TWICE)


def _content(field: Pointer, row: Any) -> tuple[str, ...]:
    """What a row says, without who it is about and when it was written."""
    own = [one.attname for one in row._meta.concrete_fields if not one.primary_key and one is not field and one.attname not in HOUSEKEEPING]
    return tuple(str(getattr(row, name)) for name in SAME_BY.get(field.model, own))


def _point(field: Pointer, row: Any, kept: Person, changes: Changes) -> bool:
    """Whether the row could be moved; one of which a person can have only one stays behind and counts no more."""
    try:
        with transaction.atomic():
            field.model._base_manager.filter(pk=row.pk).update(**{field.attname: kept.pk})
    except IntegrityError:
        if isinstance(row, Fact):
            changes.set(row, entered_in_error=True, error_reason=TWICE)
        return False
    return True
