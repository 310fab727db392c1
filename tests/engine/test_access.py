"""Rights by role and place."""

import datetime

import pytest

from tramyte.care.people.models import Person
from tramyte.engine.access.models import Assignment
from tramyte.engine.access.rights import may, require, sees_people, visible
from tramyte.engine.refused import Refused


@pytest.fixture
def people(cast):
    born = datetime.date(1956, 1, 1)
    return {
        name: Person.objects.create(full_name=name, birth_date=born, sex="M", hamlet=hamlet)
        for name, hamlet in (("Đông", cast.hamlets[0]), ("Vân", cast.hamlets[1]), ("Xa", cast.other_hamlet))
    }


@pytest.mark.parametrize(("username", "seen"), [
    ("director", {"Đông", "Vân"}), ("clinician", {"Đông", "Vân"}), ("nurse", {"Đông", "Vân"}), ("village_worker", {"Đông"}),
    ("officer", set()), ("chairman", set()), ("unit", set()), ("supervisor", set()), ("admin", set()), ("stranger", {"Xa"}),
])
def test_each_role_sees_only_its_people(cast, people, username, seen):
    assert {p.full_name for p in visible(cast.users[username], Person.objects.all())} == seen
    assert sees_people(cast.users[username]) is bool(seen)


def test_a_right_ends_with_its_assignment(cast, people):
    assert may(cast.nurse, "people.view")
    Assignment.objects.filter(user=cast.nurse).update(valid_to=datetime.date(2026, 6, 2))
    again = type(cast.nurse).objects.get(pk=cast.nurse.pk)
    assert not may(again, "people.view")
    with pytest.raises(Refused) as refused:
        require(again, "people.view")
    assert refused.value.status == 403


def test_an_inactive_user_has_no_rights(cast):
    cast.nurse.is_active = False
    assert not may(cast.nurse, "people.view")


def test_a_model_without_guard_is_closed(cast):
    with pytest.raises(TypeError):
        visible(cast.nurse, Assignment.objects.all())
