"""Việc hôm nay: what was composed beforehand, and the button that composes it anew."""

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tramyte.engine.access import delegations, emergency
from tramyte.web.pages import keeping, pressing


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Việc hôm nay of the user, as it stood when it was composed."""
    today = keeping.kept(request.user)
    content = today.content
    lists = content.get("lists") or {}
    figures_at = datetime.datetime.fromisoformat(lists["as_of"]) if lists.get("as_of") else None
    sums = {name: sum(row[name] for row in content["due"]) for name in ("overdue", "today", "soon")} if len(content["due"]) > 1 else {}
    own = content["due"] or content["tasks"] or lists or content["alerts"] or content["system"] or content.get("begin")
    given = delegations.given(request.user)
    openings = emergency.to_review(request.user).filter(verdict="").count()
    context = {**content, "pressing": pressing.shown(content.get("pressing", [])), "given": given, "openings": openings, "computed_at": today.computed_at, "figures_at": figures_at, "sums": sums, "nothing": not own}
    return render(request, "pages/home.html", context)


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Compose the user's page anew now."""
    keeping.renew(request.user)
    messages.success(request, "Đã tính lại việc hôm nay.", extra_tags="toast")
    return redirect("home")
