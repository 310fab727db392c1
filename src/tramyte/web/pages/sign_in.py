"""Signing in: the password, the code of the second step, and signing out."""

import time
import unicodedata
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tramyte.engine import clock
from tramyte.engine.access import second_step
from tramyte.engine.access.models import User
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.web import demo_notes
from tramyte.web.pages.attempts import address_of, attempts_left, count_wrong, crowded, locked_page, shut_out
from tramyte.web.pages.devices import device_words

WAITING, WAIT_SECONDS = "waiting", 10 * 60  # the right password is remembered so long for the code to follow
FEW_CODES = 3
BACKEND = "django.contrib.auth.backends.ModelBackend"


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

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the password, unless too many wrong ones came for this name or from this address."""
        name = counted_name(request)
        return locked_page(request, name) if crowded(request, name) else super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """In, or on to the code."""
        user = form.get_user()
        if second_step.has_step(user):
            self.request.session[WAITING] = {
                "user": str(user.pk), "at": int(time.time()), "back": self.get_success_url(), "hash": user.get_session_auth_hash()}
            self.request.session.cycle_key()
            return redirect("login-step")
        answer = super().form_valid(form)
        _welcome(self.request)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `demo_logins` (username, role, name), `demo_password`, `attempts_left` and `ended`: why a session is over."""
        notes = demo_notes.read(settings.HOME)
        logins = [(one["username"], one["role"], one["name"]) for one in notes.get("logins", [])]
        name = counted_name(self.request) if self.request.method == "POST" else ""
        left = attempts_left(self.request, name) if name else None
        ended = next((key for key in ("idle", "late") if self.request.GET.get(key)), "") if self.request.method == "GET" else ""
        return {**super().get_context_data(**kwargs), "demo_logins": logins, "demo_password": notes.get("password", ""), "attempts_left": left, "ended": ended}


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The page that asks for the code, after the right password."""
    if request.user.is_authenticated:
        return redirect("home")
    user = _who_waits(request)
    if user is None:
        return redirect(f"{reverse('login')}?late=1")
    refused = None
    if request.method == "POST":
        if shut_out(request, user):
            return locked_page(request, user.username)
        try:
            return _step_in(request, user, second_step.use_code(by=user, code=request.POST.get("code", ""), at=time.time()))
        except Refused as error:
            refused = error
            if error.code in ("bad_code", "used_code"):
                count_wrong(request, user)
    context = {"account": user, "refused": refused, "now": clock.now(), "attempts_left": attempts_left(request, user.username.lower()) if refused else None}
    return render(request, "registration/second_step.html", context, status=refused.status if refused else 200)


def _who_waits(request: HttpRequest) -> User | None:
    """The user whose password was right a moment ago and has not changed since."""
    waiting = request.session.get(WAITING) or {}
    if int(time.time()) - waiting.get("at", 0) > WAIT_SECONDS:
        request.session.pop(WAITING, None)
        return None
    user = User.objects.filter(pk=uuid.UUID(waiting["user"]), is_active=True).first()
    return user if user is not None and constant_time_compare(user.get_session_auth_hash(), waiting["hash"]) else None


def _step_in(request: HttpRequest, user: User, how: str) -> HttpResponse:
    back = request.session.pop(WAITING)["back"]
    login(request, user, backend=BACKEND)
    left = second_step.codes_left(user) if how == "recovery" else None
    _welcome(request, how="mã khôi phục" if how == "recovery" else "mã ứng dụng")
    if left is not None:
        words = "Vừa dùng một mã khôi phục, còn {} mã." if left > FEW_CODES else "Vừa dùng một mã khôi phục, chỉ còn {} mã: hãy tạo bộ mã mới."
        words = words if left else "Vừa dùng mã khôi phục cuối cùng: hãy tạo bộ mã mới ngay, mất điện thoại nữa là không vào được."
        messages.warning(request, format_html(words + ' <a href="{}">Tài khoản của tôi</a>', left, reverse("account")))
    return redirect(back)


def _welcome(request: HttpRequest, how: str = "") -> None:
    """Write the sign-in into the audit and say what the user should know about the account."""
    user = request.user
    parts = (device_words(request.headers.get("User-Agent", "")), address_of(request), how)
    chain.record(by=user, action="sign_in", row=user, note=" · ".join(part for part in parts if part))
    for text in second_step.told_notices(by=user):
        messages.warning(request, text)
    if second_step.should_have_step(user) and not request.session.get("owes_step"):
        words = 'Tài khoản này quản lý các tài khoản khác nên cần có bước hai khi đăng nhập. <a href="{}">Cài bước hai</a>'
        messages.info(request, format_html(words, reverse("account-step")))


class SignOut(LogoutView):
    """Signing out, written into the audit."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Out."""
        if request.user.is_authenticated:
            chain.record(by=request.user, action="sign_out", row=request.user)
        return super().post(request, *args, **kwargs)
