"""Inserting many rows of one model by executemany: what `bulk_create` does, at a third of its cost."""

import datetime
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone

from tramyte.engine.actions.models import Fact


def insert_rows(rows: Sequence[Fact]) -> None:
    """Insert new rows of one model as they are: no save(), no signals. Must run inside a transaction."""
    meta = type(rows[0])._meta
    fields = meta.concrete_fields
    quote = connection.ops.quote_name
    names, marks = ", ".join(quote(str(f.column)) for f in fields), ", ".join(["%s"] * len(fields))
    _stamp(rows, [f for f in fields if _is_stamp(f)])
    prepared = [(f, f.attname, _plain(f, rows[0])) for f in fields]
    values = [tuple(_value(row, f, name, plain) for f, name, plain in prepared) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({marks})", values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _is_stamp(field: "models.Field[Any, Any]") -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _stamp(rows: Sequence[Fact], fields: "Sequence[models.Field[Any, Any]]") -> None:
    """One moment for all: the rows are written together."""
    now = timezone.now()
    for row in rows:
        for field in fields:
            setattr(row, field.attname, now)


def _value(row: Fact, field: "models.Field[Any, Any]", name: str, plain: Callable[[Any], Any] | None) -> Any:
    if plain is None:
        return field.get_db_prep_save(field.pre_save(row, True), connection)
    value = getattr(row, name)
    return None if value is None else plain(value)


def _plain(field: "models.Field[Any, Any]", first: Fact) -> Callable[[Any], Any] | None:
    """How a value of this field reaches the database without Django's general road; None: by that road."""
    if _is_stamp(field):
        stamp = field.get_db_prep_save(getattr(first, field.attname), connection)
        return lambda value: stamp
    last: Any = field
    while isinstance(last, models.ForeignKey):
        last = last.target_field
    if isinstance(last, models.UUIDField):
        return _uuid if connection.features.has_native_uuid_field else _hex
    if isinstance(last, models.CharField | models.TextField | models.IntegerField | models.BooleanField):
        return _same
    if isinstance(last, models.DateField) and not isinstance(last, models.DateTimeField):
        return _same if connection.vendor == "postgresql" else _iso
    return None


def _same(value: Any) -> Any:
    return value


def _uuid(value: uuid.UUID | str) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def _hex(value: uuid.UUID | str) -> str:
    return _uuid(value).hex


def _iso(value: datetime.date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()
