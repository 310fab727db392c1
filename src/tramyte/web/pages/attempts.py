"""Wrong passwords and codes: how many are left, who must wait, who is let go on. axes counts them; three limits stand on its counts.

Five from one address for one name (axes itself), then for whoever comes from many addresses or tries many names:
`MOST_OF_A_NAME` for one name from anywhere and `MOST_OF_AN_ADDRESS` from one address for any name. Each rests 15 minutes.
"""

import datetime

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tramyte.engine import clock
from tramyte.engine.access.models import SecondStep, User
from tramyte.engine.access.second_step import MOST_WRONG, REST

MOST_OF_A_NAME, MOST_OF_AN_ADDRESS = 20, 50


def cooloff() -> datetime.timedelta:
    """How long somebody waits after too many wrong ones."""
    return datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)


def address_of(request: HttpRequest) -> str:
    """The address a request came from; empty when unknown."""
    return get_client_ip_address(request) or ""


def attempts_left(request: HttpRequest, name: str) -> int | None:
    """How many wrong ones are left for this name from this address before it must wait; None before the first."""
    rows = AccessAttempt.objects.filter(username=name, ip_address=get_client_ip_address(request))
    failed = rows.aggregate(most=Max("failures_since_start"))["most"]
    return max(0, settings.AXES_FAILURE_LIMIT - failed) if failed else None


def crowded(request: HttpRequest, name: str) -> bool:
    """Whether this name from anywhere, or this address for any name, had too many wrong ones in the last 15 minutes."""
    recent = AccessAttempt.objects.filter(attempt_time__gte=clock.now() - cooloff())
    found = recent.aggregate(
        name=Sum("failures_since_start", filter=Q(username=name)), address=Sum("failures_since_start", filter=Q(ip_address=get_client_ip_address(request))))
    return (found["name"] or 0) >= MOST_OF_A_NAME or (found["address"] or 0) >= MOST_OF_AN_ADDRESS


def shut_out(request: HttpRequest, user: User) -> bool:
    """Whether this user must wait before another password or code is looked at."""
    return not AxesProxyHandler.is_allowed(request, {"username": user.username}) or crowded(request, user.username.lower())


def count_wrong(request: HttpRequest, user: User) -> None:
    """Count a wrong password or code; the one too many turns the answer into the locked page (axes' middleware)."""
    user_login_failed.send(sender=__name__, credentials={"username": user.username}, request=request)


def locked_page(request: HttpRequest, name: str) -> HttpResponse:
    """The page that says how long to wait and who can help."""
    return render(request, "registration/locked.html", {"username": name, "cooloff_timedelta": cooloff()}, status=429)


def locked_names() -> set[str]:
    """The user names that are shut out after wrong passwords or codes."""
    now = clock.now()
    recent = AccessAttempt.objects.filter(attempt_time__gte=now - cooloff())
    near = recent.values("username", "ip_address").annotate(failed=Sum("failures_since_start")).filter(failed__gte=settings.AXES_FAILURE_LIMIT)
    wide = recent.values("username").annotate(failed=Sum("failures_since_start")).filter(failed__gte=MOST_OF_A_NAME)
    steps = SecondStep.objects.filter(wrong__gte=MOST_WRONG, wrong_at__gt=now - REST)
    return {*near.values_list("username", flat=True), *wide.values_list("username", flat=True), *steps.values_list("user__username", flat=True)}
