"""Ủy quyền: what I lend while I am away, what was lent to me, and for managers what others lend."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from tramyte.engine import clock
from tramyte.engine.access import delegations
from tramyte.engine.access.models import Delegation
from tramyte.engine.access.rights import may
from tramyte.engine.access.roles import PERMISSIONS, ROLES
from tramyte.engine.refused import Refused
from tramyte.web.pages.roles import chosen, day_of

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest) -> HttpResponse:
    """The lists, and for who may lend the form."""
    refused = None
    if request.method == "POST":
        try:
            row = _lend(request)
        except Refused as error:
            if error.status == 403:
                raise
            refused = error
        else:
            messages.success(request, f"Đã ủy quyền cho {row.taker.full_name} đến hết {row.valid_to:%d/%m/%Y}.", extra_tags="toast")
            return redirect("delegations")
    return _page(request, refused)


def _lend(request: HttpRequest) -> Delegation:
    typed = request.POST
    return delegations.lend(
        by=request.user, assignment=typed.get("assignment", ""), taker=chosen(delegations.colleagues(request.user), typed.get("taker", "")),
        permissions=typed.getlist("permissions"), valid_from=day_of(request, "valid_from") or clock.today(), valid_to=day_of(request, "valid_to"), reason=typed.get("reason", ""))


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    today = clock.today()
    rows = [{
        "row": row, "role": ROLES[row.assignment.role].title, "parts": words_of(row), "open": row.valid_to >= today,
        "state": ("off", "Đã hết", "circle-x") if row.valid_to < today else ("due", "Chưa đến ngày", "clock") if row.valid_from > today else ("ok", "Đang hiệu lực", "check"),
    } for row in delegations.seen(request.user)[:SHOWN]]
    own = [{"row": held, "parts": [(name, PERMISSIONS[name]) for name in delegations.lendable(held.role)]} for held in delegations.own_assignments(request.user)]
    context: dict[str, Any] = {
        "rows": rows, "own": own, "may_lend": may(request.user, delegations.LEND), "colleagues": delegations.colleagues(request.user) if own else [], "refused": refused,
        "typed": request.POST if refused else {"valid_from": f"{today:%d/%m/%Y}"}, "marked": request.POST.getlist("permissions")}
    return render(request, "access/delegations.html", context, status=refused.status if refused else 200)


def words_of(row: Delegation) -> list[str]:
    """What is lent, in words."""
    return [words for name, words in PERMISSIONS.items() if name in row.permissions]


@require_POST
def end(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Take a delegation back before its end."""
    try:
        delegations.take_back(by=request.user, id=id, reason=request.POST.get("reason", ""))
    except Refused as refused:
        if refused.status == 404:
            raise
        return _page(request, refused)
    messages.success(request, "Đã thu hồi ủy quyền.", extra_tags="toast")
    return redirect("delegations")
