"""A commune with people of known insurance, and targets on it."""

import datetime

import pytest

from tramyte.care.people.models import Coverage, Household, Person, Residence
from tramyte.engine.indicators import results

DAY = datetime.date


@pytest.fixture
def people(cast):
    """Twelve invented people in two hamlets, eight with a card: 1 of 6 missing in the first hamlet, 3 of 6 in the second."""
    made = []
    for n in range(12):
        hamlet = cast.hamlets[n % 2]
        house = Household.objects.create(hamlet=hamlet, number=f"{n:03d}")
        person = Person.objects.create(
            full_name=f"Hoàng Văn Số{n}", birth_date=DAY(1970, 1, 1 + n), sex="M", hamlet=hamlet, household=house, phone="0912345678")
        Residence.objects.create(person=person, place=hamlet, kind="permanent", start=person.birth_date)
        if n not in (0, 1, 3, 5):
            Coverage.objects.create(person=person, card_number="GD4010112345678", group="GD", start=DAY(2026, 1, 1), end=DAY(2026, 12, 31))
        made.append(person)
    Coverage.objects.create(person=made[1], card_number="GD4010112345679", group="GD", start=DAY(2025, 1, 1), end=DAY(2025, 12, 31))
    results.refresh()
    return made


@pytest.fixture
def target(people, make_target):
    """The commune's insurance target with figures behind it."""
    return make_target()
