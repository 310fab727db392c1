"""Sắp xếp thôn: a new name, another commune, one hamlet taken into another; each can be taken back."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.people.models import Household, Person
from tramyte.engine import clock
from tramyte.engine.access.rights import places, require, visible
from tramyte.engine.jobs.work import start
from tramyte.engine.places import changes
from tramyte.engine.places.actions import WRITE
from tramyte.engine.places.models import Place, PlaceChange
from tramyte.engine.places.queries import valid_on
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.calendar import parse_date
from tramyte.web.pages.places import next_code
from tramyte.web.pages.system import tabs

ACTS = {"doi-ten": ("Đổi tên", PlaceChange.RENAMED), "nhap-thon": ("Nhập vào thôn khác", PlaceChange.ABSORBED), "chuyen-xa": ("Chuyển sang xã khác", PlaceChange.MOVED)}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every change of hamlets, the latest first; those that stand can be taken back."""
    require(request.user, WRITE)
    return render(request, "system/place_changes.html", {"tabs": tabs(request, "system-places"), "rows": changes.changes_of(request.user)[:200]})


@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One hamlet: what shall happen to it, how many follow, and the doing."""
    require(request.user, WRITE)
    row = visible(request.user, Place.objects.select_related("parent"), WRITE).filter(pk=id, kind=Place.HAMLET, entered_in_error=False).first()
    if row is None:
        raise not_found("thôn này")
    act = request.POST.get("act") or request.GET.get("viec", "")
    act, refused = act if act in ACTS else "doi-ten", None
    if request.method == "POST":
        try:
            made = _done(request, row, act)
        except Refused as error:
            if error.status in (403, 404):
                raise
            refused = error
        else:
            start("refresh_indicators", by=request.user, title="Tính lại chỉ tiêu sau khi sắp xếp thôn")
            messages.success(request, f"Đã ghi: {made}. Chỉ tiêu đang được tính lại.", extra_tags="toast")
            return redirect("system-place-changes")
    return render(request, "system/place_arrange.html", {
        "row": row, "act": act, "refused": refused, "typed": request.POST, "today": clock.today(), "siblings": changes.living(row.parent).exclude(pk=row.pk) if row.parent else [],
        "communes": _communes(request, row), "people": Person.objects.filter(hamlet=row, entered_in_error=False, died_on=None).count(),
        "households": Household.objects.filter(hamlet=row, entered_in_error=False).count(),
        "views": [{"label": label, "url": f"?viec={slug}", "current": slug == act} for slug, (label, _) in ACTS.items()],
    }, status=refused.status if refused else 200)


def _communes(request: HttpRequest, row: Place) -> list[tuple[Place, str]]:
    """The other communes of this user, each with the next free code of a hamlet."""
    rows = Place.objects.filter(valid_on(clock.today()), pk__in=places(request.user, WRITE), kind=Place.COMMUNE).exclude(pk=row.parent_id)
    return [(one, next_code(one)) for one in rows.order_by("code")[:20]]


def _done(request: HttpRequest, row: Place, act: str) -> PlaceChange:
    seen = request.POST.get("version", "")
    common: dict[str, Any] = {
        "by": request.user, "id": row.pk, "on": _day(request), "source": request.POST.get("source", ""), "seen_version": int(seen) if seen.isdecimal() else None}
    if act == "doi-ten":
        return changes.rename_hamlet(name=request.POST.get("name", ""), **common)
    if act == "nhap-thon":
        into = next((one for one in changes.living(row.parent) if str(one.pk) == request.POST.get("into")), None) if row.parent else None
        if into is None:
            raise Refused("no_place", "Hãy chọn thôn nhận.", field="into")
        return changes.absorb_hamlet(into=into, **common)
    commune, code = next(((one, code) for one, code in _communes(request, row) if str(one.pk) == request.POST.get("commune")), (None, ""))
    if commune is None:
        raise Refused("no_place", "Hãy chọn xã nhận trong danh sách.", field="commune")
    return changes.move_hamlet(commune=commune, code=request.POST.get("code", "").strip() or code, name=request.POST.get("name", ""), **common)


def _day(request: HttpRequest) -> datetime.date:
    text = request.POST.get("on", "").strip()
    try:
        return parse_date(text)
    except ValueError as error:
        raise Refused("bad_date", f"Từ ngày: {error}" if text else "Hãy ghi ngày có hiệu lực.", field="on") from error


@require_POST
def undo(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Hoàn tác: everything goes back, what was written meanwhile stays."""
    made = changes.undo_change(by=request.user, id=id)
    start("refresh_indicators", by=request.user, title="Tính lại chỉ tiêu sau khi hoàn tác sắp xếp thôn")
    messages.success(request, f"Đã hoàn tác: {made}.", extra_tags="toast")
    return redirect("system-place-changes")
