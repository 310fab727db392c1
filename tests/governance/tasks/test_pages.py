"""The pages of tasks."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tramyte.governance.tasks.actions import assign_part, remind
from tramyte.governance.tasks.models import ProgressNote, Task


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def task(issued):
    return Task.objects.get(obligation__mark="N1")


def test_the_board_counts_by_unit_and_filters(enter, task, cast):
    client = enter("officer")
    page = text_of(client.get(reverse("tasks")))
    assert "Trạm Y tế xã" in page and task.title in page
    assert task.title not in text_of(client.get(reverse("tasks"), {"trang-thai": "qua-han"}))
    assert task.title in text_of(client.get(reverse("tasks"), {"don-vi": str(cast.units["tyt"].pk), "van-ban": str(task.directive_id)}))
    assert task.title not in text_of(client.get(reverse("tasks"), {"don-vi": str(cast.units["kinhte"].pk)}))
    assert client.get(reverse("tasks"), {"don-vi": "rác", "trang-thai": "rác", "page": "rác"}).status_code == 200


def test_my_tasks(enter, task):
    assert task.title in text_of(enter("nurse").get(reverse("tasks"), {"cua-toi": "1"}))
    assert task.title not in text_of(enter("unit").get(reverse("tasks"), {"cua-toi": "1"}))


def test_telling_progress_with_proof(enter, task):
    client = enter("nurse")
    assert "Báo tiến độ" in text_of(client.get(reverse("task", args=[task.pk])))
    answer = client.post(reverse("task-act", args=[task.pk]), {"do": "progress", "text": "Xong 2 thôn", "percent": "30", "evidence": SimpleUploadedFile("danh sách.txt", "Đủ".encode())})
    assert answer.status_code == 302
    note = ProgressNote.objects.get()
    got = client.get(reverse("task-evidence", args=[note.pk]))
    assert got.content == "Đủ".encode() and got.headers["Content-Disposition"].startswith("attachment")
    page = text_of(client.get(reverse("task", args=[task.pk])))
    assert "Xong 2 thôn" in page and "báo tiến độ" in page
    client.post(reverse("task-act", args=[task.pk]), {"do": "complete", "text": "Xong"})
    task.refresh_from_db()
    assert task.state == Task.DONE


def test_wrong_progress_keeps_the_words(enter, task):
    answer = enter("nurse").post(reverse("task-act", args=[task.pk]), {"do": "progress", "text": "Đã gõ dài", "percent": "300"})
    assert answer.status_code == 422 and "Đã gõ dài" in text_of(answer)


def test_steps_reminders_cancel_and_reopen(enter, task, cast):
    client = enter("officer")

    def press(**fields):
        return client.post(reverse("task-act", args=[task.pk]), fields)

    assert press(do="milestone", title="Xong 7 thôn", due_on="05/06/2026").status_code == 302
    client.post(reverse("task-milestone-done", args=[task.milestones.get().pk]), {"done": "1"})
    assert task.milestones.get().done_on
    assert press(do="remind").status_code == 302
    assert press(do="cancel", reason="").status_code == 422
    assert press(do="cancel", reason="Trùng").status_code == 302
    assert press(do="reopen", reason="Nhầm").status_code == 302
    nurse = enter("nurse")
    assert "1 chưa đọc" in text_of(nurse.get(reverse("tasks")))
    assert nurse.post(reverse("reminders")).status_code == 302
    assert "chưa đọc" not in text_of(nurse.get(reverse("reminders"))).split("<main")[0]


def test_giving_and_changing_a_task(enter, cast):
    client = enter("director")
    assert client.get(reverse("task-new")).status_code == 200
    assert client.post(reverse("task-new"), {"title": "", "unit": str(cast.units["tyt"].pk)}).status_code == 422
    answer = client.post(reverse("task-new"), {"title": "Kiểm kê thuốc", "assignee": str(cast.nurse.pk), "due_on": "30/06/2026"})
    forged = client.post(reverse("task-new"), {"title": "Kiểm kê", "assignee": "forged", "due_on": "30/06/2026"})
    assert forged.status_code == 422 and "Hãy chọn người khác" in text_of(forged)
    made = Task.objects.get()
    assert answer.url == reverse("task", args=[made.pk]) and made.assignee == cast.nurse
    assert client.post(reverse("task-edit", args=[made.pk]), {"title": "Kiểm kê", "version": "1"}).status_code == 302
    assert client.post(reverse("task-edit", args=[made.pk]), {"title": "Kiểm kê lại", "version": "1"}).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("nurse", 200), ("unit", 200), ("chairman", 200), ("village_worker", 404), ("stranger", 404), ("supervisor", 403), ("admin", 403)])
def test_who_sees_a_task(enter, task, who, status):
    client = enter(who)
    assert client.get(reverse("task", args=[task.pk])).status_code == status
    if who not in ("officer", "chairman"):
        assert client.post(reverse("task-act", args=[task.pk]), {"do": "cancel", "reason": "x"}).status_code in (403, 404)
        assert client.get(reverse("task-edit", args=[task.pk])).status_code in (403, 404)


def test_the_village_worker_has_own_part(enter, cast):
    part = assign_part(by=cast.director, indicator="BH01", place=cast.hamlet, assignee=cast.village_worker, due_on=None, title="13 người chưa có thẻ")
    client = enter("village_worker")
    assert "13 người chưa có thẻ" in text_of(client.get(reverse("tasks")))
    assert client.post(reverse("task-act", args=[part.pk]), {"do": "progress", "percent": "50"}).status_code == 302
    assert "Bạn được giao" in text_of(client.get(reverse("reminders")))
    with pytest.raises(Exception, match="phạm vi"):
        remind(by=cast.village_worker, id=part.pk)
