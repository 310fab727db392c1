"""Replacing everybody's stored outcomes inside the database: no row passes through Python, only what differs is written."""

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


def lay_outcomes(one: Indicator, dated: bool) -> int:
    """Make the temporary table `outcome_now` from `rel` (see `native.laid_rows`); answers how many rows it has."""
    vendor = connection.vendor
    reason = "COALESCE(rel.reason, '')"
    if dated:
        reason = f"REPLACE({reason}, '{{on}}', COALESCE({DAY[vendor].format('rel.reason_on')}, ''))"
    groups = ", ".join(f"'{name}', COALESCE(rel.\"{name}\", '')" for name in own_groups(one))
    due_on = "rel.due_on" if vendor == "sqlite" else "CAST(rel.due_on AS date)"
    made = f"{OBJECT[vendor]}({groups})"
    latest = f"SELECT code, id, ROW_NUMBER() OVER (PARTITION BY code ORDER BY valid_from DESC) AS nth FROM {Place._meta.db_table}"
    sql = (
        f"CREATE TEMPORARY TABLE outcome_now AS SELECT rel.subject AS subject, spot.id AS place_id, rel.met AS met, "
        f"SUBSTR({reason}, 1, {REASON_LENGTH}) AS reason, {due_on} AS due_on, {made} AS groups "
        f"FROM rel JOIN ({latest}) spot ON spot.code = rel.place AND spot.nth = 1"
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS outcome_now")
        cursor.execute(sql)
        cursor.execute("CREATE UNIQUE INDEX outcome_now_subject ON outcome_now (subject)")
        if vendor == "postgresql":
            cursor.execute("ANALYZE outcome_now")
        cursor.execute("SELECT COUNT(*) FROM outcome_now")
        return int(cursor.fetchone()[0])


def keep_outcomes(one: Indicator) -> None:
    """Make the stored outcomes of an indicator those of `outcome_now`, in the open transaction, writing only differences."""
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
