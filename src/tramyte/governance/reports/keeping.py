"""A locked report never changes: the database itself refuses, whatever program writes.

The trigger is laid after every migration, because SQLite loses triggers when a migration rebuilds a table.
"""

from typing import Any

from django.db import connections

TABLE = "reports_report"
MESSAGE = "a locked report never changes"

_SQLITE = f"""CREATE TRIGGER IF NOT EXISTS report_locked BEFORE UPDATE ON {TABLE} WHEN OLD.state = 'locked'
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
_POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION report_locked() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql""",
    f"""CREATE OR REPLACE TRIGGER report_locked BEFORE UPDATE ON {TABLE} FOR EACH ROW
WHEN (OLD.state = 'locked') EXECUTE FUNCTION report_locked()""",
)


def install(*, using: str = "default", **_: Any) -> None:
    """Lay the trigger into a database that has the table; called after every migration."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL if connection.vendor == "postgresql" else (_SQLITE,):
            cursor.execute(statement)
