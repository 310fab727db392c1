"""Hệ thống: the audit in words, the jobs, the state; and the guide."""

import pytest
from django.urls import reverse

from tramyte.engine.audit import chain
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import run_job, start
from tramyte.web.pages import guide

KEEPERS = ("director", "admin")
OTHERS = ("clinician", "nurse", "village_worker", "officer", "chairman", "unit", "supervisor")


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("name", ["system", "system-audit", "system-jobs", "system-users", "system-user-new"])
@pytest.mark.parametrize(("role", "status"), [*((role, 200) for role in KEEPERS), *((role, 403) for role in OTHERS)])
def test_only_keepers_open_the_system(enter, name, role, status):
    assert enter(role).get(reverse(name)).status_code == status


@pytest.mark.parametrize("role", OTHERS)
def test_the_proof_of_the_audit_is_for_keepers(enter, role):
    assert enter(role).post(reverse("system-verify")).status_code == 403
    assert not Job.objects.exists()


def person_of(cast):
    from tramyte.care.people.models import Person

    return Person.objects.create(full_name="Trịnh Văn Ẩn", birth_date="1970-01-01", sex="M", hamlet=cast.hamlets[0])


def test_entries_are_told_in_words_and_narrowed(cast, enter):
    person = person_of(cast)
    chain.record(by=cast.nurse, action="update_person", row=person, before={"full_name": "Trịnh Văn An", "birth_date": "1970-01-01"}, after={"full_name": "Trịnh Văn Ẩn", "birth_date": "1970-02-01"})
    chain.record(by=cast.officer, action="remind", note="Nhắc một việc")
    client = enter("director")
    shown = text(client.get(reverse("system-audit")))
    assert "Lê Thị Lan" in shown and "<s class=\"mut\">Trịnh Văn An</s> → Trịnh Văn Ẩn" in shown and "01/02/1970" in shown and "Nhắc một việc" in shown
    assert "Nhắc một việc" not in text(client.get(reverse("system-audit"), {"nguoi": "nurse"}))
    assert "Trịnh Văn" not in text(client.get(reverse("system-audit"), {"viec": "remind"}))
    assert "Không có dòng nào khớp" in text(client.get(reverse("system-audit"), {"ngay": "01/01/2020"}))
    assert client.get(reverse("system-audit"), {"ngay": "32/13/2026"}).status_code == 422


def test_a_role_of_figures_reads_that_a_record_changed_but_not_what(cast, enter):
    person = person_of(cast)
    chain.record(by=cast.nurse, action="update_person", row=person, before={"full_name": "Trịnh Văn An"}, after={"full_name": "Trịnh Văn Ẩn"}, note="Trịnh Văn Ẩn sửa")
    shown = text(enter("admin").get(reverse("system-audit")))
    assert "Trịnh" not in shown and "không xem được" in shown


def test_what_people_of_another_commune_did_is_not_shown(cast, enter):
    chain.record(by=cast.stranger, action="remind", note="Việc xã khác")
    assert "Việc xã khác" not in text(enter("director").get(reverse("system-audit")))


def test_the_proof_runs_as_a_job_and_shows_what_it_found(cast, enter):
    chain.record(by=cast.nurse, action="remind", note="Việc thật")
    client = enter("director")
    answer = client.post(reverse("system-verify"))
    row = Job.objects.get()
    assert answer.url == reverse("job", args=[row.pk])
    waiting = text(client.get(answer.url))
    assert "Đang chờ" in waiting and 'hx-trigger="every 1s"' in waiting
    run_job.func(str(row.pk))
    assert "Nhật ký toàn vẹn: 1 dòng, mã cuối" in text(client.get(answer.url))
    AuditEntry.objects.update(note="Việc giả")
    broken = start("verify_audit", by=cast.director, title="Kiểm tra")
    run_job.func(str(broken.pk))
    part = client.get(reverse("job", args=[broken.pk]), headers={"HX-Request": "true"})
    assert "Nhật ký bị sửa" in text(part) and "<html" not in text(part) and "hx-trigger" not in text(part)
    assert "Bị sửa" in text(client.get(reverse("system")))


def test_a_job_is_shown_to_whoever_began_it_and_to_keepers(cast, enter):
    row = start("verify_audit", by=cast.nurse, title="Việc của điều dưỡng")
    for role, status in (("nurse", 200), ("director", 200), ("clinician", 404), ("stranger", 404)):
        assert enter(role).get(reverse("job", args=[row.pk])).status_code == status


def test_a_failed_job_says_why(cast, enter):
    row = Job.objects.create(task="x", title="Nhập tệp", by=cast.nurse, state="failed", message="Tệp hỏng. Hãy gửi lại.")
    shown = text(enter("nurse").get(reverse("job", args=[row.pk])))
    assert "Tệp hỏng. Hãy gửi lại." in shown and "Không xong" in shown


@pytest.mark.parametrize("slug", guide.PAGES)
def test_each_page_of_the_guide_is_readable(enter, slug):
    shown = text(enter("unit").get(reverse("guide-page", args=[slug])))
    page = guide.read_page(slug)
    assert page.title in shown and page.lead and "<h2>" in page.body and "**" not in page.body


def test_the_guide_lists_its_pages_and_knows_no_others(enter):
    client = enter("nurse")
    assert all(guide.read_page(slug).title in text(client.get(reverse("guide"))) for slug in guide.PAGES)
    assert client.get(reverse("guide-page", args=["khong-co"])).status_code == 404
    assert {path.stem for path in guide.folder().glob("*.md")} == set(guide.PAGES)


def test_links_between_guide_pages_work(enter):
    assert 'href="../nhap-excel/"' in guide.read_page("kham-suc-khoe").body


def test_a_picture_is_served_where_there_is_one(enter, tmp_path, monkeypatch):
    for slug in guide.PAGES:
        (tmp_path / f"{slug}.md").write_text("# Tên\n\nLời dẫn.\n\n## Mục\n\nChữ <script>x</script>.\n", encoding="utf-8")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "bat-dau.png").write_bytes(b"\x89PNG\r\n")
    monkeypatch.setattr(guide, "INSIDE", tmp_path)
    guide.read_page.cache_clear()
    try:
        client = enter("nurse")
        shown = text(client.get(reverse("guide-page", args=["bat-dau"])))
        assert reverse("guide-picture", args=["bat-dau"]) in shown and "<script>x" not in shown
        assert client.get(reverse("guide-picture", args=["bat-dau"])).content.startswith(b"\x89PNG")
        assert client.get(reverse("guide-picture", args=["van-ban"])).status_code == 404
    finally:
        guide.read_page.cache_clear()
