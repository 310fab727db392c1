"""Every indicator equals the oracle, on the database and on extracted facts, as rows and as counts."""

import os
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import oracle
import populations
from populations import AS_OF, MONTHS, approvals, example, humans

from tramyte.engine.facts import parquet
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.duck import Duck
from tramyte.engine.indicators.measuring import own_groups
from tramyte.engine.indicators.native import Native
from tramyte.rules.calendar import Period

PERIODS = [Period.parse(code) for code in MONTHS]
# Few on every run; TRAMYTE_EXAMPLES=100 asks for as many as before a release.
FEW = settings(max_examples=int(os.environ.get("TRAMYTE_EXAMPLES", "8")), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def engines(folder: str):
    """The database, and DuckDB on what was just extracted from it."""
    parquet.write(Path(folder) / "facts")
    return [Native(), Duck(Path(folder) / "facts")]


def expected_rows(people, made, hamlets, code):
    rows = set()
    for human, person in zip(people, made, strict=True):
        for period in PERIODS:
            day = min(period.end, AS_OF)
            hamlet = oracle.where_staying(human, day)
            if hamlet is not None:
                met = oracle.OF_PERSONS[code](human, day)
                rows.add((period.code, str(person.pk), hamlets[hamlet].code, met, human.sex, oracle.age_group(human, day)))
    return rows


@FEW
@given(people=st.lists(humans(), min_size=1, max_size=6))
def test_indicators_of_persons(cast, people):
    with example(), tempfile.TemporaryDirectory() as folder:
        made = populations.store_humans(people, cast.hamlets)
        for engine in engines(folder):
            for code in oracle.OF_PERSONS:
                expected = expected_rows(people, made, cast.hamlets, code)
                rows = engine.rows(INDICATORS[code], PERIODS, AS_OF)
                assert len(rows) == len(expected)
                assert {(row.period, row.subject, row.place, row.met, *row.groups) for row in rows} == expected, code
                few = engine.rows(INDICATORS[code], PERIODS, AS_OF, subjects=[made[0].pk])
                assert {row for row in rows if row.subject == str(made[0].pk)} == set(few)
                agree_with_counts(engine, code, rows)


@FEW
@given(rows=st.lists(approvals(), min_size=1, max_size=6))
def test_techniques(cast, rows):
    facilities, places = [cast.station, cast.site], [cast.commune.code, cast.hamlets[1].code]
    with example(), tempfile.TemporaryDirectory() as folder:
        made = populations.store_approvals(rows, facilities)
        expected = {
            (period.code, str(stored.pk), places[row.site], met, facilities[row.site].code)
            for row, stored in zip(rows, made, strict=True) for period in PERIODS
            if (met := oracle.performed(row, min(period.end, AS_OF))) is not None
        }
        for engine in engines(folder):
            found = engine.rows(INDICATORS["KC04"], PERIODS, AS_OF)
            assert {(row.period, row.subject, row.place, row.met, *row.groups) for row in found} == expected
            agree_with_counts(engine, "KC04", found)


def agree_with_counts(engine, code, rows):
    one = INDICATORS[code]
    for at, kind in enumerate(["", *own_groups(one)]):
        tally = {}
        for row in rows:
            key = (row.period, row.place, row.groups[at - 1] if kind else "")
            met, counted, unsure = tally.get(key, (0, 0, 0))
            tally[key] = (met + (row.met is True), counted + 1, unsure + (row.met is None))
        counts = engine.counts(one, PERIODS, AS_OF, by=kind)
        assert {(c.period, c.place, c.group): (c.numerator, c.denominator, c.unknown) for c in counts} == tally
