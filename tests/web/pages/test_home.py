"""Việc hôm nay: composed beforehand, by role, few queries, no person's name."""

import datetime

import pytest
from django.urls import reverse

from tramyte.engine import clock
from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import run_job, start
from tramyte.governance.directives.actions import receive_directive
from tramyte.governance.tasks.models import Task
from tramyte.web.models import Today
from tramyte.web.pages.keeping import kept, renew_all

ROLES = ("director", "clinician", "nurse", "village_worker", "officer", "chairman", "unit", "supervisor", "admin")
NAME = "Trịnh Văn Ẩn"
PLAN = "KẾ HOẠCH\nvề y tế năm 2026\n1. Trạm Y tế xã\n- Rà soát người chưa có thẻ bảo hiểm y tế, hoàn thành trước ngày 15/6/2026.\n"


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_opens_its_page_and_reads_when_it_was_composed(cast, enter, people, make_target, make_task, role):
    make_target(), make_task()
    answer = enter(role).get("/")
    assert answer.status_code == 200
    assert f"{Today.objects.get().computed_at.astimezone(clock.ZONE):%H:%M}" in text(answer)
    assert NAME not in text(answer)


@pytest.mark.parametrize("role", ROLES)
def test_the_composed_page_costs_few_queries(cast, enter, people, make_target, make_task, role, django_assert_max_num_queries):
    make_target(), make_task()
    client = enter(role)
    client.get("/")
    with django_assert_max_num_queries(9 if role == "director" else 8):  # the ninth: openings that wait for review
        assert client.get("/").status_code == 200


@pytest.mark.parametrize(("role", "overdue"), [("director", 1), ("nurse", 1), ("unit", 0), ("officer", 0)])
def test_tasks_are_of_the_user_and_the_unit(cast, enter, make_task, role, overdue):
    make_task()
    enter(role).get("/")
    assert Today.objects.get().content["due"][0]["overdue"] == overdue


def test_whoever_assigns_sees_the_whole_commune_too(cast, enter, make_task):
    make_task(), make_task(unit="congan", due=datetime.date(2026, 6, 3)), make_task(unit="congan", due=datetime.date(2026, 6, 8))
    enter("officer").get("/")
    assert [(row["overdue"], row["today"], row["soon"]) for row in Today.objects.get().content["due"][:2]] == [(0, 0, 0), (1, 1, 1)]


def test_a_village_worker_sees_the_tasks_and_lists_of_the_own_hamlet(cast, enter, people):
    Task.objects.create(place=cast.hamlets[0], title="Phần việc của thôn", assignee=cast.village_worker, due_on=datetime.date(2026, 6, 5))
    Task.objects.create(place=cast.hamlets[1], title="Phần việc thôn bên", assignee=cast.nurse, due_on=datetime.date(2026, 6, 5))
    shown = text(enter("village_worker").get("/"))
    content = Today.objects.get().content
    assert "Phần việc của thôn" in shown and "Phần việc thôn bên" not in shown
    assert [row["name"] for row in content["lists"]["rows"]] == ["Thôn Đông Hạ"]


def test_lists_count_lapsed_ending_and_unchecked_people_by_hamlet(cast, enter, people, make_target):
    target = make_target()
    shown = text(enter("nurse").get("/"))
    content = Today.objects.get().content
    first, second = content["lists"]["rows"][:2]
    assert (first["cells"][0]["count"], first["ending"]) == (1, 1)
    assert (second["cells"][0]["count"], second["ending"], second["cells"][1]["count"]) == (3, 0, 6)
    assert f'{reverse("target-worklist", args=[target.pk])}?thon={cast.hamlets[0].code}' in shown
    assert content["due"][-1]["label"] == "Thẻ BHYT hết hạn" and content["due"][-1]["overdue"] == 1


@pytest.mark.parametrize("role", ["officer", "chairman", "unit", "supervisor"])
def test_roles_of_figures_get_counts_only(cast, enter, people, make_target, role):
    target = make_target()
    shown = text(enter(role).get("/"))
    content = Today.objects.get().content
    assert content["lists"]["people"] is False and content["lists"]["total"]["cells"][0]["count"] == 4
    assert reverse("target-worklist", args=[target.pk]) not in shown
    assert not any("Thẻ BHYT" in row["label"] for row in content["due"])


def test_directives_to_review_are_told(cast, enter):
    receive_directive(by=cast.officer, text=PLAN)
    enter("officer").get("/")
    alerts = Today.objects.get().content["alerts"]
    assert any(alert["title"].startswith("Rà soát") for alert in alerts)


def test_an_empty_page_says_what_to_do(cast, enter):
    from tramyte.engine.access.models import Assignment

    Assignment.objects.filter(user=cast.supervisor).delete()
    shown = text(enter("supervisor").get("/"))
    assert "Chưa có việc nào cho tài khoản này" in shown and reverse("guide") in shown


def test_content_for_other_rights_or_another_day_is_composed_anew(cast, monkeypatch):
    from tramyte.engine.access.models import Assignment, User

    kept(cast.nurse)
    Today.objects.update(content={"mark": 1})
    assert kept(User.objects.get(pk=cast.nurse.pk)).content == {"mark": 1}
    Assignment.objects.filter(user=cast.nurse).update(role="village_worker", place=cast.hamlets[0])
    assert kept(User.objects.get(pk=cast.nurse.pk)).content != {"mark": 1}
    Today.objects.update(content={"mark": 1})
    monkeypatch.setenv(clock.AS_OF, "2026-06-04")
    assert kept(User.objects.get(pk=cast.nurse.pk)).content != {"mark": 1}


def test_the_button_and_the_job_compose_anew(cast, enter, make_task):
    client = enter("nurse")
    client.get("/")
    make_task()
    assert Today.objects.get().content["due"][0]["overdue"] == 0
    assert client.post(reverse("home-renew")).status_code == 302
    assert Today.objects.get().content["due"][0]["overdue"] == 1
    assert renew_all() == 1
    row = start("refresh_home", by=None, title="Tính lại")
    run_job.func(str(row.pk))
    assert Job.objects.get(pk=row.pk).result == {"homes": 1}


def test_the_indicator_job_closes_reached_tasks_and_renews(cast, people, make_target):
    make_target(value=10.0)
    row = start("refresh_indicators", by=None, title="Tính lại chỉ tiêu")
    run_job.func(str(row.pk))
    done = Job.objects.get(pk=row.pk)
    assert done.state == "finished" and done.result["outcomes"] > 0


def test_the_schedule_is_laid_once(db):
    from tramyte.engine.jobs.models import Schedule
    from tramyte.web.pages.regular import SCHEDULE, lay_schedule

    lay_schedule(), lay_schedule()
    assert dict(Schedule.objects.values_list("task", "every_minutes")) == SCHEDULE


def test_children_to_be_seen_again_are_counted_by_day(cast, enter):
    from decimal import Decimal

    from tramyte.care.growth.actions import record_measurement
    from tramyte.care.people.models import Person, Residence
    from tramyte.engine.indicators import results

    for n, hamlet in enumerate(cast.hamlets[:2]):
        child = Person.objects.create(full_name=f"Trẻ {n}", birth_date=datetime.date(2025, 3, 12), sex="M", hamlet=hamlet)
        Residence.objects.create(person=child, place=hamlet, kind="permanent", start=child.birth_date)
        record_measurement(by=cast.nurse, person=child, on=datetime.date(2026, 5, 15), weight_kg=Decimal("9.0"), muac_cm=Decimal("11.2"))
    results.refresh()
    enter("village_worker").get("/")
    row = next(row for row in Today.objects.get().content["due"] if row["label"] == "Trẻ suy dinh dưỡng cấp cần khám lại")
    assert (row["overdue"], row["today"], row["soon"]) == (1, 0, 0) and row["overdue_url"] == "/dinh-duong/danh-sach/DD06/"
    enter("officer").get("/")
    assert not any("Trẻ" in row["label"] for row in Today.objects.get(user=cast.officer).content["due"])


def test_mothers_to_be_seen_are_counted_by_day(cast, enter):
    from tramyte.care.maternal.actions import record_delivery, register_pregnancy
    from tramyte.care.people.models import Person, Residence
    from tramyte.engine.indicators import results

    on, women = datetime.date(2026, 6, 3), []
    for name, hamlet in zip(("An", "Na", "Hoa"), (cast.hamlets[0], cast.hamlets[0], cast.hamlets[1]), strict=True):
        women.append(Person.objects.create(full_name=f"Mẹ {name}", birth_date=datetime.date(1996, 3, 5), sex="F", hamlet=hamlet))
        Residence.objects.create(person=women[-1], place=hamlet, kind="permanent", start=datetime.date(1996, 3, 5))
    for woman, days in ((women[0], 90), (women[2], 90)):  # the first visit was due at 84 days
        register_pregnancy(by=cast.nurse, person=woman, lmp=on - datetime.timedelta(days))
    record_delivery(by=cast.nurse, person=women[1], on=on - datetime.timedelta(2), weeks=39, place="hospital", newborns=[{"sex": "F", "weight_g": 3200}])
    results.refresh()

    def told(role):
        enter(role).get("/")
        return {row["label"]: (row["overdue"], row["today"], row["soon"], row["overdue_url"]) for row in Today.objects.get(user=cast.users[role]).content["due"] if "Khám" in row["label"]}

    everyone = told("nurse")
    assert everyone["Khám thai đến hẹn"] == (2, 0, 0, "/so/pregnancies/?state=late")
    assert everyone["Khám tuần đầu sau sinh"] == (0, 0, 1, "/thai-san/danh-sach/BM08/")
    assert told("village_worker")["Khám thai đến hẹn"][0] == 1
    assert told("officer") == {}
