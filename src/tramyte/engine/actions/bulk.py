"""Inserting many rows at once, several times faster than Django's bulk_create: one prepared statement, plain tuples."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.utils import timezone

from tramyte.engine.actions.models import Fact

AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)


def insert(rows: Sequence[Fact]) -> None:
    """Insert new rows of one model, already checked by the caller, in the open transaction.

    Values pass through the fields' own preparation, so that what is stored equals what `save` would store.
    """
    if not rows:
        return
    meta, now = type(rows[0])._meta, timezone.now()
    fields = [field for field in meta.concrete_fields if not field.generated]
    for row in rows:
        row.created_at = row.updated_at = now
        row._state.adding = False
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    sql = f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"
    stored = [_column(field, rows) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(zip(*stored, strict=True)))


def _column(field: "models.Field[Any, Any]", rows: Sequence[Fact]) -> list[Any]:
    """One field's value in every row, as the database driver takes it; equal values are prepared once."""
    values = list(map(attrgetter(field.attname), rows))
    if isinstance(field, AS_THEY_ARE):
        return values
    known: dict[Any, Any] = {None: None}
    found = []
    for value in values:
        key = value if value.__hash__ else id(value)
        if key not in known:
            known[key] = field.get_db_prep_save(value, connection)
        found.append(known[key])
    return found
