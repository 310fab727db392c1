"""Signing in and changing the password."""

import unicodedata
from typing import Any

from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tramyte.engine.access.actions import password_changed
from tramyte.engine.access.models import User
from tramyte.web import demo_notes


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The user name that wrong passwords are counted under: as the sign-in reads it, whatever its case, blanks and letter forms."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return unicodedata.normalize("NFKC", str(name)).strip().lower()[:150]


class SignIn(LoginView):
    """The sign-in page; somebody already signed in goes home. A demo home lists its accounts."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; a home without any account says first what it needs."""
        return super().get(request, *args, **kwargs) if User.objects.exists() else redirect("first-run")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `demo_logins` (username, role, name), `demo_password` and `attempts_left`."""
        notes = demo_notes.read(settings.HOME)
        logins = [(one["username"], one["role"], one["name"]) for one in notes.get("logins", [])]
        return {**super().get_context_data(**kwargs), "demo_logins": logins, "demo_password": notes.get("password", ""), "attempts_left": self._left()}

    def _left(self) -> int | None:
        """How many wrong passwords are left for this name from this address before it must wait; None before the first."""
        username = counted_name(self.request)
        if self.request.method != "POST" or not username:
            return None
        rows = AccessAttempt.objects.filter(username=username, ip_address=get_client_ip_address(self.request))
        failed = rows.aggregate(most=Max("failures_since_start"))["most"]
        return max(0, settings.AXES_FAILURE_LIMIT - failed) if failed else None


class ChangePassword(PasswordChangeView):
    """Changing one's own password; with a one-time password every other page waits for it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the new password and note that it was chosen."""
        answer = super().form_valid(form)
        password_changed(by=self.request.user)
        return answer
