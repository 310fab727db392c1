"""Pages of a list that an index leads: the same lines as putting everything in order gives."""

import datetime

import pytest

from tramyte.care.checkups.models import Checkup
from tramyte.care.people.models import Coverage, Person
from tramyte.engine.registers import paging, registry

from .conftest import make_person

DAYS = [datetime.date(2026, 5, n % 3 + 1) for n in range(25)]  # many on one day


@pytest.fixture
def book(cast):
    """Twenty-five check-ups on three days, names against the order of their making."""
    for n, day in enumerate(DAYS):
        Checkup.objects.create(person=make_person(cast.hamlet, f"Người {chr(90 - n)}"), on=day, kind="periodic", age_days=25000)
    return registry.get("checkups")


@pytest.mark.parametrize("sort", ["", "on", "-on", "kind", "person.full_name"])
@pytest.mark.parametrize("size", [1, 4, 20, 50])
def test_the_pages_are_the_whole_list_cut(book, cast, sort, size):
    rows = book.rows(cast.director, {"sort": sort})
    whole = [row.pk for row in rows]
    assert len(whole) == 25
    for start in range(0, 25, size):
        assert [row.pk for row in paging.lines(rows, start, start + size)] == whole[start:start + size]


@pytest.mark.sqlite_only
def test_what_lies_beyond_the_page_is_left_out_where_an_index_leads(book, cast):
    rows = book.rows(cast.director, {})
    assert paging._beginning(rows, 5).count() < 25 and paging._beginning(rows, 25).count() == paging._beginning(rows, 90).count() == 25
    assert paging._beginning(book.rows(cast.director, {"sort": "person.full_name"}), 5).count() == 25


@pytest.mark.parametrize("ahead", [0, 1000])
@pytest.mark.parametrize("sort", ["phone", "-phone", "birth", "-birth", ""])
def test_empty_numbers_come_last_on_every_page(cast, sort, ahead, monkeypatch):
    monkeypatch.setattr(paging, "AHEAD", ahead)
    for n in range(12):
        make_person(cast.hamlet, f"Người {n}", phone=f"09123456{n % 5}0" if n % 3 else "", born=datetime.date(1950 + n % 4, 1, 1))
    book = registry.get("residents")
    rows = book.rows(cast.director, {"sort": sort, "presence": "all"})
    whole = [row.pk for row in rows]
    assert len(whole) >= 12
    cut = [row.pk for start in range(0, len(whole), 5) for row in paging.lines(rows, start, start + 5)]
    assert cut == whole
    if "phone" in sort:
        assert [bool(row.phone) for row in paging.lines(rows, 0, 90)][-4:] == [False] * 4


@pytest.mark.parametrize("name", ["group", "facility_code"])  # an index leads to the first of them
@pytest.mark.parametrize("most", [2, 200])
def test_different_values_are_those_of_the_rows(cast, name, most):
    for n, code in enumerate(["GD", "", "HT", "GD", "TE", "BT"]):
        Coverage.objects.create(person=make_person(cast.hamlet, f"Người {n}"), card_number=f"GD437010000000{n}", group=code, facility_code=code,
                                start=datetime.date(2026, 1, 1), end=datetime.date(2026, 12, 31), entered_in_error=code == "BT")
    rows = registry.get("coverages").base(cast.director)
    assert paging.different(rows, name, most) == ["", "GD", "HT", "TE"][:most]
    assert paging.different(rows.none(), name, most) == paging.different(rows.filter(person__sex="?"), name, most) == []
    assert {"group", "card_number", "end"} <= paging.led_by(Coverage) and "phone" in paging.led_by(Person)


def test_a_masked_number_is_found_by_its_digits(cast):
    shown = make_person(cast.hamlet, "Người có máy", phone="0912345678")
    make_person(cast.hamlet, "Người không có máy")
    assert [row.pk for row in registry.get("residents").rows(cast.director, {"phone__has": " 1234 ", "presence": "all"})] == [shown.pk]
