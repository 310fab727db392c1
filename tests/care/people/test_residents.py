"""A line of the residents' book about somebody who is known already: it tells again, and moves nobody by that."""

import datetime

import pytest

from tramyte.care.people import actions
from tramyte.care.people.models import Household, Person
from tramyte.engine.refused import Refused

D = datetime.date


@pytest.fixture
def woman(register, cast):
    """A member of household 0107 who stays with her parents in another hamlet for a while."""
    home = Household.objects.create(hamlet=cast.hamlets[0], number="0107")
    made = register("Phạm Thị Mẹ", "01/01/1990", "F", household=home, relation="Vợ", since=D(2020, 1, 1))
    actions.record_residence(by=cast.nurse, person=made, place=cast.hamlets[1], kind="temporary", start=D(2026, 5, 1))
    return made


def stays(person):
    return [(row.kind, row.place.name, row.start, row.end) for row in person.residences.order_by("start", "kind")]


def test_an_edit_of_the_telephone_leaves_the_household_where_it_is(enter, woman, cast):
    sent = {"full_name": "Phạm Thị Mẹ", "birth": "01/01/1990", "sex": "F", "household_number": "0107", "relation": "Vợ", "phone": "0912345678", "seen_version": woman.version + 1}
    assert enter("nurse").post(f"/nguoi-dan/{woman.pk}/sua/", sent).status_code == 302
    now = Person.objects.get(pk=woman.pk)
    assert (now.phone, now.household, Household.objects.count()) == ("0912345678", woman.household, 1)


def test_another_number_is_a_household_where_she_stays(woman, cast):
    actions.record_resident(by=cast.nurse, id=woman.pk, household_number="0033")
    home = Person.objects.get(pk=woman.pk).household
    assert (home.number, home.hamlet) == ("0033", cast.hamlets[1])


@pytest.mark.parametrize("residence", ["thường trú", ""])
def test_a_list_of_the_hamlet_where_she_is_registered_moves_nobody(woman, cast, residence):
    known = stays(woman)
    actions.record_resident(by=cast.nurse, id=woman.pk, hamlet=cast.hamlets[0], residence=residence, household_number="0107")
    now = Person.objects.get(pk=woman.pk)
    assert stays(now) == known and (now.hamlet, now.household) == (cast.hamlets[1], woman.household)


def test_a_list_of_a_third_hamlet_moves_her_there(woman, cast):
    actions.record_resident(by=cast.nurse, id=woman.pk, hamlet=cast.hamlets[2], residence="tạm trú")
    assert Person.objects.get(pk=woman.pk).hamlet == cast.hamlets[2]


@pytest.mark.parametrize(("since", "back"), [(D(2026, 6, 1), True), (D(2020, 1, 1), False), (None, False)])
def test_who_left_is_back_by_a_first_day_after_the_last_one(register, cast, since, back):
    person = register(since=D(2020, 1, 1))
    actions.record_departure(by=cast.nurse, person=person, on=D(2026, 5, 1))
    actions.record_resident(by=cast.nurse, id=person.pk, hamlet=cast.hamlets[0], residence="thường trú", since=since)
    assert person.residences.filter(start=D(2026, 6, 1), end=None).exists() is back
    assert person.residences.count() == (2 if back else 1)


def test_the_head_of_the_page_says_where_the_household_is_when_the_person_is_elsewhere(enter, woman, cast):
    page = enter("nurse").get(f"/nguoi-dan/{woman.pk}/").content.decode()
    assert f"Hộ 0107</a> {cast.hamlets[0].name}, đang ở {cast.hamlets[1].name}" in page


def mistake(client, person, stay, **sent):
    return client.post(f"/nguoi-dan/{person.pk}/cu-tru/{stay.pk}/ghi-nham/", {"reason": "ghi nhầm người", **sent})


def test_who_was_sent_away_by_mistake_is_back_as_before(enter, register, cast):
    person, client = register(since=D(2020, 1, 1)), enter("nurse")
    stay = person.residences.get()
    assert mistake(client, person, stay, what="end").status_code == 422, "it goes on"
    actions.record_departure(by=cast.nurse, person=person, on=D(2026, 5, 1), reason="theo chồng")
    assert "Ghi nhầm" in client.get(f"/nguoi-dan/{person.pk}/").content.decode()
    assert mistake(client, person, stay, what="end", reason="").status_code == 422
    assert mistake(client, person, stay, what="end").status_code == 302
    stay.refresh_from_db()
    assert (stay.end, stay.reason) == (None, "")


def test_a_wrong_move_is_taken_back_and_the_former_stay_goes_on(enter, woman, cast):
    wrong, client = woman.residences.get(kind="temporary"), enter("nurse")
    assert mistake(client, woman, wrong, what="whole").status_code == 302
    left = woman.residences.get(entered_in_error=False)
    assert (left.kind, left.end, Person.objects.get(pk=woman.pk).hamlet) == ("permanent", None, cast.hamlets[0])
    assert mistake(client, woman, wrong, what="whole").status_code == 404


@pytest.mark.parametrize("then", ["moved", "died", "planned"])
def test_an_end_that_something_else_brought_is_not_taken_back_alone(register, cast, then):
    person = register(since=D(2020, 1, 1))
    stay = person.residences.get()
    if then == "planned":
        stay = actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="temporary", start=D(2026, 1, 1), end=D(2026, 5, 31))
    else:
        actions.record_departure(by=cast.nurse, person=person, on=D(2026, 5, 1))
    if then == "moved":
        actions.record_residence(by=cast.nurse, person=person, place=cast.hamlets[1], kind="permanent", start=D(2026, 6, 1))
    if then == "died":
        actions.record_death(by=cast.nurse, person=person, on=D(2026, 5, 20))
    with pytest.raises(Refused) as refusal:
        actions.cancel_end(by=cast.nurse, id=stay.pk, reason="nhầm")
    assert refusal.value.code == ("planned" if then == "planned" else "followed")
