"""Two small layers: sessions that end when nobody is there, and refusals turned into answers."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tramyte.engine.refused import Refused

log = logging.getLogger("tramyte.web")
Answer = Callable[[HttpRequest], HttpResponse]
OPEN = {"login", "logout", "health"}


class SignedIn:
    """Every page but the sign-in asks for a user; an idle session ends, a first password must be changed."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, unless the session has been idle too long."""
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get("seen", now)
            if now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
                return redirect(f"{reverse('login')}?next={request.get_full_path()}&idle=1")
            if now - seen > 60 or "seen" not in request.session:
                request.session["seen"] = now
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Send strangers to the sign-in and users with a first password to the change of it."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in OPEN:
            return None
        if not request.user.is_authenticated:
            if "/api/" in request.path:
                return JsonResponse({"code": "not_signed_in", "message": "Hãy đăng nhập trước."}, status=401)
            return redirect(f"{reverse('login')}?next={request.get_full_path()}")
        if request.user.must_change_password and name not in {"password_change", "password_change_done"}:
            return redirect("password_change")
        return None


class Refusals:
    """Turn `Refused` into a page, a fragment, or JSON, each with its sentence; never a traceback."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual; htmx fragments are never taken for pages by a cache."""
        response = self.answer(request)
        response.headers.setdefault("Vary", "HX-Request, Cookie")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a refusal; other exceptions go to Django's own handler, which logs them."""
        if not isinstance(error, Refused):
            return None
        if error.status in {403, 404}:
            log.warning("%s %s refused for %s: %s", request.method, request.path, request.user, error.code)
        if "/api/" in request.path or (request.accepts("application/json") and not request.accepts("text/html")):
            return JsonResponse({"code": error.code, "message": error.message, "field": error.field}, status=error.status)
        if getattr(request, "htmx", False):
            return render(request, "components/message.html", {"kind": "late", "text": error.message}, status=error.status)
        page = {403: "403", 404: "404", 409: "409"}.get(error.status, "422")
        return render(request, f"errors/{page}.html", {"message": error.message, "code": error.code}, status=error.status)
