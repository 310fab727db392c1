"""Django system checks of every declared register, run at start: a broken declaration never serves a page."""

import inspect
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.db import models

from tramyte.engine.access.rights import Guard
from tramyte.engine.access.roles import PERMISSIONS
from tramyte.engine.actions.models import Fact
from tramyte.engine.registers import registry
from tramyte.engine.registers.columns import Column, field_at
from tramyte.engine.registers.register import PAPERS, Register


@checks.register("registers")
def check_registers(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every fault of every register."""
    found = [checks.Error(text, obj=type(register).__name__, id="registers.E001") for register in registry.books() for text in faults(register)]
    slugs = Counter(register.slug for register in registry.books())
    found += [checks.Error(f"the slug {slug} is used {n} times", id="registers.E002") for slug, n in slugs.items() if n > 1]
    return list(found)


def faults(register: Register) -> Iterator[str]:
    """What is wrong with one declaration, a sentence each."""
    for name in ("slug", "title", "source", "write"):
        if not getattr(register, name) and not (name == "write" and register.read_only):
            yield f"{name} is empty"
    for name in (register.write, register.load):
        if name and name not in PERMISSIONS:
            yield f"the permission {name} does not exist"
    if register.paper not in PAPERS:
        yield f"paper: {register.paper} is not A3, A4 or A5"
    if not issubclass(register.model, Fact) and not register.read_only:
        yield "the model is not a Fact"
    if not isinstance(getattr(register.model, "guard", None) or vars(type(register)).get("guard"), Guard):
        yield "the model has no guard"
    if register.date and not isinstance(field_at(register.model, register.date.replace("__", ".")), models.DateField):
        yield f"date: {register.date} is not a date of the model"
    yield from _columns(register)
    yield from _shown_only(register) if register.read_only else (*_action(register), *_example(register))


def _columns(register: Register) -> Iterator[str]:
    if not register.columns:
        yield "there are no columns"
    for label, n in Counter(column.label for column in register.all_columns).items():
        if n > 1:
            yield f"two columns are headed {label}"
    for column in register.all_columns:
        yield from _column(register, column)
        if column.bulk and not _alone(register, column):
            yield f"{column.path} cannot be given to many rows: it is no stored field of its own, or it tells lines apart"
    for name in register.identity:
        if name not in register.by_path:
            yield f"identity: {name} is not a column"


def _column(register: Register, column: Column) -> Iterator[str]:
    if column.read is None and column.source is None:
        yield f"the path {column.path} does not exist"
    if column.own and column.read is not None and column.field is None and not register.read_only:
        yield f"{column.path} has read but no form field"
    if column.relation and not column.by:
        yield f"{column.path} is a relation: say by= which a person names it"
    if column.relation and isinstance(column.by, str) and field_at(column.relation, column.by) is None:
        yield f"by={column.by} is not a field of {column.relation.__name__}"
    if isinstance(column.search, str) and field_at(register.model, column.search) is None:
        yield f"search={column.search} does not exist"
    if column.stored and field_at(register.model, column.stored) is None:
        yield f"stored={column.stored} does not exist"
    if column.total and not column.numeric:
        yield f"{column.path} has no total: it is not a stored number"
    if column.agree and column.own:
        yield f"{column.path} cannot agree: it is typed, not read through a relation"
    if column.filter and not column.sought:
        yield f"{column.path} cannot be filtered: it is not stored"


def _shown_only(register: Register) -> Iterator[str]:
    """A book that is written elsewhere has nothing that writes."""
    if named := [name for name in ("record", "record_many", "cancel", "write", "load", "entry") if getattr(type(register), name)]:
        yield f"a book that is only read has no {', '.join(named)}"
    if any(column.bulk for column in register.columns):
        yield "a book that is only read has no column for many rows"


def _alone(register: Register, column: Column) -> bool:
    """A field of the model alone, that is neither a relation nor part of what makes a line the same line."""
    unique = {name for rule in register.model._meta.constraints if isinstance(rule, models.UniqueConstraint) for name in rule.fields}
    source = column.source
    return column.own and column.read is None and source is not None and not source.is_relation and column.path not in {*register.identity, *unique, register.date}


def _action(register: Register) -> Iterator[str]:
    record = getattr(type(register), "record", None)
    if record is None:
        yield "record is missing"
        return
    accepted = inspect.signature(record).parameters
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in accepted.values()):
        return
    wanted = {"by", "id", "seen_version", *(column.path for column in register.own)}
    if missing := sorted(wanted - accepted.keys()):
        yield f"record does not accept {', '.join(missing)}"


def _example(register: Register) -> Iterator[str]:
    if missing := [column.path for column in register.own if column.path not in register.example]:
        yield f"the example lacks {', '.join(missing)}"
    if unknown := sorted(set(register.example) - register.by_path.keys()):
        yield f"the example names unknown columns {', '.join(unknown)}"
