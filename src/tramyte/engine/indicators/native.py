"""The engine over the database itself, through Django's own cursor, inside whatever transaction is open."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import F

from tramyte.engine.facts.declaring import TABLES
from tramyte.engine.facts.expressions import dashed
from tramyte.engine.facts.reading import select
from tramyte.engine.indicators.compiling import Compiled, compiled
from tramyte.engine.indicators.declaring import REQUIRED, Indicator
from tramyte.engine.indicators.measuring import Count, Row, Spot, count_sql, own_groups, row_of
from tramyte.engine.indicators.periods import values
from tramyte.engine.places.models import Place
from tramyte.rules.calendar import Period

DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}


def dialect() -> str:
    """Ibis' name for the database in use."""
    return DIALECTS[connection.vendor]


class Native:
    """Facts are read by Django's queries as common table expressions; the compiled relation stands on them."""

    def counts(self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, by: str = "") -> list[Count]:
        """See `measuring.Engine`."""
        made = compiled(one.code, dialect())
        head, params = _head(made, made.counts, periods, as_of, None)
        return [Count(*found) for found in _fetch(head + count_sql(by), params)]

    def rows(
        self, one: Indicator, periods: Sequence[Period], as_of: datetime.date, *, subjects: Collection[Any] | None = None,
    ) -> list[Row]:
        """See `measuring.Engine`."""
        if subjects is not None and not subjects:
            return []
        made = compiled(one.code, dialect())
        head, params = _head(made, made.rows, periods, as_of, subjects)
        shown = [_subject() if name == "subject" else f'"{name}"' for name in REQUIRED]
        shown += (['"reason_on"'] if made.dated else []) + [f'"{name}"' for name in own_groups(one)]
        return [row_of(found, made.dated) for found in _fetch(f"{head}SELECT {', '.join(shown)} FROM rel", params)]

    def spots(self) -> list[Spot]:
        """See `measuring.Engine`."""
        found = Place.objects.filter(entered_in_error=False).order_by("valid_from", "code")
        return [Spot(*one) for one in found.values_list("code", "name", "kind", F("parent__code"))]


def _head(
    made: Compiled, relation: str, periods: Sequence[Period], as_of: datetime.date, subjects: Collection[Any] | None,
) -> tuple[str, list[Any]]:
    """The common table expressions of an evaluation, ending with `rel`, and their parameters."""
    parts, params = [values(periods, as_of, "'{}'" if connection.vendor == "sqlite" else "DATE '{}'")], []
    for name in made.tables:
        sql, given = select(TABLES[name], subjects)
        columns = ", ".join(f'"{column}"' for column in TABLES[name].columns)
        parts.append(f'"{name}"({columns}) AS ({sql})')
        params += given
    parts.append(f"rel AS ({relation.replace('%', '%%')})")
    return f"WITH {', '.join(parts)} ", params


def _subject() -> str:
    """Keys leave the database as dashed text: the one place for results."""
    return dashed('"subject"') if connection.vendor == "sqlite" else '"subject"::text'


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return list(cursor.fetchall())
