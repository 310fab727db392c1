"""What stands on Việc hôm nay of a user: tasks, reports, lists and targets, from stored results only."""

import datetime
import hashlib
from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, Min, Q
from django.urls import NoReverseMatch, reverse

from tramyte.care.maternal.queries import going_on, pregnancies
from tramyte.care.vaccination.models import Session
from tramyte.care.vaccination.queries import sessions
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import assignments, may, places, sees_people, visible
from tramyte.engine.access.roles import ROLES
from tramyte.engine.indicators.models import Outcome, Result, Standing
from tramyte.engine.jobs.models import Job
from tramyte.engine.places.models import Place
from tramyte.governance.directives.models import Directive
from tramyte.governance.directives.queries import directives_of
from tramyte.governance.reports.models import Duty, Report, ReportPeriod
from tramyte.governance.reports.queries import periods_of, reports_of
from tramyte.governance.reports.queries import shown as shown_reports
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.queries import Row, rows_for, targets_of, worst_first
from tramyte.governance.targets.words import number, subject_of
from tramyte.governance.tasks.queries import coordinated, in_state, mine, shown, tasks_of
from tramyte.station.cold_chain.queries import due_parts
from tramyte.web.pages import pressing
from tramyte.web.pages.beginning import steps_of

Content = dict[str, Any]
TASKS_LISTED, ALERTS_LISTED, REPORTS_LISTED, HAMLETS_LISTED = 8, 6, 4, 40
CARD_DAYS, REPORT_DAYS, SOON_DAYS = 30, 14, 7
ONE_DAY, SOON = datetime.timedelta(days=1), datetime.timedelta(days=SOON_DAYS)
CARDS, CHECKUPS, RECORDS = "BH01", "SK02", "SK01"
# Lists of children to be seen again: label, indicator.
CHILDREN = (  # words, indicator, the page of its list
    ("Trẻ tới 1 tuổi còn thiếu mũi", "TC01", "immunization-list"), ("Trẻ suy dinh dưỡng cấp cần khám lại", "DD06", "nutrition-list"),
    ("Trẻ chững tăng trưởng cần cân lại", "DD08", "nutrition-list"))
# Births of which mother and child are still to be seen: label, indicator.
MOTHERS = (("Khám tuần đầu sau sinh", "BM08"), ("Khám trong 42 ngày sau sinh", "BM07"))
LONGEST_PHRASE = 70


def address(name: str, *arguments: object, query: str = "") -> str:
    """The address of a page with a query; empty where this house has no such page."""
    try:
        return reverse(name, args=[str(one) for one in arguments]) + query
    except NoReverseMatch:
        return ""


def rights_of(user: User) -> str:
    """A digest of the roles, places and units a user holds today."""
    held = sorted(f"{one.role} {one.place_id} {one.unit_id}" for one in assignments(user))
    return hashlib.sha256("\n".join(held).encode()).hexdigest()


def compose(user: User, on: datetime.date) -> Content:
    """The content of a user's home page on a day, as plain values.

    Keys: `due` rows (label, overdue, today, soon, urls, first), `tasks`, `lists` (by hamlet), `alerts`, `system`, `begin`, `pressing` (see there), `parts` of the day.
    Nothing here computes an indicator and nothing names a person.
    """
    return {
        "due": [row for part in (_task_rows, _report_row, _card_row, _session_row, _mother_rows, _child_rows) for row in part(user, on)],
        "tasks": _tasks(user, on),
        "lists": _lists(user, on),
        "alerts": [alert for part in _ALERTS for alert in part(user, on)],
        "system": _system(user),
        "begin": steps_of(user),
        "pressing": pressing.rows(user, on),
        "parts": due_parts(on),
    }


# ---- due and overdue


def _tally(rows: Any, on: datetime.date, name: str = "ends_on") -> dict[str, int]:
    soon = on + datetime.timedelta(days=SOON_DAYS)
    return rows.order_by().aggregate(
        overdue=Count("pk", filter=Q(**{f"{name}__lt": on})), today=Count("pk", filter=Q(**{name: on})),
        soon=Count("pk", filter=Q(**{f"{name}__gt": on, f"{name}__lte": soon})))


def _first(title: str, note: str, url: str) -> dict[str, str]:
    return {"title": title, "note": note, "url": url}


def _task_rows(user: User, on: datetime.date) -> list[Content]:
    if not may(user, "tasks.view"):
        return []
    every = in_state(tasks_of(user), "open", on)
    groups = [("Nhiệm vụ của tôi và đơn vị tôi", mine(user, every), "cua-toi=1&")]
    if not may(user, "tasks.assign") and sees_people(user) and not mine(user, every).exists():
        groups = [("Nhiệm vụ trong địa bàn", every, "")]
    elif may(user, "tasks.assign"):
        groups.append(("Nhiệm vụ của cả xã", every, ""))
    shared = coordinated(user, every)
    if shared.exists():
        groups.append(("Nhiệm vụ đơn vị tôi phối hợp", shared, "phoi-hop=1&"))
    made = []
    for label, rows, who in groups:
        ahead = rows.filter(ends_on__isnull=False).order_by("ends_on", "created_at").first()
        pressing = ahead is not None and ahead.ends_on <= on + datetime.timedelta(days=SOON_DAYS)
        first = _first(ahead.title, shown([ahead], on)[0].words, address("task", ahead.pk)) if ahead and pressing else None
        made.append({
            "label": label, **_tally(rows, on), "first": first,
            "overdue_url": address("tasks", query=f"?{who}trang-thai=qua-han"), "soon_url": address("tasks", query=f"?{who}trang-thai=sap-den-han"),
        })
    return made


def _report_row(user: User, on: datetime.date) -> list[Content]:
    if not may(user, "reports.view") or not places(user, "reports.view"):
        return []
    waiting = _unsent(user).filter(ends_on__gte=on - datetime.timedelta(days=366))
    ahead = waiting.order_by("ends_on").select_related("duty", "duty__unit").first()
    url = address("reports")
    first = _first(report_words(ahead), f"{ahead.duty.unit or ahead.duty.who or 'Các đơn vị'} · hạn {ahead.ends_on:%d/%m/%Y}", url) if ahead else None
    return [{"label": "Báo cáo phải gửi", **_tally(waiting, on), "first": first, "overdue_url": url, "soon_url": url}]


def report_words(period: ReportPeriod) -> str:
    """ "Báo cáo 6 tháng đầu năm 2026"; for a report that follows no calendar, what the document asks for. """
    if period.duty.period_kind in Duty.CALENDAR or not period.duty.phrase:
        title = period.calendar.title
        return f"Báo cáo {title[:1].lower()}{title[1:]}"
    words = " ".join(period.duty.phrase.split())
    cut = words if len(words) <= LONGEST_PHRASE else f"{words[:LONGEST_PHRASE].rsplit(' ', 1)[0]}…"
    return f"{cut[:1].upper()}{cut[1:]}"


def _unsent(user: User) -> Any:
    """The report periods with a day for which nothing was sent, of the user's unit when it is only a unit's."""
    sent = (Report.SUBMITTED, Report.APPROVED, Report.LOCKED)
    rows = periods_of(user).filter(ends_on__isnull=False).prefetch_related(None)
    done = Report.objects.filter(state__in=sent, entered_in_error=False).values("period")
    rows = rows.exclude(pk__in=done)
    if may(user, "reports.write") or may(user, "reports.approve") or sees_people(user):
        return rows
    units = {held.unit_id for held in assignments(user) if held.unit_id}
    return rows.filter(duty__unit__in=units) if units else rows


def _card_row(user: User, on: datetime.date) -> list[Content]:
    if not sees_people(user):
        return []
    rows = Outcome.objects.filter(indicator=CARDS, place__in=places(user, "people.view", personal=True), due_on__isnull=False)
    soon = on + datetime.timedelta(days=SOON_DAYS)
    tally = rows.order_by().aggregate(
        overdue=Count("pk", filter=Q(met=False, due_on__lte=on)),
        today=Count("pk", filter=Q(met=True, due_on=on + ONE_DAY)),
        soon=Count("pk", filter=Q(met=True, due_on__gt=on + ONE_DAY, due_on__lte=soon)))
    worst = rows.filter(met=False, due_on__lte=on).order_by().values("place__name").annotate(n=Count("pk")).order_by("-n", "place__name").first()
    url = worklist_url(user, CARDS)
    first = _first(worst["place__name"], f"{number(worst['n'])} người hết hạn thẻ", url) if worst else None
    return [{"label": "Thẻ BHYT hết hạn", **tally, "first": first, "overdue_url": url, "soon_url": cards_url(on, soon - ONE_DAY)}]


def _child_rows(user: User, on: datetime.date) -> list[Content]:
    """The children of each list by the day on which they are to be seen again; lists that are empty are left out."""
    if not sees_people(user):
        return []
    allowed, made = places(user, "people.view", personal=True), []
    for label, code, page in CHILDREN:
        rows = Outcome.objects.filter(indicator=code, place__in=allowed, due_on__isnull=False).exclude(met=True)
        tally, url = _tally(rows, on, "due_on"), address(page, code)
        worst = rows.filter(due_on__lte=on).order_by().values("place__name").annotate(n=Count("pk")).order_by("-n", "place__name").first()
        first = _first(worst["place__name"], f"{number(worst['n'])} trẻ đến hạn", url) if worst else None
        if any(tally.values()):
            made.append({"label": label, **tally, "first": first, "overdue_url": url, "soon_url": url})
    return made


def _mother_rows(user: User, on: datetime.date) -> list[Content]:
    """Antenatal visits by their day, and births by the day until which mother and child are to be seen; rows without anybody are left out."""
    if not sees_people(user) or not may(user, "maternal.view"):
        return []
    open_now = visible(user, pregnancies()).filter(going_on(on))
    due, late = (address("register", "pregnancies", query=query) for query in ("", "?state=late"))
    made = [("Khám thai đến hẹn", "thai phụ", open_now, "next_due", "person__hamlet__name", late, due)]
    for label, code in MOTHERS:
        rows = Outcome.objects.filter(indicator=code, place__in=places(user, "maternal.view", personal=True), due_on__isnull=False, met=None)
        made.append((label, "sản phụ", rows, "due_on", "place__name", *[address("maternal-list", code)] * 2))
    found = []
    for label, who, rows, name, where, overdue_url, soon_url in made:
        if any((tally := _tally(rows, on, name)).values()):
            most = rows.filter(**{f"{name}__lte": on + SOON}).order_by().values(where).annotate(n=Count("pk")).order_by("-n", where).first()
            first = _first(most[where], f"{number(most['n'])} {who}", soon_url) if most else None
            found.append({"label": label, **tally, "first": first, "overdue_url": overdue_url, "soon_url": soon_url})
    return found


def _session_row(user: User, on: datetime.date) -> list[Content]:
    """Vaccination sessions by their day, those of which the day has passed without being held first."""
    if not sees_people(user) or not may(user, "care.write"):
        return []
    rows = visible(user, sessions(), "care.write").filter(state__in=[Session.PLANNED, Session.OPEN])
    ahead, url = rows.order_by("on", "pk").first(), address("vaccinations")
    if ahead is None:
        return []
    expected = ahead.people.filter(entered_in_error=False).count()
    first = _first(f"Buổi tiêm {ahead.on:%d/%m/%Y}", f"{ahead.site} · {number(expected)} người", address("vaccination", ahead.pk))
    return [{"label": "Buổi tiêm chủng", **_tally(rows, on, "on"), "first": first, "overdue_url": url, "soon_url": url}]


def cards_url(first: datetime.date, last: datetime.date, hamlet: str = "") -> str:
    """The register of insurance cards that end between two days, both included, in a hamlet or everywhere."""
    within = f"&person.hamlet={hamlet}" if hamlet else ""
    return address("register", "coverages", query=f"?from={first:%d/%m/%Y}&to={last:%d/%m/%Y}{within}")


def worklist_url(user: User, code: str) -> str:
    """The list behind an indicator's gap (for roles of figures: the target's page), else the page of all targets."""
    found = targets_of(user).filter(indicator=code, state=Target.ACTIVE).order_by("created_at").values_list("pk", flat=True).last()
    return address("target-worklist" if sees_people(user) else "target", found) if found else address("targets")


# ---- tasks by name


def _tasks(user: User, on: datetime.date) -> list[Content]:
    """The tasks to do first, with their state; of the user and the unit, of the own place for a village worker."""
    if not may(user, "tasks.view"):
        return []
    rows = in_state(tasks_of(user), "open", on)
    own = mine(user, rows)
    rows = own if own.exists() or may(user, "tasks.assign") or not sees_people(user) else rows
    near = rows.filter(ends_on__lte=on + datetime.timedelta(days=SOON_DAYS))[:TASKS_LISTED]
    return [
        {"title": one.task.title, "url": address("task", one.task.pk), "words": one.words, "kind": one.state.kind, "icon": one.state.icon,
         "note": " · ".join(part for part in (str(one.task.directive or ""), str(one.task.unit or "")) if part)}
        for one in shown(near, on)]


# ---- worklists by hamlet


def _lists(user: User, on: datetime.date) -> Content:
    """How many people each hamlet still has on the lists of cards, check-ups and records; zeros are kept."""
    if not may(user, "figures.view"):
        return {}
    allowed = places(user, "figures.view")
    counts = _missing(allowed, on)
    if not any(counts.values()):
        return {}
    hamlets = list(Place.objects.filter(pk__in=allowed, kind=Place.HAMLET, valid_to=None).order_by("code")[:HAMLETS_LISTED])
    codes = (CARDS, CHECKUPS, RECORDS)
    people = sees_people(user)
    ending = _ending(allowed, on) if people else {}
    urls = {code: worklist_url(user, code) for code in codes}
    rows = [{
        "name": hamlet.name, "code": hamlet.code, "ending": ending.get(hamlet.pk, 0) if people else None,
        "ending_url": cards_url(on, on + datetime.timedelta(days=CARD_DAYS - 1), hamlet.code) if people else "",
        "cells": [{"count": counts[code].get(hamlet.pk, 0), "url": _within(urls[code], hamlet.code)} for code in codes],
    } for hamlet in hamlets]
    return {
        "rows": rows, "people": people, "hamlets": len(rows),
        "total": {"ending": sum(ending.values()), "cells": [{"count": sum(counts[code].values()), "url": urls[code]} for code in codes]},
        "as_of": _as_of(codes),
    }


def _within(url: str, hamlet: str) -> str:
    return f"{url}?thon={hamlet}" if url and "?" not in url else url


def _missing(allowed: set[Any], on: datetime.date) -> dict[str, dict[Any, int]]:
    month = f"{on:%Y-%m}"
    rows = Result.objects.filter(indicator__in=(CARDS, CHECKUPS, RECORDS), period=month, group_kind="", place__in=allowed)
    found: dict[str, dict[Any, int]] = {CARDS: {}, CHECKUPS: {}, RECORDS: {}}
    for code, place, left in rows.order_by().values_list("indicator", "place", F("denominator") - F("numerator")):
        found[code][place] = left
    return found


def _ending(allowed: set[Any], on: datetime.date) -> dict[Any, int]:
    until = on + datetime.timedelta(days=CARD_DAYS)
    rows = Outcome.objects.filter(indicator=CARDS, met=True, due_on__gt=on, due_on__lte=until, place__in=allowed)
    return dict(rows.order_by().values_list("place").annotate(n=Count("pk")))


def _as_of(codes: tuple[str, ...]) -> str:
    oldest = Standing.objects.filter(pk__in=codes).aggregate(at=Min("computed_at"))["at"]
    return oldest.astimezone(clock.ZONE).isoformat() if oldest else ""


# ---- what needs attention


def _behind(user: User, on: datetime.date) -> list[Content]:
    """The targets that are hard to reach or at risk, with what is missing."""
    if not may(user, "figures.view"):
        return []
    rows = [row for row in worst_first(rows_for(user)) if row.newer is None and row.standing.state.slug in ("hard", "missed", "at_risk")]
    return [{
        "title": f"{title_of(row)}: {row.standing.state.words.lower()}", "note": gap_words(row), "kind": row.standing.state.kind,
        "icon": row.standing.state.icon, "url": address("target", row.target.pk),
    } for row in rows[:ALERTS_LISTED]]


def title_of(row: Row) -> str:
    """What a target is called on a page of many: its indicator's short name, else its own words."""
    if row.indicator is None:
        return row.target.phrase
    return row.indicator.title.removeprefix("Tỷ lệ ")[:1].upper() + row.indicator.title.removeprefix("Tỷ lệ ")[1:]


def gap_words(row: Row) -> str:
    """ "còn thiếu 544 người · giao ≥ 98 %". """
    gap, noun = row.standing.gap, subject_of(row.target.indicator).noun
    parts = [f"còn thiếu {number(gap)} {noun}" if gap else "", f"giao {row.standing.level}", f"hạn {row.target.deadline:%d/%m/%Y}"]
    return " · ".join(part for part in parts if part)


def _reports_due(user: User, on: datetime.date) -> list[Content]:
    if not may(user, "reports.view"):
        return []
    made: list[Content] = []
    near = _unsent(user).filter(ends_on__lte=on + datetime.timedelta(days=REPORT_DAYS), ends_on__gte=on - datetime.timedelta(days=366))
    waiting = shown_reports(periods_of(user).filter(pk__in=near.values("pk")), on)
    for one in sorted(waiting, key=lambda one: abs((one.period.ends_on - on).days))[:REPORTS_LISTED]:
        chip = one.due or one.chip
        state = f" · {one.chip.words.lower()}" if one.report else " · chưa lập"
        url = address("report", one.report.pk) if one.report else address("report-period", one.period.pk)
        made.append({
            "title": f"{report_words(one.period)}: {chip.words.lower()}", "kind": chip.kind, "icon": "file-alert", "url": url,
            "note": f"{one.period.duty.unit or one.period.duty.who or 'Các đơn vị'} · gửi chậm nhất {one.period.ends_on:%d/%m/%Y}{state}"})
    if may(user, "reports.approve"):
        waiting = reports_of(user).filter(state=Report.SUBMITTED).count()
        if waiting:
            made.append({"title": f"{waiting} báo cáo chờ duyệt", "note": "Duyệt hoặc trả lại kèm lý do", "kind": "blue", "icon": "send", "url": address("reports")})
    return made


def _reviews(user: User, on: datetime.date) -> list[Content]:
    if not may(user, "directives.write"):
        return []
    rows = list(directives_of(user).filter(state=Directive.REVIEWING)[:ALERTS_LISTED])
    return [{
        "title": f"Rà soát {row}", "note": f"{row.total - row.decided} mục chờ quyết · đến {row.arrived_on:%d/%m/%Y}", "kind": "due",
        "icon": "gavel", "url": address("directive", row.pk)} for row in rows]


_ALERTS: tuple[Callable[[User, datetime.date], list[Content]], ...] = (_reviews, _reports_due, _behind)


def _system(user: User) -> Content:
    """For whoever keeps the system: users and jobs that failed lately."""
    if not may(user, "users.manage"):
        return {}
    since = clock.now() - datetime.timedelta(days=7)
    return {"users": User.objects.filter(is_active=True).count(), "failed": Job.objects.filter(state="failed", created_at__gte=since).count(),
            "url": address("system"), "jobs_url": address("system-jobs"), "users_url": address("system-users")}


def role_words(user: User) -> str:
    """The titles of the user's roles."""
    return ", ".join(dict.fromkeys(ROLES[held.role].title for held in assignments(user)))
