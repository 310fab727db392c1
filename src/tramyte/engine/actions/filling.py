"""Filling empty tables with many rows: indexes and references are looked at once, when the rows are there.

Measured with 30,000 people on SQLite: an index that is built of rows that are there takes a third of the time of one that
grows with each row, and a look at all references half of the time of looks at each.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from django.db import OperationalError, connection, models, transaction

# What a table's indexes are made by, without those of its keys and constraints.
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s ORDER BY name",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = %s "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname"),
}


@contextmanager
def filling() -> Iterator[None]:
    """One transaction that fills an empty database: all of it or nothing.

    SQLite looks at the references once at its end, and writes pages straight into the file: of an empty one there is nearly
    nothing to keep for a way back. Raises IntegrityError when a reference leads nowhere. Within another transaction each
    reference is looked at as ever.
    """
    later = connection.vendor == "sqlite" and not connection.in_atomic_block and connection.disable_constraint_checking()
    if later:
        _journal("DELETE")
    try:
        with _uncollected(), transaction.atomic():
            yield
            if later:
                connection.check_constraints()
    finally:
        if later:
            _journal("WAL")
            connection.enable_constraint_checking()


def _journal(mode: str) -> None:
    """How SQLite keeps the way back; it stays as it is while another connection is open."""
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA journal_mode={mode}")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows by the hundred thousand live at once and make no circles: nobody walks over them to look for some."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextmanager
def indexed_afterwards(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Within this block these tables have no indexes but those of their keys; those of empty ones are built at its end.

    A table that holds rows keeps its indexes. Must run inside a transaction, which takes a broken block back.
    """
    taken = [found for table in tables if not table._default_manager.exists() for found in _indexes(table)]
    with connection.cursor() as cursor:
        for name, _ in taken:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no index is built of a table that waits for a look at its references
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for _, made in taken:
            cursor.execute(made)


def _indexes(table: type[models.Model]) -> list[tuple[str, str]]:
    """The name and the making of each index."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXES[connection.vendor], [table._meta.db_table])
        return list(cursor.fetchall())
