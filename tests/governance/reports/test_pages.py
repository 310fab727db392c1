"""The pages of reports and the command."""

import pytest

from tramyte.governance.reports import actions
from tramyte.governance.reports.models import Report
from tramyte.web.commands.main import main

EVERYBODY = ("director", "clinician", "nurse", "officer", "chairman", "unit", "supervisor")


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.django_db
def test_whoever_sees_reports_opens_every_page(enter, report, name):
    client = enter(name)
    listing = client.get("/bao-cao/").content.decode()
    assert "6 tháng đầu năm 2026" in listing and "Còn 6\u00a0ngày" in listing and "09/06/2026" in listing
    page = client.get(f"/bao-cao/{report.pk}/").content.decode()
    assert "87,2%" in page and "Nguồn số liệu" in page and ("Gửi báo cáo" in page) == (name in {"director", "clinician", "officer"})
    for ending, kind in (("docx", "wordprocessingml"), ("pdf", "pdf"), ("xlsx", "spreadsheetml")):
        answer = client.get(f"/bao-cao/{report.pk}/tep/{ending}/")
        assert answer.status_code == 200 and kind in answer["Content-Type"] and "bao-cao-2026-h1-xa-dong-van" in answer["Content-Disposition"]
    assert client.get(f"/bao-cao/{report.pk}/tep/exe/").status_code == 404


@pytest.mark.parametrize("name", ["village_worker", "admin"])
@pytest.mark.django_db
def test_others_are_refused(enter, report, name):
    for address in ("/bao-cao/", f"/bao-cao/{report.pk}/", f"/bao-cao/ky/{report.period_id}/"):
        assert enter(name).get(address).status_code == 403


@pytest.mark.django_db
def test_from_the_period_to_the_locked_report(enter, cast, half):
    client = enter("director")
    assert "Lập báo cáo" in client.get(f"/bao-cao/ky/{half.pk}/").content.decode()
    address = client.post(f"/bao-cao/ky/{half.pk}/lap/").url
    client.post(f"{address}muc/problems/", {"text": "Nguyên nhân: mới khám 3/14 thôn.", "version": "1"})
    page = client.get(address).content.decode()
    assert "gõ tay" in page and "3/14" in page
    client.post(f"{address}lam/", {"do": "submit"})
    officer = enter("officer")
    officer.post(f"{address}lam/", {"do": "return", "reason": "Ghi rõ lịch khám."})
    assert "Ghi rõ lịch khám." in officer.get(address).content.decode()
    enter("director").post(f"{address}lam/", {"do": "submit"})
    officer = enter("officer")
    officer.post(f"{address}lam/", {"do": "approve", "number": "41"})
    officer.post(f"{address}lam/", {"do": "lock"})
    page = officer.get(address).content.decode()
    assert "Báo cáo đã khóa" in page and "Số: 41/BC-TYT" in page and "(lần 2)" in page
    assert Report.objects.get().state == "locked"
    assert "Đã khóa" in officer.get("/bao-cao/?trang-thai=da-gui").content.decode()


@pytest.mark.django_db
def test_a_conflict_keeps_what_was_typed_and_shows_both(enter, cast, report):
    actions.edit_section(by=cast.clinician, id=report.pk, section="plans", text="Bản của bác sĩ", seen_version=1)
    answer = enter("director").post(f"/bao-cao/{report.pk}/muc/plans/", {"text": "Bản của giám đốc", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Bản của bác sĩ" in page and "Bản của giám đốc" in page and 'name="version" value="2"' in page


@pytest.mark.django_db
def test_words_that_save_themselves_answer_json(enter, report):
    client = enter("director")
    answer = client.post(f"/bao-cao/{report.pk}/muc/plans/", {"text": "Một", "version": "1"}, headers={"accept": "application/json"})
    assert answer.json()["version"] == 2 and answer.json()["said"].startswith("Đã lưu lúc")
    late = client.post(f"/bao-cao/{report.pk}/muc/plans/", {"text": "Hai", "version": "1"}, headers={"accept": "application/json"})
    assert late.status_code == 409 and late.json()["code"] == "conflict"


@pytest.mark.django_db
def test_words_of_people_are_shown_as_words(enter, cast, report):
    actions.edit_section(by=cast.director, id=report.pk, section="plans", text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in enter("officer").get(f"/bao-cao/{report.pk}/").content.decode()


@pytest.mark.django_db
def test_unknown_steps_and_tampered_forms_get_a_sentence(enter, report):
    client = enter("director")
    page = client.post(f"/bao-cao/{report.pk}/lam/", {"do": "publish"}, follow=True).content.decode()
    assert "Không có bước này" in page
    assert client.post(f"/bao-cao/{report.pk}/muc/none/", {"text": "x"}).status_code == 404
    page = client.post(f"/bao-cao/{report.pk}/lam/", {"do": "submit", "version": "99"}, follow=True).content.decode()
    assert "vừa sửa mục này" in page


@pytest.mark.parametrize("ending", ["docx", "pdf", "xlsx"])
@pytest.mark.django_db
def test_the_command_writes_a_draft_that_is_not_kept(bound, tmp_path, capsys, ending, monkeypatch):
    monkeypatch.setattr("tramyte.governance.reports.unkept.refresh_stale", lambda: None)  # the figures here are stored by hand
    out = tmp_path / f"bc.{ending}"
    assert main(["report", "six-months", "--period", "2026-H1", "--place", "00001", "--out", str(out), "--as-of", "2026-06-03"]) == 0
    assert out.stat().st_size > 3000 and "số liệu tính đến 03/06/2026" in capsys.readouterr().out
    assert not Report.objects.exists()


@pytest.mark.parametrize(("words", "code", "said"), [
    (["yearly", "--period", "2026-H1", "--place", "00001", "--out", "a.pdf"], 2, "six-months"),
    (["six-months", "--period", "2026-H1", "--place", "00001", "--out", "a.txt"], 2, ".docx"),
    (["six-months", "--period", "2026", "--place", "00001", "--out", "a.pdf"], 1, "2026-H1"),
    (["six-months", "--period", "2026-H3", "--place", "00001", "--out", "a.pdf"], 1, "2026-H3"),
    (["six-months", "--period", "2026-H2", "--place", "00001", "--out", "a.pdf"], 1, "01/07/2026"),
    (["six-months", "--period", "2026-H1", "--place", "99999", "--out", "a.pdf"], 1, "99999"),
    (["six-months", "--period", "2026-H1", "--place", "00001", "--out", "/none/a.pdf"], 1, "Không ghi được"),
])
@pytest.mark.django_db
def test_wrong_usage_gets_a_sentence(bound, capsys, monkeypatch, tmp_path, words, code, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tramyte.governance.reports.unkept.refresh_stale", lambda: None)
    assert main(["report", *words]) == code
    err = capsys.readouterr().err
    assert said in err and "Traceback" not in err


@pytest.mark.django_db
def test_the_command_prints_the_kept_report(cast, report, capsys, tmp_path):
    actions.edit_section(by=cast.director, id=report.pk, section="plans", text="Lời của giám đốc.")
    out = tmp_path / "bc.docx"
    assert main(["report", "six-months", "--period", "2026-H1", "--place", "00001", "--out", str(out)]) == 0
    import docx

    assert any("Lời của giám đốc." in line.text for line in docx.Document(str(out)).paragraphs)
