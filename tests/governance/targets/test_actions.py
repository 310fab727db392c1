"""Binding, which level is in force, giving work to hamlets, ending with the directive."""

import datetime

import pytest

from tramyte.engine.audit import chain
from tramyte.engine.indicators import targets as goals
from tramyte.engine.refused import Refused
from tramyte.governance.directives.actions import revoke_directive
from tramyte.governance.targets.actions import assign_hamlets, bind_target
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.queries import in_force, pursued, rows_for
from tramyte.governance.tasks.models import Task

DAY = datetime.date
TODAY = DAY(2026, 6, 3)


def test_an_issued_plan_becomes_targets_bound_to_indicators(cast, issued):
    made = {target.indicator: target for target in Target.objects.all()}
    assert set(made) == {"BH01", "SK01"}
    assert (made["BH01"].comparator, made["BH01"].value, made["BH01"].unit) == (">=", 98, "%")
    assert made["BH01"].directive == issued
    assert (made["BH01"].confirmed_by, made["BH01"].confirmed_on) == (cast.officer, TODAY)
    assert made["BH01"].obligation.became == [{"model": "targets.target", "id": str(made["BH01"].pk)}]
    assert chain.verify().broken_at is None


def test_a_revoked_directive_ends_its_targets(cast, issued):
    revoke_directive(by=cast.officer, id=issued.pk, reason="Kế hoạch 99 thay thế")
    for target in Target.objects.all():
        assert (target.state, target.ended_on, target.ended_reason) == (Target.REVOKED, TODAY, "Văn bản hết hiệu lực: Kế hoạch 99 thay thế")
    assert rows_for(cast.officer) == []
    assert goals.goal("BH01", "00001", 2026) is None


def test_a_person_ties_and_unties_a_target(cast, make_target):
    target = make_target("")
    bound = bind_target(by=cast.officer, id=target.pk, indicator="BH01", seen_version=1)
    assert (bound.indicator, bound.confirmed_by, bound.confirmed_on) == ("BH01", cast.officer, TODAY)
    free = bind_target(by=cast.officer, id=target.pk, indicator="")
    assert (free.indicator, free.confirmed_by, free.confirmed_on) == ("", None, None)


@pytest.mark.parametrize(("changes", "indicator", "code"), [
    ({}, "KHONG", "no_indicator"), ({"unit": "người"}, "BH01", "other_unit"),
    ({"state": "revoked", "ended_on": TODAY}, "BH01", "ended"),
])
def test_a_binding_that_cannot_be_measured_is_refused(cast, make_target, changes, indicator, code):
    target = make_target("", **changes)
    with pytest.raises(Refused) as refused:
        bind_target(by=cast.officer, id=target.pk, indicator=indicator)
    assert refused.value.code == code


@pytest.mark.parametrize("role", ["nurse", "village_worker", "chairman", "unit", "supervisor", "stranger"])
def test_only_those_who_write_targets_tie_them(cast, make_target, role):
    with pytest.raises(Refused):
        bind_target(by=cast.users[role], id=make_target("").pk, indicator="BH01")


def test_the_later_directive_is_in_force_and_on_one_day_the_stricter(make_target):
    first, strict, other_year = make_target(value=95), make_target(value=98), make_target(value=99, year=2030, due_on=DAY(2030, 12, 31))
    heads = in_force([first, strict, other_year])
    assert heads == {first.pk: strict, strict.pk: strict, other_year.pk: other_year}
    Target.objects.filter(pk=first.pk).update(created_at=datetime.datetime(2099, 6, 9, tzinfo=datetime.UTC))
    first.refresh_from_db()
    assert in_force([first, strict])[strict.pk] == first
    least, most = make_target(value=12, comparator="<="), make_target(value=10, comparator="<=")
    assert in_force([least, most])[least.pk] == most


def test_indicators_find_their_target(cast, make_target):
    assert goals.goal("BH01", "00001", 2026) is None
    make_target(value=99, year=2030, due_on=DAY(2030, 12, 31), note="Nghị quyết")
    assert goals.goal("BH01", "00001", 2026).target == 99
    make_target(value=98)
    goal = goals.goal("BH01", "00001", 2026)
    assert (goal.comparator, goal.target, goal.source, goal.due_on) == (">=", 98, "giao trực tiếp", DAY(2026, 12, 31))
    assert goals.goal("BH01", "00001.02", 2026) == goal
    assert goals.goal("BH01", "00002", 2026) is None
    assert pursued("BH01", "00001", 2027).value == 99
    assert pursued("BH01", "00001", 2031) is None


def test_a_hamlets_part_becomes_a_task_of_its_worker(cast, target):
    tasks = assign_hamlets(by=cast.officer, id=target.pk, parts=[(cast.hamlets[0], cast.village_worker)], due_on=DAY(2026, 6, 30))
    assert [(task.place, task.assignee, task.indicator, task.due_on) for task in tasks] == [
        (cast.hamlets[0], cast.village_worker, "BH01", DAY(2026, 6, 30))]
    assert tasks[0].title == "Thôn Đông Hạ: 1 người chưa có thẻ bảo hiểm y tế còn hạn"
    assert cast.village_worker.reminders.count() == 1
    again = assign_hamlets(by=cast.officer, id=target.pk, parts=[(cast.hamlets[0], cast.village_worker)], due_on=DAY(2026, 7, 31))
    assert [task.pk for task in again] == [task.pk for task in tasks]
    assert Task.objects.count() == 1


@pytest.mark.parametrize(("due_on", "parts", "code"), [(DAY(2026, 6, 2), True, "past"), (None, False, "nobody")])
def test_parts_that_make_no_sense_are_refused(cast, target, due_on, parts, code):
    with pytest.raises(Refused) as refused:
        assign_hamlets(by=cast.officer, id=target.pk, parts=[(cast.hamlets[0], cast.village_worker)] if parts else [], due_on=due_on)
    assert refused.value.code == code


def test_what_nothing_measures_cannot_be_given(cast, make_target):
    with pytest.raises(Refused) as refused:
        assign_hamlets(by=cast.officer, id=make_target("").pk, parts=[(cast.hamlets[0], cast.village_worker)], due_on=None)
    assert refused.value.code == "unrecorded"


@pytest.mark.parametrize("role", ["nurse", "village_worker", "unit", "stranger"])
def test_only_those_who_assign_give_parts(cast, target, role):
    with pytest.raises(Refused):
        assign_hamlets(by=cast.users[role], id=target.pk, parts=[(cast.hamlets[0], cast.village_worker)], due_on=None)
