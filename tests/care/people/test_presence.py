"""Who stays here, who left, who died: the landing page, the book, the household."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tramyte.care.people import actions
from tramyte.engine.indicators.models import Outcome, Standing
from tramyte.engine.indicators.storing import refresh

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
    told = enter("nurse").get("/so/residents/", {**query, "as": "json"}).json()
    assert {row["full_name"].split()[-1] for row in told["rows"]} == names
    assert told["count"] == len(names)


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


@pytest.fixture
def cards(register, cast, family):
    """Cards that hold, run out within thirty days, are renewed ahead, have run out, have not begun."""
    spans = {
        "Một": [(D(2026, 1, 1), D(2026, 12, 31))], "Hai": [(D(2025, 7, 1), D(2026, 7, 3))], "Ba": [(D(2025, 7, 1), D(2026, 7, 4))],
        "Bốn": [(D(2025, 7, 1), D(2026, 6, 30)), (D(2026, 7, 1), D(2027, 6, 30))], "Năm": [(D(2025, 6, 3), D(2026, 6, 2))],
        "Sáu": [(D(2026, 6, 4), D(2027, 6, 3))],
    }
    for number, (name, days) in enumerate(spans.items()):
        person = register(f"Phạm Văn {name}", since=D(2000, 1, 1), residence="permanent", hamlet=cast.hamlets[number % 2])
        for start, end in days:
            actions.record_coverage(by=cast.nurse, person=person, card_number=f"GD437010012345{number}", start=start, end=end)


@pytest.mark.parametrize("user", ["nurse", "village_worker"])
def test_stored_and_counted_figures_of_the_landing_page_are_one(enter, cast, cards, user):
    client = enter(user)
    counted = client.get(reverse("people")).context
    refresh(["BH01"])
    with CaptureQueriesContext(connection) as asked:
        stored = client.get(reverse("people")).context
    assert stored["by_hamlet"] == counted["by_hamlet"] and stored["counts"] == counted["counts"]
    assert any("indicators_outcome" in query["sql"] for query in asked) == (user == "nurse")
    if user == "nurse":
        assert counted["counts"] | {"households": 0} == {"people": 8, "covered": 4, "uncovered": 4, "ending": 1, "households": 0}


def test_the_landing_page_counts_anew_when_the_stored_figures_do_not_stand(enter, cast, cards):
    refresh(["BH01"])
    Standing.objects.update(stale=True)
    Outcome.objects.all().delete()
    assert enter("nurse").get(reverse("people")).context["counts"]["people"] == 8


def test_a_page_of_the_book_reads_its_own_lines_only(enter, register, family):
    for number in range(45):
        register(f"Trần Văn {chr(65 + number % 26)} {chr(65 + number // 26)}", since=D(2000, 1, 1), residence="permanent")
    client = enter("nurse")
    pages = [client.get("/so/residents/", {"as": "json", "page": page}).json() for page in (1, 2, 3)]
    names = [row["full_name"] for page in pages for row in page["rows"]]
    assert [len(page["rows"]) for page in pages] == [20, 20, 7] and pages[0]["count"] == 47
    whole = client.get("/so/residents/", {"as": "json", "size": 500}).json()
    assert names == [row["full_name"] for row in whole["rows"]] and len(set(names)) == 47


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
