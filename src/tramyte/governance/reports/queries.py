"""Named reads of report periods and reports."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, places, unit_of, visible
from tramyte.governance.directives.fields import PERIODS, UNCLEAR
from tramyte.governance.reports.models import Duty, Report, ReportPeriod
from tramyte.rules.calendar import next_working_day

SOON = 7
WRITE = "reports.write"
KINDS = [(slug, words) for slug, words in PERIODS if slug not in UNCLEAR]


def periods_of(user: User) -> QuerySet[ReportPeriod]:
    """The report periods a user may see, nearest day first, each with its reports (newest first)."""
    reports = Report.objects.filter(entered_in_error=False).order_by("-sequence").defer("sections", "tables", "figures")
    rows = visible(user, ReportPeriod.objects.filter(entered_in_error=False))
    return rows.select_related("duty", "duty__unit", "duty__directive", "place").prefetch_related(Prefetch("reports", reports))


def writes(user: User, duty: Duty) -> bool:
    """Whether a user may write the report of a duty: who writes reports there, of the unit that must report.

    A duty without a unit, or the office that synthesizes (it sees the overview), is open to every writer of the place.
    """
    if duty.place_id not in places(user, WRITE):
        return False
    own = unit_of(user)
    return duty.unit_id is None or may(user, "overview.view") or own is None or own.pk == duty.unit_id


def on_request(user: User) -> QuerySet[Duty]:
    """The duties in force without a calendar that a user may see: their reports are asked for one by one."""
    rows = visible(user, Duty.objects.filter(entered_in_error=False, ended_on=None, due_on=None))
    return rows.exclude(period_kind__in=Duty.CALENDAR).select_related("unit", "directive", "place")


@dataclass(frozen=True)
class Waiting:
    """A duty without a calendar as a page shows it, with what the user may do: ask for a report, say how often."""

    duty: Duty
    asks: bool
    clears: bool


def waiting_for(user: User, duties: Iterable[Duty]) -> dict[str, Any]:
    """What the list of duties without a calendar shows: the duties with what the user may do, the periods to choose from, a next day."""
    clearing = places(user, "directives.write") if may(user, "directives.write") else set()
    rows = [Waiting(duty, writes(user, duty), duty.unclear and duty.place_id in clearing) for duty in duties]
    return {"waiting": rows, "kinds": KINDS, "next_day": next_working_day(clock.today())}


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
