"""Where people stay and stayed: births, deaths, arrivals, departures, two homes, absence, over five years."""

from datetime import date, timedelta

from tramyte.exchange.demo.draws import Draws
from tramyte.exchange.demo.figures import ABSENT_SHARE, ARRIVED_SHARE, TEMPORARY_SHARE, TWO_HOMES_SHARE
from tramyte.exchange.demo.shapes import Person, Population, Residence
from tramyte.rules.calendar import add_months, age_years

YEARS = 5


def add_residences(population: Population, draws: Draws, leavers: dict[int, tuple[str, int]]) -> None:
    """A permanent or temporary residence for everybody, with further ones for some; marks the dead."""
    first = add_months(population.as_of, -12 * YEARS)
    for index, person in enumerate(population.persons):
        how, ordinal = leavers.get(index, ("", 0))
        end = date.fromordinal(ordinal) if how else None
        if how == "death":
            person.died_on = end
        hamlet = population.households[person.household].hamlet
        kind, start, came = _beginning(population, draws, index, first, end)
        population.residences.append(Residence(index, hamlet, kind, start, end, came, how))
        if end is None and index != population.demo_person:
            _add_second(population, draws, index, kind, start)


def _beginning(
    population: Population, draws: Draws, index: int, first: date, end: date | None
) -> tuple[str, date, str]:
    """Kind, first day, and how the stay began."""
    person = population.persons[index]
    arrives, moves_in = draws.random(), draws.random()
    last = (end or population.as_of) - timedelta(days=30)
    age = age_years(person.birth_date, population.as_of)
    if index == population.demo_person or not 18 <= age < 60 or last <= first:
        return "permanent", person.birth_date, "birth" if person.birth_date >= first else "before"
    if person.relation == "Chủ hộ" and arrives < TEMPORARY_SHARE * 4 and age < 40:
        return "temporary", draws.day(max(first, add_months(last, -30)), last), "arrival"
    if arrives < ARRIVED_SHARE * 2:
        return "permanent", draws.day(first, last), "arrival"
    if person.relation in ("Vợ", "Con dâu") and moves_in < 0.6:
        return "permanent", min(add_months(person.birth_date, 12 * 22 + int(60 * moves_in)), first), "before"
    return "permanent", person.birth_date, "before"


def _add_second(population: Population, draws: Draws, index: int, kind: str, start: date) -> None:
    """A temporary home in another hamlet, or an absence from the permanent one, for some of working age."""
    person, as_of = population.persons[index], population.as_of
    draw, moment = draws.random(), draws.random()
    age = age_years(person.birth_date, as_of)
    if kind != "permanent" or not 18 <= age < 45 or draw >= (TWO_HOMES_SHARE + ABSENT_SHARE) * 2.4:
        return
    begun = max(start, as_of - timedelta(days=20 + int(moment * 800)))
    away = draw >= TWO_HOMES_SHARE * 2.4
    if away:
        over = moment > 0.7
        end = as_of - timedelta(days=1 + int(moment * 10)) if over else None
        population.residences.append(_absence(index, person, population, begun, end))
    elif len(population.hamlets) > 1:
        home = population.households[person.household].hamlet
        other = (home + 1 + draws.between(0, len(population.hamlets) - 2)) % len(population.hamlets)
        population.residences.append(Residence(index, other, "temporary", begun, None, "arrival", ""))


def _absence(index: int, person: Person, population: Population, begun: date, end: date | None) -> Residence:
    hamlet = population.households[person.household].hamlet
    return Residence(index, hamlet, "absent", begun, end, "arrival", "departure" if end else "")


def stays(population: Population) -> list[tuple[date, date]]:
    """For each person the first and last day as a resident, up to the as-of day."""
    spans: list[tuple[date, date] | None] = [None] * len(population.persons)
    for person, _, kind, start, end, *_ in population.residences:
        if kind != "absent":
            until, known = end or population.as_of, spans[person]
            spans[person] = (start, until) if known is None else (min(known[0], start), max(known[1], until))
    return [span or (date.max, date.min) for span in spans]
