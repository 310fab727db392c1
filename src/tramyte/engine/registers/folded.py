"""Search without tones in columns that have no folded copy."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import CharField, Func

from tramyte.rules.text import fold

_NAME = "tramyte_fold"
_LETTERS = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA)) if len(fold(chr(code))) == 1]


class Folded(Func):
    """A text as `rules.text.fold` gives it, worked out by the database.

    SQLite calls `fold` itself; PostgreSQL translates the accented Latin letters of NFC text, one by one.
    """

    arity = 1
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """`fold` of the project, offered to this connection as a function."""
        return self.as_sql(compiler, connection, function=_NAME, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """`translate` of the lower-case text: the same for the letters of Vietnamese."""
        plain = "".join(fold(letter) for letter in _LETTERS)
        template = f"translate(lower(%(expressions)s), '{''.join(_LETTERS)}', '{plain}')"
        return self.as_sql(compiler, connection, template=template, **extra)


def _offer(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(_NAME, 1, lambda text: fold(text or ""), deterministic=True)


def offer_fold() -> None:
    """Make `fold` known to every SQLite connection from now on."""
    connection_created.connect(_offer, dispatch_uid=_NAME)
