"""The pages and the job of duplicate records: queue, side by side, merge, part, old links."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tramyte.care.people import actions
from tramyte.care.people.models import DuplicatePair, Merge, Person
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import run_job

D = datetime.date


@pytest.fixture
def two(register):
    kept = register("Nguyễn Thị Mận", "05/03/1956", "F", national_id="037156001234", since=D(2010, 1, 1))
    return kept, register("Nguyen Thi Man", "05/03/1956", "F", phone="0912345678", since=D(2015, 6, 1))


@pytest.fixture
def pair(cast, two):
    one, other = sorted(two, key=lambda row: row.pk)
    return DuplicatePair.objects.create(one=one, other=other, score=0.97, evidence=["trùng họ tên khi bỏ dấu", "trùng ngày sinh", "khác số định danh"])


def test_the_job_finds_who_was_entered_twice(cast, two, register, enter):
    for n in range(40):  # others, so that the linkage has something to count
        register(f"{('Trần', 'Lê', 'Phạm', 'Vũ', 'Đỗ')[n % 5]} {('Văn', 'Thị', 'Hữu')[n % 3]} {('An', 'Bình', 'Cúc', 'Dũng', 'Giang', 'Hoa', 'Kiên')[n % 7]}",
                 f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/{1940 + 2 * n}", "FM"[n % 2], hamlet=cast.hamlets[n % 3])
    register("Nguyễn Thị Mận", "05/03/1956", "F", by=cast.stranger, hamlet=cast.other_hamlet)
    answer = enter("nurse").post(reverse("duplicate-search"))
    job = Job.objects.get(task="find_duplicates")
    assert answer.headers["Location"] == reverse("job", args=[job.pk])
    run_job.func(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result["communes"]) == ("finished", 1), job.message
    found = DuplicatePair.objects.get(one=min(row.pk for row in two), other=max(row.pk for row in two))
    assert found.score > 0.5 and any("ngày sinh" in word for word in found.evidence)
    assert {row.hamlet.parent for pair in DuplicatePair.objects.all() for row in (pair.one, pair.other)} == {cast.commune}
    actions.dismiss_pair(by=cast.nurse, id=found.pk)
    run_job.func(str(Job.objects.create(task="find_duplicates", title="đêm").pk))
    found.refresh_from_db()
    assert found.state == "dismissed"


def test_the_queue_shows_whom_the_user_may_change(cast, pair, enter):
    text = enter("nurse").get(reverse("duplicate-pairs")).content.decode()
    assert "1 cặp chờ xem" in text and "Nguyen Thi Man" in text and "trùng ngày sinh" in text and "Giống 97 %" in text
    assert "</b> trùng họ tên khi bỏ dấu · trùng ngày sinh</span>" in text and "</b> số định danh</span>" in text
    assert DuplicatePair(score=0.99999).likeness == 99, "nothing that waits is sure"
    Person.objects.filter(pk=pair.other_id).update(hamlet=cast.hamlets[1])
    assert "Không có cặp nào" in enter("village_worker").get(reverse("duplicate-pairs")).content.decode()


def test_dismissing(pair, enter):
    answer = enter("nurse").post(reverse("duplicate-dismiss", args=[pair.pk]), follow=True)
    assert "Không có cặp nào chờ xem" in answer.content.decode()
    assert enter("nurse").post(reverse("duplicate-dismiss", args=[pair.pk])).status_code == 422
    DuplicatePair.objects.update(state="proposed")
    answer = enter("nurse").post(reverse("duplicate-dismiss", args=[pair.pk]), {"page": "3"})
    assert answer.headers["Location"] == reverse("duplicate-pairs") + "?page=3", "the queue goes on where it stood"


def test_merging_by_the_page_and_parting_again(cast, two, pair, enter):
    kept, gone = two
    client, address = enter("nurse"), reverse("persons-merge", args=[gone.pk, kept.pk])
    text = client.get(address).content.decode()
    assert AuditEntry.objects.filter(action="view", note="so hai hồ sơ, xem đủ các số").count() == 2
    assert "Nguyễn Thị Mận" in text and "Khác" in text and f'value="{kept.pk}" checked' in text
    typed = {"survivor": kept.pk, "take_full_name": kept.pk, "take_phone": gone.pk, f"seen_{kept.pk}": kept.version, f"seen_{gone.pk}": gone.version}
    answer = client.post(address, typed)
    assert answer.headers["Location"] == reverse("person", args=[kept.pk])
    kept.refresh_from_db()
    assert (kept.full_name, kept.phone, kept.identifiers.count()) == ("Nguyễn Thị Mận", "0912345678", 1)
    old = client.get(reverse("person", args=[gone.pk]), follow=True)
    assert old.redirect_chain == [(reverse("person", args=[kept.pk]), 302)] and "đã được gộp vào hồ sơ này" in old.content.decode()
    made = Merge.objects.get()
    actions.record_coverage(by=cast.nurse, person=kept, card_number="GD4370100123456", start=D(2026, 1, 1), end=D(2026, 12, 31))
    part = reverse("persons-unmerge", args=[made.pk])
    assert part in old.content.decode()
    text = client.get(part).content.decode()
    assert "Ở lại hồ sơ đang giữ" in text and "1 thẻ bảo hiểm y tế" in text
    client.post(part)
    assert client.get(reverse("person", args=[gone.pk])).status_code == 200
    assert kept.coverages.count() == 1 and "đã được tách" in client.get(part).content.decode()
    assert client.post(part).status_code == 422


def test_a_contradiction_asks_and_keeps_what_was_chosen(register, two, enter):
    man = register("Nguyễn Văn Mận", "05/03/1956", "M")
    client, address = enter("nurse"), reverse("persons-merge", args=[two[0].pk, man.pk])
    answer = client.post(address, {"survivor": man.pk, "take_full_name": two[0].pk})
    text = answer.content.decode()
    assert answer.status_code == 422 and "hai hồ sơ khác giới tính" in text and f'name="survivor" value="{man.pk}" checked' in text
    assert f'name="take_full_name" value="{two[0].pk}" checked' in text
    assert client.post(address, {"survivor": man.pk, "take_full_name": two[0].pk, "confirmed": "1"}).status_code == 302
    man.refresh_from_db()
    assert (man.full_name, man.sex) == ("Nguyễn Thị Mận", "M")
    assert client.post(address, {"confirmed": "1"}).status_code == 404, "the other is no record any more"


def test_somebody_changed_a_record_meanwhile(cast, two, enter):
    kept, gone = two
    seen = {f"seen_{kept.pk}": kept.version, f"seen_{gone.pk}": gone.version}
    actions.change_person(by=cast.director, id=gone.pk, occupation="nông dân")
    answer = enter("nurse").post(reverse("persons-merge", args=[kept.pk, gone.pk]), seen)
    assert answer.status_code == 409 and "vừa sửa mục này trước bạn" in answer.content.decode()
    assert not Merge.objects.exists()


def test_the_pages_cost_few_queries(cast, register, pair, two, enter):
    client = enter("nurse")
    queue, merge = reverse("duplicate-pairs"), reverse("persons-merge", args=[row.pk for row in two])
    counts = []
    for turn in range(3):  # the first finds what every later one knows
        for address in (queue, merge):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
        for n in range(5):
            one, other = sorted((register(f"Người Một {chr(65 + n)}").pk, register(f"Người Hai {chr(65 + n)}").pk))
            DuplicatePair.objects.create(one_id=one, other_id=other, score=0.6)
            actions.record_coverage(by=cast.nurse, person=two[0], card_number="GD4370100123456", start=D(2010 + 5 * turn + n, 1, 1), end=D(2010 + 5 * turn + n, 12, 31))
    most = 28 + (connection.vendor == "postgresql")  # there the audit takes a lock; only the topics that wrote about one of the two are asked
    assert counts[2:4] == counts[4:] and counts[2] <= 12 and counts[3] <= most, counts


def test_topics_that_wrote_nothing_are_not_asked_and_nothing_is_left_out(cast, two):
    from tramyte.care.checkups.actions import record_checkup
    from tramyte.care.people.duplicate_views import _topics
    from tramyte.care.people.overview import overview

    record_checkup(by=cast.nurse, person=two[0], on=D(2026, 3, 5), kind="periodic")
    topics = _topics(list(two))
    assert "tramyte.care.checkups" in topics[two[0].pk] and "tramyte.care.checkups" not in topics[two[1].pk] and "tramyte.care.people" in topics[two[1].pk]
    for row in two:
        whole, asked = (overview(cast.nurse, row, D(2026, 6, 3), topics=some).timeline for some in (None, topics[row.pk]))
        assert asked.page.object_list == whole.page.object_list and asked.total == whole.total > 0
