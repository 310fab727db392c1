"""Pages of tasks: the follow-up board by unit, one task, giving a task, reminders."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tramyte.engine import clock
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.rights import home_place, may, no_right, places, require
from tramyte.engine.actions.models import id_in
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.documents import files
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import below, commune_of, valid_on
from tramyte.engine.refused import Refused, not_found
from tramyte.governance.directives.queries import units_around
from tramyte.governance.directives.views import as_download
from tramyte.governance.tasks import actions, coordinating
from tramyte.governance.tasks.models import ProgressNote, Reminder, Task
from tramyte.governance.tasks.queries import (
    by_unit,
    coordinated,
    in_state,
    is_own,
    mine,
    partner_unit,
    people_to_remind,
    seen,
    shown,
    tasks_of,
)
from tramyte.governance.tasks.states import STATES

PAGE = 20
WHOSE = {"cua-toi": "Việc của tôi", "phoi-hop": "Phối hợp"}
FILTERS = {"qua-han": "overdue", "sap-den-han": "due_soon", "dung-han": "on_time", "chua-co-han": "undated", "dang-lam": "open",
           "hoan-thanh": "done", "tre-han": "done_late", "da-huy": "cancelled"}
HISTORY = {"assign_task": "giao hoặc sửa nhiệm vụ", "assign_part": "giao phần việc", "report_progress": "báo tiến độ", "complete_task": "báo hoàn thành",
           "reopen_task": "mở lại", "cancel_task": "hủy", "close_bound": "đóng vì chỉ tiêu đã đạt", "open_occurrence": "mở kỳ mới", "reopen_bound": "mở lại vì số lại dưới mức giao",
           "fall_back": "đánh dấu: số lại dưới mức giao", "meet_again": "bỏ dấu: số lại đạt"}
FIELDS = ("title", "text", "unit", "assignee", "coordinating", "starts_on", "due_on", "recurrence")


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Theo dõi nhiệm vụ, by unit, worst first."""
    require(request.user, "tasks.view")
    today = clock.today()
    everything = tasks_of(request.user)
    rows, chips = _filtered(request, everything)
    units = by_unit(_own(request, everything), today)
    sums = {slug: sum(row.counts.get(slug, 0) for row in units) for slug in STATES}
    slugs = {slug: name for name, slug in FILTERS.items()}
    strip = [{"label": STATES[slug].words[:1].upper() + STATES[slug].words[1:], "value": sums[slug], "url": _with(request, **{"trang-thai": slugs[slug]}) if sums[slug] else ""}
             for slug in ("overdue", "due_soon", "on_time", "done")]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    views = [{"label": words, "url": _with(request, **{name: "1" if name == slug else "" for name in WHOSE}), "current": _whose(request) == slug}
             for slug, words in (("", "Tất cả"), *WHOSE.items())]
    return render(request, "tasks/board.html", {
        "units": units, "figures": strip, "page": page, "shown": shown(page.object_list, today), "chips": chips, "views": views,
        "assigns": may(request.user, actions.ASSIGN), "any": everything.exists(), "filters": FILTERS,
    })


def _whose(request: HttpRequest) -> str:
    return next((name for name in WHOSE if request.GET.get(name)), "")


def _own(request: HttpRequest, rows: Any) -> Any:
    """Of these tasks those of the user and the user's unit, or those that the unit coordinates, as the address asks."""
    narrow = {"cua-toi": mine, "phoi-hop": coordinated}.get(_whose(request))
    return narrow(request.user, rows) if narrow else rows


def _with(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _filtered(request: HttpRequest, rows: Any) -> tuple[Any, list[dict[str, str]]]:
    """The tasks that the address asks for (open ones when it asks for nothing), with a chip for each filter."""
    chips = []
    rows = _own(request, rows)
    slug = FILTERS.get(request.GET.get("trang-thai", ""))
    if slug:
        words = STATES[slug].words if slug in STATES else "đang làm"
        chips.append({"label": "Trạng thái", "value": words, "url": _with(request, **{"trang-thai": ""})})
    for name, label, column in (("don-vi", "Đơn vị", "unit"), ("van-ban", "Văn bản", "directive"), ("nguoi", "Người làm", "assignee")):
        wanted = id_in(request.GET.get(name, ""))
        if wanted:
            rows = rows.filter(**{f"{column}_id": wanted})
            one = rows.first()
            chips.append({"label": label, "value": str(getattr(one, column)) if one else "không có", "url": _with(request, **{name: ""})})
    if request.GET.get("trang-thai") == "tat-ca":
        return rows, chips
    return in_state(rows, slug or "open", clock.today()), chips


def _found(request: HttpRequest, id: uuid.UUID) -> Task:
    require(request.user, "tasks.view")
    found = seen(request.user).select_related("unit", "assignee", "directive", "obligation", "place", "series").filter(pk=id).first()
    if found is None:
        raise not_found("nhiệm vụ này")
    return found


@require_GET
def task_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One task: who, until when, how far, what proves it, what happened."""
    return _task_page(request, _found(request, id))


def _task_page(request: HttpRequest, task: Task, *, refused: Refused | None = None, typed: QueryDict | None = None) -> HttpResponse:
    today = clock.today()
    assigns = may(request.user, actions.ASSIGN) and task.place_id in places(request.user, actions.ASSIGN)
    entries = AuditEntry.objects.filter(object_id=str(task.pk), action__in=HISTORY).order_by("-seq")[:30]
    names = dict(User.objects.filter(username__in={entry.username for entry in entries}).values_list("username", "full_name"))
    history = [{"day": entry.at.astimezone(clock.ZONE).date(), "title": names.get(entry.username, entry.username or "Hệ thống"), "text": HISTORY[entry.action], "meta": entry.note} for entry in entries]
    parts = shown(task.occurrences.filter(entered_in_error=False).select_related("unit", "assignee", "place"), today) if task.is_head else []
    return render(request, "tasks/task.html", {
        "task": task, "row": shown([task], today)[0], "notes": task.notes.filter(entered_in_error=False).select_related("author"),
        "partners": task.coordinations.filter(entered_in_error=False).select_related("unit"), "units": units_around(task.place) if assigns else [],
        "shares": partner_unit(request.user, task) if task.state == Task.OPEN and may(request.user, actions.PROGRESS) and not is_own(request.user, task) else None,
        "milestones": task.milestones.filter(entered_in_error=False), "history": history, "parts": parts, "assigns": assigns,
        "tells": task.state == Task.OPEN and (assigns or is_own(request.user, task)) and may(request.user, actions.PROGRESS),
        "people": people_to_remind(task, today) if assigns else [], "refused": refused, "typed": typed or {},
        "sees_directive": may(request.user, "directives.view"),
        "fell": f"Nhiệm vụ đã đóng vì đạt, nhưng từ {task.fell_on:%d/%m/%Y} số của địa bàn lại dưới mức giao. Hết hạn nên không tự mở lại." if task.fell_on else "",
    }, status=refused.status if refused else 200)


@require_POST
def act(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One button of a task's page: progress, complete, reopen, cancel, remind, milestone."""
    task = _found(request, id)
    chosen = _ACTS.get(request.POST.get("do", ""))
    if chosen is None:
        raise Refused("bad_choice", "Nút này không còn trên trang. Hãy tải lại trang.")
    try:
        said = chosen(request, task)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _task_page(request, _found(request, id), refused=refused, typed=request.POST)
    messages.success(request, said, extra_tags="toast")
    return redirect("task", id)


def _proof(request: HttpRequest) -> dict[str, Any]:
    file = request.FILES.get("evidence")
    return {"text": request.POST.get("text", ""), "link": request.POST.get("link", ""), "evidence": (file.name or "", file.read()) if file else None}


def _progress(request: HttpRequest, task: Task) -> str:
    done = actions.report_progress(by=request.user, id=task.pk, percent=request.POST.get("percent"), **_proof(request))
    return "Đã ghi hoàn thành nhiệm vụ." if done.state == Task.DONE else f"Đã ghi tiến độ {done.progress}\u00a0%."


def _complete(request: HttpRequest, task: Task) -> str:
    actions.complete_task(by=request.user, id=task.pk, **_proof(request))
    return "Đã ghi hoàn thành nhiệm vụ."


def _reopen(request: HttpRequest, task: Task) -> str:
    actions.reopen_task(by=request.user, id=task.pk, reason=request.POST.get("reason", ""))
    return "Đã mở lại nhiệm vụ."


def _cancel(request: HttpRequest, task: Task) -> str:
    actions.cancel_task(by=request.user, id=task.pk, reason=request.POST.get("reason", ""))
    return "Đã hủy nhiệm vụ."


def _remind(request: HttpRequest, task: Task) -> str:
    made = actions.remind(by=request.user, id=task.pk, text=request.POST.get("text", ""))
    return f"Đã nhắc {', '.join(reminder.user.full_name for reminder in made)}."


def _milestone(request: HttpRequest, task: Task) -> str:
    actions.set_milestone(by=request.user, task=task.pk, title=request.POST.get("title", ""), due_on=request.POST.get("due_on"))
    return "Đã thêm mốc."


def _share(request: HttpRequest, task: Task) -> str:
    made = coordinating.tell_part(by=request.user, id=task.pk, **_proof(request))
    return f"Đã ghi kết quả phối hợp của {made.unit}."


def _partner(request: HttpRequest, task: Task) -> str:
    wanted = id_in(request.POST.get("partner", ""))
    row = task.coordinations.filter(pk=wanted, entered_in_error=False).first() if wanted else None
    if row is None:
        raise Refused("bad_choice", "Tên đơn vị này không còn trong nhiệm vụ. Hãy tải lại trang.")
    chosen = coordinating.choose_partner(by=request.user, id=row.pk, unit=request.POST.get("unit", ""))
    return f"“{chosen.name}” là {chosen.unit}."


_ACTS: dict[str, Callable[[HttpRequest, Task], str]] = {
    "progress": _progress, "complete": _complete, "reopen": _reopen, "cancel": _cancel, "remind": _remind, "milestone": _milestone,
    "share": _share, "partner": _partner,
}


@require_POST
def milestone_done(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Tick a milestone off or take that back."""
    row = actions.finish_milestone(by=request.user, id=id, done=request.POST.get("done") == "1")
    return redirect("task", row.task_id)


def _commune(request: HttpRequest) -> Place:
    place = home_place(request.user)
    if place is None:
        raise no_right()
    return commune_of(place)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Giao nhiệm vụ that stands in no directive."""
    require(request.user, actions.ASSIGN)
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Change who does a task and until when."""
    require(request.user, actions.ASSIGN)
    return _form(request, _found(request, id))


def _form(request: HttpRequest, task: Task | None) -> HttpResponse:
    refused: Refused | None = None
    if request.method == "POST":
        given = {name: request.POST[name] for name in FIELDS if name in request.POST}
        seen = request.POST.get("version", "")
        try:
            stored = actions.assign_task(by=request.user, id=task.pk if task else None, seen_version=int(seen) if seen.isdecimal() else None, **given)
            messages.success(request, "Đã lưu nhiệm vụ." if task else "Đã giao nhiệm vụ.", extra_tags="toast")
            return redirect("task", stored.pk)
        except Refused as error:
            if error.status in (403, 404):
                raise
            refused = error
    typed: Any = request.POST if refused else (_values(task) if task else {})
    place = commune_of(task.place) if task else _commune(request)
    context = {"task": task, "refused": refused, "typed": typed, "units": units_around(place), "people": _people(place), "recurrences": Task.RECURRENCES}
    return render(request, "tasks/form.html", context, status=refused.status if refused else 200)


def _values(task: Task) -> dict[str, str]:
    values = {name: str(getattr(task, name) or "") for name in FIELDS}
    for name in ("starts_on", "due_on"):
        values[name] = f"{day:%d/%m/%Y}" if (day := getattr(task, name)) else ""
    return {**values, "unit": str(task.unit_id or ""), "assignee": str(task.assignee_id or ""), "coordinating": "; ".join(task.coordinating)}


def _people(place: Place) -> list[User]:
    """Who works in the commune today."""
    held = Assignment.objects.filter(valid_on(clock.today()), place__in=below(place), entered_in_error=False, user__is_active=True)
    return sorted({one.user for one in held.select_related("user")}, key=lambda user: user.full_name)


@require_GET
def evidence(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A kept file that proves progress, to save."""
    require(request.user, "tasks.view")
    note = ProgressNote.objects.exclude(evidence_digest="").filter(pk=id, task__in=seen(request.user), entered_in_error=False).first()
    if note is None:
        raise not_found("tệp minh chứng này")
    return as_download(files.content_of(note.evidence_digest), note.evidence_name)


@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    """Nhắc việc of the user; a POST marks them read."""
    if request.method == "POST":
        wanted = id_in(request.POST.get("id", ""))
        actions.read_reminders(by=request.user, ids=[wanted] if wanted else None)
        return redirect("reminders")
    rows = Reminder.objects.filter(user=request.user, entered_in_error=False).select_related("task", "author")
    return render(request, "tasks/reminders.html", {"page": Paginator(rows, PAGE).get_page(request.GET.get("page"))})
