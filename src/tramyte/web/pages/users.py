"""Tài khoản: who may sign in, with which role where; new accounts and one-time passwords."""

import uuid

from axes.utils import reset
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.engine.access import actions
from tramyte.engine.access.models import Assignment, SecondStep, User
from tramyte.engine.access.rights import places, require
from tramyte.engine.access.roles import PERMISSIONS, ROLES
from tramyte.engine.access.second_step import codes_left, has_step, release_sign_in, reset_second_step
from tramyte.engine.clients.queries import granted_by, stopped
from tramyte.engine.refused import Refused, not_found
from tramyte.web.pages.attempts import locked_names
from tramyte.web.pages.roles import give, role_offers, role_typed
from tramyte.web.pages.system import tabs


@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """All users of the own places with their roles."""
    require(request.user, actions.MANAGE)
    rows = list(User.objects.filter(pk__in=actions.managed_by(request.user)).order_by("-is_active", "full_name"))
    held = actions.assignments_of([row.pk for row in rows])
    locked, stepped = locked_names(), set(SecondStep.objects.filter(user__in=rows).values_list("user_id", flat=True))
    shown = [{"user": row, "held": _words(held.get(row.pk, [])), "locked": row.username.lower() in locked, "stepped": row.pk in stepped} for row in rows]
    return render(request, "system/users.html", {"tabs": tabs(request, "system-users"), "users": shown})


def _words(held: list[Assignment]) -> list[str]:
    return [f"{ROLES[one.role].title} · {one.place}" + (f" · {one.unit}" if one.unit else "") for one in held]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time password is shown once."""
    require(request.user, actions.MANAGE)
    refused = None
    if request.method == "POST":
        try:
            given = {name: request.POST.get(name, "") for name in ("username", "full_name")}
            user, password = actions.create_user(by=request.user, **given, **role_typed(request))
            return _password_page(request, user, password, "Đã tạo tài khoản")
        except Refused as error:
            if error.status == 403:
                raise
            refused = error
    return render(request, "system/user_new.html", {**role_offers(request, request.POST if refused else None), "refused": refused}, status=refused.status if refused else 200)


def _password_page(request: HttpRequest, user: User, password: str, title: str) -> HttpResponse:
    answer = render(request, "system/password.html", {"account": user, "password": password, "done": title})
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def user(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One account: its roles and what they allow."""
    return _user_page(request, id)


def _user_page(request: HttpRequest, id: uuid.UUID, refused: Refused | None = None) -> HttpResponse:
    require(request.user, actions.MANAGE)
    found = User.objects.filter(pk=id).first()
    if found is None or found.pk not in actions.managed_by(request.user):
        raise not_found("tài khoản này")
    held = actions.assignments_of([found.pk]).get(found.pk, [])
    rights = sorted({PERMISSIONS[one] for row in held for one in ROLES[row.role].permissions})
    shown = [(one, ROLES[one.role].title, one.place_id in places(request.user, actions.MANAGE)) for one in held]
    context = {**role_offers(request, request.POST if refused else None), "account": found, "held": shown, "rights": rights, "locked": found.username.lower() in locked_names(), "refused": refused, "self": found.pk == request.user.pk,
               "stepped": has_step(found), "step_codes": codes_left(found), "keys": granted_by(found)}
    return render(request, "system/user.html", context, status=refused.status if refused else 200)


@require_POST
def act(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One button of an account's page."""
    require(request.user, actions.MANAGE)
    wanted = request.POST.get("do", "")
    try:
        if wanted == "reset":
            account, password = actions.reset_password(by=request.user, id=id)
            reset(username=account.username.lower())
            return _password_page(request, account, password, "Đã đặt lại mật khẩu")
        messages.success(request, _done(request, id, wanted), extra_tags="toast")
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _user_page(request, id, refused)
    return redirect("system-user", id)


def _stopping(id: uuid.UUID) -> str:
    """What of the keys that a user granted stands still now, as a sentence; empty for nothing."""
    held = granted_by(User.objects.get(pk=id))
    names = ", ".join(one.name for one in held if one.pk in stopped(held))
    return f" Khóa ứng dụng đã dừng theo: {names}. Còn dùng thì giám đốc nhận lại ở Ứng dụng kết nối." if names else ""


def _done(request: HttpRequest, id: uuid.UUID, wanted: str) -> str:
    if wanted in ("lock", "unlock"):
        actions.set_active(by=request.user, id=id, active=wanted == "unlock")
        return "Đã mở tài khoản." if wanted == "unlock" else "Đã khóa tài khoản." + _stopping(id)
    with transaction.atomic():
        account = actions.find_user(by=request.user, id=id)
        if wanted == "forgive":
            release_sign_in(by=request.user, id=account.pk)
            reset(username=account.username.lower())
            return "Đã mở khóa đăng nhập."
        if wanted == "reset_step":
            reset_second_step(by=request.user, id=account.pk)
            return "Đã đặt lại bước hai. Người dùng được báo ở lần đăng nhập sau."
        if wanted == "assign":
            give(request, account)
            return "Đã giao vai trò."
        if wanted == "end":
            actions.end_assignment(by=request.user, id=request.POST.get("assignment", ""), reason=request.POST.get("reason", ""))
            return "Đã thu hồi vai trò." + _stopping(account.pk)
    raise Refused("bad_choice", "Nút này không còn trên trang. Hãy tải lại trang.")
