"""Many rows at once as plain tuples, several times faster than rows of a model: inserted by few statements, or read."""

import datetime
import json
import sqlite3
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import chain, repeat
from operator import is_, itemgetter
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.base import ModelState
from django.utils import timezone

from tramyte.engine.actions.models import Fact

F = TypeVar("F", bound=Fact)
# SQLite takes 32,766 values in a statement. Many rows in one are written up to ten times as fast as one by one: a table
# with a full text index writes that index out at the end of each statement.
MOST_VALUES, MOST_ROWS = 32_000, 1_000
_JSON = json.JSONEncoder().encode  # the text of a value, as the field itself would store it
BETWEEN = "\x1f"  # stands in hardly any text
AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)


def insert(rows: Sequence[Fact]) -> None:
    """Insert new rows of one model, already checked by the caller, in the open transaction.

    Values pass through the fields' own preparation, so that what is stored equals what `save` would store.
    """
    if not rows:
        return
    model, now = type(rows[0]), timezone.now()
    for row in rows:
        row.created_at = row.updated_at = now
        row._state.adding = False
    names = [field.attname for field in model._meta.concrete_fields if not field.generated]
    insert_columns(model, dict(zip(names, zip(*map(itemgetter(*names), map(vars, rows)), strict=True), strict=True)))


def drafts(model: type[F]) -> Callable[..., F]:
    """A maker of new rows for `insert`, several times quicker than the model's own constructor.

    It takes checked values by name, a related row by the relation's name (`person=`, kept with the new row) or its key
    (`person_id=`); the rest get their defaults. Nothing is checked and no signal is sent.
    """
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    made = [(field.attname, field.default) for field in fields if field.has_default() and callable(field.default)]
    fixed = {field.attname: field.get_default() for field in fields if field.attname not in dict(made)}
    keys = [(field.name, field.attname, field.target_field.attname) for field in fields if isinstance(field, models.ForeignKey)]

    def draft(**values: Any) -> F:
        row, state = model.__new__(model), ModelState()
        own = row.__dict__
        own.update(fixed, _state=state)
        for name, default in made:
            own[name] = default()
        for name, attname, key in keys:
            if name in values:
                related = state.fields_cache[name] = values.pop(name)
                own[attname] = related and getattr(related, key)
        own.update(values)
        return row

    return draft


def insert_values(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Insert plain rows, the values in the order of the fields' names ("person_id"); fields not named get their default.

    A key may also be given as its 32 hex digits; one that the database counts itself is left to it. Answers the named
    columns as the driver took them, in the table's order.
    """
    return insert_columns(model, dict(zip(names, zip(*rows, strict=True), strict=True))) if rows else []


def insert_columns(model: type[models.Model], given: Mapping[str, Sequence[Any]]) -> list[Sequence[Any]]:
    """As `insert_values`, from the values of each field (at least one). A field that is the same in all rows is handed over once."""
    now, count = timezone.now(), len(next(iter(given.values())))
    different: dict[str, Sequence[Any]] = {}
    alike: dict[str, Any] = {}
    told: list[Sequence[Any]] = []
    for field in model._meta.concrete_fields:
        column, values = connection.ops.quote_name(str(field.column)), given.get(field.attname)
        if values is None:
            if not (field.generated or isinstance(field, models.AutoField)):
                stamped = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
                alike[column] = _column(field, [now if stamped else field.get_default()])[0]
        elif not field.primary_key and same_in_all(values):
            alike[column] = _column(field, values[:1])[0]
            told.append([alike[column]] * count)
        else:
            different[column] = _column(field, values)
            told.append(different[column])
    if not different:  # a statement needs a column that says how many rows there are
        first = next(iter(alike))
        different[first] = [alike.pop(first)] * count
    with connection.cursor() as cursor, connection.wrap_database_errors:
        (_insert if connection.vendor == "sqlite" else _copy)(cursor, connection.ops.quote_name(model._meta.db_table), alike, different)
    return told


def same_in_all(values: Sequence[Any]) -> bool:
    """Whether all of these are one and the same object, as a default or the key of an import is."""
    return all(map(is_, values, repeat(values[0])))


def _insert(cursor: Any, table: str, alike: Mapping[str, Any], different: Mapping[str, Sequence[Any]]) -> None:
    """Into SQLite, with its own marks: Django would look for its marks among some ten thousand. What is alike in all rows is given once."""
    columns, rows = ", ".join([*alike, *different]), list(zip(*different.values(), strict=True))
    shown = ", ".join(["?" for _ in alike] + [f"column{at + 1}" for at in range(len(different))])
    one_row = f"({', '.join('?' * len(different))})"
    size = min((MOST_VALUES - len(alike)) // len(different), MOST_ROWS)
    for begin in range(0, len(rows), size):
        part = rows[begin:begin + size]
        told = f"INSERT INTO {table} ({columns}) SELECT {shown} FROM (VALUES {', '.join([one_row] * len(part))})"
        sqlite3.Cursor.execute(cursor.cursor, told, [*alike.values(), *chain.from_iterable(part)])


def _copy(cursor: Any, table: str, alike: Mapping[str, Any], different: Mapping[str, Sequence[Any]]) -> None:
    """Into PostgreSQL by its own way for many rows, which takes a tenth of the time of a statement with values.

    The text of most columns is made here, each different value once; the driver takes rows of others one by one.
    """
    try:
        told, tail = [_told(values) for values in different.values()], "".join(f"\t{_text(value)}" for value in alike.values()) + "\n"
    except TypeError:
        told = []
    count = len(next(iter(different.values())))
    with cursor.copy(f"COPY {table} ({', '.join([*different, *alike])}) FROM STDIN") as into:
        if told:
            into.write(tail.join(map("\t".join, zip(*told, strict=True))) + tail)
            return
        for row in zip(*different.values(), *([value] * count for value in alike.values()), strict=True):
            into.write_row(row)


def _told(values: Sequence[Any]) -> Sequence[str]:
    """The values of one column as COPY reads them; TypeError when there is one that only the driver knows."""
    if set(map(type, values)) == {str}:
        told = _escaped(BETWEEN.join(values)).split(BETWEEN)
        return told if len(told) == len(values) else list(map(_escaped, values))
    known = {value: _text(value) for value in set(values)}
    return list(map(known.__getitem__, values))


def _escaped(text: str) -> str:
    """With what would part the columns and rows that COPY reads written out."""
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return _escaped(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime.date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, int | float | Decimal | uuid.UUID):
        return str(value)
    raise TypeError(f"no text of {type(value)}")


def update_values(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Give stored rows other values, each its own: (key, then the values in the order of the fields' names).

    Neither versions nor audit: for what is derived, and for the housekeeping of jobs.
    """
    if not rows:
        return
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in (model._meta.pk.attname, *names)]
    quoted = [connection.ops.quote_name(str(field.column)) for field in fields]
    columns = [_column(field, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True)]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            given = ", ".join(f"{column} = %s" for column in quoted[1:])
            cursor.executemany(f"UPDATE {table} SET {given} WHERE {quoted[0]} = %s", list(zip(*columns[1:], columns[0], strict=True)))
        else:  # one statement: a statement for each row takes four times as long
            given = ", ".join(f"{column} = new.{column}" for column in quoted[1:])
            lists = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)
            told = f"UPDATE {table} SET {given} FROM unnest({lists}) AS new ({', '.join(quoted)}) WHERE {table}.{quoted[0]} = new.{quoted[0]}"
            cursor.execute(told, [_array(values) for values in columns])


def _array(values: Sequence[Any]) -> Any:
    """A list as PostgreSQL takes it; of numbers, keys and the like as one text, which takes a fraction of the driver's time."""
    if {int, bool, uuid.UUID, type(None)}.issuperset(map(type, values)):
        return f"{{{','.join(['NULL' if value is None else str(value) for value in values])}}}"
    return list(values)


def know_sizes() -> None:
    """Let the database look how many rows its tables hold: it plans by that, and as if they were empty before it has looked.

    To be called after many rows were written, and at start. Some 50 ms on SQLite; PostgreSQL looks at tables that changed by a tenth.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit=1000")
        if connection.vendor == "sqlite" or connection.in_atomic_block:  # PostgreSQL counts what a transaction wrote when it ends, not before
            cursor.execute("ANALYZE")
            return
        if connection.pg_version >= 150_000:  # type: ignore[attr-defined]  # PostgreSQL's own; older ones count what was written last half a second later
            cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT relid::regclass FROM pg_stat_user_tables WHERE n_mod_since_analyze > 100 + n_live_tup / 10")
        if changed := ", ".join(table for table, in cursor.fetchall()):
            cursor.execute(f"ANALYZE {changed}")


def tuples(rows: "models.QuerySet[Any]", *names: str) -> list[tuple[Any, ...]]:
    """These fields of the rows as the database driver gives them; for columns of text, numbers, days and keys.

    A key is a text of 32 hex digits on SQLite and a UUID on PostgreSQL: `hex_of` makes them equal.
    """
    try:
        statement, values = rows.values_list(*names).query.sql_with_params()
    except EmptyResultSet:  # a condition that nothing can meet: Django has no statement for it
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def hex_of(key: Any) -> str:
    """A key that `tuples` gave, as 32 hex digits."""
    return key if isinstance(key, str) else str(key.hex)


def _driver_keys(keys: Sequence[Any]) -> Sequence[Any]:
    """Keys, or their 32 hex digits, as the database driver takes them: the other way round than `hex_of`."""
    hexed = connection.features.has_native_uuid_field or isinstance(next(filter(None, keys), ""), str)
    return keys if hexed else [key and f"{key.int:032x}" for key in keys]


def _column(field: "models.Field[Any, Any]", values: Sequence[Any]) -> Sequence[Any]:
    """One field's value in every row, as the database driver takes it."""
    if isinstance(field, AS_THEY_ARE):
        return values
    if type(field) is models.JSONField and field.encoder is None:
        return [value if value is None else _JSON(value) for value in values]
    if isinstance(_stored_as(field), models.UUIDField):
        return _driver_keys(values)
    try:
        different = set(values)
    except TypeError:  # lists and the like cannot be told apart quickly
        return [value if value is None else field.get_db_prep_save(value, connection) for value in values]
    adapted = connection.ops.adapt_datefield_value if type(field) is models.DateField else None
    known = {  # equal values, such as days, are prepared once
        value: adapted(value) if adapted and type(value) is datetime.date else field.get_db_prep_save(value, connection)
        for value in different - {None}}
    known[None] = None
    return list(map(known.__getitem__, values))


def _stored_as(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    """The field itself, or the key that a foreign key holds."""
    return field.target_field if isinstance(field, models.ForeignKey) else field
