"""Ticked rows: kept over pages and filters, the user's own, and what lists, exports and counts make of them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tramyte.care.checkups.models import Checkup
from tramyte.engine.refused import Refused
from tramyte.engine.registers import picking, registry
from tramyte.engine.registers.models import Picked

from .conftest import make_person

URL = "/so/checkups/"


@pytest.fixture
def book(cast):
    """Thirty check-ups, every third of them a screening, in two hamlets."""
    people = [make_person(cast.hamlets[n % 2], f"Người Thứ {chr(65 + n)}", f"0370560001{n:02d}") for n in range(30)]
    Checkup.objects.bulk_create([
        Checkup(person=person, on=datetime.date(2026, 5, 1), kind="periodic" if n % 3 else "screening", age_days=25000) for n, person in enumerate(people)])
    return registry.get("checkups")


def shown(client, **query):
    return [row["id"] for row in client.get(URL, query | {"as": "json"}).json()["rows"]]


def tick(client, ids, on=(), query="", **more):
    return client.post(f"{URL}chon/", {"do": "page", "shown": ids, "row": on, "query": query}, **more)


def test_ticks_stay_over_pages_orders_and_filters_until_let_go(book, cast, enter):
    nurse = enter("nurse")
    first, second = shown(nurse), shown(nurse, page=2)
    tick(nurse, first, first[:3])
    tick(nurse, second, second[:2], "page=2")
    assert picking.count(book, cast.nurse) == 5
    for query in ({}, {"page": "2"}, {"sort": "-on"}, {"kind": "screening"}):
        assert 'Đã chọn <span class="num">5</span>' in nurse.get(URL, query).content.decode()
    assert nurse.get(URL, {"page": "1"}).content.decode().count("data-pick checked") == 3
    tick(nurse, first, [])
    assert set(picking.ticks(book, cast.nurse).values_list("object_id", flat=True)) == {row.pk for row in Checkup.objects.filter(pk__in=second[:2])}
    assert nurse.post(f"{URL}chon/", {"do": "none", "query": "kind=screening"}).headers["Location"] == f"{URL}?kind=screening"
    assert picking.count(book, cast.nurse) == 0


def test_all_that_is_filtered_is_ticked_once(book, cast, enter):
    nurse = enter("nurse")
    tick(nurse, shown(nurse), shown(nurse)[:1])
    for _ in range(2):
        nurse.post(f"{URL}chon/", {"do": "all", "query": "kind=screening"})
    assert picking.count(book, cast.nurse) == len({*Checkup.objects.filter(kind="screening").values_list("pk", flat=True), *picking.ticks(book, cast.nurse).values_list("object_id", flat=True)})
    nurse.post(f"{URL}chon/", {"do": "all", "query": ""})
    assert picking.count(book, cast.nurse) == 30


def test_only_the_ticked_are_listed_counted_exported_and_printed(book, cast, enter):
    nurse = enter("nurse")
    ids = shown(nurse)[4:7]
    tick(nurse, ids, ids)
    page = nurse.get(URL, {"picked": "1", "kind": "screening"})
    assert page.context["total"] == 3 and "các dòng đã chọn" in page.content.decode()
    assert set(shown(nurse, picked="1")) == set(ids) and shown(nurse, picked="1", sort="-person.full_name") == shown(nurse, picked="1", sort="person.full_name")[::-1]
    assert len(nurse.get(URL, {"picked": "1", "as": "csv"}).content.decode().splitlines()) == 4
    assert nurse.get(URL, {"picked": "1", "as": "pdf"}).content.startswith(b"%PDF")


def test_a_person_who_is_away_stays_ticked(cast, enter):
    """The book's own filter, who is here, does not hide what somebody ticked."""
    from tramyte.care.people.models import Residence

    away, here = make_person(cast.hamlet, "Người Đi Vắng"), make_person(cast.hamlet, "Người Ở Nhà")
    Residence.objects.create(person=here, place=cast.hamlet, kind="permanent", start=datetime.date(2020, 1, 1))
    nurse = enter("nurse")
    nurse.post("/so/residents/chon/", {"do": "all", "query": "presence=all"})
    rows = nurse.get("/so/residents/", {"picked": "1", "as": "json"}).json()
    assert {row["id"] for row in rows["rows"]} == {str(away.pk), str(here.pk)} and rows["count"] == 2


def test_ticks_are_ones_own_and_within_ones_sight(book, cast, enter):
    nurse = enter("nurse")
    ids = shown(nurse)
    tick(nurse, ids, ids)
    stranger = enter("stranger")
    assert 'id="book-picked" class="bulk" hidden' in stranger.get(URL).content.decode()
    tick(stranger, ids, ids)
    assert not Picked.objects.filter(owner=cast.stranger).exists()
    from tramyte.engine.access.models import Assignment

    Assignment.objects.filter(user=cast.nurse).update(role="village_worker", place=cast.hamlets[0])
    again = type(cast.nurse).objects.get(pk=cast.nurse.pk)
    assert picking.ticks(book, again).count() == 20 and picking.count(book, again) == 10


def test_htmx_gets_the_bar_alone(book, enter):
    nurse = enter("nurse")
    ids = shown(nurse)
    bar = tick(nurse, ids, ids[:2], "kind=periodic", headers={"HX-Request": "true"}).content.decode()
    assert bar.startswith('<div id="book-picked"') and "Đã chọn <span class=\"num\">2</span>" in bar and "Chọn cả 20 dòng đang lọc" in bar
    assert "hx-swap-oob" not in bar


@pytest.mark.parametrize(("data", "status"), [({"do": "dance"}, 422), ({"do": "page", "row": "abc"}, 422), ({"do": "all", "query": "kind=nothing&weight_kg__min=x"}, 422)])
def test_what_cannot_be_read_is_refused(book, enter, data, status):
    assert enter("nurse").post(f"{URL}chon/", data).status_code == status


def test_there_is_a_limit(book, cast, monkeypatch):
    monkeypatch.setattr(picking, "MOST", 10)
    with pytest.raises(Refused, match="Không chọn quá"):
        picking.tick(book, cast.nurse, book.base(cast.nurse))
    assert not Picked.objects.exists()


def test_ticking_costs_no_query_a_row(book, cast):
    def asked(count):
        picking.let_go(book, cast.nurse)
        with CaptureQueriesContext(connection) as queries:
            picking.tick(book, cast.nurse, book.base(cast.nurse).filter(pk__in=book.base(cast.nurse).order_by().values("pk")[:count]))
        return len(queries)

    asked(1)
    assert asked(2) == asked(30)
