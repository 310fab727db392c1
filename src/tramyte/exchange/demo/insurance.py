"""Insurance cards over five years, renewed month by month."""

from datetime import date, timedelta

from tramyte.exchange.demo.draws import Draws
from tramyte.exchange.demo.figures import BENEFIT_LEVEL, INSURED, on_curve
from tramyte.exchange.demo.residences import YEARS, stays
from tramyte.exchange.demo.shapes import CoveragePeriod, Person, Population
from tramyte.rules.calendar import add_months, age_years

_LAPSE = 0.04
# Cards that an office renews for everybody at once: no term is missed between two of them.
_RENEWED_FOR_THEM = frozenset({"TE", "HT", "HS", "HN", "BT", "CH"})
_TO_THE_END = frozenset({"HS", "HN", "CN", "DN", "CH", "HT", "BT"})  # of the year
_DAY = timedelta(days=1)
_GROUPS_BY_WORK = {
    "Công nhân": "DN",
    "Cán bộ, công chức": "CH",
    "Giáo viên": "CH",
    "Nhân viên y tế": "CH",
    "Sinh viên": "HS",
    "Hưu trí": "HT",
}
# How much less likely a group of people is to hold a card, in units of the spread between people.
_RELUCTANCE = ((6, -1.0), (18, -0.6), (23, 0.35), (35, 0.42), (60, 0.18), (75, -0.15), (200, -1.2))


def add_coverages(population: Population, draws: Draws, card_province: str) -> None:
    """Terms of cards such that the share of insured residents follows the curve of `figures` month by month.

    Everybody has a place in a queue of willingness (by age, hamlet and chance); the curve says how far the queue is
    insured. Renewals are missed now and then for one to four months.
    """
    places = _queue(population, draws)
    spans = stays(population)
    curve = [on_curve(INSURED, -month) for month in range(YEARS * 12 + 7)]
    start_number = draws.between(0, 99_999_999)
    for index in range(len(population.persons)):
        code = f"{card_province}{(start_number + index * 524287) % 100_000_000:08d}"
        terms = _terms(population, draws, index, places[index], spans[index], curve)
        for group, start, end in terms:
            card = f"{group}{BENEFIT_LEVEL.get(group, 4)}{card_province}{code}"
            population.coverages.append(CoveragePeriod(index, card, group, start, end))


def _queue(population: Population, draws: Draws) -> list[float]:
    """The place of each person between 0 (most willing) and 1."""
    hamlets = [draws.bell(0.0, 0.06) for _ in population.hamlets]
    scores = []
    for index, person in enumerate(population.persons):
        age = population.as_of.year - person.birth_date.year
        by_age = next(value for limit, value in _RELUCTANCE if age < limit)
        score = draws.random() + by_age * 0.5 + hamlets[population.households[person.household].hamlet]
        scores.append((score, index))
    scores.sort()
    places = [0.0] * len(scores)
    for rank, (_, index) in enumerate(scores):
        places[index] = rank / len(scores)
    places[population.demo_person] = 0.0
    return places


def _group(person: Person, on: date, poor: bool) -> str:
    age = age_years(person.birth_date, on) if on > person.birth_date else 0
    if age < 6:
        return "TE"
    if poor:
        return "HN" if person.household % 3 else "CN"
    if age < 18:
        return "HS"
    if age >= 75:
        return "BT"
    return _GROUPS_BY_WORK.get(person.occupation, "GD")


def _terms(
    population: Population,
    draws: Draws,
    index: int,
    place: float,
    span: tuple[date, date],
    curve: list[float],
) -> list[tuple[str, date, date]]:
    person, as_of = population.persons[index], population.as_of
    last_day, latest = min(span[1], as_of), len(curve) - 1
    day = max(add_months(as_of, -12 * YEARS - draws.between(0, 5)), span[0])
    poor = person.household % 17 == 3
    terms: list[tuple[str, date, date]] = []
    if person.birth_date >= day:
        day = person.birth_date + timedelta(days=draws.between(0, 25))
    if place >= max(curve):  # never wants a card
        return terms
    now = as_of.year * 12 + as_of.month
    while day <= last_day:
        months = now - day.year * 12 - day.month
        if place >= curve[min(max(months, 0), latest)]:
            day = add_months(day, 1)
            continue
        group = _group(person, day, poor)
        end = _end(person, group, day)
        terms.append((group, day, end))
        day = end + _DAY
        if draws.random() < _LAPSE and group not in _RENEWED_FOR_THEM:
            day = add_months(day, draws.between(1, 4))
    return _demo_terms(terms, as_of) if index == population.demo_person else terms


def _end(person: Person, group: str, start: date) -> date:
    """Children until six years, school and poor households until the end of the year, others twelve months."""
    if group == "TE":
        # Born on 29 February, a child is six a day later than six years of months are over.
        return max(add_months(person.birth_date, 72) - _DAY, start)
    if group in _TO_THE_END:
        return date(start.year, 12, 31)
    return add_months(start, 12) - _DAY


def _demo_terms(terms: list[tuple[str, date, date]], as_of: date) -> list[tuple[str, date, date]]:
    """The card of the demo's man ended 34 days ago and was of the household group."""
    end = as_of - timedelta(days=34)
    year_before = add_months(end, -12)
    return [("GD", add_months(year_before, -12) + _DAY, year_before), ("GD", year_before + _DAY, end)]
