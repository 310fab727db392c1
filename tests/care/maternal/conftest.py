"""A mother in a household."""

import datetime

import pytest


@pytest.fixture
def woman(cast):
    """A mother of 30 in the first hamlet; `woman(name=..., household=False)` for others."""
    from tramyte.care.people.models import Household, Identifier, Person, Residence

    made = []

    def of(name="Nguyễn Thị Mận", *, born=datetime.date(1996, 3, 5), sex="F", household=True, hamlet=None, relation="Vợ", **fields):
        hamlet = hamlet or cast.hamlet
        home = Household.objects.get_or_create(hamlet=hamlet, number="0412")[0] if household else None
        person = Person.objects.create(full_name=name, birth_date=born, sex=sex, hamlet=hamlet, household=home, relation=relation if household else "", **fields)
        Identifier.objects.create(person=person, kind="national", value=f"{37196000001 + len(made):012d}")
        Residence.objects.create(person=person, place=hamlet, kind="permanent", start=born)
        made.append(person)
        return person

    return of
