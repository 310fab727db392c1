"""Numbers, occupations and the precision of birth dates of invented people."""

from datetime import date

from tramyte.exchange.demo.draws import Draws, Table
from tramyte.exchange.demo.shapes import Person, Population
from tramyte.rules.calendar import age_years

# 524287 and 10**n share no factor: counting in this step meets every number of n digits once.
_STEP = 524287

_WORK = {
    "M": Table([("Nông dân", 38), ("Công nhân", 27), ("Lao động tự do", 18), ("Thợ xây", 7), ("Buôn bán", 4),
                ("Lái xe", 3), ("Cán bộ, công chức", 2), ("Giáo viên", 1)]),
    "F": Table([("Nông dân", 40), ("Công nhân", 31), ("Buôn bán", 10), ("Nội trợ", 6), ("Lao động tự do", 6),
                ("Giáo viên", 4), ("Cán bộ, công chức", 2), ("Nhân viên y tế", 1)]),
}  # fmt: skip


def blur_birth_dates(population: Population, draws: Draws) -> None:
    """Of some old people only the year or the month is known: 8 % and 1 % from 65 years, 2 % from 50."""
    for index, person in enumerate(population.persons):
        age = population.as_of.year - person.birth_date.year
        draw = draws.random()
        if age < 50 or index == population.demo_person:
            continue
        if draw < (0.08 if age >= 65 else 0.02):
            person.birth_date, person.precision = date(person.birth_date.year, 1, 1), "year"
        elif age >= 65 and draw > 0.99:
            person.birth_date, person.precision = person.birth_date.replace(day=1), "month"


def add_numbers(population: Population, draws: Draws, province_code: str) -> None:
    """Identity numbers that agree with sex, century and year, and telephones with a prefix that no network has."""
    used: dict[str, int] = {}
    start = draws.between(0, 999_999)
    for index, person in enumerate(population.persons):
        head = _head(person, province_code)
        count = used[head] = used.get(head, 0) + 1
        random_part = (start + int(head) * 7919 + count * _STEP) % 1_000_000
        draw = draws.random()
        old = population.as_of.year - person.birth_date.year >= 70 and index != population.demo_person
        if old and draw < 0.03:
            person.national_id = f"{(start * 100 + index * _STEP) % 1_000_000_000:09d}"
        elif draw < 0.992 or index == population.demo_person:
            person.national_id = f"{head}{random_part:06d}"
        if age_years(person.birth_date, population.as_of) >= 15 and draws.chance(0.85):
            person.phone = f"050{(start * 7 + index * _STEP) % 10_000_000:07d}"


def _head(person: Person, province_code: str) -> str:
    year = person.birth_date.year
    marker = (year // 100 - 19) * 2 + (person.sex == "F")
    return f"{province_code}{marker}{year % 100:02d}"


def add_occupations(population: Population, draws: Draws) -> None:
    """Occupations in Vietnamese words by age and sex."""
    for person in population.persons:
        until = person.died_on or population.as_of
        age = until.year - person.birth_date.year
        work = draws.weighted(_WORK[person.sex])
        if age < 6:
            person.occupation = "Trẻ em"
        elif age < 18:
            person.occupation = "Học sinh"
        elif age < 22 and draws.chance(0.45):
            person.occupation = "Sinh viên"
        elif age >= 62:
            person.occupation = _late(draws, age)
        else:
            person.occupation = work


def _late(draws: Draws, age: int) -> str:
    if draws.chance(0.22):
        return "Hưu trí"
    return "Nông dân" if age < 72 and draws.chance(0.6) else "Già yếu"
