"""Phân quyền: who has which role in which place from when to when, and what each role may; given and taken back with a reason."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.engine import clock
from tramyte.engine.access import actions
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.rights import places, require
from tramyte.engine.access.roles import PERMISSIONS, ROLES
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import valid_on
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.calendar import parse_date
from tramyte.web.pages.system import tabs

LOWEST = 400  # places offered in a list
ENDED_SHOWN = datetime.timedelta(days=90)


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """Everybody's roles by place, and the form that gives one."""
    require(request.user, actions.MANAGE)
    refused = None
    if request.method == "POST":
        try:
            row = give(request, _named(request))
        except Refused as error:
            if error.status == 403:
                raise
            refused = error
        else:
            messages.success(request, f"Đã giao vai trò {row} cho {row.user.full_name}.", extra_tags="toast")
            return redirect("system-roles")
    return _page(request, refused)


def give(request: HttpRequest, user: User) -> Assignment:
    """Give a user the role that the form names. Raises Refused with the field at fault."""
    return actions.assign_role(by=request.user, user=user, **role_typed(request))


def _named(request: HttpRequest) -> User:
    user: User | None = chosen(User.objects.filter(pk__in=actions.managed_by(request.user), is_active=True), request.POST.get("user", ""))
    if user is None:
        raise Refused("no_user", "Hãy chọn người được giao vai trò.", field="user")
    return user


def role_typed(request: HttpRequest) -> dict[str, Any]:
    """What the fields of system/_role_fields.html say: role, place, unit, days and reason. Raises Refused at a day that is none."""
    typed, allowed = request.POST, places(request.user, actions.MANAGE)
    return {
        "role": typed.get("role", ""), "place": chosen(Place.objects.filter(pk__in=allowed), typed.get("place", "")),
        "unit": chosen(OrgUnit.objects.filter(place__in=allowed), typed.get("unit", "")), "valid_from": day_of(request, "valid_from"),
        "valid_to": day_of(request, "valid_to"), "reason": typed.get("reason", "")}


def role_offers(request: HttpRequest, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What those fields offer, and what they hold: what was typed, at first from today."""
    allowed, today = places(request.user, actions.MANAGE), clock.today()
    return {
        "roles": list(ROLES.values()), "places": list(Place.objects.filter(valid_on(today), pk__in=allowed).order_by("code")[:LOWEST]),
        "units": list(OrgUnit.objects.filter(valid_on(today), place__in=allowed).order_by("name")[:LOWEST]), "typed": typed or {"valid_from": f"{today:%d/%m/%Y}"}}


def chosen(rows: Any, id: str) -> Any:
    """The row that a list of choices names; None for none and for one that is not offered."""
    try:
        return rows.filter(pk=uuid.UUID(id)).first()
    except ValueError:
        return None


def day_of(request: HttpRequest, name: str) -> datetime.date | None:
    """A typed day; None when left empty. Raises Refused at its field."""
    text = request.POST.get(name, "").strip()
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        raise Refused("bad_day", str(error), field=name) from error


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    allowed, today = places(request.user, actions.MANAGE), clock.today()
    recent = Q(valid_to=None) | Q(valid_to__gte=today - ENDED_SHOWN)
    rows = Assignment.objects.filter(recent, place__in=allowed, entered_in_error=False).select_related("user", "place", "unit").order_by("place__path", "role", "user__full_name")
    lines = [{"row": row, "title": ROLES[row.role].title, "state": _state(row, today), "ends": row.valid_to is None or row.valid_to >= today} for row in rows]
    users = User.objects.filter(pk__in=actions.managed_by(request.user), is_active=True).order_by("full_name")
    context = {**role_offers(request, request.POST if refused else None), "tabs": tabs(request, "system-roles"), "views": _views("roles"), "lines": lines, "users": users, "refused": refused}
    return render(request, "system/roles.html", context, status=refused.status if refused else 200)


def _state(row: Assignment, today: datetime.date) -> tuple[str, str, str]:
    """Kind, words and icon of an assignment's state on a day."""
    if not row.user.is_active:
        return "off", "Tài khoản đã khóa", "lock"
    if row.valid_to and row.valid_to < today:
        return "off", "Đã hết", "circle-x"
    if row.valid_from > today:
        return "due", "Chưa đến ngày", "clock"
    return "ok", "Đang hiệu lực", "check"


def _views(current: str) -> list[dict[str, object]]:
    known = (("roles", "Ai giữ vai trò nào", "system-roles"), ("permissions", "Vai trò được làm gì", "system-permissions"))
    return [{"label": label, "url": reverse(name), "current": slug == current} for slug, label, name in known]


@require_POST
def take(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Take a role back, with a reason."""
    require(request.user, actions.MANAGE)
    if not Assignment.objects.filter(pk=id, place__in=places(request.user, actions.MANAGE)).exists():
        raise not_found("phân công này")
    try:
        row = actions.end_assignment(by=request.user, id=id, reason=request.POST.get("reason", ""))
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _page(request, refused)
    messages.success(request, f"Đã thu hồi vai trò {row} của {row.user.full_name}.", extra_tags="toast")
    return redirect("system-roles")


@require_safe
def permissions(request: HttpRequest) -> HttpResponse:
    """What each role may: a row a permission, a column a role."""
    require(request.user, actions.MANAGE)
    lines = [(words, [(role.short, name in role.permissions) for role in ROLES.values()]) for name, words in PERMISSIONS.items()]
    return render(request, "system/permissions.html", {"tabs": tabs(request, "system-roles"), "views": _views("permissions"), "roles": [(role.short, role) for role in ROLES.values()], "lines": lines})
