"""The pages of coverage, of who is missing, and of the review at school entry."""

import datetime

import pytest

from tramyte.care.immunization.actions import school
from tramyte.care.immunization.models import SchoolReview
from tramyte.engine import clock
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.indicators.native import Native
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import Period

OLD = datetime.date(2019, 5, 10)  # six in the calendar year 2025


@pytest.fixture
def figures(child, give):
    """A boy of ten months without measles, a girl who has everything, and their figures."""
    boy, girl = child(born=datetime.date(2025, 8, 1)), child("Nguyễn Thị Đủ", born=datetime.date(2025, 5, 20), sex="F")
    for code, on in (("BCG", "2025-05-22"), *((code, day) for day in ("2025-07-20", "2025-08-20", "2025-09-20") for code in ("DPT-VGB-HIB", "OPV")), ("MEASLES", "2026-02-20")):
        give(girl, code, on)
    results.refresh([code for code in INDICATORS if code.startswith("TC")])
    return boy, girl


def test_coverage_is_shown_by_figure_and_hamlet_and_opens_names(enter, cast, figures, django_assert_max_num_queries):
    nurse = enter("nurse")
    with django_assert_max_num_queries(40):
        page = nurse.get("/tiem-chung/ty-le/").content.decode()
    assert "50,0" in page and "/tiem-chung/danh-sach/TC01/" in page and cast.hamlets[0].name in page
    listed = nurse.get("/tiem-chung/danh-sach/TC01/").content.decode()
    assert "Nguyễn Minh Khôi" in listed and "Nguyễn Thị Đủ" not in listed and "còn thiếu: BCG" in listed
    assert nurse.get("/tiem-chung/danh-sach/TC01/?as=xlsx").content.startswith(b"PK") and nurse.get("/tiem-chung/danh-sach/TC99/").status_code == 404
    assert nurse.get("/tiem-chung/ty-le/?thon=khac").status_code == 404


def test_figures_only_roles_see_figures_and_no_names(enter, figures):
    officer = enter("officer")
    page = officer.get("/tiem-chung/ty-le/?chi-tieu=TC04").content.decode()
    assert "/tiem-chung/danh-sach/" not in page and "Nguyễn" not in page.replace("Nguyễn Thị Hạnh", "") and officer.get("/tiem-chung/danh-sach/TC04/").status_code == 403


def test_a_class_is_reviewed_in_one_sheet(enter, cast, child, give):
    six, three, bare = child("Trần Văn Sáu", born=OLD), child("Trần Thị Ba", born=datetime.date(2022, 3, 3), sex="F"), child("Trần Văn Không", born=OLD)
    give(six, "BCG", "2019-05-12")
    give(three, "BCG", "2022-03-05")
    nurse = enter("nurse")
    page = nurse.get("/tiem-chung/nhap-hoc/").content.decode()
    assert "Năm học 2025-2026" in page and "Trần Văn Sáu" in page and "chưa có thông tin" in page and "thiếu mũi" in page
    wrong = nurse.post("/tiem-chung/nhap-hoc/", {"child": [str(six.pk)], "advised": [str(three.pk)], "on": "31/02/2026", "school": "Lớp 1A"})
    kept = wrong.content.decode()
    assert wrong.status_code == 422 and "không có ngày 31" in kept and 'value="31/02/2026"' in kept and 'value="Lớp 1A"' in kept
    assert f'name="child" value="{six.pk}" checked' in kept and f'name="child" value="{three.pk}" checked' not in kept and f'name="advised" value="{three.pk}" checked' in kept
    assert nurse.post("/tiem-chung/nhap-hoc/", {"child": [str(six.pk), str(three.pk)], "advised": [str(three.pk)], "on": "03/06/2026", "school": "Lớp 1A"}).status_code == 302
    made = {row.person_id: row for row in SchoolReview.objects.all()}
    assert (made[six.pk].level, made[six.pk].school_year, made[six.pk].result, made[six.pk].advised) == ("primary", 2025, "lacking", False)
    assert made[three.pk].level == "kindergarten" and made[three.pk].advised and "Sởi mũi 1" in made[three.pk].missing and bare.pk not in made
    rows = Native().rows(INDICATORS["TC15"], [Period.month(2026, 6)], clock.today())
    assert {(row.subject, row.met, row.reason) for row in rows} == {
        (str(six.pk), True, "Đã rà soát ngày 03/06/2026, vào tiểu học"), (str(three.pk), True, "Đã rà soát ngày 03/06/2026, vào mầm non"), (str(bare.pk), False, "Chưa rà soát, vào tiểu học")}
    assert nurse.get("/tiem-chung/nhap-hoc/?nam=2030").status_code in (400, 422) and enter("village_worker").post("/tiem-chung/nhap-hoc/", {"child": [str(bare.pk)]}).status_code == 403


@pytest.mark.parametrize(("born", "year", "on", "code"), [
    ("2000-01-01", 2025, "2026-06-03", "not_of_age"), ("2026-05-20", 2025, "2026-06-03", "not_of_age"), ("2019-05-10", 2023, "2026-06-03", "other_year"),
])
def test_a_review_of_the_wrong_child_or_year_is_refused(cast, child, born, year, on, code):
    person = child("Người Khác", born=datetime.date.fromisoformat(born))
    with pytest.raises(Refused) as refused:
        school.record_school_review(by=cast.nurse, person=person, school_year=year, level="primary", on=datetime.date.fromisoformat(on))
    assert refused.value.code == code


def test_a_review_may_be_taken_back(cast, child):
    row = school.record_school_review(by=cast.nurse, person=child(born=OLD), school_year=2025, level="primary", on=datetime.date(2025, 9, 9))
    assert row.result == "unrecorded"
    with pytest.raises(Refused, match="lý do"):
        school.cancel_school_review(by=cast.nurse, id=row.pk, reason=" ")
    assert school.cancel_school_review(by=cast.nurse, id=row.pk, reason="nhầm trẻ").entered_in_error
