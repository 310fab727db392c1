"""The indicators of immunization once more as straight loops, on the database and on extracted facts, and drawn boundary days."""

import datetime
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from oracle import Human, Stay, where_staying
from populations import AS_OF, MONTHS, days, example

from tramyte.engine.facts import parquet
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.indicators.duck import Duck
from tramyte.engine.indicators.native import Native
from tramyte.rules.calendar import Period

Day = datetime.date
PERIODS = [Period.parse(code) for code in MONTHS]
FEW = settings(max_examples=int(os.environ.get("TRAMYTE_EXAMPLES", "6")), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DOSES = {"TC03": "bcg", "TC04": "dpt3", "TC05": "opv3", "TC06": "ipv2", "TC07": "measles1", "TC08": "mr", "TC09": "dpt4", "TC11": "je3"}


@dataclass
class Child:
    """Somebody with residences, the days of a course (None: no course is kept) and reviews at school entry (school year, day)."""

    human: Human
    course: dict | None = None
    reviews: list = field(default_factory=list)


@dataclass
class Mother:
    """A woman with births and the days of her tetanus doses (vaccine, day, counts)."""

    births: list
    doses: list


def birthday(born, age):
    """29 February has its birthday on 1 March where there is none."""
    return Day(born.year + age, 3, 1) if (born.month, born.day) == (2, 29) and (born.year + age) % 4 else born.replace(year=born.year + age)


def reaches(child, day, age):
    return child.human.born.year == day.year - age


def reached(child, day, name, age):
    """None for who is not asked, else whether the dose came before the birthday, "open" while it may."""
    if not reaches(child, day, age):
        return None
    turn, on = birthday(child.human.born, age), (child.course or {}).get(name)
    if on is not None and on <= day and on < turn:
        return True
    return "open" if turn > day else False


def born_this_year(child, day):
    return child.human.born.year == day.year and child.human.born <= day


def at_birth(child, day):
    if not born_this_year(child, day):
        return None
    course = child.course or {}
    if course.get("hepb0") is not None and course["hepb0"] <= day:
        return {"clock": True, "day": True, "unsure": "open", "late": False}[course["birth_dose"]]
    return "open" if child.human.born == day else False


def bcg(child, day):
    on = (child.course or {}).get("bcg")
    return (on is not None and on <= day) if born_this_year(child, day) else None


def dropped(child, day):
    if reached(child, day, "dpt1", 1) is not True:
        return None
    third = reached(child, day, "dpt3", 1)
    return {True: False, "open": "open", False: True}[third]


def timely(child, day):
    if not reaches(child, day, 1):
        return None
    turn, late = birthday(child.human.born, 1), (child.course or {}).get("late_on")
    if late is not None and late <= day and late < turn:
        return False
    return "open" if turn > day else child.course is not None


def reviewed(child, day):
    school = day.year if day.month >= 8 else day.year - 1
    if school - child.human.born.year not in (3, 6):
        return None
    return any(year == school and on <= day for year, on in child.reviews)


ORACLE = {
    "TC01": lambda child, day: reached(child, day, "full_on", 1), "TC02": at_birth, "TC03": bcg, "TC12": dropped, "TC15": reviewed, "TC16": timely,
    **{code: lambda child, day, name=name, age=age: reached(child, day, name, age)
       for code, name, age in (("TC04", "dpt3", 1), ("TC05", "opv3", 1), ("TC06", "ipv2", 1), ("TC07", "measles1", 1), ("TC08", "mr", 2), ("TC09", "dpt4", 2), ("TC11", "je3", 3))},
}


def protected(mother, birth):
    doses = sorted(on for vaccine, on, counts in mother.doses if counts and on + datetime.timedelta(14) <= birth)
    years = {0: 0, 1: 0, 2: 3, 3: 5, 4: 10}.get(len(doses), 99)
    return bool(years) and (years == 99 or birthday(doses[-1], years) >= birth)


@st.composite
def children(draw):
    """Births at turns of the year and of months, doses near birthdays and near the days that matter."""
    born = draw(st.one_of(st.just(Day(2024, 2, 29)), st.just(Day(2020, 2, 29)), st.builds(
        lambda day, years: Day(day.year - years, day.month, min(day.day, 28)), days, st.sampled_from([0, 0, 1, 1, 2, 3, 6]))))
    near = st.one_of(st.none(), days, st.builds(lambda age, step: birthday(born, age) + datetime.timedelta(step), st.sampled_from([0, 1, 2, 3]), st.integers(-1, 1)))
    course = None
    if draw(st.sampled_from([True, True, True, False])):
        course = {name: draw(near) for name in ("hepb0", "bcg", "dpt1", "dpt3", "opv3", "ipv2", "measles1", "mr", "dpt4", "je3", "full_on", "late_on")}
        course["birth_dose"] = draw(st.sampled_from(["clock", "day", "unsure", "late"])) if course["hepb0"] else ""
    stays = [Stay(0, "permanent", born), *(Stay(draw(st.integers(0, 2)), draw(st.sampled_from(["temporary", "absent"])), on) for on in draw(st.lists(days, max_size=1)))]
    reviews = [(year, draw(days)) for year in draw(st.lists(st.sampled_from([2022, 2023, 2024, 2025]), max_size=2, unique=True))]
    return Child(Human(born=born, sex=draw(st.sampled_from("MF")), stays=stays), course, reviews)


def store(made, hamlets):
    from tramyte.care.immunization.models import Course, SchoolReview
    from tramyte.care.people.models import Person, Residence

    persons = []
    for child in made:
        person = Person.objects.create(full_name="Trẻ thử", birth_date=child.human.born, sex=child.human.sex, hamlet=hamlets[0])
        persons.append(person)
        for stay in child.human.stays:
            Residence.objects.create(person=person, place=hamlets[stay.hamlet], kind=stay.kind, start=stay.start, end=stay.end)
        if child.course is not None:
            Course.objects.create(person=person, **child.course)
        SchoolReview.objects.bulk_create([SchoolReview(person=person, school_year=year, level="primary", on=on, result="complete") for year, on in child.reviews])
    return persons


def expected(made, persons, hamlets, code):
    found = set()
    for child, person in zip(made, persons, strict=True):
        for period in PERIODS:
            day = min(period.end, AS_OF)
            place, met = where_staying(child.human, day), ORACLE[code](child, day)
            if place is not None and met is not None:
                found.add((period.code, str(person.pk), hamlets[place].code, None if met == "open" else met, child.human.sex))
    return found


@FEW
@given(group=st.lists(children(), min_size=1, max_size=6))
def test_every_indicator_of_children_equals_the_oracle_on_both_engines(cast, group):
    with example(), tempfile.TemporaryDirectory() as folder:
        persons = store(group, cast.hamlets)
        parquet.write(Path(folder) / "facts")
        for engine in (Native(), Duck(Path(folder) / "facts")):
            for code in ORACLE:
                rows = engine.rows(INDICATORS[code], PERIODS, AS_OF)
                wanted = expected(group, persons, cast.hamlets, code)
                assert len(rows) == len(wanted) and {(row.period, row.subject, row.place, row.met, row.groups[0]) for row in rows} == wanted, code
                few = engine.rows(INDICATORS[code], PERIODS, AS_OF, subjects=[persons[0].pk])
                assert {row for row in rows if row.subject == str(persons[0].pk)} == set(few), code


mothers = st.builds(
    Mother, st.lists(days, max_size=2, unique_by=lambda day: day.year), st.lists(st.tuples(st.sampled_from(["UV", "TD", "FLU"]), st.builds(
        lambda day, years, step: birthday(day, -years) + datetime.timedelta(step), days, st.sampled_from([0, 1, 3, 5, 10]), st.sampled_from([-15, -14, -13, -1, 0, 1])), st.booleans()),
        max_size=6, unique_by=lambda dose: dose[1]))


@FEW
@given(made=st.lists(mothers, min_size=1, max_size=5))
def test_protection_against_tetanus_equals_the_oracle_on_both_engines(cast, made):
    from tramyte.care.immunization.catalogue import install, vaccine_id
    from tramyte.care.immunization.models import Immunization
    from tramyte.care.maternal.models import Delivery, Pregnancy
    from tramyte.care.people.models import Person

    with example(), tempfile.TemporaryDirectory() as folder:
        install()
        wanted, persons = set(), []
        for mother in made:
            person = Person.objects.create(full_name="Người thử", birth_date=Day(1996, 5, 5), sex="F", hamlet=cast.hamlets[0])
            persons.append(person)
            Immunization.objects.bulk_create([Immunization(
                person=person, vaccine_id=vaccine_id(vaccine), on=on, age_days=9000, verdict="valid" if counts else "not_valid") for vaccine, on, counts in mother.doses])
            for on in sorted(mother.births):
                row = Pregnancy.objects.create(person=person, since=on - datetime.timedelta(280), due_on=on, dated_by="lmp", outcome="delivered", ended_on=on)
                Delivery.objects.create(person=person, pregnancy=row, on=on, place="hospital", gestation=280)
            for period in PERIODS:
                day = min(period.end, AS_OF)
                before = [on for on in mother.births if on <= day]
                if before and max(before).year == day.year:
                    own = Mother([], [dose for dose in mother.doses if dose[0] != "FLU"])
                    wanted.add((period.code, str(person.pk), cast.hamlets[0].code, protected(own, max(before))))
        parquet.write(Path(folder) / "facts")
        for engine in (Native(), Duck(Path(folder) / "facts")):
            rows = engine.rows(INDICATORS["TC10"], PERIODS, AS_OF)
            assert len(rows) == len(wanted) and {(row.period, row.subject, row.place, row.met) for row in rows} == wanted
            assert {row for row in rows if row.subject == str(persons[0].pk)} == set(engine.rows(INDICATORS["TC10"], PERIODS, AS_OF, subjects=[persons[0].pk]))
