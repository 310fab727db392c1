"""The report of immunization that the law asks for: when it is due, what it counts, who signs it, how it prints."""

import datetime
import re

import pytest

from tramyte.care.immunization import actions as doses
from tramyte.care.immunization.catalogue import install
from tramyte.care.immunization.models import Immunization, Vaccine
from tramyte.care.people import actions as people
from tramyte.care.people.models import Person
from tramyte.engine.indicators import results
from tramyte.governance.reports import becoming
from tramyte.governance.reports.actions import (
    approve_report,
    continue_duties,
    lock_report,
    open_report,
    submit_report,
)
from tramyte.governance.reports.figures import plain
from tramyte.governance.reports.forms import FORMS, form_for, title_of
from tramyte.governance.reports.models import Duty, ReportPeriod
from tramyte.governance.reports.papers import MAKERS
from tramyte.rules.calendar import Period


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def asked(cast):
    """The duties of the law since May, laid out."""
    assert becoming.ask_by_law(day("2026-05-10")) == 2
    continue_duties(on=day("2026-06-03"))
    return {row.period: row for row in ReportPeriod.objects.all()}


@pytest.fixture
def month(cast):
    """A child with doses in May and earlier, of which one elsewhere and one that does not count; a vial of which a dose was lost."""
    install()
    vaccines = {row.code: row for row in Vaccine.objects.all()}
    child = people.register_person(by=cast.director, full_name="Nguyễn Minh Khôi", birth_date=day("2025-05-20"), sex="M", hamlet=cast.hamlets[0], since=day("2025-05-20"), confirmed=True)
    other = people.register_person(by=cast.director, full_name="Nguyễn Thị Xa", birth_date=day("2026-01-10"), sex="F", hamlet=cast.hamlets[1], since=day("2026-01-10"), confirmed=True)
    product = doses.record_product(by=cast.nurse, vaccine=vaccines["MEASLES"], name="Sởi 10 liều", manufacturer="", doses_per_vial=10, open_hours=6)
    lot = doses.record_lot(by=cast.nurse, product=product, facility=cast.station, number="S1", expires_on=day("2027-01-01"), received=20, received_on=day("2026-04-20"))
    for person, code, on, source, held in (
            (other, "BCG", "2026-01-12", "import", ""), (other, "DPT-VGB-HIB", "2026-05-04", "elsewhere", ""), (child, "MEASLES", "2026-05-19", "station", "S1"), (child, "JE", "2026-05-20", "import", "")):
        doses.record_immunization(by=cast.nurse, person=person, vaccine=vaccines[code], on=day(on), source=source, lot_number=held)
    doses.move_stock(by=cast.nurse, lot=lot.pk, kind="wasted", doses=9, on=day("2026-05-19"), reason="quá giờ")
    doses.record_not_given(by=cast.nurse, person=other, kind="deferred", group="OPV", on=day("2026-05-04"), until=day("2026-05-10"), reason="sốt")
    results.refresh(["TC01", "TC07", "TC03"])


def test_the_days_are_the_second_of_the_month_after_and_12_january(asked):
    assert becoming.ask_by_law(day("2026-06-03")) == 0, "only once"
    assert asked["2026-05"].due_on == day("2026-06-02") and asked["2026-05"].name == "Kết quả tiêm chủng tháng 5 năm 2026"
    continue_duties(on=day("2026-11-01"))
    assert ReportPeriod.objects.get(period="2026").due_on == day("2027-01-12")
    assert {duty.unit.code for duty in Duty.objects.all()} == {"tyt"}


def test_it_counts_what_the_books_hold(cast, asked, month):
    report = open_report(by=cast.director, period=asked["2026-05"].pk)
    assert (report.form, report.title) == ("immunization-monthly", "Kết quả tiêm chủng tháng 5 năm 2026")
    rows = {name: {row[0]: [plain(cell, report.figures) for cell in row[1:]] for row in table["rows"]} for name, table in report.tables.items()}
    assert rows["doses"] == {
        "BCG": ["0", "0", "0", "0", "0", "1"], "DPT-VGB-Hib lần 1": ["1", "0", "0", "1", "1", "1"], "Sởi mũi 1": ["1", "0", "0", "1", "0", "1"], "VNNB lần 1": ["0", "1", "0", "1", "0", "1"]}
    assert rows["coverage"]["Tỷ lệ trẻ dưới 1 tuổi tiêm sởi mũi 1"] == ["1", "1", "1", "100,0%"] and rows["coverage"]["Tỷ lệ trẻ dưới 1 tuổi được tiêm chủng đầy đủ"] == ["1", "0", "0", "0,0%"]
    assert rows["stock"] == {"Sởi đơn giá": ["20", "0", "1", "9", "0", "10"]}
    told = "\n".join(plain(one["text"], report.figures) for one in report.sections)
    assert "đã ghi 3 mũi tiêm cho 2 người" in told and "0 lần gia đình từ chối, 1 lần tạm hoãn" in told and "{{" not in told.replace("{{table:", "")
    assert all(f"from=01/{'01' if key.endswith('-NAM') else '05'}/2026&to=31/05/2026" in one["url"] for key, one in report.figures.items() if key.startswith("MT"))
    assert "from=01/05/2026&to=31/05/2026" in report.figures["MT"]["url"] and "Nguyễn" not in told, "figures only"


def test_it_is_sent_approved_locked_and_printed_as_the_others(cast, asked, month, enter):
    report = open_report(by=cast.director, period=asked["2026-05"].pk)
    submit_report(by=cast.director, id=report.pk)
    approve_report(by=cast.officer, id=report.pk)
    assert lock_report(by=cast.officer, id=report.pk).digest
    report.refresh_from_db()
    for ending, head in (("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert MAKERS[ending][0](report).startswith(head)
    page = enter("director").get(f"/bao-cao/{report.pk}/")
    assert page.status_code == 200 and "DPT-VGB-Hib lần 1" in page.content.decode()
    assert "Báo cáo tiêm chủng tháng" in enter("director").get("/bao-cao/?trang-thai=tat-ca").content.decode()


def test_a_month_is_still_told_as_a_whole_where_no_law_is_meant():
    assert form_for(Period.month(2026, 5)).slug == "monthly" and form_for(Period.year(2026)).slug == "annual"
    assert title_of(Period.year(2026), FORMS["immunization-annual"]) == "Kết quả tiêm chủng năm 2026"


def test_a_dose_entered_or_cancelled_after_the_report_is_told_and_the_report_stays(cast, asked, month, enter):
    report = open_report(by=cast.director, period=asked["2026-05"].pk)
    submit_report(by=cast.director, id=report.pk)
    approve_report(by=cast.officer, id=report.pk)
    locked = lock_report(by=cast.director, id=report.pk)
    assert "Khác với số hiện nay" not in enter("director").get(f"/bao-cao/{report.pk}/").content.decode()
    other = Person.objects.get(full_name="Nguyễn Thị Xa")
    doses.record_immunization(by=cast.nurse, person=other, vaccine=Vaccine.objects.get(code="OPV"), on=day("2026-05-28"), source="import", lot_number="")
    doses.cancel_immunization(by=cast.nurse, id=Immunization.objects.get(vaccine__code="JE").pk, reason="ghi nhầm trẻ")
    page = enter("director").get(f"/bao-cao/{report.pk}/").content.decode()
    told = re.sub(r"<[^>]+>", " ", page.split('id="khac"')[1].split("</section>")[0])
    told = " ".join(told.split())
    assert "OPV lần 1 – → 1" in told and "VNNB lần 1 1 → –" in told, told
    assert "Lập báo cáo bổ sung" in page
    locked.refresh_from_db()
    assert locked.figures["MT"]["parts"]["given"] == "3" and locked.digest == locked.content_digest()


def test_who_sees_only_figures_gets_no_door_to_a_book(cast, asked, month, enter):
    report = open_report(by=cast.director, period=asked["2026-05"].pk)
    assert "/so/immunizations/" in enter("nurse").get(f"/bao-cao/{report.pk}/").content.decode()
    for role in ("officer", "chairman"):
        page = enter(role).get(f"/bao-cao/{report.pk}/").content.decode()
        assert '"/so/' not in page.split("<article")[1] and "Sổ mũi tiêm chủng, tính đến 31/05/2026" in page, role


def test_before_the_period_is_over_the_sender_is_told(cast, asked, month, enter):
    early, over = (open_report(by=cast.director, period=asked[code].pk) for code in ("2026-06", "2026-05"))
    assert "Kỳ chưa hết: số mới đến 03/06/2026, hết kỳ 30/06/2026" in enter("director").get(f"/bao-cao/{early.pk}/").content.decode()
    assert "Kỳ chưa hết" not in enter("director").get(f"/bao-cao/{over.pk}/").content.decode()
