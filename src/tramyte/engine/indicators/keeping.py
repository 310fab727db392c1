"""Replacing everybody's stored outcomes inside the database: no row passes through Python, only what differs is written."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tramyte.engine.indicators.declaring import Indicator
from tramyte.engine.indicators.measuring import own_groups
from tramyte.engine.indicators.models import Outcome
from tramyte.engine.places.models import Place

COLUMNS = ("subject", "place_id", "met", "reason", "due_on", "groups")
REASON_LENGTH = Outcome._meta.get_field("reason").max_length
# How each database writes a date in words, makes an object, and compares what may be null.
DAY = {"sqlite": "strftime('%d/%m/%Y', {})", "postgresql": "to_char({}, 'DD/MM/YYYY')"}
OBJECT = {"sqlite": "json_object", "postgresql": "jsonb_build_object"}
SAME = {"sqlite": "IS", "postgresql": "IS NOT DISTINCT FROM"}


@contextmanager
def laid_outcomes(one: Indicator, dated: bool) -> Iterator[None]:
    """Within this block `outcome_now` are the outcomes that `rel` makes (see `native.laid_rows`).

    Laid out beside those that are stored, to find the differences; while none are stored they are made as they are written.
    """
    kind = "TABLE" if Outcome.objects.filter(indicator=one.code).exists() else "VIEW"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY {kind} outcome_now AS {_made(one, dated)}")
        if kind == "TABLE":
            cursor.execute("CREATE UNIQUE INDEX outcome_now_subject ON outcome_now (subject)")
        if kind == "TABLE" and connection.vendor == "postgresql":
            cursor.execute("ANALYZE outcome_now")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP {kind} outcome_now")


def _made(one: Indicator, dated: bool) -> str:
    """The SQL of the outcomes in `rel`."""
    vendor = connection.vendor
    reason = "COALESCE(rel.reason, '')"
    if dated:
        reason = f"REPLACE({reason}, '{{on}}', COALESCE({DAY[vendor].format('rel.reason_on')}, ''))"
    groups = ", ".join(f"'{name}', COALESCE(rel.\"{name}\", '')" for name in own_groups(one))
    due_on = "rel.due_on" if vendor == "sqlite" else "CAST(rel.due_on AS date)"
    latest = f"SELECT code, id, ROW_NUMBER() OVER (PARTITION BY code ORDER BY valid_from DESC) AS nth FROM {Place._meta.db_table}"
    return (
        f"SELECT rel.subject AS subject, spot.id AS place_id, rel.met AS met, "
        f"SUBSTR({reason}, 1, {REASON_LENGTH}) AS reason, {due_on} AS due_on, {OBJECT[vendor]}({groups}) AS groups "
        f"FROM rel JOIN ({latest}) spot ON spot.code = rel.place AND spot.nth = 1")


def keep_outcomes(one: Indicator) -> int:
    """Make the stored outcomes of an indicator those of `outcome_now`, in the open transaction, writing only differences; answers how many they are."""
    table = Outcome._meta.db_table
    alike = " AND ".join(f"n.{name} {SAME[connection.vendor]} o.{name}" for name in COLUMNS[1:])
    names = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} AS o WHERE o.indicator = %s AND NOT EXISTS "
            f"(SELECT 1 FROM outcome_now n WHERE n.subject = o.subject AND {alike})", [one.code])
        cursor.execute(
            f"INSERT INTO {table} (indicator, subject_type, {names}) SELECT %s, %s, {names} FROM outcome_now n "
            f"WHERE NOT EXISTS (SELECT 1 FROM {table} o WHERE o.indicator = %s AND o.subject = n.subject)",
            [one.code, one.subject_type, one.code])
    return Outcome.objects.filter(indicator=one.code).count()
