"""Giving tasks, telling progress, closing, reminding, series; done, refused, refused for strangers."""

import datetime

import pytest

from tramyte.engine.audit import chain
from tramyte.engine.documents import files
from tramyte.engine.refused import Refused
from tramyte.governance.tasks import actions, bound
from tramyte.governance.tasks.models import ProgressNote, Reminder, Task
from tramyte.governance.tasks.queries import by_unit, in_state, mine, state_of, tasks_of, unread_count
from tramyte.governance.tasks.series import occurrence_days
from tramyte.governance.tasks.states import STATES, days_words, task_state

DAY = datetime.date(2026, 6, 3)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def on(days):
    return DAY + datetime.timedelta(days=days)


@pytest.mark.parametrize(("state", "ends", "done", "slug"), [
    ("open", -1, None, "overdue"), ("open", 0, None, "due_soon"), ("open", 7, None, "due_soon"), ("open", 8, None, "on_time"), ("open", None, None, "undated"),
    ("done", 0, 0, "done"), ("done", 0, 1, "done_late"), ("done", 5, -5, "done"), ("done", None, 3, "done"), ("cancelled", -9, None, "cancelled"),
])
def test_states_by_day(state, ends, done, slug):
    day = lambda days: None if days is None else on(days)  # noqa: E731
    found = task_state(state, day(ends), day(done), DAY)
    assert found is STATES[slug] and found.icon and found.words


def test_words_of_the_chip():
    assert days_words(STATES["overdue"], on(-9), DAY) == "Quá hạn 9\u00a0ngày"
    assert days_words(STATES["due_soon"], on(6), DAY) == "Còn 6\u00a0ngày" and days_words(STATES["due_soon"], DAY, DAY) == "Hết hạn hôm nay"
    assert days_words(STATES["done_late"], on(-9), DAY) == "Trễ hạn"


@pytest.fixture
def task(cast):
    return actions.assign_task(by=cast.officer, title="Lập danh sách người chưa có thẻ", unit=cast.units["tyt"], due_on="09/06/2026")


@pytest.mark.django_db
def test_every_state_is_found_by_the_database_as_by_the_function(cast):
    number = 0
    for state in ("open", "done", "cancelled"):
        for ends in (-1, 0, 7, 8, None):
            for done in (-2, 0, 1):
                number += 1
                Task.objects.create(place=cast.commune, title=f"việc {number}", unit=cast.units["tyt"], state=state,
                                    due_on=None if ends is None else on(ends), done_on=on(done) if state == "done" else None)
    rows = tasks_of(cast.officer)
    for slug in STATES:
        assert set(in_state(rows, slug, DAY)) == {one for one in rows if state_of(one, DAY).slug == slug}, slug
    [count] = by_unit(rows, DAY)
    assert sum(count.counts.values()) == number and count.total == number - count.cancelled


def test_a_deadline_on_a_day_off_ends_later(cast):
    row = actions.assign_task(by=cast.officer, title="Việc", unit=cast.units["tyt"], due_on="14/06/2026")
    assert (row.due_on, row.ends_on) == (datetime.date(2026, 6, 14), datetime.date(2026, 6, 15))


@pytest.mark.parametrize(("fields", "field"), [
    ({"title": ""}, "title"), ({"unit": ""}, "unit"), ({"due_on": "32/06/2026"}, "due_on"), ({"starts_on": "10/06/2026"}, "due_on"),
    ({"assignee": "00000000-0000-0000-0000-000000000000"}, "assignee"), ({"recurrence": "never"}, "recurrence"), ({"title": "x" * 201}, "title"),
])
def test_wrong_tasks_name_their_field(cast, fields, field):
    given = {"title": "Việc", "unit": str(cast.units["tyt"].pk), "due_on": "09/06/2026", **fields}
    with pytest.raises(Refused) as refused:
        actions.assign_task(by=cast.officer, **given)
    assert refused.value.field == field and not Task.objects.exists()


def test_a_person_of_another_commune_cannot_be_given_a_task(cast):
    with pytest.raises(Refused):
        actions.assign_task(by=cast.officer, title="Việc", assignee=str(cast.stranger.pk))


@pytest.mark.parametrize("who", ["nurse", "clinician", "village_worker", "unit", "supervisor", "stranger", "admin"])
def test_who_may_not_assign(cast, task, who):
    by = cast.users[who]
    for act in (lambda: actions.assign_task(by=by, title="x", unit=cast.units["tyt"]), lambda: actions.cancel_task(by=by, id=task.pk, reason="x"),
                lambda: actions.reopen_task(by=by, id=task.pk, reason="x"), lambda: actions.remind(by=by, id=task.pk),
                lambda: actions.assign_part(by=by, indicator="BH01", place=cast.hamlet, assignee=cast.village_worker, due_on=None)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status in (403, 404)


@pytest.mark.parametrize(("who", "allowed"), [("nurse", True), ("director", True), ("officer", True), ("chairman", True), ("unit", False), ("stranger", False), ("village_worker", False), ("supervisor", False)])
def test_progress_is_told_by_the_own_unit_or_the_assigner(cast, task, who, allowed):
    if allowed:
        assert actions.report_progress(by=cast.users[who], id=task.pk, percent="40", text="Xong 5 thôn").progress == 40
        return
    with pytest.raises(Refused) as refused:
        actions.report_progress(by=cast.users[who], id=task.pk, percent="40")
    assert refused.value.status in (403, 404) and not ProgressNote.objects.exists()


@pytest.mark.parametrize(("given", "code"), [
    ({}, "empty"), ({"percent": "101"}, "bad_number"), ({"percent": "-1"}, "bad_number"), ({"percent": "4,5"}, "bad_number"), ({"percent": "nhiều"}, "bad_number"),
    ({"text": "x", "link": "javascript:alert(1)"}, "invalid"), ({"evidence": ("a.exe", b"MZ\x90\x00" + b"\0" * 200)}, "file_wrong_type"),
])
def test_wrong_progress_is_refused(cast, task, given, code):
    with pytest.raises(Refused) as refused:
        actions.report_progress(by=cast.nurse, id=task.pk, **given)
    assert refused.value.code == code and not ProgressNote.objects.exists()


def test_evidence_is_kept_by_its_digest(cast, task):
    actions.report_progress(by=cast.nurse, id=task.pk, percent=50, evidence=("ảnh.png", PNG))
    note = ProgressNote.objects.get()
    assert note.evidence_name == "ảnh.png" and files.content_of(note.evidence_digest) == PNG
    with pytest.raises(Refused):
        files.content_of("../../secret-key")


def test_done_and_opened_again(cast, task):
    done = actions.complete_task(by=cast.nurse, id=task.pk, text="Đã gửi danh sách")
    assert (done.state, done.done_on, done.progress) == (Task.DONE, DAY, 100)
    with pytest.raises(Refused) as refused:
        actions.report_progress(by=cast.nurse, id=task.pk, percent=10)
    assert refused.value.status == 409
    with pytest.raises(Refused):
        actions.reopen_task(by=cast.officer, id=task.pk, reason="")
    again = actions.reopen_task(by=cast.officer, id=task.pk, reason="Thiếu 2 thôn")
    assert (again.state, again.done_on, again.progress) == (Task.OPEN, None, 99)
    assert chain.verify().broken_at is None


def test_cancelled_with_a_reason(cast, task):
    with pytest.raises(Refused):
        actions.cancel_task(by=cast.officer, id=task.pk, reason=" ")
    assert actions.cancel_task(by=cast.officer, id=task.pk, reason="Trùng việc").state == Task.CANCELLED


def test_milestones(cast, task):
    step = actions.set_milestone(by=cast.nurse, task=task.pk, title="Xong 7 thôn", due_on="05/06/2026")
    assert actions.finish_milestone(by=cast.nurse, id=step.pk).done_on == DAY
    assert actions.finish_milestone(by=cast.nurse, id=step.pk, done=False).done_on is None
    with pytest.raises(Refused):
        actions.set_milestone(by=cast.unit, task=task.pk, title="x")


def test_reminders_reach_the_unit_once_a_state(cast, task):
    told = actions.remind(by=cast.officer, id=task.pk)
    assert {one.user for one in told} == {cast.director, cast.clinician, cast.nurse} and unread_count(cast.nurse) == 1
    assert actions.remind_due(on=DAY) == 3 and actions.remind_due(on=DAY) == 0
    assert actions.remind_due(on=on(10)) == 3
    assert actions.read_reminders(by=cast.nurse) == 3 and unread_count(cast.nurse) == 0
    lonely = actions.assign_task(by=cast.officer, title="Việc", unit=cast.units["kinhte"])
    with pytest.raises(Refused):
        actions.remind(by=cast.officer, id=lonely.pk)


def test_a_hamlets_part_goes_to_its_health_worker(cast):
    part = actions.assign_part(by=cast.director, indicator="BH01", place=cast.hamlet, assignee=cast.village_worker, due_on=on(20), title="13 người chưa có thẻ BHYT")
    assert list(tasks_of(cast.village_worker)) == [part] == list(mine(cast.village_worker, tasks_of(cast.village_worker)))
    again = actions.assign_part(by=cast.officer, indicator="BH01", place=cast.hamlet, assignee=cast.village_worker, due_on=on(30))
    assert again.pk == part.pk and Task.objects.count() == 1 and Reminder.objects.filter(user=cast.village_worker).count() == 2
    with pytest.raises(Refused):
        actions.assign_part(by=cast.director, indicator="BH01", place=cast.other_hamlet, assignee=cast.village_worker, due_on=None)
    with pytest.raises(Refused):
        actions.assign_part(by=cast.director, indicator="BH01", place=cast.hamlets[1], assignee=cast.village_worker, due_on=None)
    assert bound.close_bound(indicator="BH01", place=cast.hamlet, on=DAY, note="Đạt 98 %") == 1
    part.refresh_from_db()
    assert (part.state, part.done_on) == (Task.DONE, DAY)


@pytest.mark.parametrize(("recurrence", "first", "last", "days"), [
    ("monthly", DAY, None, ["2026-06-30", "2026-07-31", "2026-08-31"]), ("monthly", DAY, on(40), ["2026-06-30"]),
    ("quarterly", DAY, None, ["2026-06-30", "2026-09-30"]), ("semiannual", DAY, None, ["2026-06-30", "2026-12-31"]), ("annual", DAY, None, ["2026-12-31"]),
    ("weekly", DAY, None, ["2026-06-07", "2026-06-14", "2026-06-21", "2026-06-28"]), ("monthly", datetime.date(2026, 1, 31), datetime.date(2026, 2, 28), ["2026-01-31", "2026-02-28"]),
])
def test_days_of_a_series(recurrence, first, last, days):
    assert [day.isoformat() for day, _ in occurrence_days(recurrence, first, last, DAY)] == days


def test_a_series_lays_out_its_days_and_goes_on(cast):
    head = actions.assign_task(by=cast.officer, title="Báo cáo giao ban", unit=cast.units["tyt"], recurrence="monthly")
    assert head.is_head and str(head.occurrences.order_by("due_on")[0]) == "Báo cáo giao ban (tháng 06/2026)"
    assert head not in tasks_of(cast.officer) and tasks_of(cast.officer).count() == 3
    assert actions.continue_series(on=DAY) == 0 and actions.continue_series(on=on(31)) == 1
    actions.cancel_task(by=cast.officer, id=head.pk, reason="Thôi")
    assert set(head.occurrences.values_list("state", flat=True)) == {Task.CANCELLED}
    assert actions.continue_series(on=on(90)) == 0


def test_another_commune_sees_nothing(cast, task):
    assert not tasks_of(cast.stranger).exists() and not tasks_of(cast.supervisor).exists()


def test_a_person_is_told_of_a_new_task_once(cast):
    row = actions.assign_task(by=cast.officer, title="Kiểm kê thuốc", assignee=cast.nurse)
    assert [str(one) for one in Reminder.objects.filter(user=cast.nurse)] == ["Bạn được giao: Kiểm kê thuốc"]
    actions.assign_task(by=cast.officer, id=row.pk, title="Kiểm kê thuốc, vật tư")
    assert Reminder.objects.count() == 1
    actions.assign_task(by=cast.officer, id=row.pk, assignee=cast.clinician)
    assert Reminder.objects.filter(user=cast.clinician).count() == 1


def test_work_for_all_the_time_lacks_no_deadline(cast):
    from tramyte.governance.tasks.queries import shown

    row = actions.assign_task(by=cast.officer, title="Giữ vệ sinh", unit=cast.units["tyt"], recurrence="regular")
    [seen] = shown([row], DAY)
    assert (seen.words, seen.state.kind) == ("Thường xuyên", "off")
