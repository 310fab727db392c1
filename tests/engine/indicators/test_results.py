"""Stored figures follow each entry, roll back with it, and are what a full refresh would give."""

import datetime

import pytest
from django.db import transaction

from tramyte.care.people.models import Coverage, Person, Residence
from tramyte.engine.actions.writing import store
from tramyte.engine.indicators import results

DAY = datetime.date


def person(cast, name="Nguyễn Văn An", hamlet=None, **more):
    hamlet = hamlet or cast.hamlets[0]
    made = Person.objects.create(full_name=name, birth_date=more.pop("born", DAY(1956, 3, 5)), sex=more.pop("sex", "M"), hamlet=hamlet, **more)
    Residence.objects.create(person=made, place=hamlet, kind="permanent", start=made.birth_date)
    return made


def card(of, start, end):
    return Coverage(person=of, card_number="GD4010112345678", group="GD", start=start, end=end)


@pytest.fixture
def people(cast):
    return [person(cast, f"Người {n}", cast.hamlets[n % 2]) for n in range(4)]


def test_a_figure_is_none_until_it_was_computed(cast, people):
    assert results.figure("BH01", cast.commune) is None
    assert results.breakdown("BH01", cast.commune) == []
    assert results.history("BH01", cast.commune) == []


def test_an_entry_moves_figure_and_list(cast, people):
    results.refresh()
    before = results.figure("BH01", cast.commune)
    assert (before.numerator, before.denominator, before.unknown) == (0, 4, 0)
    assert results.worklist(cast.nurse, "BH01").count() == 4
    store(card(people[0], DAY(2026, 1, 1), DAY(2026, 12, 31)), by=cast.nurse, permission="people.write", action="record_coverage")
    after = results.figure("BH01", cast.commune)
    assert (after.numerator, after.denominator, after.value) == (1, 4, 25.0)
    assert results.worklist(cast.nurse, "BH01").count() == 3
    assert [(row.group, row.numerator, row.denominator) for row in results.breakdown("BH01", cast.commune)] == [
        ("00001.01", 1, 2), ("00001.02", 0, 2)]


def test_an_entry_rolls_back_with_everything_it_moved(cast, people):
    results.refresh()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        store(card(people[0], DAY(2026, 1, 1), DAY(2026, 12, 31)), by=cast.nurse, permission="people.write", action="record_coverage")
        assert results.figure("BH01", cast.commune).numerator == 1
        raise ZeroDivisionError
    assert results.figure("BH01", cast.commune).numerator == 0
    assert Coverage.objects.count() == 0
    assert results.worklist(cast.nurse, "BH01").count() == 4
