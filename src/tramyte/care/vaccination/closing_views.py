"""Closing a session with the balance of its lots, and the list of those who stayed away."""

import re
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.immunization.queries import DOSES
from tramyte.care.people.views import sees
from tramyte.care.vaccination import actions
from tramyte.care.vaccination.cautions import cautions
from tramyte.care.vaccination.models import Attendee, Session
from tramyte.care.vaccination.queries import (
    absentees,
    doses_due,
    given_by_lot,
    lots_of,
    opened_by_lot,
    people_of,
    tally_of,
    vials_of,
)
from tramyte.care.vaccination.table_views import allowed
from tramyte.care.vaccination.typed import counts
from tramyte.engine import clock
from tramyte.engine.access.rights import may, visible
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, no_right, not_found

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Count every lot and close the session; while it does not balance the line that is wrong is named."""
    row, fault, at = allowed(request, id), "", ""
    if request.method == "POST":
        try:
            actions.close_session(by=request.user, id=row.pk, counts=counts(request.POST, lots_of(row)), seen_version=_seen(request))
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            fault, at = refused.message, refused.field
        else:
            messages.success(request, "Đã đóng buổi tiêm; số liều hủy đã trừ kho.", extra_tags="toast")
            return redirect("vaccination", id=row.pk)
    else:
        chain.record_view(by=request.user, row=row, note="đóng buổi tiêm")
    people, vials = list(people_of(row)), vials_of(row)
    tally = tally_of(people)
    context = {
        "row": row, "lines": _lines(row, request.POST), "fault": fault, "at": at, "tally": tally, "cautions": cautions(row, tally, [], vials),
        "left": [one for one in people if one.came and not one.is_done], "watched": [one for one in people if one.given and not one.left]}
    return render(request, "vaccination/close.html", context, status=422 if fault else 200)


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("seen_version", "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _lines(row: Session, data: Any) -> list[dict[str, Any]]:
    """Each lot with what is proposed: doses of opened vials, and of these what nobody got. Three queries."""
    opened, given = opened_by_lot(row), given_by_lot(row)
    made = []
    for one in lots_of(row):
        used, got = opened.get(one.lot_id, 0), given.get(one.lot_id, 0)
        proposed = {"nhan": one.received, "dung": one.used if one.used is not None else used, "huy": one.wasted if one.wasted is not None else used - got}
        made.append({"lot": one, "given": got, **{name: data.get(f"{name}-{one.lot_id}", value) for name, value in proposed.items()}})
    return made


@require_safe
def missed(request: HttpRequest) -> HttpResponse:
    """Who stayed away and is still due, with how the family was reached. The opening is logged."""
    sees(request.user)
    if not may(request.user, actions.WRITE):
        raise no_right()
    page = Paginator(absentees(request.user), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    chain.record(by=request.user, action="list", model="vaccination.attendee", note=f"người vắng buổi tiêm: {page.paginator.count} người, trang {page.number}")
    due = doses_due([one.person_id for one in rows], clock.today())
    lines = [{"row": one, "doses": list(dict.fromkeys(DOSES.get(dose.dose, dose.dose) for dose in due.get(one.person_id, ())))} for one in rows]
    return render(request, "vaccination/absentees.html", {"page": page, "lines": lines, "contacts": Attendee.CONTACTS, "today": clock.today()})


@require_POST
def contact(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Note that the family of somebody who stayed away was called or visited."""
    sees(request.user)
    found = visible(request.user, Attendee.objects.filter(entered_in_error=False), actions.WRITE).filter(pk=id).first()
    if found is None:
        raise not_found("người này trong buổi tiêm")
    kind = request.POST.get("contact", "")
    if kind not in dict(Attendee.CONTACTS):
        raise Refused("bad_contact", "Hãy chọn cách liên hệ: gọi điện, đến nhà hoặc nhắn tin.", field="contact")
    made = actions.mark_contact(by=request.user, id=found.pk, contact=kind, note=request.POST.get("note", ""))
    messages.success(request, f"Đã ghi: {made.person}, {made.get_contact_display()}.", extra_tags="toast")
    return redirect(f"{reverse('vaccination-absentees')}?page={request.POST.get('page', '1')}"[:200])
