"""The pages without a topic: errors, and a sign of life for monitors."""

import logging
import secrets
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tramyte.engine.refused import not_found
from tramyte.web.middleware import told, too_large, trouble_answer

log = logging.getLogger("tramyte.web")


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Whether the server and its database answer; says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    if "/api/" in request.path:
        return told(request, not_found("địa chỉ này"))
    return render(request, "errors/404.html", {"message": ""}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", {"message": ""}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our own page, or whose page is too old."""
    text = "Biểu mẫu đã cũ hoặc không gửi từ trang này nên chưa được lưu. Hãy tải lại trang rồi gửi lại."
    return render(request, "errors/403.html", {"message": text}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 for a form with more bytes or fields than any page sends."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return told(request, too_large())
    return render(None, "errors/400.html", {"message": ""}, status=400)  # type: ignore[arg-type]  # the request itself is unsound


def broken(request: HttpRequest) -> HttpResponse:
    """500: says that it was logged, under which code, and what to do; 503 or 507 when disk or database were the cause."""
    error = sys.exc_info()[1]
    if answer := trouble_answer(request, error):
        return answer
    code = secrets.token_hex(3).upper()
    log.error("%s %r failed, code %s: %r", request.method, request.path, code, error)
    return render(None, "errors/500.html", {"code": code}, status=500)  # type: ignore[arg-type]  # nothing more may fail
