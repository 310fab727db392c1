"""The indicators of mothers and births once more as straight loops, on the database and on extracted facts."""

import datetime
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from populations import AS_OF, MONTHS, days, example

from tramyte.engine.facts import parquet
from tramyte.engine.indicators import INDICATORS, figures
from tramyte.engine.indicators.duck import Duck
from tramyte.engine.indicators.native import Native
from tramyte.rules.calendar import Period

Day = datetime.date
PERIODS = [Period.parse(code) for code in MONTHS]
FEW = settings(max_examples=int(os.environ.get("TRAMYTE_EXAMPLES", "4")), deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = datetime.timedelta(1)


@dataclass
class Birth:
    """One birth: contacts as (days of gestation, HIV tested), postnatal days after, children as (sex, weight, screenings), prenatal screenings."""

    on: Day
    place: str
    attendant: str
    managed: bool
    contacts: list = field(default_factory=list)
    after: list = field(default_factory=list)
    babies: list = field(default_factory=list)
    prenatal: list = field(default_factory=list)


@dataclass
class Mother:
    """A woman with her births, far apart, what she used against pregnancy, and whether a husband is known."""

    born: Day
    births: list
    lines: list
    married: bool


def begun(birth):
    return birth.on - datetime.timedelta(273)


def last_birth(mother, day):
    found = None
    for birth in sorted(mother.births, key=lambda one: one.on):
        if birth.on <= day:
            found = birth
    return found if found is not None and found.on.year == day.year else None


def after(birth, day, limit):
    if any(0 <= one <= limit and birth.on + one * LONG <= day for one in birth.after):
        return True
    return None if birth.on + limit * LONG >= day else False


def four(birth, day):
    terms = [1 if days < 98 else 2 if days < 196 else 3 for days, _ in birth.contacts]
    return terms.count(1) >= 1 and terms.count(2) >= 1 and terms.count(3) >= 2


OF_MOTHERS = {
    "BM01": four, "BM02": lambda birth, day: birth.managed, "BM03": lambda birth, day: any(tested for _, tested in birth.contacts),
    "BM05": lambda birth, day: birth.place in {"hospital", "station", "clinic"},
    "BM06": lambda birth, day: birth.attendant in {"doctor", "midwife", "village_midwife"} if birth.attendant else None,
    "BM07": lambda birth, day: after(birth, day, 42), "BM08": lambda birth, day: after(birth, day, 7),
    "DS08": lambda birth, day: any(begun(birth) <= on <= birth.on and many >= 4 for on, many in birth.prenatal),
}


def screened(baby, birth, day):
    if any(on <= day and many >= 5 for on, many in baby[2]):
        return True
    return None if birth.on + 28 * LONG >= day else False


OF_CHILDREN = {
    "BM12": (lambda baby, birth: baby[1] is not None, lambda baby, birth, day: baby[1] < 2500), "DS01": (lambda *_: True, lambda baby, birth, day: baby[0] == "M"),
    "DS09": (lambda *_: True, screened),
}


def in_use(mother, day, modern):
    """None for who is not asked."""
    age = day.year - mother.born.year - ((day.month, day.day) < (mother.born.month, mother.born.day))
    if not mother.married or not 15 <= age < 50:
        return None
    last = None
    for line in mother.lines:
        if line[0] <= day and (last is None or line[0] >= last[0]):
            last = line
    if last is None or last[2] == "stop" or (last[4] and (last[2] == "start" or last[3] is None)) or (last[3] is not None and last[3] < day):
        return False
    return not (modern and last[1] == "traditional")


@st.composite
def mothers(draw):
    births = []
    for on in sorted(draw(st.lists(days, max_size=3, unique=True))):
        if births and (on - births[-1].on).days < 280:
            continue
        births.append(Birth(
            on, draw(st.sampled_from(["hospital", "station", "clinic", "home", "way"])), draw(st.sampled_from(["", "doctor", "midwife", "village_midwife", "untrained", "nobody"])), draw(st.booleans()),
            draw(st.lists(st.tuples(st.sampled_from([60, 97, 98, 150, 195, 196, 240, 260]), st.booleans()), max_size=5, unique_by=lambda one: one[0])),
            draw(st.lists(st.sampled_from([0, 6, 7, 8, 42, 43]), max_size=3, unique=True)),
            [(draw(st.sampled_from("MF")), draw(st.sampled_from([None, 2499, 2500, 3200])), draw(st.lists(st.tuples(st.sampled_from([on, on + LONG, on + 28 * LONG]), st.sampled_from([0, 4, 5])), max_size=1)))
             for _ in range(draw(st.integers(0, 2)))],
            draw(st.lists(st.tuples(st.sampled_from([on - 274 * LONG, on - 273 * LONG, on - LONG, on]), st.sampled_from([3, 4])), max_size=2, unique_by=lambda one: one[0]))))
    lines = [
        (on, draw(st.sampled_from(["pill", "iud", "traditional"])), draw(st.sampled_from(["start", "continue", "stop"])), draw(st.one_of(st.none(), st.just(on + 30 * LONG), st.just(on))), draw(st.booleans()))
        for on in sorted(draw(st.lists(days, max_size=3, unique=True)))]
    return Mother(draw(st.sampled_from([Day(1975, 3, 14), Day(1975, 3, 15), Day(2010, 3, 14), Day(2010, 3, 15), Day(1996, 5, 5)])), births, lines, draw(st.booleans()))


def store(made, hamlets):
    """The women as rows; answers them, and their children with baby and birth."""
    from tramyte.care.maternal import models
    from tramyte.care.people.models import Person, Residence

    women, children = [], []
    for number, mother in enumerate(made):
        woman = Person.objects.create(full_name="Người Thử", birth_date=mother.born, sex="F", hamlet=hamlets[number % 3], relation="Vợ" if mother.married else "Con")
        Residence.objects.create(person=woman, place=woman.hamlet, kind="permanent", start=mother.born)
        women.append(woman)
        for birth in mother.births:
            row = models.Pregnancy.objects.create(
                person=woman, since=begun(birth), due_on=begun(birth) + 280 * LONG, dated_by="lmp", outcome="delivered", ended_on=birth.on, registered_on=birth.on if birth.managed else None)
            delivery = models.Delivery.objects.create(person=woman, pregnancy=row, on=birth.on, place=birth.place, attendant=birth.attendant, gestation=273)
            for gestation, tested in birth.contacts:
                models.AntenatalContact.objects.create(
                    person=woman, pregnancy=row, on=begun(birth) + gestation * LONG, gestation=gestation, term=1 if gestation < 98 else 2 if gestation < 196 else 3, hiv="neg" if tested else "")
            for day in birth.after:
                models.PostnatalContact.objects.create(person=woman, delivery=delivery, on=birth.on + day * LONG, day=day)
            for order, baby in enumerate(birth.babies, 1):
                child = Person.objects.create(full_name="Trẻ Thử", birth_date=birth.on, sex=baby[0], hamlet=woman.hamlet, mother=woman)
                models.Newborn.objects.create(mother=woman, delivery=delivery, child=child, on=birth.on, order=order, sex=baby[0], weight_g=baby[1])
                models.Screening.objects.bulk_create([models.Screening(person=child, on=on, kind="newborn", diseases=many or None) for on, many in baby[2]])
                children.append((child, baby, birth))
            models.Newborn.objects.create(mother=woman, delivery=delivery, on=birth.on, order=6, sex="F", weight_g=900, state="stillborn")
            for on, many in birth.prenatal:
                models.Screening.objects.get_or_create(person=woman, on=on, kind="prenatal", defaults={"diseases": many})
        for on, method, act, until, out in mother.lines:
            models.FamilyPlanning.objects.create(person=woman, on=on, method=method, act=act, until=until, stock_out=out)
    return women, children


def expected(code, made, women, children):
    found = set()
    for period in PERIODS:
        day = min(period.end, AS_OF)
        if code in OF_MOTHERS:
            for mother, woman in zip(made, women, strict=True):
                if (birth := last_birth(mother, day)) is not None:
                    found.add((period.code, str(woman.pk), woman.hamlet.code, OF_MOTHERS[code](birth, day)))
        elif code in OF_CHILDREN:
            counts, met = OF_CHILDREN[code]
            found |= {(period.code, str(child.pk), child.hamlet.code, met(baby, birth, day)) for child, baby, birth in children if birth.on <= day and birth.on.year == day.year and counts(baby, birth)}
        else:
            for mother, woman in zip(made, women, strict=True):
                if (used := in_use(mother, day, code == "DS07")) is not None:
                    found.add((period.code, str(woman.pk), woman.hamlet.code, used))
    return found


@FEW
@given(made=st.lists(mothers(), min_size=1, max_size=4))
def test_mothers_and_births(cast, made):
    with example(), tempfile.TemporaryDirectory() as folder:
        women, children = store(made, cast.hamlets)
        parquet.write(Path(folder) / "facts")
        for engine in (Native(), Duck(Path(folder) / "facts")):
            for code in (*OF_MOTHERS, *OF_CHILDREN, "DS06", "DS07"):
                wanted = expected(code, made, women, children)
                rows = engine.rows(INDICATORS[code], PERIODS, AS_OF)
                assert {(row.period, row.subject, row.place, row.met) for row in rows} == wanted, code
                assert len(rows) == len(wanted), code
                few = engine.rows(INDICATORS[code], PERIODS, AS_OF, subjects=[women[0].pk])
                assert set(few) == {row for row in rows if row.subject == str(women[0].pk)}, code


def figure(boys, children):
    return figures.Figure("DS01", "x", "2026-06", boys, children, 0, AS_OF, 1, figures.SEX_RATIO)


def test_the_sex_ratio_is_boys_for_a_hundred_girls():
    assert figure(60, 110).value == pytest.approx(120)
    assert figure(5, 5).value is None and figure(0, 0).value is None and figure(0, 4).value == 0
    low, high = figure(60, 110).interval
    assert low < 105 < 120 < high, "few births: 120 does not differ from 105 by more than chance"
    assert figures.gap(figure(60, 110), "<", 109) == 3 and figures.gap(figure(50, 100), "<", 109) == 0


def test_no_reason_tells_a_result_or_a_birthday_to_who_may_not_see_it(cast):
    assert not INDICATORS["DS01"].personal and "{on}" not in str(INDICATORS["DS01"].definition)
