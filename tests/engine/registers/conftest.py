"""A person or two to write check-ups for."""

import datetime

import pytest


@pytest.fixture
def person(cast):
    """Nguyễn Thị Mận of the first hamlet, known by an identity number."""
    return make_person(cast.hamlets[0], "Nguyễn Thị Mận", "037056000123")


def make_person(hamlet, name, number=None, born=datetime.date(1956, 3, 5), **fields):
    from tramyte.care.people import search
    from tramyte.care.people.models import Identifier, Person

    made = Person.objects.create(full_name=name, birth_date=born, sex="F", hamlet=hamlet, **fields)
    if number:
        Identifier.objects.create(person=made, kind="national", value=number)
    search.refresh([made.pk])
    return made
