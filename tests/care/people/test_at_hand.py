"""Pinned and recent people: each user's own, and nobody whom the user may no longer see."""

import pytest
from django.urls import reverse

from tramyte.care.people import actions
from tramyte.care.people.actions import pins
from tramyte.care.people.at_hand import at_hand
from tramyte.engine.access.models import Assignment
from tramyte.engine.refused import Refused

HTMX = {"HX-Request": "true"}


def box(client):
    return client.get(reverse("search"), {"q": ""}, headers=HTMX).content.decode().strip()


def test_the_empty_box_shows_whom_one_pinned_and_opened(enter, register):
    an, binh, cuc = (register(name, f"0{day}/01/1956") for day, name in enumerate(("Nguyễn Văn An", "Trần Thị Bình", "Lê Thị Cúc"), 1))
    client = enter("nurse")
    assert box(client) == ""
    for person in (an, binh, an):
        client.get(reverse("person", args=[person.pk]))
    text = box(client)
    assert "Vừa mở" in text and "Đã ghim" not in text and text.index("Nguyễn Văn An") < text.index("Trần Thị Bình") and "Lê Thị Cúc" not in text
    button = client.post(reverse("person-pin", args=[cuc.pk]), {"do": "pin"}, headers=HTMX).content.decode()
    assert "Bỏ ghim" in button
    client.post(reverse("person-pin", args=[binh.pk]), {"do": "pin"})
    text = box(client)
    assert text.index("Đã ghim") < text.index("Trần Thị Bình") < text.index("Lê Thị Cúc") < text.index("Vừa mở") < text.index("Nguyễn Văn An")
    assert text.count("Trần Thị Bình") == 1 and "Bỏ ghim" in client.get(reverse("person", args=[binh.pk])).content.decode()
    client.post(reverse("person-pin", args=[binh.pk]), {"do": "unpin"}, headers=HTMX)
    assert "Trần Thị Bình" not in box(client).split("Vừa mở")[0]
    assert box(enter("clinician")) == "" and "Tài khoản này không tra được" not in box(enter("chairman"))


def test_nobody_is_shown_who_may_no_longer_be_seen(register, cast):
    here, other = register("Nguyễn Văn An"), register("Trần Thị Bình", hamlet=cast.hamlets[1])
    for person in (here, other):
        actions.pin_person(by=cast.nurse, person=person)
    assert at_hand(cast.nurse).pinned == [other, here]
    Assignment.objects.filter(user=cast.nurse).update(place=cast.hamlets[0])
    fresh = type(cast.nurse).objects.get(pk=cast.nurse.pk)
    assert at_hand(fresh).pinned == [here]
    actions.retract(by=cast.director, model=type(here), id=here.pk, reason="nhầm")
    assert at_hand(fresh).pinned == []


def test_a_pin_follows_a_merge_and_its_undoing(register, cast):
    kept, gone = register("Nguyễn Thị Mận", "01/02/1960", "F"), register("Nguyễn Thị Mận", "02/02/1960", "F")
    actions.pin_person(by=cast.nurse, person=gone)
    merge = actions.merge_persons(by=cast.nurse, survivor=kept, lesser=gone, take=[])
    assert at_hand(cast.nurse).pinned == [kept]
    actions.unmerge_persons(by=cast.nurse, id=merge.pk)
    assert at_hand(cast.nurse).pinned == [gone]


@pytest.mark.parametrize("user", ["stranger", "chairman", "admin"])
def test_only_whom_one_may_see_is_pinned(register, cast, user):
    with pytest.raises(Refused) as caught:
        actions.pin_person(by=cast.users[user], person=register())
    assert caught.value.status == 404


def test_there_is_an_end_to_pinning(register, cast, monkeypatch):
    monkeypatch.setattr(pins, "MOST", 2)
    people = [register("Nguyễn Văn An", f"0{day}/01/1956") for day in range(1, 4)]
    for person in (*people[:2], people[0]):
        actions.pin_person(by=cast.nurse, person=person)
    with pytest.raises(Refused, match="nhiều nhất được 2"):
        actions.pin_person(by=cast.nurse, person=people[2])


def test_three_queries(register, cast, django_assert_num_queries):
    actions.pin_person(by=cast.nurse, person=register())
    at_hand(cast.nurse)
    with django_assert_num_queries(3):
        at_hand(cast.nurse)
