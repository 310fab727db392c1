"""What a person does to a reporting duty without a calendar: ask for a report, say how often to report."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tramyte.engine.access.rights import require
from tramyte.engine.refused import Refused, not_found
from tramyte.governance.reports import actions
from tramyte.governance.reports.becoming import ISSUE
from tramyte.governance.reports.models import Duty
from tramyte.governance.reports.queries import WRITE, on_request


def _found(request: HttpRequest, id: uuid.UUID, right: str) -> Duty:
    require(request.user, right)
    row = on_request(request.user).filter(pk=id).first()
    if row is None:
        raise not_found("chế độ báo cáo này")
    return row


@require_POST
def ask(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Mở báo cáo: the report is asked for by a day; its page offers to write it."""
    duty = _found(request, id, WRITE)
    try:
        made = actions.ask_report(by=request.user, id=duty.pk, due_on=request.POST.get("due_on", ""))
    except Refused as refused:
        return _back(request, refused)
    messages.success(request, f"Đã mở báo cáo, nộp chậm nhất {made.due_on:%d/%m/%Y}.", extra_tags="toast")
    return redirect("report-period", made.pk)


@require_POST
def set_period(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Chọn kỳ for a duty whose document does not say how often."""
    duty = _found(request, id, ISSUE)
    typed = {name: request.POST.get(name, "") for name in ("period", "due_day", "due_month", "due_on")}
    try:
        actions.set_duty_period(by=request.user, id=duty.pk, **typed)
    except Refused as refused:
        return _back(request, refused)
    messages.success(request, "Đã chọn kỳ báo cáo.", extra_tags="toast")
    return redirect("reports")


def _back(request: HttpRequest, refused: Refused) -> HttpResponse:
    if refused.status in (403, 404):
        raise refused
    messages.error(request, refused.message)
    return redirect("reports")
