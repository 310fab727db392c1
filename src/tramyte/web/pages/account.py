"""Tài khoản của tôi: the password, the second step, recovery codes and open sessions of whoever is signed in."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.password_validation import get_default_password_validators
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.engine.access import second_step, sittings
from tramyte.engine.access.actions import password_changed
from tramyte.engine.access.models import SecondStep
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused
from tramyte.web.pages.attempts import attempts_left, count_wrong, locked_page, shut_out
from tramyte.web.pages.devices import device_icon, device_words

PROVED, PROVED_SECONDS = "proved", 10 * 60  # a sign-in or a proof counts so long for changes of the account
View = Callable[..., HttpResponse]


def proved(view: View) -> View:
    """A page that changes how the account is kept: only shortly after the user proved to be there."""
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if int(time.time()) - request.session.get(PROVED, 0) <= PROVED_SECONDS:
            return view(request, *args, **kwargs)
        back = request.path if request.method != "POST" or view.__name__ == "set_up" else reverse("account")
        return redirect(f"{reverse('account-prove')}?{urlencode({'next': back})}")
    return asked


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The page with everything."""
    return account_page(request)


def account_page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    """Tài khoản của tôi, with a refusal on top when something could not be done."""
    user = request.user
    changed = AuditEntry.objects.filter(username=user.username, action="change_password").first()
    step = SecondStep.objects.filter(user=user).first()
    rows = sittings.open_sittings(user, idle=settings.SESSION_IDLE_SECONDS)
    return render(request, "account/account.html", {
        "refused": refused, "changed_at": changed.at if changed else None, "step": step, "must": second_step.must_have_step(user),
        "should": second_step.should_have_step(user), "codes_left": second_step.codes_left(user) if step else 0, "codes": second_step.CODES,
        "sittings": [(row, device_words(row.agent), device_icon(row.agent), row.key == request.session.session_key) for row in rows],
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60, "longest_hours": settings.SESSION_LONGEST_SECONDS // 3600,
    }, status=refused.status if refused else 200)


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Ask for the password (and a code, where there is a second step) once more before the account is changed."""
    user, error, stepped = request.user, None, second_step.has_step(request.user)
    if request.method == "POST":
        if shut_out(request, user):
            return locked_page(request, user.username)
        error = _prove(request, stepped)
        if error is None:
            request.session[PROVED] = int(time.time())
            messages.success(request, "Đã xác nhận là bạn; trong 10 phút tới không hỏi lại.", extra_tags="toast")
            return redirect(_back(request))
    left = attempts_left(request, user.username.lower()) if error else None
    context = {"refused": error, "stepped": stepped, "next": _back(request), "attempts_left": left}
    return render(request, "account/prove.html", context, status=error.status if error else 200)


def _prove(request: HttpRequest, stepped: bool) -> Refused | None:
    """What is wrong with the proof, counted; None when the user is who the session says."""
    try:
        if not request.user.check_password(request.POST.get("password", "")):
            raise Refused("bad_password", "Mật khẩu không đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt.", field="password")
        if stepped:
            second_step.use_code(by=request.user, code=request.POST.get("code", ""), at=time.time())
    except Refused as refused:
        if refused.code in ("bad_password", "bad_code", "used_code"):
            count_wrong(request, request.user)
        return refused
    return None


def _back(request: HttpRequest) -> str:
    """Where to go on: an address of this house, else the account's page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else reverse("account")


@proved
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out one of the own sessions, or all but this one."""
    if request.POST.get("do") == "others":
        ended = sittings.end_other_sittings(by=request.user, key=request.session.session_key or "")
        messages.success(request, f"Đã đóng {ended} phiên khác." if ended else "Không có phiên nào khác đang mở.", extra_tags="toast")
        return redirect("account")
    try:
        sittings.end_sitting(by=request.user, id=request.POST.get("sitting", ""))
    except Refused as refused:
        return account_page(request, refused)
    messages.success(request, "Đã đóng phiên đó.", extra_tags="toast")
    return redirect("account")


class ChangeForm(PasswordChangeForm):
    """The old password and twice the new one; what the new one breaks is said at the new one."""

    error_messages = {
        "password_incorrect": "Mật khẩu hiện nay không đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt.",
        "password_mismatch": "Hai lần gõ mật khẩu mới không giống nhau. Hãy gõ lại cả hai ô.",
    }
    old_password = forms.CharField(label="Mật khẩu hiện nay", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("new_password1", "Mật khẩu mới"), ("new_password2", "Mật khẩu mới, gõ lại")):
            self.fields[name].label, self.fields[name].help_text = label, ""
        for field in self.fields.values():
            field.error_messages["required"] = f"Hãy gõ {field.label[:1].lower()}{field.label[1:]}."

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        """Judge the new password; it must also differ from the old one."""
        new = self.cleaned_data.get("new_password1")
        if new and new == self.cleaned_data.get("old_password"):
            self.add_error("new_password1", ValidationError("Mật khẩu mới trùng mật khẩu hiện nay. Hãy chọn mật khẩu khác.", code="same"))
            return
        super().validate_password_for_user(user, "new_password1")


class ChangePassword(PasswordChangeView):
    """Changing one's own password; with a one-time password every other page waits for it."""

    form_class = ChangeForm
    template_name = "registration/password_change_form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Judge it, unless too many wrong old passwords came."""
        return locked_page(request, request.user.username) if shut_out(request, request.user) else super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong; a wrong old password counts like one at the sign-in."""
        if any(error.code == "password_incorrect" for error in form.errors.as_data().get("old_password", [])):
            count_wrong(self.request, self.request.user)
        answer = self.render_to_response(self.get_context_data(form=form))
        answer.status_code = 422
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the new password, note that it was chosen, and end every other session."""
        before = self.request.session.session_key or ""
        answer = super().form_valid(form)
        key = self.request.session.session_key or ""
        sittings.move_sitting(before, key)
        password_changed(by=self.request.user)
        ended = sittings.end_other_sittings(by=self.request.user, key=key)
        self.request.session[PROVED] = int(time.time())
        if ended:
            messages.success(self.request, f"Đã đóng {ended} phiên khác của tài khoản này.")
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `rules`: each with its words and, once something was typed, whether it is kept."""
        found = super().get_context_data(**kwargs)
        typed = self.request.POST.get("new_password1", "")
        return {**found, "rules": [(rule.get_help_text(), _kept(rule, typed, self.request.user)) for rule in get_default_password_validators()]}


def _kept(rule: Any, typed: str, user: Any) -> bool | None:
    if not typed:
        return None
    try:
        rule.validate(typed, user)
    except ValidationError:
        return False
    return True
