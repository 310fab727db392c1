"""What each role sees of targets, and that lists, figures and files agree."""

import datetime

import pytest
from django.urls import reverse

from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.documents.spreadsheet import read_table
from tramyte.engine.indicators import results
from tramyte.governance.targets.models import Target
from tramyte.governance.tasks.models import Task

FIGURES_ONLY = ["officer", "chairman", "unit", "supervisor"]
PEOPLE = ["nurse", "clinician", "director"]
NAME = "Hoàng Văn Số"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def page(target):
    return reverse("target", args=[target.pk])


@pytest.fixture
def names(target):
    return reverse("target-worklist", args=[target.pk])


def test_without_targets_the_page_says_what_to_do(cast, enter):
    assert "Chưa có chỉ tiêu nào" in text(enter("officer").get("/chi-tieu/"))


@pytest.mark.parametrize("role", [*FIGURES_ONLY, *PEOPLE])
def test_the_table_shows_level_figure_gap_and_state(enter, target, role):
    shown = text(enter(role).get("/chi-tieu/"))
    for words in ("Tham gia bảo hiểm y tế", "≥\u00a098\u00a0%", "66,7\u00a0%", "8/12", ">4</a> người"):
        assert words in shown
    assert NAME not in shown


def test_the_village_worker_sees_the_own_hamlets_figures(enter, target):
    shown = text(enter("village_worker").get("/chi-tieu/"))
    assert "5/6" in shown
    assert "8/12" not in shown


@pytest.mark.parametrize("role", ["stranger", "admin"])
def test_targets_of_others_are_not_there(enter, target, page, names, role):
    client = enter(role)
    assert "Tham gia bảo hiểm" not in text(client.get("/chi-tieu/"))
    wanted = {403, 404}
    for url in (page, names, f"{names}xuat/xlsx/"):
        assert client.get(url).status_code in wanted
    for url in (f"{page}gan/", f"{page}giao/"):
        assert client.post(url).status_code in wanted


def test_a_stranger_gets_404(enter, page, names):
    client = enter("stranger")
    assert [client.get(url).status_code for url in (page, names)] == [404, 404]


@pytest.mark.parametrize("role", FIGURES_ONLY)
def test_figures_only_roles_reach_no_person(enter, cast, target, page, names, role):
    client = enter(role)
    shown = text(client.get(page))
    assert "Vân Sơn" in shown
    assert ">3</span>" in shown
    assert NAME not in shown
    assert "danh-sach" not in shown
    answer = client.get(names)
    assert answer.status_code == 403
    assert "chỉ xem số liệu" in text(answer)
    assert "Vân Sơn" in text(answer)
    assert NAME not in text(answer)
    for form in ("xlsx", "pdf"):
        refused = client.get(f"{names}xuat/{form}/")
        assert refused.status_code == 403
        assert NAME.encode() not in refused.content
    assert not AuditEntry.objects.filter(action__in=["list", "export_xlsx", "export_pdf"]).exists()


@pytest.mark.parametrize("role", PEOPLE)
def test_those_who_care_see_the_names(enter, names, role):
    shown = text(enter(role).get(names))
    assert "4 người chưa có thẻ bảo hiểm y tế còn hạn, cần 4 để đạt ≥\u00a098\u00a0%" in shown
    assert shown.count(NAME) == 4
    assert "0912345678" not in shown
    assert "Thẻ hết hạn 31/12/2025" in shown


def test_each_opening_of_the_names_is_logged_once(enter, cast, target, names):
    client = enter("nurse")
    client.get(names)
    client.get(f"{names}?thon=00001.02")
    entries = AuditEntry.objects.filter(action="list").order_by("seq")
    assert [(entry.username, entry.object_id, entry.note) for entry in entries] == [
        ("nurse", str(target.pk), "BH01 Xã Đồng Vân: 4 người, trang 1"), ("nurse", str(target.pk), "BH01 Thôn Vân Sơn: 3 người, trang 1")]


def test_the_village_worker_sees_only_the_own_hamlet(enter, page, names):
    client = enter("village_worker")
    shown = text(client.get(names))
    assert shown.count(NAME) == 1
    assert "1 người chưa có thẻ bảo hiểm y tế còn hạn, cần 1 để đạt" in shown
    assert "Vân Sơn" not in shown
    answer = client.get(f"{names}?thon=00001.02")
    assert answer.status_code == 403
    assert NAME not in text(answer)
    assert client.get(f"{names}xuat/xlsx/?thon=00001.02").status_code == 403
    assert client.get(f"{names}?thon=00009.99").status_code == 404
    assert "Vân Sơn" not in text(client.get(page))


def test_the_lists_are_the_figures(cast, enter, target, names):
    client = enter("nurse")
    figure = results.figure("BH01", cast.commune)
    whole = text(client.get(names)).count(NAME)
    by_hamlet = [text(client.get(f"{names}?thon={part.group}")).count(NAME) for part in results.breakdown("BH01", cast.commune)]
    assert whole == figure.missing == sum(by_hamlet)
    assert by_hamlet == [part.missing for part in results.breakdown("BH01", cast.commune)]


@pytest.mark.parametrize(("query", "count"), [("", 4), ("?thon=00001.01", 1), ("?ly-do=Thẻ hết hạn", 1), ("?ly-do=Chưa có thẻ", 3), ("?ly-do=khác", 0)])
def test_the_files_hold_the_rows_of_the_list(enter, names, query, count):
    client = enter("nurse")
    assert text(client.get(f"{names}{query}")).count(NAME) == count
    sheet = client.get(f"{names}xuat/xlsx/{query}")
    if count:
        rows = read_table("ds.xlsx", sheet.content, known=["Họ và tên", "Lý do"]).rows
        assert len(rows) == count
        assert all(row.cells["Họ và tên"].startswith(NAME) for row in rows)
    assert AuditEntry.objects.filter(action="export_xlsx", note__startswith=f"BH01: {count} dòng").exists()


def test_the_paper_list_is_a_pdf(enter, names):
    answer = enter("nurse").get(f"{names}xuat/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert AuditEntry.objects.filter(action="export_pdf").count() == 1


@pytest.mark.parametrize(("form", "start"), [("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_the_table_as_a_file(enter, target, form, start):
    answer = enter("officer").get(f"/chi-tieu/xuat/{form}/")
    assert answer.content.startswith(start)
    if form == "xlsx":
        row = read_table("chi-tieu.xlsx", answer.content, known=["Chỉ tiêu", "Giao"]).rows[0]
        assert (row.cells["Tử số"], row.cells["Mẫu số"], row.cells["Còn thiếu"], row.cells["Mã"]) == ("8", "12", "4", "BH01")


def test_unknown_kinds_of_files_are_not_there(enter, names):
    client = enter("nurse")
    assert client.get("/chi-tieu/xuat/exe/").status_code == 404
    assert client.get(f"{names}xuat/exe/").status_code == 404


def test_what_nothing_measures_shows_no_figure(enter, people, make_target):
    target = make_target("", 95, phrase="tiêm chủng đầy đủ đạt từ 95%")
    client = enter("officer")
    assert "Chưa ghi nhận trong hệ thống" in text(client.get("/chi-tieu/"))
    shown = text(client.get(reverse("target", args=[target.pk])))
    assert "Chưa ghi nhận trong hệ thống" in shown
    assert "Hiện đạt" not in shown
    assert client.get(reverse("target-worklist", args=[target.pk])).status_code == 404


def test_an_older_level_is_shown_as_superseded(enter, people, make_target):
    older, newer = make_target(value=95.0, phrase="mức cũ 95%"), make_target(value=98.0, phrase="mức mới 98%")
    shown = text(enter("officer").get("/chi-tieu/"))
    assert shown.index("Mức mới 98%") < shown.index("Đã có mức mới hơn") < shown.index("mức cũ 95%")
    assert "Đã có mức mới hơn" in text(enter("officer").get(reverse("target", args=[older.pk])))
    assert "Đã có mức mới hơn" not in text(enter("officer").get(reverse("target", args=[newer.pk])))


def test_the_states_filter_the_table(enter, target, make_target):
    make_target("KC04", 50, phrase="danh mục kỹ thuật đạt 50%")
    client = enter("officer")
    shown = text(client.get("/chi-tieu/?trang-thai=unknown"))
    assert "Danh mục kỹ thuật" in shown
    assert text(client.get("/chi-tieu/?trang-thai=reached")).count("Không có chỉ tiêu nào") == 1
    assert client.get("/chi-tieu/?trang-thai=bay&xep=van-ban").status_code == 200


def test_the_officer_gives_a_hamlet_to_its_worker(enter, cast, target, page):
    client = enter("officer")
    form = {f"who-{cast.hamlets[0].code}": str(cast.village_worker.pk), "only": cast.hamlets[0].code, "due_on": "30/6/2026"}
    assert client.post(f"{page}giao/", form).status_code == 302
    task = Task.objects.get()
    assert (task.place, task.assignee, task.due_on) == (cast.hamlets[0], cast.village_worker, datetime.date(2026, 6, 30))
    assert "Phạm Thị Mơ" in text(client.get(page))


@pytest.mark.parametrize(("who", "due_on", "words"), [
    ("nurse", "30/06/2026", "không phải y tế thôn"), ("village_worker", "01/06/2026", "đã qua"), ("village_worker", "31/02/2026", "Hạn"), ("", "", "Hãy chọn ít nhất một thôn")])
def test_a_wrong_assignment_says_what_to_do(enter, cast, page, who, due_on, words):
    answer = enter("officer").post(f"{page}giao/", {"who-00001.01": str(cast.users[who].pk) if who else "", "due_on": due_on})
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Task.objects.exists()


def test_the_officer_ties_a_target_on_its_page(enter, people, make_target):
    target = make_target("")
    url = reverse("target-bind", args=[target.pk])
    assert enter("nurse").post(url, {"indicator": "BH01"}).status_code in {403, 404}
    client = enter("officer")
    assert client.post(url, {"indicator": "BH01", "version": "1"}).status_code == 302
    assert Target.objects.get().indicator == "BH01"
    answer = client.post(url, {"indicator": "SK01", "version": "1"})
    assert answer.status_code in {409, 422}
    assert client.post(url, {"indicator": "XX", "version": "2"}).status_code == 422


def test_the_document_page_lists_its_targets(enter, issued):
    shown = text(enter("officer").get(reverse("directive", args=[issued.pk])))
    assert reverse("target", args=[Target.objects.get(indicator="BH01").pk]) in shown


@pytest.mark.parametrize(("role", "most"), [("officer", 12), ("nurse", 12), ("village_worker", 12)])
def test_the_table_costs_the_same_queries_for_any_number_of_targets(enter, target, make_target, django_assert_max_num_queries, role, most):
    client = enter(role)
    client.get("/chi-tieu/")
    for code, value in (("SK01", 90), ("SK02", 80), ("NK01", 99), ("KC04", 60), ("", 1), ("", 2)):
        make_target(code, value)
    with django_assert_max_num_queries(most):
        client.get("/chi-tieu/")


@pytest.mark.parametrize(("role", "most"), [("officer", 21), ("nurse", 16)])
def test_a_targets_page_costs_few_queries(enter, page, django_assert_max_num_queries, role, most):
    client = enter(role)
    client.get(page)
    with django_assert_max_num_queries(most):
        client.get(page)


def test_a_list_costs_few_queries(enter, names, django_assert_max_num_queries):
    client = enter("nurse")
    client.get(names)
    with django_assert_max_num_queries(22):
        client.get(names)
