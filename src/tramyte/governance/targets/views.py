"""Pages of targets: the table of all, one target, tying it to an indicator, giving its work to villages."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tramyte.engine import clock
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.rights import may, places, require, visible
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.indicators.declaring import FORMER
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import valid_on
from tramyte.engine.refused import Refused, not_found
from tramyte.governance.directives.fields import as_day, typed_day
from tramyte.governance.targets import actions, output
from tramyte.governance.targets.history import history_of
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.page import (
    chart_of,
    chart_table,
    counts_of,
    group_title,
    line_of,
    method_of,
    opens_list,
    parts_of,
    place_words,
    strip_of,
)
from tramyte.governance.targets.queries import (
    VIEW,
    Row,
    in_force,
    indicator_of,
    level_of,
    measured_place,
    rows_for,
    standings,
    targets_of,
    worst_first,
)
from tramyte.governance.targets.standing import STATES
from tramyte.governance.targets.words import number, subject_of
from tramyte.governance.tasks.models import Task

ASSIGN = "tasks.assign"
FIRST_DUE = datetime.timedelta(days=30)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Bảng chỉ tiêu: every target with level, figure, gap, trend and state."""
    require(request.user, VIEW)
    rows = rows_for(request.user)
    current = [row for row in rows if row.newer is None]
    shown, by_text = _narrowed(request, current), request.GET.get("xep") == "van-ban"
    figures = [row.standing.figure for row in rows if row.standing.figure]
    moments = [figure.computed_at for figure in figures if figure.computed_at]
    views = [
        {"label": "Đáng lo nhất trước", "url": _with(request, xep=""), "current": not by_text},
        {"label": "Theo văn bản", "url": _with(request, xep="van-ban"), "current": by_text},
    ]
    state = STATES.get(request.GET.get("trang-thai", ""))
    return render(request, "targets/list.html", {
        "lines": [line_of(request.user, row) for row in (shown if by_text else worst_first(shown))], "by_text": by_text, "views": views,
        "counts": [{**count, "url": _with(request, **{"trang-thai": count["state"].slug})} for count in counts_of(current)],
        "state": state, "all_url": _with(request, **{"trang-thai": ""}), "newer": [row for row in rows if row.newer is not None],
        "any": bool(rows), "computed": max(moments, default=None), "year": clock.today().year, "since": clock.today().year - 1,
        "as_of": max((figure.as_of for figure in figures), default=None), "year_end": datetime.date(clock.today().year, 12, 31),
        "stale": any(figure.stale for figure in figures), "writes": may(request.user, "directives.write"), "sets": may(request.user, actions.WRITE),
        "query": request.GET.urlencode(),
    })


def _with(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _narrowed(request: HttpRequest, rows: list[Row]) -> list[Row]:
    slug = request.GET.get("trang-thai", "")
    return [row for row in rows if row.standing.state.slug == slug] if slug in STATES else rows


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The table as spreadsheet or as an A4 page: the rows that the list shows, in its order."""
    require(request.user, VIEW)
    rows = _narrowed(request, [row for row in rows_for(request.user) if row.newer is None])
    ordered = rows if request.GET.get("xep") == "van-ban" else worst_first(rows)
    return output.targets_file([line_of(request.user, row) for row in ordered], form, request.user)


def found_target(user: User, id: uuid.UUID) -> Target:
    """The target with this id when the user may see it; Refused (404) otherwise."""
    require(user, VIEW)
    row = targets_of(user).select_related("obligation", "confirmed_by").filter(pk=id).first()
    if row is None:
        raise not_found("chỉ tiêu này")
    return row


@require_GET
def target(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One target: figures, trend, forecast, breakdown, who does what."""
    return _target_page(request, found_target(request.user, id))


def _target_page(request: HttpRequest, row: Target, refused: Refused | None = None) -> HttpResponse:
    one, where = indicator_of(row), measured_place(request.user, row)
    stood = standings([row], where)[0]
    head = in_force(targets_of(request.user).filter(place=row.place, indicator=row.indicator, state=Target.ACTIVE)).get(row.pk) if one else None
    line = line_of(request.user, Row(row, stood))
    subject = subject_of(row.indicator)
    context: dict[str, Any] = {
        "target": row, "line": line, "stood": stood, "indicator": one, "subject": subject, "refused": refused,
        "newer": head if head is not None and head.pk != row.pk else None, "strip": strip_of(line, subject, place_words(where, row)),
        "where": where, "opens": opens_list(request.user, row, one), "sees_directive": may(request.user, "directives.view"),
        "binds": may(request.user, actions.WRITE) and row.place_id in places(request.user, actions.WRITE) and row.state == Target.ACTIVE,
        "choices": [(code, INDICATORS[code].title) for code in sorted(INDICATORS)], "history": history_of(row),
    }
    if one is not None:
        chart = chart_of(stood, one)
        by = "hamlet" if "hamlet" in one.groups else "site"
        figures = results.breakdown(one.code, where, by)
        former = results.by_former(figures, where) if by == "hamlet" else []
        parts = parts_of(figures, row, level_of(row), one, by, opens=context["opens"])
        context |= {
            "former": parts_of(former, row, level_of(row), one, FORMER, opens=False) if any(figure.group for figure in former) else [],
            "chart": chart, "table": chart_table(chart), "method": method_of(stood), "parts": parts, "group": group_title(by), "by_hamlet": by == "hamlet",
            **_assigning(request.user, row, parts, by),
        }
    return render(request, "targets/target.html", context, status=refused.status if refused else 200)


def _assigning(user: User, row: Target, parts: list[Any], by: str) -> dict[str, Any]:
    """The form that gives hamlets their part: who can do it, who has it already."""
    if by != "hamlet" or row.state != Target.ACTIVE or not may(user, ASSIGN) or row.place_id not in places(user, ASSIGN):
        return {}
    hamlets = actions.hamlets_of_target(row)
    workers = _workers(list(hamlets.values()))
    given = visible(user, Task.objects.filter(indicator=row.indicator, place__in=hamlets.values(), state=Task.OPEN, entered_in_error=False))
    held = {task.place_id: task for task in given.select_related("assignee")}
    rows = [
        {"part": part, "workers": workers.get(hamlets[part.code].pk, []), "task": held.get(hamlets[part.code].pk)}
        for part in parts if part.missing and part.code in hamlets
    ]
    able = [one for one in rows if one["workers"]]
    return {"assign": rows, "able": len(able), "first_due": min(row.deadline, clock.today() + FIRST_DUE), "without": len(rows) - len(able)}


def _workers(hamlets: list[Place]) -> dict[uuid.UUID, list[User]]:
    """The village health workers of each hamlet today."""
    rows = Assignment.objects.filter(
        valid_on(clock.today()), role="village_worker", place__in=hamlets, entered_in_error=False, user__is_active=True)
    found: dict[uuid.UUID, list[User]] = {}
    for one in rows.select_related("user").order_by("user__full_name"):
        found.setdefault(one.place_id, []).append(one.user)
    return found


@require_POST
def bind(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Tie the target to an indicator, or untie it."""
    row = found_target(request.user, id)
    seen = request.POST.get("version", "")
    try:
        stored = actions.bind_target(
            by=request.user, id=row.pk, indicator=request.POST.get("indicator", ""), seen_version=int(seen) if seen.isdecimal() else None)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _target_page(request, row, refused)
    messages.success(request, "Đã gắn chỉ tiêu." if stored.indicator else "Đã bỏ gắn chỉ tiêu.", extra_tags="toast")
    return redirect("target", id)


@require_POST
def assign(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Give one hamlet's part, or that of all hamlets with a worker, to village health workers."""
    row = found_target(request.user, id)
    try:
        due_on = as_day(typed_day(request.POST.get("due_on"), "due_on", "Hạn"))
        tasks = actions.assign_hamlets(by=request.user, id=row.pk, parts=_chosen(request, row), due_on=due_on)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _target_page(request, row, refused)
    said = f"Đã giao {number(len(tasks))} thôn." if len(tasks) > 1 else f"Đã giao {tasks[0].place} cho {tasks[0].assignee}."
    messages.success(request, said, extra_tags="toast")
    return redirect("target", id)


def _chosen(request: HttpRequest, row: Target) -> list[tuple[Place, User | None]]:
    """The hamlets and persons that the form names; only village workers of the hamlet itself can be chosen."""
    hamlets, only = actions.hamlets_of_target(row), request.POST.get("only", "")
    workers = _workers(list(hamlets.values()))
    parts: list[tuple[Place, User | None]] = []
    for code, hamlet in hamlets.items():
        who = request.POST.get(f"who-{code}", "")
        if not who or (only and only != code):
            continue
        person = next((user for user in workers.get(hamlet.pk, []) if str(user.pk) == who), None)
        if person is None:
            raise Refused("unknown_person", f"Người được chọn không phải y tế thôn của {hamlet}. Hãy chọn lại trong danh sách.", field="assignee")
        parts.append((hamlet, person))
    return parts
