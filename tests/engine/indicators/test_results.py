"""Stored figures follow each entry, roll back with it, and are what a full refresh would give."""

import datetime
import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tramyte.care.checkups.models import Checkup
from tramyte.care.people.models import Coverage, Person, RecordEntry, Residence
from tramyte.engine.actions.writing import store, store_many
from tramyte.engine.indicators import results
from tramyte.engine.indicators.figures import Figure
from tramyte.engine.indicators.models import Outcome, Result
from tramyte.engine.indicators.storing import touched

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


def everything():
    """All stored figures that say something, and all outcomes."""
    figures = Result.objects.exclude(numerator=0, denominator=0, unknown=0)
    shown = ("indicator", "subject", "place__code", "met", "reason", "due_on")
    return (
        set(figures.values_list("indicator", "place__code", "period", "group_kind", "group", "numerator", "denominator", "unknown")),
        {(*values, str(groups)) for *values, groups in Outcome.objects.values_list(*shown, "groups")},
    )


DAYS = st.sampled_from([DAY(2025, 1, 1), DAY(2025, 5, 31), DAY(2025, 6, 2), DAY(2025, 6, 3), DAY(2026, 2, 28), DAY(2026, 6, 2), DAY(2026, 6, 3), DAY(2026, 6, 4)])
STEPS = st.lists(st.tuples(st.sampled_from(["card", "stay", "leave", "death", "entry", "checkup", "wrong"]), st.integers(0, 2), DAYS, DAYS), max_size=5)


def take(step, people, cast):
    """One entry as an action makes it, through `store`."""
    what, number, first, second = step
    of, start, end = people[number], min(first, second), max(first, second)
    said = {"by": cast.nurse, "permission": "people.write", "action": what}
    if what == "card":
        store(card(of, start, end), **said)
    elif what == "stay":
        store(Residence(person=of, place=cast.hamlets[2], kind="temporary", start=start, end=end), **said)
    elif what == "entry":
        store(RecordEntry(person=of, kind="opened", on=first), **said)
    elif what == "checkup" and not Checkup.objects.filter(person=of, on=first).exists():
        store(Checkup(person=of, on=first, kind="screening", age_days=1), **said)
    elif what in {"leave", "death", "wrong"}:
        row = of if what == "death" else of.residences.last()
        before = row.plain()
        if what == "leave":
            row.end = max(first, row.start)
        elif what == "death":
            row.died_on = first
        else:
            row.entered_in_error = True
        store(row, before=before, **said)


class Undone(Exception):
    """Ends an example without a trace."""


@settings(max_examples=int(os.environ.get("TRAMYTE_EXAMPLES", "6")), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_entries_leave_what_a_full_refresh_would_give(cast, steps):
    with pytest.raises(Undone), transaction.atomic():
        people = [person(cast, f"Người {n}", cast.hamlets[n % 2]) for n in range(3)]
        results.refresh()
        for step in steps:
            take(step, people, cast)
        followed = everything()
        results.refresh()
        assert followed == everything()
        raise Undone


def test_after_entry_alone_moves_the_running_month(cast, people):
    results.refresh()
    card(people[0], DAY(2026, 1, 1), DAY(2026, 12, 31)).save()
    results.after_entry({"coverages"}, {people[0].pk})
    assert results.figure("BH01", cast.commune).numerator == 1
    assert results.figure("BH01", cast.commune, "2026-05").numerator == 0


def test_an_entry_asks_about_its_subject_only(cast, people, django_assert_max_num_queries):
    results.refresh()
    with django_assert_max_num_queries(32) as asked, results.entry({"coverages"}, {people[0].pk}):
        card(people[0], DAY(2026, 5, 1), DAY(2026, 12, 31)).save()
    relations = [query["sql"] for query in asked.captured_queries if "WITH periods" in query["sql"]]
    assert len(relations) == 2
    assert all(people[0].pk.hex in sql.replace("-", "") for sql in relations)


def test_reading_a_page_computes_nothing(cast, people, django_assert_max_num_queries):
    results.refresh()
    with django_assert_max_num_queries(4) as asked:
        results.figure("BH01", cast.commune)
    assert not [query for query in asked.captured_queries if "WITH periods" in query["sql"]]


def test_history_is_the_value_at_each_months_end(cast, people):
    card(people[0], DAY(2026, 3, 31), DAY(2026, 4, 30)).save()
    results.refresh()
    told = dict(results.history("BH01", cast.commune))
    assert (told[DAY(2026, 2, 28)], told[DAY(2026, 3, 31)], told[DAY(2026, 4, 30)], told[DAY(2026, 6, 3)]) == (0.0, 25.0, 25.0, 0.0)
    assert len(told) == 13


def test_roles_that_see_figures_get_no_person(cast, people):
    results.refresh()
    for username in ("officer", "chairman", "unit", "supervisor", "admin", "stranger"):
        assert not results.worklist(cast.users[username], "BH01").exists()
    assert results.worklist(cast.village_worker, "BH01").count() == 2
    assert results.worklist(cast.nurse, "BH01", place=cast.hamlets[1]).count() == 2
    assert results.worklist(cast.nurse, "BH01", group=("sex", "F")).count() == 0


def test_bulk_writing_makes_figures_stale(cast, people):
    results.refresh()
    assert not results.figure("BH01", cast.commune).stale
    store_many([card(people[0], DAY(2026, 1, 1), DAY(2026, 12, 31))], by=cast.nurse, permission="people.write", action="import")
    assert results.figure("BH01", cast.commune).stale
    assert not results.figure("KC04", cast.commune).stale
    results.refresh(["BH01"])
    assert results.figure("BH01", cast.commune).numerator == 1


def test_a_changed_place_makes_figures_stale(cast, people):
    results.refresh()
    place = cast.hamlets[0]
    before = place.plain()
    place.name = "Thôn Mới"
    with results.entry(*touched(place, before)):
        place.save()
    assert results.figure("BH01", cast.commune).stale
    results.refresh()
    assert not results.figure("BH01", cast.commune).stale


def test_a_second_refresh_writes_only_what_differs(cast, people):
    results.refresh()
    ids = set(Outcome.objects.filter(indicator="BH01").values_list("pk", "subject"))
    card(people[0], DAY(2026, 1, 1), DAY(2026, 12, 31)).save()
    results.refresh()
    kept = set(Outcome.objects.filter(indicator="BH01").values_list("pk", "subject"))
    assert {subject for _, subject in ids - kept} == {people[0].pk}


@pytest.mark.parametrize(("numerator", "denominator", "comparator", "target", "missing"), [
    (97, 100, ">=", 98, 1), (98, 100, ">=", 98, 0), (98, 100, ">", 98, 1), (2, 3, ">=", 66.7, 1), (55, 100, ">=", 55, 0),
    (0, 0, ">=", 98, 0), (5, 100, "<=", 5, 0), (6, 100, "<=", 5, 1), (5, 100, "<", 5, 1), (3, 10, ">=", 200, 7),
])
def test_gap(numerator, denominator, comparator, target, missing):
    figure = Figure("X", "00001", "2026", numerator, denominator, 0, DAY(2026, 6, 3), 1)
    assert results.gap(figure, comparator, target) == missing
