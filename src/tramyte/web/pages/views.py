"""The pages without a topic: errors, and a sign of life for monitors."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Whether the server and its database answer; says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "errors/404.html", {"message": ""}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", {"message": ""}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our own page, or whose page is too old."""
    text = "Biểu mẫu đã cũ hoặc không gửi từ trang này nên chưa được lưu. Hãy tải lại trang rồi gửi lại."
    return render(request, "errors/403.html", {"message": text}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "errors/400.html", {"message": ""}, status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500: says that it was logged and what to do."""
    return render(None, "errors/500.html", status=500)
