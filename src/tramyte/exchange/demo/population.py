"""The invented commune's people with five years of history, the same for the same seed on every machine."""

from collections.abc import Sequence
from datetime import date

from tramyte.exchange.demo.deaths import add_deaths
from tramyte.exchange.demo.draws import Draws, Table
from tramyte.exchange.demo.figures import (
    DEATH_AGES,
    DEATHS_A_YEAR,
    DEPARTURES_A_YEAR,
    ETHNIC_GROUPS,
    shares,
)
from tramyte.exchange.demo.health import add_checkups, add_records
from tramyte.exchange.demo.households import HOUSE, YEAR, Draft, Member, draft_households, relative
from tramyte.exchange.demo.insurance import add_coverages
from tramyte.exchange.demo.names import family_name, personal_name
from tramyte.exchange.demo.persons import add_numbers, add_occupations, blur_birth_dates
from tramyte.exchange.demo.residences import YEARS, add_residences
from tramyte.exchange.demo.shapes import HamletSpec, Household, Person, Population
from tramyte.rules.text import fold

FEWEST_PEOPLE, MOST_PEOPLE = 20, 200_000
DEMO_NAME, DEMO_YEAR = "Nguyễn Văn An", 1956


def make_population(
    people: int = 12000,
    seed: int = 2026,
    *,
    as_of: date,
    hamlets: Sequence[HamletSpec],
    province_code: str = "099",
) -> Population:
    """So many people who live in the hamlets on the as-of day, and those who died or left in the five years before.

    people: 20 to 200,000. province_code: three digits that begin the identity numbers; the default belongs to no
    province, so that no number is a real person's. Exactly one "Nguyễn Văn An" (also when tones are left off) is born
    in 1956; he lives in the first hamlet and his insurance card has lapsed. Two other people share full name and
    birth year. ValueError with a Vietnamese sentence when the number does not fit or there is no hamlet.
    """
    if not FEWEST_PEOPLE <= people <= MOST_PEOPLE:
        raise ValueError(f"Số dân của xã mẫu phải từ {FEWEST_PEOPLE} đến 200.000, không phải {people}.")
    if not hamlets:
        raise ValueError("Xã mẫu cần ít nhất một thôn. Hãy thêm thôn rồi chạy lại.")
    draft = draft_households(Draws(seed, "households"), people, as_of)
    leavers = _add_leavers(draft, Draws(seed, "leavers"), people)
    demo = _demo_man(draft, people)
    population = Population(as_of, tuple(hamlets), demo_person=demo)
    _settle(population, draft, Draws(seed, "hamlets"))
    _name_everybody(population, draft, Draws(seed, "names"))
    _name_demo_man(population, Draws(seed, "demo man"))
    _make_namesakes(population, people)
    blur_birth_dates(population, Draws(seed, "precision"))
    add_residences(population, Draws(seed, "residences"), leavers)
    add_numbers(population, Draws(seed, "numbers"), province_code)
    add_occupations(population, Draws(seed, "occupations"))
    add_coverages(population, Draws(seed, "insurance"), province_code[-2:])
    add_checkups(population, Draws(seed, "checkups"))
    add_records(population, Draws(seed, "records"))
    add_deaths(population, Draws(seed, "deaths"))
    return population


def _add_leavers(draft: Draft, draws: Draws, people: int) -> dict[int, tuple[str, int]]:
    """Adds those who died or left in the five years to households; gives how and on which day (ordinal)."""
    leavers: dict[int, tuple[str, int]] = {}
    deaths = round(people * DEATHS_A_YEAR * YEARS)
    for group, count in enumerate(shares(deaths, list(DEATH_AGES))):
        for _ in range(count):
            day = draft.today - draws.between(1, int(YEARS * YEAR))
            lived = (group * 5 + (5 if group < len(DEATH_AGES) - 1 else 14) * draws.random()) * YEAR
            person = draft.add("M" if draws.chance(0.55) else "F", day - int(lived) - 1)
            leavers[person] = ("death", day)
    for _ in range(round(people * DEPARTURES_A_YEAR * YEARS)):
        day = draft.today - draws.between(1, int(YEARS * YEAR))
        person = draft.add("M" if draws.chance(0.5) else "F", day - int((17 + 15 * draws.random()) * YEAR))
        leavers[person] = ("departure", day)
    for person in leavers:
        house = draws.pick(draft.houses)
        house.append(relative(draft, person, house[0].person))
    return leavers


def _demo_man(draft: Draft, people: int) -> int:
    """The living man whose birth is nearest to 5 March 1956, without the link to a mother; he gets that birth date."""
    wanted = date(DEMO_YEAR, 3, 5).toordinal()
    men = (i for i in range(people) if draft.sex[i] == "M")
    man = min(men, key=lambda i: (abs(draft.birth[i] - wanted), i))
    draft.birth[man], draft.mother[man] = wanted, None
    return man


def _settle(population: Population, draft: Draft, draws: Draws) -> None:
    """Gives households to hamlets by weight, in runs of neighbours; the demo man's is the first of the first hamlet."""
    houses = draws.shuffled(draft.houses)
    first = next(
        i for i, house in enumerate(houses) if any(m.person == population.demo_person for m in house)
    )
    houses[0], houses[first] = houses[first], houses[0]
    draft.houses = houses
    counts = shares(len(houses), [hamlet.weight for hamlet in population.hamlets])
    counts = _at_least_one_in_first(counts)
    hamlet_of = [hamlet for hamlet, count in enumerate(counts) for _ in range(count)]
    door = 0
    for number, (house, hamlet) in enumerate(zip(houses, hamlet_of, strict=True), start=1):
        same = number > 1 and hamlet_of[number - 2] == hamlet
        door = door + 1 + (draws.random() < 0.2) if same else 1
        address = f"Số nhà {door}, {population.hamlets[hamlet].name}"
        population.households.append(Household(number, hamlet, address, house[0].person))


def _at_least_one_in_first(counts: list[int]) -> list[int]:
    if counts[0] == 0:
        richest = counts.index(max(counts))
        counts[richest] -= 1
        counts[0] = 1
    return counts


def _name_everybody(population: Population, draft: Draft, draws: Draws) -> None:
    groups = Table(list(ETHNIC_GROUPS))
    made: list[Person | None] = [None] * len(draft.sex)
    for number, house in enumerate(draft.houses):
        has_demo = any(m.person == population.demo_person for m in house)
        ethnicity = "01" if has_demo else draws.weighted(groups)
        name = "Nguyễn" if has_demo else family_name(draws, ethnicity)
        for member in house:
            family = name if member.bears_name == HOUSE else family_name(draws, ethnicity)
            made[member.person] = _person(draft, draws, number, member, family, ethnicity)
    population.persons = [person for person in made if person is not None]


def _person(draft: Draft, draws: Draws, house: int, member: Member, family: str, ethnicity: str) -> Person:
    i = member.person
    born = date.fromordinal(draft.birth[i])
    name = f"{family} {personal_name(draws, draft.sex[i], born.year)}"
    return Person(house, name, draft.sex[i], born, "day", ethnicity, member.relation, draft.mother[i])


def _name_demo_man(population: Population, draws: Draws) -> None:
    """Names the man of the demo and gives every other person who would be found with him another name."""
    typed = fold(DEMO_NAME).split()
    for person in population.persons:
        while person.birth_date.year == DEMO_YEAR and _would_be_found(person.full_name, typed):
            person.full_name = f"{person.full_name.split()[0]} {personal_name(draws, person.sex, DEMO_YEAR)}"
    population.persons[population.demo_person].full_name = DEMO_NAME


def _would_be_found(name: str, typed: list[str]) -> bool:
    words = fold(name).split()
    return all(any(word.startswith(part) for word in words) for part in typed)


def _make_namesakes(population: Population, people: int) -> None:
    """Makes two people of different households share full name and birth year, so that search must tell them apart."""
    seen: dict[tuple[str, str, int], Person] = {}
    for index, person in enumerate(population.persons[:people]):
        if index == population.demo_person or person.birth_date.year == DEMO_YEAR:
            continue
        key = (person.full_name.split()[0], person.sex, person.birth_date.year)
        other = seen.setdefault(key, person)
        if other is not person and other.household != person.household:
            person.full_name = other.full_name
            return
