"""Units that work with the leading one: names tied to units, their people see the task, tell of their part, close nothing."""

import pytest
from django.urls import reverse

from tramyte.engine.access.models import Assignment, User
from tramyte.engine.places.models import OrgUnit
from tramyte.engine.refused import Refused
from tramyte.governance.tasks import actions, coordinating
from tramyte.governance.tasks.models import Coordination, Task
from tramyte.governance.tasks.queries import coordinated, tasks_of


def text(answer):
    return answer.content.decode()


@pytest.fixture
def task(cast):
    """A task of the station that the police and a body without a unit coordinate."""
    return actions.assign_task(
        by=cast.officer, title="Kiểm tra an toàn thực phẩm", unit=str(cast.units["tyt"].pk), coordinating="Công an xã; Hội Phụ nữ xã", due_on="30/06/2026")


def partners(task):
    return {row.name: row.unit and row.unit.code for row in task.coordinations.filter(entered_in_error=False)}


def test_names_are_tied_to_the_units_they_fit(task):
    assert partners(task) == {"Công an xã": "congan", "Hội Phụ nữ xã": None}


def test_tasks_of_a_directive_are_tied_too(cast, received):
    from tramyte.governance.directives.actions import accept_all, correct_obligation, issue_directive

    correct_obligation(by=cast.officer, id=received.obligations.get(mark="N1").pk, coordinating=["Công an xã", "các thôn"])
    accept_all(by=cast.officer, id=received.pk, add_units=True)
    issue_directive(by=cast.officer, id=received.pk)
    assert partners(Task.objects.get(obligation__mark="N1")) == {"Công an xã": "congan", "các thôn": None}


def test_a_person_chooses_once_and_the_name_is_learned(cast, task):
    other = actions.assign_task(by=cast.officer, title="Truyền thông", unit=str(cast.units["vhxh"].pk), coordinating=["Hội Phụ nữ xã"])
    women = OrgUnit.objects.create(place=cast.commune, code="phunu", name="Hội Liên hiệp Phụ nữ Việt Nam xã", valid_from=cast.units["tyt"].valid_from)
    coordinating.choose_partner(by=cast.officer, id=task.coordinations.get(name="Hội Phụ nữ xã").pk, unit=women.pk)
    assert partners(task)["Hội Phụ nữ xã"] == partners(other)["Hội Phụ nữ xã"] == "phunu"
    later = actions.assign_task(by=cast.officer, title="Sau này", unit=str(cast.units["vhxh"].pk), coordinating=["Hội Phụ nữ xã"])
    assert partners(later) == {"Hội Phụ nữ xã": "phunu"}


def test_a_changed_list_keeps_what_was_chosen(cast, task):
    coordinating.choose_partner(by=cast.officer, id=task.coordinations.get(name="Hội Phụ nữ xã").pk, unit=cast.units["ubnd"].pk)
    actions.assign_task(by=cast.officer, id=task.pk, coordinating="Hội Phụ nữ xã; Phòng Kinh tế")
    assert partners(task) == {"Hội Phụ nữ xã": "ubnd", "Phòng Kinh tế": "kinhte"}
    assert task.coordinations.get(name="Công an xã").entered_in_error


def test_the_occurrences_of_a_series_have_the_partners_of_its_head(cast):
    head = actions.assign_task(by=cast.officer, title="Giao ban", unit=str(cast.units["tyt"].pk), coordinating=["Công an xã"], recurrence="monthly")
    assert Coordination.objects.filter(unit=cast.units["congan"], task__series=head).count() == head.occurrences.count() > 0


@pytest.mark.parametrize(("role", "unit", "code"), [("unit", "congan", 403), ("nurse", "congan", 403), ("officer", "", 400)])
def test_a_partner_is_chosen_by_whoever_assigns_from_the_own_units(cast, task, role, unit, code):
    with pytest.raises(Refused) as refused:
        coordinating.choose_partner(by=cast.users[role], id=task.coordinations.first().pk, unit=cast.units[unit].pk if unit else "")
    assert (refused.value.status in (403, 404)) == (code == 403)


def test_partners_see_the_task_under_their_own_heading(cast, task):
    assert list(coordinated(cast.unit, tasks_of(cast.unit))) == [task]
    assert not coordinated(cast.nurse, tasks_of(cast.nurse)).exists(), "the station leads it"


def test_partners_tell_of_their_part_and_close_nothing(cast, task):
    note = coordinating.tell_part(by=cast.unit, id=task.pk, text="Đã kiểm tra 3 quán", evidence=("bien-ban.txt", b"3 quan"))
    assert (note.unit, note.percent, note.evidence_name) == (cast.units["congan"], None, "bien-ban.txt")
    for act in (lambda: actions.report_progress(by=cast.unit, id=task.pk, text="x", percent=100), lambda: actions.complete_task(by=cast.unit, id=task.pk),
                lambda: actions.set_milestone(by=cast.unit, task=task.pk, title="Mốc"), lambda: actions.cancel_task(by=cast.unit, id=task.pk, reason="x")):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status in (403, 404)
    task.refresh_from_db()
    assert (task.state, task.progress, task.version) == (Task.OPEN, 0, 1)


@pytest.mark.parametrize(("role", "given", "code"), [
    ("chairman", {"text": "x"}, "no_right"), ("stranger", {"text": "x"}, "not_found"), ("unit", {}, "empty"), ("unit", {"text": "x" * 4001}, "too_long"),
    ("unit", {"link": "không phải đường dẫn"}, "bad_link"), ("unit", {"evidence": ("a.exe", b"MZ\x90\x00")}, "file_wrong_type"),
])
def test_what_a_part_cannot_be_is_refused(cast, task, role, given, code):
    with pytest.raises(Refused) as refused:
        coordinating.tell_part(by=cast.users[role], id=task.pk, **given)
    assert refused.value.code == code
    assert not task.notes.exists()


def test_a_closed_task_takes_no_more_parts(cast, task):
    actions.complete_task(by=cast.nurse, id=task.pk)
    with pytest.raises(Refused) as refused:
        coordinating.tell_part(by=cast.unit, id=task.pk, text="muộn")
    assert refused.value.status == 409


def test_a_hamlets_unit_sees_and_tells_of_a_task_of_the_commune(cast, enter, task):
    board = OrgUnit.objects.create(place=cast.commune, code="thon1", name="Thôn Đông Hạ", valid_from=cast.units["tyt"].valid_from)
    Assignment.objects.filter(user=cast.village_worker).update(unit=board)
    worker = User.objects.get(pk=cast.village_worker.pk)
    assert task not in tasks_of(worker)
    actions.assign_task(by=cast.officer, id=task.pk, coordinating="Thôn Đông Hạ")
    assert list(coordinated(worker, tasks_of(worker))) == [task]
    coordinating.tell_part(by=worker, id=task.pk, text="Đã vận động các hộ")
    assert "Đã vận động các hộ" in text(enter("village_worker").get(reverse("task", args=[task.pk])))


def test_the_pages(cast, enter, task):
    client, address = enter("unit"), reverse("task", args=[task.pk])
    assert task.title in text(client.get("/nhiem-vu/?phoi-hop=1"))
    assert "Nhiệm vụ đơn vị tôi phối hợp" in text(client.get("/"))
    page = text(client.get(address))
    assert "Kết quả phối hợp của Công an xã" in page
    assert "Báo hoàn thành" not in page
    said = text(client.post(reverse("task-act", args=[task.pk]), {"do": "share", "text": "Đã kiểm tra 3 quán"}, follow=True))
    assert "Công an xã, phối hợp" in said
    assert client.post(reverse("task-act", args=[task.pk]), {"do": "share", "text": " "}).status_code == 422
    assert client.post(reverse("task-act", args=[task.pk]), {"do": "complete"}).status_code == 403
    officer = enter("officer")
    assert "chưa khớp đơn vị nào" in text(officer.get(address))
    row = task.coordinations.get(name="Hội Phụ nữ xã")
    done = officer.post(reverse("task-act", args=[task.pk]), {"do": "partner", "partner": str(row.pk), "unit": str(cast.units["ubnd"].pk)}, follow=True)
    assert "chưa khớp đơn vị nào" not in text(done)
