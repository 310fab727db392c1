"""Pages where a target is set by hand, corrected with a reason, or withdrawn."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from tramyte.engine import clock
from tramyte.engine.access.rights import require, visible
from tramyte.engine.indicators import INDICATORS
from tramyte.engine.refused import Refused, not_found
from tramyte.governance.directives.fields import COMPARATORS
from tramyte.governance.directives.models import Directive
from tramyte.governance.targets import actions
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.views import found_target
from tramyte.governance.targets.words import number

SOURCE = ("phrase", "directive", "given_on")
LEVEL = ("comparator", "value", "unit", "year", "due_on", "note")


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text[:9]) if text.isdecimal() else None


def _writable(request: HttpRequest, id: uuid.UUID) -> Target:
    """The target, for whoever may correct targets of its place; 404 for everybody else's."""
    row = found_target(request.user, id)
    if not visible(request.user, Target.objects.filter(pk=row.pk), actions.WRITE).exists():
        raise not_found("chỉ tiêu này")
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Thêm chỉ tiêu that no reviewed text has set."""
    require(request.user, actions.WRITE)
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Sửa mức giao, with the reason."""
    require(request.user, actions.WRITE)
    return _form(request, _writable(request, id))


def _form(request: HttpRequest, row: Target | None) -> HttpResponse:
    refused: Refused | None = None
    if request.method == "POST":
        names = LEVEL if row is not None and row.obligation_id else (*SOURCE, *LEVEL, *(() if row else ("indicator",)))
        given: dict[str, Any] = {name: request.POST[name] for name in names if name in request.POST}
        try:
            stored = actions.set_target(
                by=request.user, id=row.pk if row else None, seen_version=_seen(request), reason=request.POST.get("reason", ""), **_chosen(given))
            messages.success(request, "Đã lưu mức giao mới." if row else "Đã thêm chỉ tiêu.", extra_tags="toast")
            return redirect("target", stored.pk)
        except Refused as error:
            if error.status in (403, 404):
                raise
            refused = error
    typed: Any = request.POST if refused else (_values(row) if row else {"year": str(clock.today().year), "comparator": ">=", "given_on": f"{clock.today():%d/%m/%Y}"})
    directives = visible(request.user, Directive.objects.filter(entered_in_error=False)).exclude(state=Directive.REVOKED).order_by("-arrived_on")[:200]
    return render(request, "targets/form.html", {
        "target": row, "refused": refused, "typed": typed, "comparators": COMPARATORS, "directives": directives,
        "printed": row is not None and row.obligation_id is not None, "choices": [(code, INDICATORS[code].title) for code in sorted(INDICATORS)],
    }, status=refused.status if refused else 200)


def _chosen(given: dict[str, Any]) -> dict[str, Any]:
    """The directive of the list; something else than an id cannot come from the form."""
    try:
        return {**given, **({"directive": str(uuid.UUID(given["directive"]))} if given.get("directive") else {})}
    except ValueError:
        raise not_found("văn bản này") from None


def _values(row: Target) -> dict[str, str]:
    days = {name: f"{day:%d/%m/%Y}" if (day := getattr(row, name)) else "" for name in ("due_on", "given_on")}
    return {
        "phrase": row.phrase, "directive": str(row.directive_id or ""), "comparator": row.comparator, "value": "" if row.value is None else number(row.value, _places(row.value)),
        "unit": row.unit, "year": str(row.year or ""), "note": row.note, **days,
    }


def _places(value: float) -> int:
    """As many decimal places as the value has, so that saving what was not touched changes nothing."""
    return len(f"{value:.10f}".rstrip("0").partition(".")[2])


@require_POST
def end(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Rút chỉ tiêu."""
    require(request.user, actions.WRITE)
    row = _writable(request, id)
    try:
        actions.end_target(by=request.user, id=row.pk, reason=request.POST.get("reason", ""), seen_version=_seen(request))
        messages.success(request, "Đã rút chỉ tiêu; trang này giữ lại để tra cứu.", extra_tags="toast")
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        messages.error(request, refused.message)
    return redirect("target", id)
