"""From a duty to its dated periods: kinds, clashing calendars, boundary days, holidays."""

import datetime

import pytest

from tramyte.governance.reports.due import Asked, dated_periods
from tramyte.governance.reports.models import Duty, ReportPeriod
from tramyte.governance.reports.queries import due_chip
from tramyte.governance.reports.spans import span_of

SINCE = datetime.date(2026, 1, 5)
ON = datetime.date(2026, 6, 3)
H1, H2 = "2026-H1", "2026-H2"
MONTHLY_25 = [(f"2026-{m:02d}", f"2026-{m:02d}-25") for m in range(1, 13)]
QUARTERS = [("2026-Q1", "2026-03-20"), ("2026-Q2", "2026-06-20"), ("2026-Q3", "2026-09-20"), ("2026-Q4", "2026-12-20")]


@pytest.mark.parametrize(("asked", "wanted"), [
    (Asked("semiannual", 6, 10, due_phrase="trước ngày 10 tháng 6"), [(H1, "2026-06-09")]),
    (Asked("semiannual", 6, 10, due_phrase="chậm nhất ngày 10 tháng 6"), [(H1, "2026-06-10")]),
    (Asked("semiannual", 7, 5), [(H1, "2026-07-05")]),
    (Asked("semiannual", 8, 5), [(H1, "2026-08-05")]),
    (Asked("semiannual", 12, 15), [(H2, "2026-12-15")]),
    (Asked("semiannual", 1, 10), [("2025-H2", "2026-01-10")]),
    (Asked("semiannual", None, 20), [(H1, "2026-06-20"), (H2, "2026-12-20")]),
    (Asked("semiannual", None, 5), [("2025-H2", "2026-01-05"), (H1, "2026-07-05")]),
    (Asked("annual", 11, 10, due_phrase="trước ngày 10 tháng 11"), [("2026", "2026-11-09")]),
    (Asked("annual", 1, 15), [("2025", "2026-01-15")]),
    (Asked("annual", 12, 1, due_phrase="trước ngày 01/12"), [("2026", "2026-11-30")]),
    (Asked("quarterly", None, 20), QUARTERS),
    (Asked("quarterly", 4, 5), [("2026-Q1", "2026-04-05")]),
    (Asked("quarterly", 9, 20), [("2026-Q3", "2026-09-20")]),
    (Asked("monthly", None, 25), MONTHLY_25),
    (Asked("monthly", None, 5)  , [("2025-12", "2026-01-05"), *((f"2026-{m:02d}", f"2026-{m + 1:02d}-05") for m in range(1, 12))]),
    (Asked("monthly", None, 31), [("2026-01", "2026-01-31"), ("2026-02", "2026-02-28")]),
    (Asked("monthly", 6, 25), [("2026-06", "2026-06-25")]),
    (Asked("one-off", due_on=datetime.date(2026, 7, 1), due_phrase="trước ngày 01/7/2026"), [("2026", "2026-06-30")]),
    (Asked("ad hoc", due_on=datetime.date(2025, 2, 15)), [("2025", "2025-02-15")]),
    (Asked("semiannual"), [("2025-H2", None), (H1, None), (H2, None)]),
    (Asked("annual"), [("2026", None)]),
    (Asked("ad hoc"), []), (Asked("unspecified"), []), (Asked("daily"), []), (Asked("periodic"), []), (Asked("one-off"), []),
])
def test_periods_of_a_duty(asked, wanted):
    found = [(period.code, day and day.isoformat()) for period, day in dated_periods(asked, SINCE, ON)]
    if asked.due_day == 31:
        assert found[:2] == wanted and len(found) == 12
    elif asked == Asked("semiannual"):
        assert found == wanted[1:]
    else:
        assert found == wanted


@pytest.mark.parametrize(("phrase", "first", "last"), [
    ("trước 16 giờ thứ Sáu hằng tuần", ("2026-W19", "2026-05-08"), ("2026-W26", "2026-06-26")),
    ("trước thứ 6 hằng tuần", ("2026-W19", "2026-05-07"), ("2026-W26", "2026-06-25")),
    ("chậm nhất thứ Hai", ("2026-W19", "2026-05-11"), ("2026-W26", "2026-06-29")),
    ("vào Chủ nhật", ("2026-W19", "2026-05-10"), ("2026-W26", "2026-06-28")),
    ("", ("2026-W19", "2026-05-10"), ("2026-W26", "2026-06-28")),
])
def test_weeks_have_the_printed_weekday_or_their_last_day(phrase, first, last):
    found = [(period.code, day.isoformat()) for period, day in dated_periods(Asked("weekly", due_phrase=phrase), SINCE, ON)]
    assert (found[0], found[-1], len(found)) == (first, last, 8)


def test_weeks_before_the_document_came_are_not_asked_for():
    assert dated_periods(Asked("weekly"), ON, ON)[0] == (span_of("2026-W23"), datetime.date(2026, 6, 7))


@pytest.mark.parametrize(("code", "start", "end", "kind", "title"), [
    ("2026-W23", "2026-06-01", "2026-06-07", "week", "Tuần 23 năm 2026 (từ 01/06 đến 07/06/2026)"),
    ("2026-W01", "2025-12-29", "2026-01-04", "week", "Tuần 1 năm 2026 (từ 29/12 đến 04/01/2026)"),
    ("2026-06-09", "2026-01-01", "2026-06-09", "day", "Đến ngày 09/06/2026"),
    ("2026-01-20", "2025-01-01", "2026-01-20", "day", "Đến ngày 20/01/2026"),
    ("2026-H1", "2026-01-01", "2026-06-30", "half", "6 tháng đầu năm 2026"),
])
def test_spans_by_code(code, start, end, kind, title):
    span = span_of(code)
    assert (span.code, span.start.isoformat(), span.end.isoformat(), span.kind, span.title) == (code, start, end, kind, title)


@pytest.mark.parametrize("code", ["2026-W60", "2026-13-01", "2026-02-30", "tuần 5"])
def test_codes_of_no_span_are_refused_with_a_sentence(code):
    with pytest.raises(ValueError, match="Hãy viết"):
        span_of(code)


def test_a_week_written_after_its_end_is_told_with_the_month_it_ends_in():
    assert span_of("2026-W22").until(datetime.date(2026, 6, 3)) == datetime.date(2026, 5, 31)
    assert span_of("2026-W23").until(datetime.date(2026, 6, 10)) == datetime.date(2026, 6, 10)


def test_the_horizon_rolls_into_the_next_year_in_autumn():
    asked = Asked("monthly", None, 25)
    assert dated_periods(asked, SINCE, datetime.date(2026, 9, 30))[-1][0].code == "2026-12"
    assert dated_periods(asked, SINCE, datetime.date(2026, 12, 1))[-1][0].code == "2027-02"


def test_days_before_the_document_came_are_not_asked_for():
    late = dated_periods(Asked("semiannual", 6, 10, due_phrase="trước ngày 10/6"), datetime.date(2026, 6, 10), ON)
    assert late == []
    last = dated_periods(Asked("semiannual", 6, 10, due_phrase="trước ngày 10/6"), datetime.date(2026, 6, 9), ON)
    assert [day.isoformat() for _, day in last] == ["2026-06-09"]


@pytest.mark.parametrize(("directed", "by_law"), [
    ("2026-06-09", "2026-06-09"),          # a Tuesday
    ("2026-06-06", "2026-06-08"),          # a Saturday
    ("2026-06-07", "2026-06-08"),          # a Sunday
    ("2026-09-02", "2026-09-03"),          # Quốc khánh
    ("2026-04-30", "2026-05-04"),          # 30/4, 1/5 and the weekend
])
@pytest.mark.django_db
def test_a_day_off_moves_the_end_by_law_and_keeps_the_directed_day(cast, directed, by_law):
    duty = Duty.objects.create(place=cast.commune, period_kind="one-off", starts_on=SINCE)
    row = ReportPeriod.objects.create(place=cast.commune, duty=duty, period="2026", due_on=datetime.date.fromisoformat(directed))
    row.refresh_from_db()
    assert row.due_on.isoformat() == directed and row.ends_on.isoformat() == by_law


@pytest.mark.parametrize(("days", "slug", "words"), [
    (-1, "overdue", "Quá hạn 1\u00a0ngày"), (0, "due_soon", "Hết hạn hôm nay"), (7, "due_soon", "Còn 7\u00a0ngày"), (8, "waiting", "Chưa đến hạn"),
])
def test_chips_at_the_boundary_days(days, slug, words):
    chip = due_chip(ON + datetime.timedelta(days=days), ON)
    assert (chip.slug, chip.words) == (slug, words) and chip.icon


def test_a_report_without_a_day_is_never_late():
    assert due_chip(None, ON).slug == "undated"
