"""The lists of adverse events: which rows a tab shows, and what is said of each."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tramyte.care.adverse_events import statutory
from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.adverse_events.queries import events, open_events, present
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible

TABS = {"theo-doi": "Đang theo dõi", "nang": "Tai biến nặng", "nam": "12 tháng qua"}
YEAR = 365


def rows_of(user: User, tab: str) -> QuerySet[AdverseEvent]:
    """The events of a tab that this user may see; what presses first comes first."""
    rows = open_events() if tab == "theo-doi" else events().order_by("-onset_on", "-pk")
    if tab == "nang":
        rows = rows.filter(severe=True)
    elif tab == "nam":
        rows = rows.filter(onset_on__gte=clock.today() - datetime.timedelta(days=YEAR))
    return visible(user, rows)


@dataclass(frozen=True)
class Line:
    """One event of a list. state: kind, words and icon of the chip."""

    event: AdverseEvent
    vaccines: str
    state: tuple[str, str, str]


def lines_of(rows: Sequence[AdverseEvent]) -> list[Line]:
    """The lines of these events, whose doses were fetched."""
    now = present()
    return [Line(row, statutory.vaccines(row), state_of(row, now)) for row in rows]


def state_of(event: AdverseEvent, now: datetime.datetime) -> tuple[str, str, str]:
    """The chip of an event: what is to be done next, else how it ended."""
    if event.waits_for_report:
        return "late", hours_words(event, now), "urgent"
    if event.is_open:
        due = event.follow_up_on
        if due and due > now.date():
            return "off", f"Hỏi lại {due:%d/%m/%Y}", "calendar"
        return "due", "Đến hạn hỏi lại", "clock"
    return ("ok" if event.outcome == "recovered" else "unk" if event.outcome == "unknown" else "late"), str(event.get_outcome_display()).capitalize(), ""


def hours_words(event: AdverseEvent, now: datetime.datetime) -> str:
    """How long there is to report a severe event: "Còn 5 giờ 20 phút để báo cáo", "Quá hạn báo cáo 3 giờ"."""
    return left_words(event.report_until, now)


def left_words(until: datetime.datetime, now: datetime.datetime) -> str:
    """The same of a moment until which it is to be reported."""
    left = until - now
    minutes = int(abs(left).total_seconds() // 60)
    span = f"{minutes // 60} giờ {minutes % 60} phút" if minutes >= 60 else f"{minutes} phút"
    span = span if minutes < 48 * 60 else f"{minutes // 1440} ngày"
    return f"Còn {span} để báo cáo" if left >= datetime.timedelta(0) else f"Quá hạn báo cáo {span}"

