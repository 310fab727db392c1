"""Pages of a list that an index leads: the same lines as putting everything in order gives."""

import datetime

import pytest

from tramyte.care.checkups.models import Checkup
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


def test_what_lies_beyond_the_page_is_left_out_where_an_index_leads(book, cast):
    rows = book.rows(cast.director, {})
    assert paging._beginning(rows, 5).count() < 25 and paging._beginning(rows, 25).count() == paging._beginning(rows, 90).count() == 25
    assert paging._beginning(book.rows(cast.director, {"sort": "person.full_name"}), 5).count() == 25
