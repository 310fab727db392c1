"""A commune with people of known insurance, a target, tasks and a report on it."""

import datetime

import pytest

from tramyte.care.people.models import Coverage, Household, Person, Residence
from tramyte.engine.indicators import results
from tramyte.governance.tasks.models import Task

DAY = datetime.date
NAMES = [f"Trịnh Văn Ẩn{n}" for n in range(12)]


@pytest.fixture
def people(cast):
    """Twelve people in two hamlets: four cards lapsed or absent, one card ending within thirty days."""
    made = []
    for n, name in enumerate(NAMES):
        hamlet = cast.hamlets[n % 2]
        house = Household.objects.create(hamlet=hamlet, number=f"{n:03d}")
        person = Person.objects.create(full_name=name, birth_date=DAY(1970, 1, 1 + n), sex="M", hamlet=hamlet, household=house)
        Residence.objects.create(person=person, place=hamlet, kind="permanent", start=person.birth_date)
        end = {2: DAY(2026, 6, 20), 0: DAY(2026, 5, 1)}.get(n, DAY(2026, 12, 31))
        if n not in (1, 3, 5):
            Coverage.objects.create(person=person, card_number="GD4010112345678", group="GD", start=DAY(2026, 1, 1), end=end)
        made.append(person)
    results.refresh()
    return made


@pytest.fixture
def make_task(cast):
    """A task of the commune: `make_task("Rà soát thẻ", "tyt", DAY(2026, 5, 20))`."""
    def made(title="Rà soát thẻ bảo hiểm y tế", unit="tyt", due=DAY(2026, 5, 20), **more):
        return Task.objects.create(place=cast.commune, title=title, unit=cast.units.get(unit), due_on=due, **more)
    return made
