"""Điều hành một trang: who may open it, what it tells, and that its print is one A4 page whatever the load."""

import datetime

import pytest
from django.urls import reverse

from tramyte.engine.documents.pdf_reading import count_pages
from tramyte.engine.places.models import OrgUnit
from tramyte.web.pages.one_page import check_code, one_page
from tramyte.web.pages.situation import situation_of

LOOK = ("officer", "chairman")
OTHERS = ("director", "clinician", "nurse", "village_worker", "unit", "supervisor", "admin")
DAY = datetime.date


def text(answer):
    return answer.content.decode()


def words_of(pdf):
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    content = page.get_textpage()
    said = " ".join(content.get_text_range().split())
    content.close(), page.close(), document.close()
    return said


@pytest.mark.parametrize("name", ["overview", "overview-print"])
@pytest.mark.parametrize(("role", "status"), [*((role, 200) for role in LOOK), *((role, 403) for role in OTHERS)])
def test_only_those_who_steer_open_it(cast, enter, name, role, status):
    assert enter(role).get(reverse(name)).status_code == status


@pytest.mark.parametrize("role", LOOK)
def test_it_tells_targets_tasks_and_questions_and_names_nobody(enter, people, make_target, make_task, role):
    make_target(), make_task(), make_task("Việc chậm ít", "congan", DAY(2026, 6, 1))
    shown = text(enter(role).get(reverse("overview")))
    for said in ("ao phủ bảo hiểm y tế", "66,7\u00a0%", "Rà soát thẻ bảo hiểm y tế", "Trạm Y tế xã", "quá hạn 14\u00a0ngày"):
        assert said in shown
    assert "Việc chậm ít" not in shown and "Trịnh Văn Ẩn" not in shown


def test_an_empty_commune_says_what_is_missing(enter, cast):
    shown = text(enter("chairman").get(reverse("overview")))
    assert "Chưa có chỉ tiêu nào gắn với số liệu" in shown and "Không có việc nào chờ quyết" in shown


def test_work_without_an_owner_waits_for_a_decision(cast, make_task):
    make_task("Việc chưa ai nhận", None, DAY(2026, 7, 1))
    assert [one.title for one in situation_of(cast.chairman).questions] == ["Chưa có đơn vị nhận: Việc chưa ai nhận"]


def test_the_print_is_one_page_with_nothing_on_it(cast):
    assert count_pages(one_page(situation_of(cast.chairman))) == 1


def test_the_print_is_one_page_with_very_much_on_it_and_counts_what_it_leaves_out(cast, people, make_target, make_task):
    long = "Tăng cường phối hợp rà soát, lập danh sách, vận động người dân tham gia và tổ chức thực hiện đầy đủ các nội dung " * 2
    for n in range(40):
        unit = OrgUnit.objects.create(place=cast.commune, code=f"dv{n}", name=f"Ban chỉ đạo và tổ công tác liên ngành số {n} của xã", valid_from=DAY(2025, 7, 1))
        cast.units[f"dv{n}"] = unit
        make_task(f"{n} {long}"[:200], f"dv{n}", DAY(2026, 1, 5 + n % 20))
        make_target("", 90.0, phrase=f"{long} {n}")
        make_target("BH01", 98.0, year=2026 + n, due_on=DAY(2026 + n, 12, 31))
    situation = situation_of(cast.chairman)
    pdf = one_page(situation)
    said = words_of(pdf)
    assert count_pages(pdf) == 1
    assert "mục khác" in said and check_code(situation) in said and "không có thông tin cá nhân" in said
    assert "Trịnh" not in said


def test_the_same_situation_prints_the_same_bytes_and_another_has_another_code(cast, people, make_target, make_task):
    make_target()
    first, again = situation_of(cast.chairman), situation_of(cast.chairman)
    assert one_page(first) == one_page(again)
    make_task()
    assert check_code(situation_of(cast.chairman)) != check_code(first)


def test_the_page_is_inline_pdf(enter, cast):
    answer = enter("chairman").get(reverse("overview-print"))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF") and "inline" in answer["Content-Disposition"]


def test_the_number_of_queries_does_not_grow_with_tasks_and_targets(cast, enter, people, make_target, make_task, django_assert_max_num_queries):
    for n in range(15):
        make_task(f"Việc {n}"), make_target(due_on=DAY(2026 + n, 12, 31))
    client = enter("chairman")
    with django_assert_max_num_queries(30):
        client.get(reverse("overview"))
