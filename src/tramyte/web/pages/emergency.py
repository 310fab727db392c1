"""Mở khẩn cấp: opening the record of somebody of another place for a stated reason, and the list in which that is reviewed."""

import re
import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.people.models import Person
from tramyte.care.people.queries import find_person, people
from tramyte.engine.access import emergency
from tramyte.engine.access.beyond_models import REASONS
from tramyte.engine.access.rights import require, visible
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, no_right
from tramyte.rules.calendar import parse_date
from tramyte.web.pages.system import tabs

PAGE = 30
NOBODY = "Không thấy đúng một người có số hoặc họ tên, ngày sinh này. Hãy kiểm tra lại; tìm theo họ tên thì cần đủ họ tên và ngày sinh."


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest) -> HttpResponse:
    """The form: who, and why. Who is within the own places is opened in the ordinary way."""
    if not emergency.may_open(request.user):
        raise no_right("Chỉ nhân viên y tế của trạm được mở khẩn cấp hồ sơ ngoài địa bàn.")
    refused = None
    if request.method == "POST":
        try:
            return _open(request)
        except Refused as error:
            if error.status == 403:
                raise
            refused = error
    context = {"reasons": REASONS, "hours": emergency.HOURS, "shortest": emergency.SHORTEST, "refused": refused, "typed": request.POST}
    return render(request, "access/emergency.html", context, status=refused.status if refused else 200)


def _open(request: HttpRequest) -> HttpResponse:
    typed = request.POST
    emergency.check_reason(typed.get("kind", ""), typed.get("words", ""))
    found = _person(typed.get("number", "").strip(), typed.get("full_name", "").strip(), typed.get("birth", "").strip())
    if found is None:
        chain.record(by=request.user, action="miss_emergency", model=Person._meta.label_lower, note=" ".join(typed.get("words", "").split()))
        raise Refused("not_found", NOBODY, field="number")
    if not visible(request.user, people()).filter(pk=found.pk).exists():
        emergency.open_record(
            by=request.user, subject=found.pk, place=found.hamlet, model=Person._meta.label_lower, kind=typed.get("kind", ""), words=typed.get("words", ""))
    return redirect("person", found.pk)


def _person(number: str, name: str, birth: str) -> Person | None:
    """The one person with exactly this number, or this name and birth date: nobody is found by parts, so that nobody browses."""
    if number:
        return find_person(national_id=re.sub(r"\W", "", number), insurance=number)
    if not (name and birth):
        raise Refused("no_person", "Hãy gõ số định danh, mã số BHYT, hoặc đủ họ tên và ngày sinh.", field="number")
    try:
        return find_person(name=name, birth_date=parse_date(birth))
    except ValueError as error:
        raise Refused("bad_day", str(error), field="birth") from error


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Every opening that this user reviews: those without a verdict first."""
    return _reviews(request)


def _reviews(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    require(request.user, emergency.REVIEW)
    rows = emergency.to_review(request.user)
    page = Paginator(rows.order_by("verdict", "-opened_at"), PAGE).get_page(request.GET.get("page"))
    names = dict(visible(request.user, people()).filter(pk__in=[row.subject for row in page.object_list]).values_list("pk", "full_name"))
    lines = [{"row": row, "name": names.get(row.subject, "")} for row in page.object_list]
    context = {"page": page, "lines": lines, "waiting": rows.filter(verdict="").count(), "refused": refused, "tabs": tabs(request, "emergency-reviews")}
    return render(request, "access/reviews.html", context, status=refused.status if refused else 200)


@require_POST
def verdict(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Mark an opening as justified or not."""
    try:
        row = emergency.review(by=request.user, id=id, verdict=request.POST.get("verdict", ""), words=request.POST.get("words", ""))
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _reviews(request, refused)
    messages.success(request, f"Đã ghi: {row.get_verdict_display()}.", extra_tags="toast")
    return redirect("emergency-reviews")
