"""Correcting, accepting, dropping, giving owners, issuing and revoking."""

import pytest

from tramyte.engine.places.models import OrgUnit
from tramyte.engine.refused import Refused
from tramyte.governance.directives import actions
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.tasks.models import Task


def test_correct_then_accept(cast, item):
    row = item("N3")
    changed = actions.correct_obligation(by=cast.officer, id=row.pk, seen_version=row.version, due_on="30/07/2026", owners=[cast.units["tyt"]])
    assert changed.fields["due_on"] == "2026-07-30" and changed.fields["owners"][0]["unit"] == str(cast.units["tyt"].pk)
    assert changed.found["deadline"] == "2026-07-31"
    assert actions.accept_obligation(by=cast.officer, id=row.pk).state == Obligation.ACCEPTED


@pytest.mark.parametrize(("mark", "fields", "field"), [
    ("N1", {"due_on": "31/02/2026"}, "due_on"), ("N1", {"text": " "}, "text"), ("N1", {"recurrence": "hourly"}, "recurrence"),
    ("C1", {"value": "chín tám"}, "value"), ("C1", {"comparator": "=>"}, "comparator"), ("C1", {"year": "26"}, "year"), ("B1", {"due_day": "32"}, "due_day"),
])
def test_wrong_corrections_name_their_field(cast, item, mark, fields, field):
    with pytest.raises(Refused) as refused:
        actions.correct_obligation(by=cast.officer, id=item(mark).pk, **fields)
    assert refused.value.field == field


@pytest.mark.parametrize(("typed", "value"), [("95", 95), ("37,5", 37.5), ("37.5", 37.5), ("", None)])
def test_numbers_are_read_with_comma_or_point(cast, item, typed, value):
    assert actions.correct_obligation(by=cast.officer, id=item("C1").pk, value=typed).fields["value"] == value


def test_a_stale_page_is_a_conflict(cast, item):
    row = item("N1")
    actions.correct_obligation(by=cast.officer, id=row.pk, text="Rà soát lại.")
    with pytest.raises(Refused) as refused:
        actions.accept_obligation(by=cast.officer, id=row.pk, seen_version=row.version)
    assert refused.value.status == 409


@pytest.mark.parametrize("who", ["nurse", "chairman", "unit", "stranger", "supervisor"])
def test_strangers_change_nothing(cast, item, received, who):
    by = cast.users[who]
    acts = (
        lambda: actions.accept_obligation(by=by, id=item("N1").pk), lambda: actions.drop_obligation(by=by, id=item("N1").pk),
        lambda: actions.correct_obligation(by=by, id=item("N1").pk, text="x"), lambda: actions.accept_all(by=by, id=received.pk),
        lambda: actions.issue_directive(by=by, id=received.pk), lambda: actions.revoke_directive(by=by, id=received.pk, reason="x"),
        lambda: actions.add_unit(by=by, name="Đội bóng", place=cast.commune), lambda: actions.give_owner(by=by, id=item("P1").pk, unit=cast.units["tyt"]),
    )
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status in (403, 404)
    assert item("N1").state == Obligation.PENDING and received.__class__.objects.get().state == Directive.REVIEWING


def test_units_of_another_commune_are_refused(cast, item):
    import datetime

    foreign = OrgUnit.objects.create(place=cast.other_commune, code="tyt", name="Trạm Y tế khác", valid_from=datetime.date(2025, 7, 1))
    with pytest.raises(Refused):
        actions.give_owner(by=cast.officer, id=item("P1").pk, unit=str(foreign.pk))
    with pytest.raises(Refused):
        actions.add_unit(by=cast.officer, name="Đội", place=cast.other_commune)


def test_work_without_a_unit_gets_an_owner(cast, item):
    row = item("P1")
    with pytest.raises(Refused):
        actions.accept_obligation(by=cast.officer, id=row.pk)
    given = actions.give_owner(by=cast.officer, id=row.pk, unit=cast.units["vhxh"], due_on="30/06/2026")
    assert (given.kind, given.state, given.doubt) == (Obligation.TASK, Obligation.ACCEPTED, "")
    assert given.mark.startswith("N") and given.fields["due_on"] == "2026-06-30"


def test_accept_all_names_what_is_left(cast, received):
    done = actions.accept_all(by=cast.officer, id=received.pk)
    assert done.left == ["N4"]
    assert actions.accept_all(by=cast.officer, id=received.pk, add_units=True).left == []
    assert OrgUnit.objects.get(name="Hội Phụ nữ xã").place == cast.commune


def test_the_same_unit_is_not_added_twice(cast):
    assert actions.add_unit(by=cast.officer, name="Trạm y tế", place=cast.commune) == cast.units["tyt"]


def test_dropping_and_taking_back(cast, item):
    actions.drop_obligation(by=cast.officer, id=item("N2").pk)
    assert item("N2").state == Obligation.DROPPED
    actions.reopen_obligation(by=cast.officer, id=item("N2").pk)
    assert item("N2").state == Obligation.PENDING


def test_adding_by_selection_and_by_words(cast, received):
    start = received.text.index("Nâng cao chất lượng")
    made = actions.add_obligation(by=cast.officer, directive=received.pk, kind="task", start=start, end=start + 19)
    assert (made.text, made.mark, made.start) == ("Nâng cao chất lượng", "N5", start)
    typed = actions.add_obligation(by=cast.officer, directive=received.pk, kind="target", text="100% thôn có loa truyền thanh")
    assert typed.start is None and typed.mark == "C3"
    for bad in ({"start": 5, "end": 10**7}, {"start": 5, "end": 5}, {"text": ""}):
        with pytest.raises(Refused):
            actions.add_obligation(by=cast.officer, directive=received.pk, kind="task", **bad)


def test_selecting_the_words_again(cast, received, item):
    words = "lập danh sách người chưa có thẻ bảo hiểm y tế"
    row = actions.select_text(by=cast.officer, id=item("N1").pk, text=words)
    assert received.text[row.start:row.end] == words and row.fields["text"] == words


def test_changing_the_kind_keeps_the_words(cast, item):
    row = actions.correct_obligation(by=cast.officer, id=item("N1").pk, kind="target")
    assert (row.kind, row.mark) == ("target", "C3") and row.fields["phrase"].startswith("Rà soát") and row.fields["due_on"] == "2026-06-14"


def test_issuing_waits_for_every_decision(cast, received):
    with pytest.raises(Refused) as refused:
        actions.issue_directive(by=cast.officer, id=received.pk)
    assert refused.value.code == "pending" and not Task.objects.exists()


def test_issuing_makes_tasks_once(cast, issued, item):
    task = Task.objects.get(obligation__mark="N1")
    assert task.unit == cast.units["tyt"] and str(task.due_on) == "2026-06-14" and str(task.ends_on) == "2026-06-15"
    assert {"model": "tasks.task", "id": str(task.pk)} in item("N1").became
    with pytest.raises(Refused):
        actions.issue_directive(by=cast.officer, id=issued.pk)
    with pytest.raises(Refused) as refused:
        actions.drop_obligation(by=cast.officer, id=item("N1").pk)
    assert refused.value.code == "carried_out"


def test_work_given_after_issuing_becomes_a_task_at_once(cast, issued, item):
    given = actions.give_owner(by=cast.officer, id=item("P1").pk, unit=cast.units["vhxh"])
    assert Task.objects.get(obligation=given).unit == cast.units["vhxh"]


def test_revoking_cancels_what_is_open_and_keeps_what_is_done(cast, issued):
    from tramyte.governance.tasks.actions import complete_task

    complete_task(by=cast.officer, id=Task.objects.get(obligation__mark="N1").pk)
    with pytest.raises(Refused):
        actions.revoke_directive(by=cast.officer, id=issued.pk, reason=" ")
    with pytest.raises(Refused, match="chưa đến"):
        actions.revoke_directive(by=cast.officer, id=issued.pk, reason="Có kế hoạch mới", on="04/06/2026")
    row = actions.revoke_directive(by=cast.officer, id=issued.pk, reason="Có kế hoạch mới")
    assert row.state == Directive.REVOKED
    assert Task.objects.get(obligation__mark="N1").state == "done"
    assert set(Task.objects.exclude(obligation__mark="N1").values_list("state", flat=True)) == {"cancelled"}


def test_the_header_can_be_corrected(cast, received):
    row = actions.correct_directive(by=cast.officer, id=received.pk, number="88/KH-UBND", dated_on="30/05/2026", arrival_number="7")
    assert str(row) == "Kế hoạch 88/KH-UBND ngày 30/05/2026" and row.arrival_number == "7"
    with pytest.raises(Refused):
        actions.correct_directive(by=cast.officer, id=received.pk, dated_on="30/13/2026")


def test_a_printed_name_is_learned_once_for_all(cast, received, item, plan_text):
    start = received.text.index("Vận động hội viên")
    other = actions.add_obligation(by=cast.officer, directive=received.pk, kind="task", start=start, end=start + 10)
    other.fields["owners"], other.doubt = [{"name": "Hội Phụ nữ xã", "unit": None}], "Chưa khớp"
    other.save()
    actions.correct_obligation(by=cast.officer, id=item("N4").pk, owners=[{"name": "Hội Phụ nữ xã", "unit": str(cast.units["vhxh"].pk)}])
    assert item(other.mark).fields["owners"][0]["unit"] == str(cast.units["vhxh"].pk) and item(other.mark).doubt == ""
    cast.units["vhxh"].refresh_from_db()
    assert cast.units["vhxh"].aliases == ["Hội Phụ nữ xã"]
    again = actions.receive_directive(by=cast.officer, text=plan_text(number="99"))
    assert again.obligations.get(mark="N4").doubt == ""


def test_a_group_that_was_added_as_a_unit_is_matched(cast):
    from tramyte.governance.directives.queries import unit_names

    made = actions.add_unit(by=cast.officer, name="Các trường học", place=cast.commune)
    assert unit_names(cast.commune).match("các trường học") == made
