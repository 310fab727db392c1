"""The invented people: stable, consistent, and near the figures they follow."""

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tramyte.exchange.demo.figures import PYRAMID, on_curve, shares
from tramyte.exchange.demo.health import make_techniques
from tramyte.exchange.demo.names import _FAMILY
from tramyte.exchange.demo.population import make_population
from tramyte.exchange.demo.shapes import HamletSpec, Population
from tramyte.rules.calendar import add_months, age_years
from tramyte.rules.identity import (
    check_insurance_number,
    check_name,
    check_national_id,
    check_phone,
    national_id_warnings,
)
from tramyte.rules.text import fold

AS_OF = date(2026, 6, 3)
HAMLETS = [HamletSpec(f"Thôn {i}", weight) for i, weight in enumerate((3, 2, 2, 1.5, 1, 2.5, 1, 1), start=1)]
SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
def commune() -> Population:
    return make_population(3000, as_of=AS_OF, hamlets=HAMLETS)


def residents(population: Population, day: date) -> set[int]:
    return {
        stay.person
        for stay in population.residences
        if stay.kind != "absent" and stay.start <= day and (stay.end is None or stay.end > day)
    }


def insured(population: Population, day: date) -> float:
    here = residents(population, day)
    held = {term.person for term in population.coverages if term.start <= day <= term.end}
    return len(here & held) / len(here)


def examined(population: Population, day: date) -> float:
    here = residents(population, day)
    done = {c.person for c in population.checkups if c.day.year == day.year and c.day <= day}
    return len(here & done) / len(here)


def test_same_seed_same_people_on_every_machine() -> None:
    made = make_population(60, 7, as_of=AS_OF, hamlets=HAMLETS)
    again = make_population(60, 7, as_of=AS_OF, hamlets=HAMLETS)
    assert repr(made) == repr(again)
    assert repr(made) != repr(make_population(60, 8, as_of=AS_OF, hamlets=HAMLETS))
    assert hashlib.sha256(repr(made).encode()).hexdigest()[:16] == "67582e8450d6a4b5"


@pytest.mark.parametrize("people", [20, 100, 1000])
@pytest.mark.parametrize("as_of", [AS_OF, date(2024, 2, 29), date(2027, 1, 1)])
def test_any_size_and_day(people: int, as_of: date) -> None:
    made = make_population(people, as_of=as_of, hamlets=HAMLETS[:3])
    assert len(residents(made, as_of)) == people
    days = (
        [c.day for c in made.checkups]
        + [r.updated_on for r in made.records]
        + [s.start for s in made.residences]
    )
    assert max(days) <= as_of


def test_refuses_what_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="từ 20"):
        make_population(5, as_of=AS_OF, hamlets=HAMLETS)
    with pytest.raises(ValueError, match="ít nhất một thôn"):
        make_population(100, as_of=AS_OF, hamlets=[])


@pytest.mark.parametrize("people", [20, 100, 3000])
def test_the_man_of_the_demo(people: int) -> None:
    made = make_population(people, as_of=AS_OF, hamlets=HAMLETS)
    found = [
        i
        for i, person in enumerate(made.persons)
        if person.birth_date.year == 1956
        and all(any(w.startswith(p) for w in fold(person.full_name).split()) for p in ("nguyen", "van", "an"))
    ]
    assert found == [made.demo_person]
    man = made.persons[made.demo_person]
    assert (man.full_name, man.sex, man.precision, man.died_on) == ("Nguyễn Văn An", "M", "day", None)
    assert made.households[man.household].hamlet == 0
    assert max(t.end for t in made.coverages if t.person == made.demo_person) < AS_OF
    assert len(man.national_id) == 12


def test_namesakes_of_the_same_year(commune: Population) -> None:
    here = residents(commune, AS_OF)
    names = Counter((p.full_name, p.birth_date.year) for i, p in enumerate(commune.persons) if i in here)
    assert max(names.values()) >= 2


def test_numbers_and_names_pass_the_checks(commune: Population) -> None:
    for person in commune.persons:
        assert check_name(person.full_name) == person.full_name
        if person.national_id:
            assert check_national_id(person.national_id) == person.national_id
            assert national_id_warnings(person.national_id, person.birth_date, person.sex) == ()
        if person.phone:
            assert check_phone(person.phone) == person.phone
    for term in commune.coverages:
        assert check_insurance_number(term.card_number) == term.card_number
        assert term.card_number.startswith(term.group)
    ids = [p.national_id for p in commune.persons if p.national_id]
    phones = [p.phone for p in commune.persons if p.phone]
    assert len(set(ids)) == len(ids) > 0.97 * len(commune.persons)
    assert len(set(phones)) == len(phones)


def test_households_and_mothers(commune: Population) -> None:
    size = 3000 / len(commune.households)
    assert 3.5 < size < 3.7
    for household in commune.households:
        head = commune.persons[household.head]
        assert head.relation == "Chủ hộ" and head.died_on is None
        assert age_years(head.birth_date, AS_OF) >= 18
    children = [p for p in commune.persons if p.mother is not None]
    assert len(children) > 900
    for child in children:
        assert child.mother is not None
        mother = commune.persons[child.mother]
        assert mother.sex == "F"
        assert 16 <= child.birth_date.year - mother.birth_date.year <= 44


def test_dates_are_in_order(commune: Population) -> None:
    for stay in commune.residences:
        person = commune.persons[stay.person]
        assert person.birth_date <= stay.start <= (stay.end or AS_OF) <= AS_OF
        assert (stay.left == "death") == (person.died_on is not None)
    last_end: dict[int, date] = {}
    for term in commune.coverages:
        assert term.start <= term.end
        assert term.start > last_end.get(term.person, date.min)
        last_end[term.person] = term.end
    for record in commune.records:
        assert list(record.updates) == sorted(set(record.updates))
        assert all(day > record.opened_on for day in record.updates)
    for checkup in commune.checkups:
        assert commune.persons[checkup.person].birth_date <= checkup.day <= AS_OF
        assert 1 <= checkup.health_class <= 5


def test_coverage_rises_and_leaves_work(commune: Population) -> None:
    assert 0.92 < insured(commune, AS_OF) < 0.96
    assert insured(commune, date(2026, 1, 31)) < insured(commune, AS_OF)
    assert insured(commune, add_months(AS_OF, -48)) < 0.925


def test_records_and_checkups(commune: Population) -> None:
    here = residents(commune, AS_OF)
    opened = {r.person for r in commune.records}
    lately = {r.person for r in commune.records if r.updated_on > add_months(AS_OF, -12)}
    assert 0.89 < len(opened & here) / len(here) < 0.95
    assert 0.76 < len(lately & here) / len(here) < 0.84
    assert 0.34 < examined(commune, AS_OF) < 0.42
    yearly = [examined(commune, date(year, 12, 31)) for year in range(2021, 2026)]
    assert yearly == sorted(yearly)
    assert 0.55 < yearly[-1] < 0.64


def test_movements(commune: Population) -> None:
    kinds = Counter(stay.kind for stay in commune.residences if stay.end is None)
    assert kinds["temporary"] > 30 and kinds["absent"] > 20
    left = Counter(stay.left for stay in commune.residences)
    assert 80 <= left["death"] <= 120
    homes = Counter(stay.person for stay in commune.residences if stay.end is None and stay.kind != "absent")
    assert sum(count == 2 for count in homes.values()) > 10


def test_techniques() -> None:
    codes = [f"T{i:03d}" for i in range(120)]
    states = make_techniques(codes, 2026, AS_OF)
    assert [state.code for state in states] == codes
    performed = [state for state in states if state.performed_on]
    assert len(performed) == 68  # 56 % of 120, rounded up
    assert all((state.performed_on is None) == bool(state.reason) for state in states)


def test_shares_add_up() -> None:
    assert shares(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(shares(12345, [w for pair in PYRAMID for w in pair])) == 12345
    assert on_curve(((-10, 0.0), (0, 1.0)), -5) == 0.5


def _shared(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"The shared material is not beside the checkout: {name} was not compared.")
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.shared
def test_pyramid_is_near_the_shared_figures(commune: Population) -> None:
    rows = _shared("demography/age_sex_5y.csv")
    for column, sex in enumerate(("male", "female")):
        shares_of = [10 * float(row[f"raked_2024_{sex}_pct"]) for row in rows]
        expected = [*shares_of[:17], sum(shares_of[17:])]
        assert [group[column] for group in PYRAMID] == pytest.approx(expected, abs=0.11)
    here = residents(commune, AS_OF)
    ages = [age_years(commune.persons[i].birth_date, AS_OF) for i in here]
    assert sum(age < 15 for age in ages) / len(ages) == pytest.approx(0.233, abs=0.01)
    assert sum(age >= 65 for age in ages) / len(ages) == pytest.approx(0.093, abs=0.01)


@pytest.mark.shared
def test_family_names_are_near_the_shared_figures() -> None:
    rows = _shared("names/family_names_national.csv")
    ours: dict[str, float] = {}
    before = 0.0
    for name, edge in zip(_FAMILY.values, _FAMILY.edges, strict=True):
        ours[name], before = 100 * (edge - before) / _FAMILY.edges[-1], edge
    for row in rows:
        share = sum(ours.get(name, 0) for name in row["ho"].split("/"))
        national = float(row["pct_national_2022_study"])
        assert share == pytest.approx(national, rel=0.15, abs=0.3), row["ho"]
