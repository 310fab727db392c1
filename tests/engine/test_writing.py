"""A changed row is looked at where it changed, and is refused for what breaks there."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tramyte.care.people.models import Household, Person
from tramyte.engine.access.operator import operator
from tramyte.engine.actions.writing import conflict, fetch, store
from tramyte.engine.refused import Refused

BORN = datetime.date(1956, 2, 29)


def changed(row, **values):
    before = row.plain()
    for name, value in values.items():
        setattr(row, name, value)
    return store(row, by=operator(), permission="people.write", action="correct", before=before)


@pytest.fixture
def person(cast):
    homes = [Household.objects.create(hamlet=cast.hamlets[0], number=number) for number in ("1", "2")]
    return Person.objects.create(full_name="Nguyễn Văn An", birth_date=BORN, sex="M", hamlet=cast.hamlets[0], household=homes[0])


@pytest.mark.parametrize(("values", "said"), [
    ({"died_on": datetime.date(1950, 1, 1)}, "person_dies_after_birth"),
    ({"sex": "X"}, "Giới tính"),
    ({"full_name": ""}, "Họ và tên"),
    ({"household_id": "00000000-0000-7000-8000-000000000000"}, "Hộ"),
])
def test_what_a_change_breaks_is_refused(person, values, said):
    with pytest.raises(Refused, match=said):
        changed(person, **values)


def test_a_number_that_another_household_has_is_refused_in_words(person):
    with pytest.raises(Refused, match="Thôn này đã có hộ mang số đó"):
        changed(person.household, number="2")
    assert changed(Household.objects.get(number="1"), number="3").number == "3"


def test_what_did_not_change_is_not_asked_of_the_database_again(person):
    with CaptureQueriesContext(connection) as asked:
        changed(person, phone="0501234567")
    assert not [one["sql"] for one in asked if "_check" in one["sql"] or "people_household" in one["sql"]]
    with CaptureQueriesContext(connection) as asked:
        changed(person, died_on=datetime.date(2026, 1, 1))
    assert [one["sql"] for one in asked if "_check" in one["sql"]]


def test_a_conflict_names_the_colleague_not_the_account(person, cast):
    before = person.plain()
    person.phone = "0501234567"
    store(person, by=cast.nurse, permission="people.write", action="correct", before=before)
    with transaction.atomic(), pytest.raises(Refused) as refused:
        fetch(Person, person.pk, by=cast.director, permission="people.write", seen_version=1)
    assert (refused.value.code, refused.value.status) == ("conflict", 409) and refused.value.message.startswith("Lê Thị Lan vừa sửa mục này trước bạn.")
    assert conflict("").message.startswith("Người khác vừa sửa")


@pytest.mark.parametrize(("values", "said"), [
    ({"sex": "X"}, "Giới tính: Mục đã chọn không có, hoặc không còn, trong danh sách này. Hãy chọn lại."),
    ({"household_id": "00000000-0000-7000-8000-000000000000"}, "Hộ: Mục đã chọn không có, hoặc không còn, trong danh sách này. Hãy chọn lại."),
    ({"full_name": "A" * 101}, "Họ và tên: Nhiều nhất 100 ký tự, ở đây có 101. Hãy ghi ngắn lại."),
])
def test_what_is_in_no_list_or_too_long_is_said_without_codes(person, values, said):
    with pytest.raises(Refused) as refused:
        changed(person, **values)
    assert refused.value.message == said
