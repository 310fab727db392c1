"""Duties without a calendar: weekly ones get weeks, ad hoc ones a report when asked, unclear ones ask a person."""

import datetime

import pytest

from tramyte.engine.refused import Refused
from tramyte.governance.directives.actions import (
    accept_all,
    accept_obligation,
    add_obligation,
    correct_obligation,
    issue_directive,
)
from tramyte.governance.reports.actions import (
    approve_report,
    ask_report,
    open_report,
    set_duty_period,
    submit_report,
)
from tramyte.governance.reports.models import Duty, ReportPeriod

DAY = datetime.date
TODAY = DAY(2026, 6, 3)


@pytest.fixture
def duty(cast):
    """`duty("ad hoc")`: a duty of the station."""
    def made(kind, **more):
        return Duty.objects.create(**{"place": cast.commune, "unit": cast.units["tyt"], "period_kind": kind, "phrase": "báo cáo khi có ổ dịch", "starts_on": DAY(2026, 5, 4), **more})
    return made


def text(answer):
    return answer.content.decode()


@pytest.fixture
def asked(cast, received):
    """`asked("weekly")`: a duty of the plan under review with this period."""
    def made(period):
        row = add_obligation(by=cast.officer, directive=received.pk, kind="duty", text="Trạm Y tế xã báo cáo tình hình dịch bệnh trước 15 giờ thứ Năm.")
        return correct_obligation(by=cast.officer, id=row.pk, period=period, owners=[{"name": "Trạm Y tế xã"}], due_phrase="trước 15 giờ thứ Năm")
    return made


def test_a_weekly_duty_gets_its_weeks_and_the_report_is_written(cast, asked, received, figures):
    asked("weekly")
    accept_all(by=cast.officer, id=received.pk, add_units=True)
    issue_directive(by=cast.officer, id=received.pk)
    rows = {row.period: row for row in ReportPeriod.objects.filter(duty__period_kind="weekly")}
    assert list(rows) == ["2026-W23", "2026-W24", "2026-W25", "2026-W26"]
    assert (rows["2026-W23"].due_on, rows["2026-W23"].name) == (DAY(2026, 6, 4), "Tuần 23 năm 2026 (từ 01/06 đến 07/06/2026)")
    report = open_report(by=cast.director, period=rows["2026-W23"].pk)
    assert (report.form, report.as_of) == ("weekly", TODAY)
    assert "01/06/2026" in report.sections[0]["text"]


def test_a_report_is_asked_for_written_and_approved(cast, duty, figures):
    row = ask_report(by=cast.director, id=duty("ad hoc").pk, due_on="05/06/2026")
    assert (row.period, row.due_on, row.name) == ("2026-06-05", DAY(2026, 6, 5), "Đột xuất, đến ngày 05/06/2026")
    report = open_report(by=cast.director, period=row.pk)
    assert (report.form, report.title) == ("ad-hoc", "Kết quả công tác y tế đến ngày 05/06/2026")
    submit_report(by=cast.director, id=report.pk)
    assert approve_report(by=cast.officer, id=report.pk).number == "1"


@pytest.mark.parametrize(("kind", "more", "due_on", "code"), [
    ("monthly", {}, "05/06/2026", "dated"), ("one-off", {"due_on": DAY(2026, 6, 9)}, "05/06/2026", "dated"), ("ad hoc", {"ended_on": TODAY}, "05/06/2026", "dated"),
    ("ad hoc", {}, "02/06/2026", "bad_day"), ("ad hoc", {}, "", "bad_day"), ("ad hoc", {}, "31/06/2026", "bad_date"),
])
def test_what_cannot_be_asked_is_refused(cast, duty, kind, more, due_on, code):
    with pytest.raises(Refused) as refused:
        ask_report(by=cast.director, id=duty(kind, **more).pk, due_on=due_on)
    assert refused.value.code == code


def test_one_day_is_asked_for_once(cast, duty):
    one = duty("ad hoc")
    ask_report(by=cast.officer, id=one.pk, due_on="05/06/2026")
    with pytest.raises(Refused) as refused:
        ask_report(by=cast.director, id=one.pk, due_on="05/06/2026")
    assert refused.value.code == "asked"


@pytest.mark.parametrize("role", ["nurse", "unit", "chairman", "village_worker", "stranger"])
def test_strangers_ask_for_nothing(cast, duty, role):
    with pytest.raises(Refused) as refused:
        ask_report(by=cast.users[role], id=duty("ad hoc").pk, due_on="05/06/2026")
    assert refused.value.status in (403, 404)


def test_an_unclear_duty_asks_the_reviewer_for_its_period(cast, asked):
    row = asked("periodic")
    with pytest.raises(Refused) as refused:
        accept_obligation(by=cast.officer, id=row.pk)
    assert (refused.value.code, refused.value.field) == ("no_period", "period")
    correct_obligation(by=cast.officer, id=row.pk, period="weekly")
    assert accept_obligation(by=cast.officer, id=row.pk).state == "accepted"


def test_the_review_page_shows_where_to_choose(cast, enter, asked):
    row = asked("unspecified")
    answer = enter("officer").post(f"/chi-dao/muc/{row.pk}/", {"do": "accept", "version": row.version})
    assert answer.status_code == 422
    assert "chưa rõ bao lâu báo cáo một lần" in text(answer)
    assert 'class="c-6 bad"><label class="form-label" for="f-period"' in text(answer)


def test_accepting_all_takes_unclear_duties_and_names_them(cast, enter, asked, received):
    row = asked("periodic")
    done = accept_all(by=cast.officer, id=received.pk, add_units=True)
    assert (done.left, done.unclear) == ([], [row.mark])
    issue_directive(by=cast.officer, id=received.pk)
    duty = Duty.objects.get(period_kind="periodic")
    assert not duty.periods.exists()
    shown = text(enter("officer").get(f"/chi-dao/{received.pk}/"))
    assert "Chọn kỳ" in shown


def test_a_period_is_chosen_later(cast, enter, duty):
    one = duty("unspecified")
    client = enter("officer")
    assert "Báo cáo khi có yêu cầu" in text(client.get("/bao-cao/"))
    assert "Hãy chọn kỳ" in text(client.post(f"/bao-cao/che-do/{one.pk}/ky/", {"period": ""}, follow=True)) or Duty.objects.get().period_kind == "unspecified"
    client.post(f"/bao-cao/che-do/{one.pk}/ky/", {"period": "monthly"})
    assert Duty.objects.get().period_kind == "monthly"
    assert ReportPeriod.objects.filter(period="2026-06").exists()
    with pytest.raises(Refused):
        set_duty_period(by=cast.officer, id=one.pk, period="weekly")


@pytest.mark.parametrize(("typed", "code"), [({"period": "periodic"}, "unclear"), ({"period": "one-off"}, "no_day"), ({"period": "mỗi ngày"}, "bad_choice")])
def test_a_period_that_says_nothing_is_refused(cast, duty, typed, code):
    with pytest.raises(Refused) as refused:
        set_duty_period(by=cast.officer, id=duty("periodic").pk, **typed)
    assert refused.value.code == code


def test_one_click_opens_the_report_from_the_duty(cast, enter, duty):
    one = duty("ad hoc")
    client = enter("director")
    page = text(client.get("/bao-cao/"))
    assert 'value="04/06/2026"' in page
    opened = client.post(f"/bao-cao/che-do/{one.pk}/mo/", {"due_on": "04/06/2026"}, follow=True)
    assert "Lập báo cáo" in text(opened)
    refused = client.post(f"/bao-cao/che-do/{one.pk}/mo/", {"due_on": "04/06/2026"}, follow=True)
    assert "đã được yêu cầu" in text(refused)
    assert "Mở báo cáo" not in text(enter("nurse").get("/bao-cao/"))
