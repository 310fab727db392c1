"""Pages of reports: the dated periods, one report on its paper, its files."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tramyte.engine import clock
from tramyte.engine.access.rights import require, sees_people
from tramyte.engine.refused import Refused, not_found
from tramyte.governance.reports import actions
from tramyte.governance.reports.figures import differences
from tramyte.governance.reports.models import Report, ReportPeriod
from tramyte.governance.reports.offices import letterhead, place_line
from tramyte.governance.reports.page import figures_for, insertable, sections_of, sources_of, steps_of
from tramyte.governance.reports.papers import MAKERS, file_name
from tramyte.governance.reports.queries import (
    CHIPS,
    Shown,
    due_chip,
    on_request,
    periods_of,
    reports_of,
    shown,
    waiting_for,
)

VIEW = "reports.view"
FILTERS = {"can-lam": "Cần làm", "da-gui": "Đã gửi", "tat-ca": "Tất cả"}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Báo cáo định kỳ: the dated periods, nearest day first."""
    require(request.user, VIEW)
    today = clock.today()
    everything = shown(periods_of(request.user), today)
    years = sorted({_year(row) for row in everything} | {today.year}, reverse=True)
    wanted = request.GET.get("nam", "")
    year = int(wanted) if wanted.isdecimal() and int(wanted) in years else today.year
    slug = request.GET.get("trang-thai", "can-lam")
    slug = slug if slug in FILTERS else "can-lam"
    of_year = [row for row in everything if _year(row) == year]
    rows = [row for row in of_year if _wanted(row, slug)]
    tabs = [{"label": label, "url": f"?nam={year}&trang-thai={name}", "current": name == slug, "count": sum(_wanted(row, name) for row in of_year)}
            for name, label in FILTERS.items()]
    return render(request, "reports/list.html", {
        "rows": rows, "tabs": tabs, "years": years, "year": year, "slug": slug, "any": bool(everything), "total": len(of_year),
        **waiting_for(request.user, on_request(request.user)),
    })


def _year(row: Shown) -> int:
    return (row.period.ends_on or row.period.calendar.end).year


def _wanted(row: Shown, slug: str) -> bool:
    unsent = row.report is None or row.report.is_open
    return slug == "tat-ca" or unsent == (slug == "can-lam")


def _period(request: HttpRequest, id: uuid.UUID) -> ReportPeriod:
    require(request.user, VIEW)
    found = periods_of(request.user).filter(pk=id).first()
    if found is None:
        raise not_found("kỳ báo cáo này")
    return found


@require_GET
def period(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A dated period: its report, or the offer to write one."""
    row = shown([_period(request, id)], clock.today())[0]
    if row.report:
        return redirect("report", row.report.pk)
    begun = row.period.calendar.start <= clock.today()
    return render(request, "reports/period.html", {"row": row, "duty": row.period.duty, "writes": actions.writes(request.user, row.period.duty), "begun": begun})


@require_POST
def begin(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Lập báo cáo, or a supplement to a locked one."""
    found = _period(request, id)
    try:
        made = actions.open_report(by=request.user, period=id, supplement=request.POST.get("do") == "supplement")
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        messages.error(request, refused.message)
        return redirect("report-period", found.pk)
    return redirect("report", made.pk)


def _found(request: HttpRequest, id: uuid.UUID) -> Report:
    require(request.user, VIEW)
    found = reports_of(request.user).filter(pk=id).first()
    if found is None:
        raise not_found("báo cáo này")
    return found


@require_GET
def report(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One report on its paper, with its figures, steps, checks and sources."""
    return _page(request, _found(request, id), editing=request.GET.get("sua", ""))


def _page(request: HttpRequest, found: Report, *, editing: str = "", refused: Refused | None = None, typed: str = "") -> HttpResponse:
    today, user = clock.today(), request.user
    writes = found.is_open and actions.writes(user, found.period.duty)
    figures = figures_for(found, sees_people(user))
    sections = sections_of(found, figures)
    parent, body = letterhead(found.unit, found.place)
    changed = differences(figures, actions.fresh(found).figures)
    sources = sources_of(found, figures)
    context = {
        "report": found, "sections": sections, "parent": parent, "body": body, "place_line": place_line(found.place), "steps": steps_of(found),
        "chip": CHIPS[found.state], "due": due_chip(found.period.ends_on, today), "moved": found.period.ends_on != found.period.due_on,
        "changed": changed, "sources": sources, "figures_total": sum(one.count for one in sources), "typed_total": sum(len(one.typed) for one in sections),
        "blanks": [one for one in sections if one.blanks], "writes": writes, "editing": editing if writes else "", "refused": refused, "typed": typed,
        "approves": found.state == Report.SUBMITTED and actions.approves(user, found), "locks": found.state == Report.APPROVED and actions.locks(user, found),
        "supplements": found.state == Report.LOCKED and actions.writes(user, found.period.duty), "insertable": insertable(found) if editing and writes else [],
        "others": found.period.reports.filter(entered_in_error=False).exclude(pk=found.pk).defer("sections", "tables", "figures"),
        "early": found.as_of < found.period.calendar.end, "broken": found.state == Report.LOCKED and found.digest != found.content_digest(),
    }
    return render(request, "reports/report.html", context, status=refused.status if refused else 200)


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, id: uuid.UUID, section: str) -> HttpResponse:
    """Sửa một mục: saved by the button, and by itself while typing (then the answer is JSON)."""
    found = _found(request, id)
    if request.method == "GET":
        return _page(request, found, editing=section)
    by_itself = request.accepts("application/json") and not request.accepts("text/html")
    seen, text = request.POST.get("version", ""), request.POST.get("text", "")
    try:
        saved = actions.edit_section(by=request.user, id=id, section=section, text=text, seen_version=int(seen) if seen.isdecimal() else None)
    except Refused as refused:
        if by_itself or refused.status in (403, 404):
            raise
        return _page(request, _found(request, id), editing=section, refused=refused, typed=text)
    if by_itself:
        version = next(one["version"] for one in saved.sections if one["key"] == section)
        return JsonResponse({"version": version, "said": f"Đã lưu lúc {datetime.datetime.now(clock.ZONE):%H:%M}"})
    messages.success(request, "Đã lưu mục này.", extra_tags="toast")
    return redirect(f"{reverse('report', args=[id])}#muc-{section}")


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("version", "")
    return int(seen) if seen.isdecimal() else None


DONE = {
    "refresh": "Đã cập nhật số liệu. Lời đã sửa được giữ nguyên.", "submit": "Đã gửi báo cáo.", "return": "Đã trả lại báo cáo kèm lý do.",
    "approve": "Đã duyệt báo cáo.", "lock": "Đã khóa báo cáo.",
}


@require_POST
def act(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Cập nhật số, gửi, trả lại, duyệt, khóa."""
    _found(request, id)
    what = request.POST.get("do", "")
    common: dict[str, Any] = {"by": request.user, "id": id, "seen_version": _seen(request)}
    try:
        if what == "refresh":
            actions.refresh_figures(**common)
        elif what == "submit":
            actions.submit_report(**common)
        elif what == "return":
            actions.return_report(**common, reason=request.POST.get("reason", ""))
        elif what == "approve":
            actions.approve_report(**common, number=request.POST.get("number", ""))
        elif what == "lock":
            actions.lock_report(**common)
        else:
            raise Refused("unknown_step", "Không có bước này. Hãy tải lại trang rồi chọn lại.")
        messages.success(request, DONE[what], extra_tags="toast")
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        messages.error(request, refused.message)
    return redirect("report", id)


@require_GET
def file(request: HttpRequest, id: uuid.UUID, ending: str) -> HttpResponse:
    """The report as .docx, .pdf or .xlsx."""
    found = _found(request, id)
    if ending not in MAKERS:
        raise not_found("tệp này")
    make, content_type = MAKERS[ending]
    response = HttpResponse(make(found), content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(ending != "pdf", file_name(found, ending))
    return response
