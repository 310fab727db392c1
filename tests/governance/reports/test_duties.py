"""From the accepted duty of a plan to dated periods, their continuation, their end."""

import datetime

import pytest

from tramyte.governance.directives.actions import revoke_directive
from tramyte.governance.reports.actions import continue_duties
from tramyte.governance.reports.models import Duty, ReportPeriod


@pytest.mark.django_db
def test_an_issued_plan_asks_for_dated_reports(issued):
    rows = {row.period: row for row in ReportPeriod.objects.all()}
    assert set(rows) == {"2026-H1", "2026"}
    assert rows["2026-H1"].due_on == datetime.date(2026, 6, 9) and rows["2026"].due_on == datetime.date(2026, 11, 9)
    assert rows["2026-H1"].duty.to and rows["2026-H1"].duty.unit is None and rows["2026-H1"].duty.who
    obligation = rows["2026-H1"].duty.obligation
    assert obligation.became == [{"model": "reports.duty", "id": str(rows["2026-H1"].duty_id)}]


@pytest.mark.django_db
def test_the_daily_job_lays_the_next_year_out_once(issued):
    assert continue_duties(on=datetime.date(2026, 6, 3)) == 0
    assert continue_duties(on=datetime.date(2027, 1, 1)) == 2
    assert continue_duties(on=datetime.date(2027, 1, 1)) == 0
    assert ReportPeriod.objects.get(period="2027-H1").due_on == datetime.date(2027, 6, 9)


@pytest.mark.django_db
def test_a_revoked_plan_ends_its_duties_and_keeps_written_reports(cast, report):
    revoke_directive(by=cast.officer, id=report.period.duty.directive_id, reason="Thay bằng kế hoạch khác")
    assert not Duty.objects.filter(ended_on=None).exists()
    assert {row.period: row.entered_in_error for row in ReportPeriod.objects.all()} == {"2026-H1": False, "2026": True}
    assert continue_duties(on=datetime.date(2027, 1, 1)) == 0


@pytest.mark.django_db
def test_the_document_page_shows_its_reports(enter, issued):
    page = enter("officer").get(f"/chi-dao/{issued.pk}/").content.decode()
    assert "6 tháng đầu năm 2026" in page and "09/06/2026" in page
