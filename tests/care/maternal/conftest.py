"""A mother in a household, and her pregnancy."""

import datetime

import pytest

AS_OF = datetime.date(2026, 6, 3)


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


@pytest.fixture
def register(cast, woman):
    """A registered pregnancy; `register(lmp=..., person=...)`."""
    from tramyte.care.maternal import actions

    def of(**fields):
        person = fields.pop("person", None) or woman()
        return actions.register_pregnancy(by=cast.nurse, **{"person": person, "lmp": AS_OF - datetime.timedelta(days=200), "registered_on": AS_OF - datetime.timedelta(days=100), **fields})
    return of
