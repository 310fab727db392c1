"""The second step of the own account: set up by a QR code, ten recovery codes shown once, turned off."""

import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tramyte.engine import clock
from tramyte.engine.access import sealing, second_step
from tramyte.engine.access.models import SecondStep
from tramyte.engine.access.rights import home_place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused
from tramyte.web.pages.account import account_page, proved
from tramyte.web.pages.squares import qr_svg

NEW = "new_secret"  # sealed in the session until its first code proves that a phone has it


@never_cache
@sensitive_post_parameters("code")
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show a new secret as QR code and letters; its first right code begins the second step and shows the recovery codes."""
    secret, refused = _secret(request), None
    if request.method == "POST":
        try:
            codes = second_step.set_up_second_step(by=request.user, secret=secret, code=request.POST.get("code", ""), at=time.time())
            for key in (NEW, "owes_step"):
                request.session.pop(key, None)
            return _codes_page(request, codes, "Đã cài bước hai")
        except Refused as error:
            refused = error  # nothing to guess here: the secret stands on the page
    place = home_place(request.user)
    issuer = f"tramyte {commune_of(place).name}" if place else "tramyte"
    address = sealing.address_of(secret, request.user.username, issuer)
    return render(request, "account/set_up.html", {
        "qr": qr_svg(address, "Mã QR để quét bằng ứng dụng xác thực; không quét được thì gõ khóa bằng chữ bên cạnh"), "issuer": issuer, "address": address,
        "letters": " ".join(secret[n:n + 4] for n in range(0, len(secret), 4)), "refused": refused, "now": clock.now(),
        "again": SecondStep.objects.filter(user=request.user).exists(), "owes": request.session.get("owes_step", False),
    }, status=refused.status if refused else 200)


def _secret(request: HttpRequest) -> str:
    """The secret being set up in this session; a new one when there is none."""
    if NEW not in request.session:
        request.session[NEW] = sealing.seal(sealing.new_secret())
    return sealing.unseal(request.session[NEW])


@never_cache
@proved
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown once."""
    try:
        return _codes_page(request, second_step.renew_recovery_codes(by=request.user), "Mã khôi phục mới")
    except Refused as refused:
        return account_page(request, refused)


def _codes_page(request: HttpRequest, made: list[str], title: str) -> HttpResponse:
    shown = [" ".join(code[n:n + 4] for n in range(0, len(code), 4)) for code in made]
    return render(request, "account/codes.html", {"codes": shown, "done": title})


@proved
@require_POST
def turn_off(request: HttpRequest) -> HttpResponse:
    """Sign in with the password alone again."""
    try:
        second_step.remove_second_step(by=request.user)
    except Refused as refused:
        return account_page(request, refused)
    messages.success(request, "Đã tắt bước hai. Mã khôi phục cũ hết tác dụng.", extra_tags="toast")
    return redirect("account")
