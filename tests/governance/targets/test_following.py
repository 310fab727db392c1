"""Tasks follow the figure of their indicator: at the entry that moves it, in the regular pass, and when a level changes."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tramyte.care.people.models import Coverage
from tramyte.engine.actions.writing import store
from tramyte.engine.audit import chain
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.facts.declaring import written
from tramyte.engine.indicators import results
from tramyte.governance.targets.actions import assign_hamlets, bind_target, close_met, end_target, set_target
from tramyte.governance.tasks.actions import assign_task, complete_task, reopen_task, report_progress
from tramyte.governance.tasks.models import Reminder, Task

DAY = datetime.date
TODAY = DAY(2026, 6, 3)


def renew(cast, person):
    """A new card, as a nurse enters it; answers it."""
    card = Coverage(person=person, card_number="GD4010112345670", group="GD", start=DAY(2026, 6, 1), end=DAY(2027, 5, 31))
    return store(card, by=cast.nurse, permission="people.write", action="record_coverage")


def withdraw(cast, card):
    """The card was entered in error."""
    before = card.plain()
    card.entered_in_error, card.error_reason = True, "nhầm người"
    return store(card, by=cast.nurse, permission="people.write", action="cancel_coverage", before=before)


def state(task):
    task.refresh_from_db()
    return task.state


@pytest.fixture
def part(cast, target):
    """The first hamlet's part, given to its village worker: one of six is missing."""
    return assign_hamlets(by=cast.officer, id=target.pk, parts=[(cast.hamlets[0], cast.village_worker)], due_on=DAY(2026, 6, 30))[0]


@pytest.fixture
def whole(cast, target):
    """The commune's task without a day of its own: four of twelve are missing."""
    return assign_task(by=cast.officer, title="Vận động tham gia BHYT", unit=str(cast.units["tyt"].pk), indicator="BH01")


def test_the_entry_that_meets_the_level_closes_the_task(cast, part, whole, people):
    other = assign_task(by=cast.officer, title="Khám sức khỏe", unit=str(cast.units["tyt"].pk), indicator="SK02")
    renew(cast, people[0])
    assert (state(part), part.done_on, part.progress, part.closed_by_figure) == (Task.DONE, TODAY, 100, True)
    assert part.closed_reason == "Đã đạt mức giao: 6/6"
    for n in (1, 3):
        renew(cast, people[n])
        assert state(whole) == Task.OPEN
    renew(cast, people[5])
    assert (state(whole), state(other)) == (Task.DONE, Task.OPEN)
    assert chain.verify().broken_at is None


def test_what_closed_by_itself_is_reopened_when_the_figure_falls_in_time(cast, part, people):
    report_progress(by=cast.village_worker, id=part.pk, text="Đã vận động", percent=40)
    card = renew(cast, people[0])
    told = Reminder.objects.count()
    withdraw(cast, card)
    assert (state(part), part.done_on, part.progress, part.closed_by_figure) == (Task.OPEN, None, 40, False)
    assert part.closed_reason == "Lại dưới mức giao ≥\u00a098\u00a0%: 5/6"
    assert Reminder.objects.count() == told + 1
    assert Reminder.objects.order_by("-created_at").first().user == cast.village_worker


def test_after_its_day_it_stays_done_and_is_marked_until_the_level_is_met_again(cast, part, people):
    card = renew(cast, people[0])
    Task.objects.filter(pk=part.pk).update(ends_on=DAY(2026, 6, 2))
    withdraw(cast, card)
    assert (state(part), part.done_on, part.fell_on) == (Task.DONE, TODAY, TODAY)
    renew(cast, people[0])
    assert (state(part), part.fell_on) == (Task.DONE, None)
    assert [entry.action for entry in AuditEntry.objects.filter(object_id=str(part.pk)).order_by("seq")][1:] == ["close_bound", "fall_back", "meet_again"]


def test_a_task_without_a_day_is_reopened_until_the_targets_deadline(cast, whole, target, people):
    cards = [renew(cast, people[n]) for n in (0, 1, 3, 5)]
    assert state(whole) == Task.DONE
    withdraw(cast, cards[0])
    assert state(whole) == Task.OPEN


def test_what_a_person_closed_is_left_alone(cast, part, people):
    complete_task(by=cast.village_worker, id=part.pk)
    withdraw(cast, renew(cast, people[0]))
    assert (state(part), part.fell_on) == (Task.DONE, None)
    reopen_task(by=cast.officer, id=part.pk, reason="Chưa gửi danh sách")
    renew(cast, people[0])
    assert (state(part), part.kept_open) == (Task.OPEN, True), "whoever opened it again closes it"
    complete_task(by=cast.village_worker, id=part.pk)
    assert (state(part), part.kept_open) == (Task.DONE, False)


def test_the_regular_pass_finds_what_no_entry_has_moved(cast, part, whole, people):
    assert close_met(on=TODAY) == 0
    Coverage.objects.create(person=people[0], card_number="GD4010112345671", group="GD", start=DAY(2026, 6, 1), end=DAY(2027, 5, 31))
    results.refresh()
    assert close_met(on=TODAY) == 1
    assert (state(part), state(whole)) == (Task.DONE, Task.OPEN)
    Coverage.objects.filter(person=people[0]).delete()
    results.refresh()
    assert close_met(on=TODAY) == 0
    assert state(part) == Task.OPEN


def test_a_figure_that_is_behind_decides_nothing(cast, part, people):
    results.mark_stale(set(written(Coverage)))
    renew(cast, people[0])
    assert state(part) == Task.OPEN


def test_a_changed_level_closes_and_reopens(cast, target, part, whole):
    set_target(by=cast.officer, id=target.pk, value="60", reason="Công văn điều chỉnh")
    assert (state(part), state(whole)) == (Task.DONE, Task.DONE)
    set_target(by=cast.officer, id=target.pk, value="90", reason="Công văn điều chỉnh lại")
    assert (state(part), state(whole)) == (Task.OPEN, Task.OPEN)


def test_a_withdrawn_or_untied_target_leaves_its_tasks_as_they_are(cast, target, part, make_target):
    bind_target(by=cast.officer, id=target.pk, indicator="")
    assert state(part) == Task.OPEN
    end_target(by=cast.officer, id=target.pk, reason="Cấp trên bỏ")
    assert state(part) == Task.OPEN


def queries(work):
    """How many queries that read or write rows the work costs (savepoints are no queries of ours)."""
    with CaptureQueriesContext(connection) as seen:
        work()
    return sum("SAVEPOINT" not in one["sql"] for one in seen)


def test_an_entry_pays_one_small_query_without_such_tasks_and_few_with_them(cast, target, people, monkeypatch):
    from tramyte.engine.indicators import telling

    cards = [renew(cast, people[n]) for n in (1, 3, 5)]  # what is compiled once is compiled here
    withdraw(cast, cards[0])
    with monkeypatch.context() as alone:
        alone.setattr(telling, "_TOLD", [])
        bare = queries(lambda: withdraw(cast, cards[1]))
    assert queries(lambda: withdraw(cast, cards[2])) == bare + 1
    assign_hamlets(by=cast.officer, id=target.pk, parts=[(cast.hamlets[1], cast.nurse)], due_on=None)
    assign_task(by=cast.officer, title="Vận động", unit=str(cast.units["tyt"].pk), indicator="BH01")
    card = renew(cast, people[5])
    # which places, the level, and for the hamlet and the commune the figure (two) and what could be reopened (one)
    assert queries(lambda: withdraw(cast, card)) == bare + 1 + 1 + 2 * 3
