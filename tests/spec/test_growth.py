"""The indicators of nutrition once more as straight loops, on the database and on extracted facts, and drawn boundary days."""

import datetime
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from oracle import Human, Stay, where_staying, year_before
from populations import AS_OF, MONTHS, days, example

from tramyte.engine.facts import parquet
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.duck import Duck
from tramyte.engine.indicators.native import Native
from tramyte.rules.calendar import Period

Day = datetime.date
PERIODS = [Period.parse(code) for code in MONTHS]
FEW = settings(max_examples=int(os.environ.get("TRAMYTE_EXAMPLES", "6")), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass
class Visit:
    """What one measurement says."""

    on: Day
    weight: int | None = None
    length: int | None = None
    wasting: int | None = None
    acute: str = ""
    trend: str = ""
    feeding: str = ""
    follow_up: Day | None = None
    vitamin_a: bool | None = None


@dataclass
class Child:
    """Somebody with residences and visits."""

    human: Human
    visits: list[Visit] = field(default_factory=list)


def years_before(day, years):
    return Day(day.year - years, day.month, 28 if (day.month, day.day) == (2, 29) and (day.year - years) % 4 else day.day)


def half_year_before(day):
    year, month = (day.year, day.month - 6) if day.month > 6 else (day.year - 1, day.month + 6)
    last = [31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return Day(year, month, min(day.day, last))


def last(child, day, kind):
    found = None
    for visit in sorted(child.visits, key=lambda one: one.on):
        if visit.on <= day and kind(child, visit):
            found = visit
    return found


def fresh(child, day, kind):
    found = last(child, day, kind)
    return found if found is not None and found.on > year_before(day) else None


def band(name, wanted):
    def answer(child, day):
        visit = fresh(child, day, lambda _, one: getattr(one, "weight" if name == "weight" else "length") is not None)
        value = None if visit is None else getattr(visit, name)
        return None if value is None else wanted(value)

    return answer


def managed(child, day):
    visit = fresh(child, day, lambda *_: True)
    if visit is None or not visit.acute or child.human.born > half_year_before(day):
        return None
    return visit.follow_up is not None and visit.follow_up >= day


def seen(child, day):
    visit = last(child, day, lambda *_: True)
    return visit is not None and visit.on > half_year_before(day)


def took_vitamin_a(child, day):
    if child.human.born > half_year_before(day):
        return None
    visit = last(child, day, lambda _, one: one.vitamin_a)
    return visit is not None and visit.on > half_year_before(day)


def gains(child, day):
    visit = fresh(child, day, lambda _, one: one.weight is not None)
    return None if visit is None or not visit.trend else visit.trend == "gaining"


def breastfed(child, day):
    visit = fresh(child, day, lambda one, visit: visit.feeding and (visit.on - one.human.born).days < 183)
    return None if visit is None else visit.feeding == "exclusive"


ORACLE = {
    "DD01": band("weight", lambda band: band < 0), "DD02": band("length", lambda band: band < 0), "DD03": band("wasting", lambda band: band < 0),
    "DD04": band("wasting", lambda band: band > 0), "DD05": took_vitamin_a, "DD06": managed, "DD07": seen, "DD08": gains, "BM13": breastfed,
}
bands = st.sampled_from([None, -3, -2, 0, 2, 3])


@st.composite
def children(draw):
    """Births near five years and six months before the days that matter, visits near those days."""
    born = draw(st.builds(
        lambda day, months, step: (years_before(day, 5) if months == 60 else half_year_before(day) if months == 6 else years_before(day, 1)) + datetime.timedelta(step),
        days, st.sampled_from([60, 12, 6]), st.integers(-1, 1)))
    stays = [Stay(0, "permanent", born), *(Stay(draw(st.integers(0, 2)), draw(st.sampled_from(["temporary", "absent"])), on) for on in draw(st.lists(days, max_size=1)))]
    visits = [
        Visit(on, draw(bands), draw(bands), draw(bands), draw(st.sampled_from(["", "moderate", "severe"])), draw(st.sampled_from(["", "gaining", "flat", "falling"])),
              draw(st.sampled_from(["", "exclusive", "mixed", "none"])), draw(st.one_of(st.none(), days)), draw(st.sampled_from([None, False, True, True])))
        for on in draw(st.lists(days, max_size=4, unique=True)) if on >= born]
    died = draw(st.one_of(st.none(), st.none(), days))
    return Child(Human(born=born, sex=draw(st.sampled_from("MF")), died=died if died is None or died >= born else born, stays=stays), visits)


def store(children, hamlets):
    from tramyte.care.growth.models import GrowthMeasurement
    from tramyte.care.people.models import Person, Residence

    made = []
    for child in children:
        person = Person.objects.create(full_name="Trẻ thử", birth_date=child.human.born, sex=child.human.sex, died_on=child.human.died, hamlet=hamlets[0])
        made.append(person)
        for stay in child.human.stays:
            Residence.objects.create(person=person, place=hamlets[stay.hamlet], kind=stay.kind, start=stay.start, end=stay.end)
        GrowthMeasurement.objects.bulk_create([GrowthMeasurement(
            person=person, on=one.on, age_days=(one.on - child.human.born).days, weight_band=one.weight, length_band=one.length, wasting_band=one.wasting, acute=one.acute,
            trend=one.trend, feeding=one.feeding, follow_up_on=one.follow_up, vitamin_a=one.vitamin_a, due_on=one.on, rules_version="x") for one in child.visits])
    return made


def expected(children, made, hamlets, code):
    found = set()
    for child, person in zip(children, made, strict=True):
        for period in PERIODS:
            day = min(period.end, AS_OF)
            place, met = where_staying(child.human, day), ORACLE[code](child, day)
            if place is not None and met is not None and child.human.born > years_before(day, 5):
                found.add((period.code, str(person.pk), hamlets[place].code, met, child.human.sex))
    return found


@FEW
@given(group=st.lists(children(), min_size=1, max_size=6))
def test_every_indicator_of_nutrition_equals_the_oracle_on_both_engines(cast, group):
    with example(), tempfile.TemporaryDirectory() as folder:
        made = store(group, cast.hamlets)
        parquet.write(Path(folder) / "facts")
        for engine in (Native(), Duck(Path(folder) / "facts")):
            for code in ORACLE:
                rows = engine.rows(INDICATORS[code], PERIODS, AS_OF)
                wanted = expected(group, made, cast.hamlets, code)
                assert len(rows) == len(wanted) and {(row.period, row.subject, row.place, row.met, row.groups[0]) for row in rows} == wanted, code
                few = engine.rows(INDICATORS[code], PERIODS, AS_OF, subjects=[made[0].pk])
                assert {row for row in rows if row.subject == str(made[0].pk)} == set(few)
                counts = engine.counts(INDICATORS[code], PERIODS, AS_OF, by="age_group")
                assert sum(one.denominator for one in counts) == len(rows) and sum(one.numerator for one in counts) == sum(row.met for row in rows)


@pytest.mark.parametrize(("code", "born", "visits", "met", "reason"), [
    ("DD01", "2021-06-04", [Visit(Day(2026, 6, 1), weight=-2)], True, "Nhẹ cân, đo 01/06/2026"),
    ("DD01", "2021-06-03", [Visit(Day(2026, 6, 1), weight=-2)], None, ""),
    ("DD01", "2024-01-01", [Visit(Day(2025, 6, 4), weight=-3)], True, "Nhẹ cân mức nặng, đo 04/06/2025"),
    ("DD01", "2024-01-01", [Visit(Day(2025, 6, 3), weight=-3)], None, ""),
    ("DD01", "2024-01-01", [Visit(Day(2026, 1, 1), weight=-2), Visit(Day(2026, 6, 3), length=-2)], True, "Nhẹ cân, đo 01/01/2026"),
    ("DD01", "2024-01-01", [Visit(Day(2026, 1, 1), weight=-2), Visit(Day(2026, 6, 4), weight=0)], True, "Nhẹ cân, đo 01/01/2026"),
    ("DD03", "2024-01-01", [Visit(Day(2026, 6, 1), length=0)], None, ""),
    ("DD04", "2024-01-01", [Visit(Day(2026, 6, 1), length=0, wasting=2)], True, "Thừa cân, đo 01/06/2026"),
    ("DD05", "2025-12-03", [Visit(Day(2026, 6, 3), vitamin_a=True)], True, "Uống vitamin A 03/06/2026"),
    ("DD05", "2025-12-04", [Visit(Day(2026, 6, 3), vitamin_a=True)], None, ""),
    ("DD05", "2024-01-01", [Visit(Day(2025, 12, 3), vitamin_a=True), Visit(Day(2026, 6, 1), vitamin_a=False)], False, "Quá 6 tháng chưa uống vitamin A; lần gần nhất 03/12/2025"),
    ("DD05", "2024-01-01", [Visit(Day(2025, 12, 4), vitamin_a=True)], True, "Uống vitamin A 04/12/2025"),
    ("DD06", "2025-12-03", [Visit(Day(2026, 6, 3), acute="severe")], False, "Suy dinh dưỡng cấp nặng, chưa hẹn khám lại, đo 03/06/2026"),
    ("DD06", "2025-12-04", [Visit(Day(2026, 6, 3), acute="severe")], None, ""),
    ("DD06", "2024-01-01", [Visit(Day(2026, 6, 1), acute="moderate", follow_up=Day(2026, 6, 3))], True, "Đã hẹn khám lại, đo 01/06/2026"),
    ("DD06", "2024-01-01", [Visit(Day(2026, 6, 1), acute="moderate", follow_up=Day(2026, 6, 2))], False, "Suy dinh dưỡng cấp vừa, đã quá hẹn, đo 01/06/2026"),
    ("DD07", "2024-01-01", [Visit(Day(2025, 12, 4))], True, "Đo 04/12/2025"),
    ("DD07", "2024-01-01", [Visit(Day(2025, 12, 3))], False, "Quá 6 tháng chưa cân đo; lần gần nhất 03/12/2025"),
    ("DD07", "2024-01-01", [Visit(Day(2026, 6, 4))], False, "Chưa cân đo lần nào"),
    ("DD08", "2024-01-01", [Visit(Day(2026, 6, 1), weight=0, trend="flat")], False, "Không tăng cân, đo 01/06/2026"),
    ("BM13", "2025-12-01", [Visit(Day(2026, 6, 1), feeding="exclusive")], True, "Bú mẹ hoàn toàn, hỏi 01/06/2026"),
    ("BM13", "2025-11-30", [Visit(Day(2026, 6, 1), feeding="exclusive")], None, ""),
])
def test_the_days_that_matter_on_3_june_2026(cast, code, born, visits, met, reason):
    child = Child(Human(born=Day.fromisoformat(born), stays=[Stay(0, "permanent", Day.fromisoformat(born))]), visits)
    store([child], cast.hamlets)
    rows = Native().rows(INDICATORS[code], [Period.parse("2026")], Day(2026, 6, 3))
    assert [(row.met, row.reason) for row in rows] == ([] if met is None else [(met, reason)])
