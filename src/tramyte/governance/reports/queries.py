"""Named reads of report periods and reports."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.governance.reports.models import Report, ReportPeriod

SOON = 7


def periods_of(user: User) -> QuerySet[ReportPeriod]:
    """The report periods a user may see, nearest day first, each with its reports (newest first)."""
    reports = Report.objects.filter(entered_in_error=False).order_by("-sequence").defer("sections", "tables", "figures")
    rows = visible(user, ReportPeriod.objects.filter(entered_in_error=False))
    return rows.select_related("duty", "duty__unit", "duty__directive", "place").prefetch_related(Prefetch("reports", reports))


def reports_of(user: User) -> QuerySet[Report]:
    """The reports a user may see."""
    rows = visible(user, Report.objects.filter(entered_in_error=False))
    return rows.select_related("period", "period__duty", "period__duty__directive", "place", "unit", "created_by", "submitted_by", "returned_by", "approved_by", "locked_by")


@dataclass(frozen=True)
class Chip:
    """The state of a report period on a day: a slug, words, kind and icon of the chip."""

    slug: str
    words: str
    kind: str
    icon: str


CHIPS = {
    Report.DRAFT: Chip("draft", "Nháp", "off", "pencil"), Report.SUBMITTED: Chip("submitted", "Đã gửi", "blue", "send"),
    Report.RETURNED: Chip("returned", "Trả lại", "due", "arrow-back-up"), Report.APPROVED: Chip("approved", "Đã duyệt", "ok", "checks"),
    Report.LOCKED: Chip("locked", "Đã khóa", "off", "lock"),
}


def due_chip(ends_on: datetime.date | None, on: datetime.date) -> Chip:
    """How near the day of an unsent report is: overdue, due within seven days, not yet, or no day named."""
    if ends_on is None:
        return Chip("undated", "Chưa có hạn", "unk", "help")
    left = (ends_on - on).days
    if left < 0:
        return Chip("overdue", f"Quá hạn {-left}\u00a0ngày", "late", "alert-triangle")
    if left <= SOON:
        return Chip("due_soon", f"Còn {left}\u00a0ngày" if left else "Hết hạn hôm nay", "due", "clock")
    return Chip("waiting", "Chưa đến hạn", "off", "calendar")


@dataclass(frozen=True)
class Shown:
    """A report period as a list shows it: its newest report, how near its day is, how far the report is."""

    period: ReportPeriod
    report: Report | None
    chip: Chip
    due: Chip | None

    @property
    def moved(self) -> bool:
        """Whether the last day by law differs from the day as directed."""
        return self.period.ends_on != self.period.due_on

    @property
    def late_days(self) -> int:
        """How many days after its day the report was first sent; 0 in time or not sent."""
        sent = self.report.submitted_at if self.report else None
        return max(0, (sent.date() - self.period.ends_on).days) if sent and self.period.ends_on else 0


def shown(rows: Iterable[ReportPeriod], on: datetime.date) -> list[Shown]:
    """Report periods with their states for a page."""
    return [_shown(row, on) for row in rows]


def _shown(row: ReportPeriod, on: datetime.date) -> Shown:
    report = next(iter(row.reports.all()), None)
    due = due_chip(row.ends_on, on)
    if report is None:
        return Shown(row, None, due, None)
    chip = CHIPS[report.state]
    return Shown(row, report, chip, due if report.is_open and due.slug in ("overdue", "due_soon") else None)
