"""Who stays here, who left, who died: the landing page, the book, the household."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tramyte.care.people import actions

D = datetime.date


@pytest.fixture
def family(register, cast):
    """Who is here, here for a time in another hamlet, away, left yesterday, died today."""
    names = {"here": "Lê Thị Ở", "temporary": "Lê Thị Tạm", "away": "Lê Thị Vắng", "left": "Lê Thị Chuyển", "died": "Lê Thị Mất"}
    made = {word: register(name, since=D(2000, 1, 1), residence="permanent") for word, name in names.items()}
    actions.record_residence(by=cast.nurse, person=made["temporary"], place=cast.hamlets[1], kind="temporary", start=D(2026, 1, 1))
    actions.record_residence(by=cast.nurse, person=made["away"], place=cast.hamlets[0], kind="absent", start=D(2026, 1, 1))
    actions.end_residence(by=cast.nurse, id=made["left"].residences.get().pk, end=D(2026, 6, 2), reason="chuyển đi")
    actions.record_death(by=cast.nurse, person=made["died"], on=D(2026, 6, 3))
    return made


@pytest.mark.parametrize(("query", "names"), [
    ({}, {"Ở", "Tạm"}), ({"presence": "here"}, {"Ở", "Tạm"}), ({"presence": "away"}, {"Vắng"}), ({"presence": "left"}, {"Chuyển"}),
    ({"presence": "died"}, {"Mất"}), ({"presence": "all"}, {"Ở", "Tạm", "Vắng", "Chuyển", "Mất"}),
    ({"hamlet": "00001.01"}, {"Ở"}), ({"hamlet": "00001.02"}, {"Tạm"}), ({"hamlet": "00001.01", "presence": "left"}, {"Chuyển"}),
    ({"q": "chuyen"}, set()), ({"q": "chuyen", "presence": "all"}, {"Chuyển"}),
])
def test_the_book_holds_who_is_here_unless_asked(enter, family, query, names):
    rows = enter("nurse").get("/so/residents/", {**query, "as": "json"}).json()["rows"]
    assert {row["full_name"].split()[-1] for row in rows} == names


def test_an_unknown_state_is_a_sentence(enter, family):
    assert enter("nurse").get("/so/residents/", {"presence": "?", "as": "json"}).status_code == 422


def test_the_list_offers_the_states_and_no_chip_for_the_usual_one(enter, family):
    client = enter("nurse")
    assert client.get("/so/residents/").context["chips"] == []
    page = client.get("/so/residents/", {"presence": "left"})
    assert [chip["value"] for chip in page.context["chips"]] == ["đã chuyển đi"] and '<option value="here">đang ở đây' in page.content.decode()


def test_a_household_says_who_lives_there(enter, cast, family):
    home = actions.create_household(by=cast.nurse, hamlet=cast.hamlets[0], number="7", members=[(person, "con") for person in family.values()])
    page = enter("nurse").get(reverse("household", args=[home.pk]))
    assert [line["presence"] for line in page.context["lines"]] == ["đang ở đây", "đang ở đây", "đang đi vắng", "đã chuyển đi", "đã mất"]
    text = page.content.decode()
    assert "2 người đang ở" in text and text.count("Đã chuyển đi") == 1
    beside = enter("nurse").get(reverse("person", args=[family["here"].pk])).content.decode()
    assert "đã chuyển đi · con" in beside and "đang đi vắng · con" in beside


def test_the_landing_page_asks_the_same_for_one_and_for_many(enter, register, family):
    client = enter("nurse")
    client.get(reverse("people"))
    with CaptureQueriesContext(connection) as few:
        counts = client.get(reverse("people")).context["counts"]
    assert (counts["people"], counts["uncovered"]) == (2, 2)
    for number in range(20):
        register(f"Trần Văn {chr(65 + number)}", since=D(2000, 1, 1), residence="permanent")
    with CaptureQueriesContext(connection) as many:
        assert client.get(reverse("people")).context["counts"]["people"] == 22
    assert len(many) == len(few)
