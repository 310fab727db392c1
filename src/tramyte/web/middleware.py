"""Two small layers: sessions that end when nobody is there, and refusals turned into answers."""

import logging
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from tramyte.engine.access.sittings import touch_sitting
from tramyte.engine.audit import origin
from tramyte.engine.refused import Refused
from tramyte.engine.trouble import trouble_of

log = logging.getLogger("tramyte.web")
Answer = Callable[[HttpRequest], HttpResponse]
OPEN = {"login", "login-step", "logout", "health", "first-run"}
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
FIRST_PASSWORD = {"password_change", "password_change_done"}
FIRST_STEP = {*FIRST_PASSWORD, "account-step", "account-prove"}


class SignedIn:
    """Every page but the sign-in asks for a user; an idle or very long session ends; a first password must be changed, an obligatory second step set up."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, unless the session has been idle too long."""
        if request.user.is_authenticated:
            now = int(time.time())
            seen, begun = request.session.get("seen", now), request.session.get("begun", now)
            if now - seen > settings.SESSION_IDLE_SECONDS or now - begun > settings.SESSION_LONGEST_SECONDS:
                logout(request)
                return _to_sign_in(request, idle="1")
            acted = "X-Renew" not in request.headers  # what a page asks for by itself does not show that somebody is there
            if now - seen > 60 and acted:
                touch_sitting(request.session.session_key or "")
            if (now - seen > 60 and acted) or "seen" not in request.session:
                request.session.update({"seen": now, "begun": begun})
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Send strangers to the sign-in and users with a first password to the change of it."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in OPEN or (getattr(view, "takes_keys", False) and _has_key(request)):
            return None
        if not request.user.is_authenticated:
            if "/api/" in request.path:
                return JsonResponse({"code": "not_signed_in", "message": "Hãy đăng nhập trước."}, status=401)
            return _to_sign_in(request)
        if request.user.must_change_password:
            return None if name in FIRST_PASSWORD else _first(request, "password_change", "Hãy đổi mật khẩu dùng một lần trước.")
        if request.session.get("owes_step") and name not in FIRST_STEP:
            return _first(request, "account-step", "Vai trò này bắt buộc có bước hai: hãy cài ở trang Tài khoản của tôi trước.")
        return None


def _has_key(request: HttpRequest) -> bool:
    """Whether a program sends a key: the operation itself judges it, and never takes the session instead."""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _first(request: HttpRequest, page: str, words: str) -> HttpResponse:
    """Send somebody to the page that must be done before any other; a program reads why."""
    if "/api/" in request.path:
        return JsonResponse({"code": "not_ready", "message": words}, status=403)
    return HttpResponse(headers={"HX-Redirect": reverse(page)}) if request.headers.get("HX-Request") else redirect(page)


def _to_sign_in(request: HttpRequest, **more: str) -> HttpResponse:
    """Send somebody to the sign-in, and afterwards back to where they were; a fragment takes its whole page along."""
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path(), **more})}")
    came_from = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = f"{came_from.path or '/'}{'?' if came_from.query else ''}{came_from.query}"
    return HttpResponse(headers={"HX-Redirect": f"{reverse('login')}?{urlencode({'next': back, **more})}"})


class Bounds:
    """Refuse what no page takes, before it is read: an unknown method, too many bytes, U+0000 in a text; note from where a request comes."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 405, 413 or 400 with a sentence, or go on."""
        size = request.META.get("CONTENT_LENGTH") or "0"
        refused = None
        if request.method not in METHODS:
            refused = Refused("bad_method", "Máy không nhận cách hỏi này. Hãy mở lại trang bằng trình duyệt.", status=405)
        elif not (size.isascii() and size.isdigit() and len(size) < 16 and int(size) <= settings.LARGEST_REQUEST):
            refused = too_large()
        elif _has_nul(request):
            refused = Refused("bad_letter", "Dữ liệu gửi lên có ký tự rỗng (mã 0) mà máy không lưu được. Chưa có gì được lưu. Hãy xóa ký tự lạ ở ô vừa dán rồi gửi lại.", status=400)
        if refused is None:
            with origin.through(_door(request), request.META.get("REMOTE_ADDR", "")):
                return self.answer(request)
        log.warning("%s %r refused: %s", request.method, request.path, refused.code)
        return told(request, refused)


def _door(request: HttpRequest) -> str:
    """Through which door somebody comes in, for the audit."""
    if "/api/" in request.path:
        return "api"
    return "phone" if "Mobi" in request.headers.get("User-Agent", "") else "page"


def _has_nul(request: HttpRequest) -> bool:
    """Whether a text of the request holds the one letter that PostgreSQL cannot store."""
    texts = (text for given in (request.GET, request.POST) for name, values in given.lists() for text in (name, *values))
    return "\0" in request.path or any("\0" in text for text in texts)


def too_large() -> Refused:
    """The refusal for more bytes or fields than a form may send."""
    text = f"Dữ liệu gửi lên quá lớn (tối đa {settings.LARGEST_REQUEST // 2**20} MB một lần gửi, mỗi tệp tối đa 20 MB). Chưa có gì được lưu. Hãy chia nhỏ tệp rồi gửi lại."
    return Refused("too_large", text, status=413)


def told(request: HttpRequest, error: Refused) -> HttpResponse:
    """A refusal as JSON, as a fragment, or as a page that asks nothing of database or session: they may be the trouble."""
    if "/api/" in request.path or (request.accepts("application/json") and not request.accepts("text/html")):
        return JsonResponse({"code": error.code, "message": error.message, "field": error.field}, status=error.status)
    context = {"kind": "late", "text": error.message, "message": error.message, "code": error.code, "status": error.status}
    whole = "503" if error.status > 500 else "429" if error.status == 429 else "400"
    page = "components/message.html" if request.headers.get("HX-Request") else f"errors/{whole}.html"
    return render(None, page, context, status=error.status)  # type: ignore[arg-type]  # None: without context processors


class Headers:
    """Two headers that nobody else sets: no page may use the device's sensors, camera or place; what is signed in stays out of shared caches."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers."""
        response = self.answer(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


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
        """The answer to a refusal, by an action or by the machine; other exceptions go to Django's own handler, which logs them."""
        if not isinstance(error, Refused):
            return trouble_answer(request, error)
        if error.status in {403, 404}:
            log.warning("%s %r refused for %s: %s", request.method, request.path, request.user, error.code)
        if "/api/" in request.path or (request.accepts("application/json") and not request.accepts("text/html")):
            return JsonResponse({"code": error.code, "message": error.message, "field": error.field}, status=error.status)
        if getattr(request, "htmx", False):
            return render(request, "components/message.html", {"kind": "late", "text": error.message}, status=error.status)
        page = {403: "403", 404: "404", 409: "409"}.get(error.status, "422")
        return render(request, f"errors/{page}.html", {"message": error.message, "code": error.code}, status=error.status)


def trouble_answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer to a trouble of disk or database, logged with its code; None for any other error."""
    trouble = trouble_of(error)
    if trouble is None:
        return None
    log.error("%s %r stopped by %s: %s", request.method, request.path, trouble.code, error)
    return told(request, trouble)
