"""Check-ups, health records and techniques over five years."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from operator import attrgetter

from tramyte.exchange.demo.draws import Draws, Table
from tramyte.exchange.demo.figures import (
    CHECKUP_MONTHS,
    EXAMINED,
    RECORD_OPENED,
    RECORD_UPDATED,
    on_curve,
)
from tramyte.exchange.demo.residences import stays
from tramyte.exchange.demo.shapes import CheckUp, HealthRecord, Person, Population, TechniqueState
from tramyte.rules.calendar import add_months, age_years

_MONTHS = Table([(month, float(weight)) for month, weight in enumerate(CHECKUP_MONTHS, start=1)])
_AUTUMN = Table([(9, 3.0), (10, 5.0), (11, 2.0)])
_CLASSES = (  # below 18 years, below 40, below 60, above
    Table([(1, 50.0), (2, 40.0), (3, 8.0), (4, 2.0)]),
    Table([(1, 25.0), (2, 52.0), (3, 18.0), (4, 4.0), (5, 1.0)]),
    Table([(1, 8.0), (2, 42.0), (3, 36.0), (4, 11.0), (5, 3.0)]),
    Table([(1, 1.0), (2, 20.0), (3, 44.0), (4, 27.0), (5, 8.0)]),
)
_PLACES = ("station", "station", "station", "site", "site", "hospital")
_DAY = timedelta(days=1)
# Height in cm and weight in kg at ages 0, 2, 5, 10, 14 and 18 (both sexes, rounded; shape only).
_GROWTH = ((0, 50, 3.3), (2, 86, 12), (5, 108, 18), (10, 137, 32), (14, 157, 46), (18, 162, 54))


def add_checkups(population: Population, draws: Draws) -> None:
    """Check-ups by calendar year: the share of `figures`, the willing ones more often, over the year's course."""
    spans, chance = stays(population), draws.random
    willing = [0.55 * chance() for _ in population.persons]
    births = [person.birth_date.year for person in population.persons]
    far = [0.04 * (population.households[person.household].hamlet % 4) for person in population.persons]
    this_year = population.as_of.year
    for back in sorted(EXAMINED, reverse=True):
        year = this_year - back
        first, last = date(year, 1, 1), date(year, 12, 31)
        reluctant = {born: _reluctance(year - born) for born in set(births)}
        keyed = sorted([
            (willing[i] + 0.45 * chance() + (reluctant[births[i]] + far[i]), i) for i, (start, end) in enumerate(spans) if start <= last and end >= first])
        for _, index in keyed[: round(len(keyed) * EXAMINED[back])]:
            _examine(population, draws, index, year, spans[index])
    population.checkups.sort(key=attrgetter("day", "person"))


def _reluctance(age: int) -> float:
    """Pupils and old people are examined most, people of working age least."""
    return -0.18 if age >= 60 or 6 <= age < 18 else 0.12 if 18 <= age < 35 else 0.0


def _examine(population: Population, draws: Draws, index: int, year: int, span: tuple[date, date]) -> None:
    person = population.persons[index]
    age = year - person.birth_date.year
    school = 6 <= age < 18 and draws.chance(0.5)
    month = draws.weighted(_AUTUMN if school else _MONTHS)
    day = date(year, month, draws.between(1, 28))
    if day.weekday() == 6:
        day += _DAY
    if span[0] <= day <= span[1] and day <= population.as_of and day >= person.birth_date:
        population.checkups.append(_checkup(person, draws, index, day, school))


def _checkup(person: Person, draws: Draws, index: int, day: date, school: bool) -> CheckUp:
    age, random = age_years(person.birth_date, day), draws.random
    kind = "school" if school else "elderly" if age >= 60 else "periodic" if random() < 0.8 else "screening"
    place = "school" if school else _PLACES[int(random() * 6)]
    health_class = draws.weighted(_CLASSES[(age >= 18) + (age >= 40) + (age >= 60)])
    height, weight = _body(person, draws, index, day)
    systolic = diastolic = glucose = None
    if age >= 18:
        systolic = min(max(round(draws.bell(108 + age * 0.36, 13)), 85), 210)
        diastolic = min(max(round(systolic * 0.45 + draws.bell(22, 6)), 50), 120)
    if age >= 40:
        diabetic = random() < (0.09 if age < 60 else 0.145)
        glucose = round(min(max(draws.bell(8.9, 1.6) if diabetic else draws.bell(5.3, 0.5), 3.6), 18.0), 1)
    return CheckUp(index, day, kind, place, health_class, systolic, diastolic, weight, height, glucose)


def _body(person: Person, draws: Draws, index: int, day: date) -> tuple[int, float]:
    """Height in cm and weight in kg: a person keeps the own build over the years, apart from a little of the scales."""
    length, breadth = _build(index, person.birth_date)
    scales = draws.bell(1, 0.012)
    age = (day.toordinal() - person.birth_date.toordinal()) / 365.25
    if age >= 18:
        tall = (165.5 if person.sex == "M" else 154.5) + 5.5 * length - max(0.0, age - 50) * 0.08
        return round(tall), round((22.3 + 2.6 * breadth) * tall * tall / 10_000 * scales, 1)
    for (low, short, light), (high, tall, heavy) in pairwise(_GROWTH):
        if age < high:
            part = (age - low) / (high - low)
            height, weight = short + (tall - short) * part, light + (heavy - light) * part
            return round(height * (1 + 0.035 * length)), round(weight * (1 + 0.08 * breadth) * scales, 1)
    raise AssertionError(f"No growth at {age} years.")


@lru_cache(maxsize=1 << 18)
def _build(index: int, born: date) -> tuple[float, float]:
    """How much longer and broader somebody is than most, in deviations."""
    build = Draws(index, f"build {born}")
    return build.bell(0, 1), build.bell(0, 1)


def add_records(population: Population, draws: Draws) -> None:
    """Health records opened and updated so that the shares of `figures` come out; a check-up updates an open record."""
    spans, examined = stays(population), _days_of_checkups(population)
    newest = [days[-1].toordinal() if days else 0 for days in examined]
    lately = population.as_of.toordinal() - 730
    keyed = sorted((draws.random() - 0.3 * (day > lately), i) for i, day in enumerate(newest))
    count = len(keyed)
    for rank, (_, index) in enumerate(keyed):
        opened = _first_day(population, draws, rank / count, RECORD_OPENED, spans[index])
        if opened is None:
            continue
        updates = {day for day in examined[index] if day > opened}
        day = _first_day(population, draws, rank / count, RECORD_UPDATED, spans[index])
        day = None if day is None else max(day, opened)
        while day is not None and day <= spans[index][1]:
            if day > opened:
                updates.add(day)
            day += timedelta(days=draws.between(240, 355))
        population.records.append(HealthRecord(index, opened, tuple(sorted(updates))))
    population.records.sort(key=lambda record: record.person)


def _days_of_checkups(population: Population) -> list[list[date]]:
    days: list[list[date]] = [[] for _ in population.persons]
    for checkup in population.checkups:
        days[checkup.person].append(checkup.day)
    return days


@cache
def _by_month(curve: tuple[tuple[int, float], ...]) -> tuple[float, ...]:
    return tuple(on_curve(curve, month) for month in range(curve[0][0], 1))


def _first_day(
    population: Population,
    draws: Draws,
    place: float,
    curve: tuple[tuple[int, float], ...],
    span: tuple[date, date],
) -> date | None:
    """The day on which the rising curve reaches a person's place in the queue, not before the stay; None when never."""
    if place >= curve[-1][1]:
        return None
    month = curve[0][0] + bisect_right(_by_month(curve), place)
    day = add_months(population.as_of, month) - timedelta(days=draws.between(0, 27))
    day = max(day, span[0] + timedelta(days=20))
    return day if day <= span[1] else None


def make_techniques(codes: Sequence[str], seed: int, as_of: date) -> list[TechniqueState]:
    """The state of each technique at the station: somewhat more than half performed, some more each year; the rest with a reason."""
    draws = Draws(seed, "techniques")
    reasons = ("Thiếu thiết bị", "Thiếu nhân lực được đào tạo", "Thiếu thuốc, vật tư", "Không có người bệnh")
    states = []
    for place, code in enumerate(draws.shuffled(codes)):
        share = place / max(len(codes), 1)
        approved = date(as_of.year - 3, 1, 15)
        if share < 0.48:
            states.append(TechniqueState(code, approved, draws.day(approved, date(as_of.year - 1, 1, 1)), ""))
        elif share < 0.56:
            states.append(TechniqueState(code, approved, draws.day(date(as_of.year - 1, 1, 1), as_of), ""))
        else:
            states.append(TechniqueState(code, approved, None, draws.pick(reasons)))
    return sorted(states, key=lambda state: state.code)
