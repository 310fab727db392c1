"""Hệ thống, Đăng nhập: which roles must have a second step, and what holds for everybody."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import get_default_password_validators
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tramyte.engine.access import second_step
from tramyte.engine.access.actions import MANAGE
from tramyte.engine.access.models import StepRule
from tramyte.engine.access.rights import require
from tramyte.engine.access.roles import ROLES
from tramyte.engine.places.models import Place
from tramyte.engine.refused import not_found
from tramyte.web.pages.attempts import MOST_OF_A_NAME, MOST_OF_AN_ADDRESS
from tramyte.web.pages.system import tabs


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of signing in."""
    require(request.user, MANAGE)
    ruled = second_step.ruled_places(request.user)
    if request.method == "POST":
        second_step.set_step_roles(by=request.user, place=_place(request, ruled), roles=set(request.POST.getlist("role")))
        messages.success(request, "Đã lưu. Quy định có hiệu lực từ lần đăng nhập sau của từng người.", extra_tags="toast")
        return redirect("system-sign-in")
    return render(request, "system/sign_in.html", {
        "tabs": tabs(request, "system-sign-in"), "places": _shown(request, ruled), "rules": [one.get_help_text() for one in get_default_password_validators()],
        "most": settings.AXES_FAILURE_LIMIT, "most_name": MOST_OF_A_NAME, "most_address": MOST_OF_AN_ADDRESS, "most_codes": second_step.MOST_WRONG,
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60, "longest_hours": settings.SESSION_LONGEST_SECONDS // 3600,
    })


def _place(request: HttpRequest, ruled: list[Place]) -> Place:
    wanted = request.POST.get("place", "")
    for place in ruled:
        if str(place.pk) == wanted:
            return place
    raise not_found("địa bàn này")


def _shown(request: HttpRequest, ruled: list[Place]) -> list[tuple[Place, list[dict[str, Any]]]]:
    """Each place with its roles: whether obligatory, how many accounts, how many of them have a second step."""
    counts = second_step.step_counts(request.user)
    chosen: dict[uuid.UUID, set[str]] = {}
    for place, role in StepRule.objects.filter(place__in=ruled).values_list("place", "role"):
        chosen.setdefault(place, set()).add(role)
    return [(place, [{"role": role, "must": role.slug in chosen.get(place.pk, ()), "advised": MANAGE in role.permissions,
                      "accounts": counts.get(role.slug, (0, 0))[0], "safe": counts.get(role.slug, (0, 0))[1]}
                     for role in ROLES.values()]) for place in ruled]
