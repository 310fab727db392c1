"""Hệ thống: the state of this installation, the audit, the jobs."""

import datetime
import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tramyte import __version__
from tramyte.engine import clock
from tramyte.engine.access.actions import managed_by
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, require
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.jobs.models import Job, Schedule
from tramyte.engine.jobs.work import start
from tramyte.engine.jobs.worker import TITLES
from tramyte.engine.refused import no_right, not_found
from tramyte.rules.calendar import parse_date
from tramyte.web import storage
from tramyte.web.pages import logbook
from tramyte.web.templatetags.words import number_words

PAGE = 30
STATES = {"waiting": ("off", "hourglass-empty"), "running": ("blue", "loader-2"), "finished": ("ok", "check"), "failed": ("late", "alert-triangle")}


def tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """The parts of Hệ thống that this user may open."""
    parts = [("system", "Tình trạng", "settings", "audit.view"), ("system-users", "Tài khoản", "users", "users.manage"),
             ("system-roles", "Phân quyền", "user-check", "users.manage"), ("emergency-reviews", "Mở khẩn cấp", "emergency-bed", "emergency.review"),
             ("system-sign-in", "Đăng nhập", "shield-lock", "users.manage"),
             ("system-clients", "Ứng dụng", "link", "users.manage"),
             ("system-places", "Thôn, đơn vị", "map-pin", "places.write"),
             ("system-audit", "Nhật ký", "history", "audit.view"), ("system-jobs", "Việc nền", "loader-2", "audit.view")]
    return [{"label": label, "url": reverse(name), "current": name == current, "icon": icon, "count": None}
            for name, label, icon, right in parts if may(request.user, right)]


def _may_look(request: HttpRequest) -> None:
    if not (may(request.user, "audit.view") or may(request.user, "users.manage")):
        raise no_right()


@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """Version, data folder, backups, schedule and the last proof of the audit."""
    _may_look(request)
    home = Path(settings.HOME)
    copies = sorted((home / "backups").glob("*.zip"), key=lambda path: path.stat().st_mtime) if (home / "backups").is_dir() else []
    last = copies[-1] if copies else None
    proof = Job.objects.filter(task="verify_audit", state="finished").order_by("-finished_at").first()
    return render(request, "system/system.html", {
        "tabs": tabs(request, "system"), "version": __version__, "home": home, "used": _size(home), "free": shutil.disk_usage(home).free,
        "backup": {"name": last.name, "at": datetime.datetime.fromtimestamp(last.stat().st_mtime, clock.ZONE), "size": last.stat().st_size} if last else None,
        "database": "PostgreSQL" if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else "SQLite",
        "schedule": [(TITLES.get(one.task, one.task), one) for one in Schedule.objects.all()], "proof": proof,
        "entries": AuditEntry.objects.values_list("seq", flat=True).first() or 0, "behind": storage.clock_went_back(),
    })


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Nhật ký, filtered by user, action and day."""
    require(request.user, "audit.view")
    wanted = {name: request.GET.get(key, "").strip() for name, key in (("user", "nguoi"), ("action", "viec"), ("day", "ngay"))}
    message, day = "", None
    if wanted["day"]:
        try:
            day = parse_date(wanted["day"])
        except ValueError as error:
            message = str(error)
    rows = logbook.entries(request.user, user=wanted["user"], action=wanted["action"], day=day)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    actions = sorted({(one, logbook.action_words(one)) for one in AuditEntry.objects.order_by().values_list("action", flat=True).distinct()}, key=lambda one: one[1])
    return render(request, "system/audit.html", {
        "tabs": tabs(request, "system-audit"), "page": page, "lines": logbook.lines(page.object_list, by=request.user), "wanted": wanted, "message": message,
        "users": User.objects.filter(pk__in=managed_by(request.user)).values_list("username", "full_name"), "actions": actions,
    }, status=422 if message else 200)


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Begin the proof of the audit chain; its job page shows the result."""
    require(request.user, "audit.view")
    return redirect("job", start("verify_audit", by=request.user, title="Kiểm tra chuỗi nhật ký").pk)


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Việc nền, newest first."""
    require(request.user, "audit.view")
    theirs = Q(by=None) | Q(by__in=managed_by(request.user))
    page = Paginator(Job.objects.filter(theirs).select_related("by"), PAGE).get_page(request.GET.get("page"))
    return render(request, "system/jobs.html", {"tabs": tabs(request, "system-jobs"), "page": page, "jobs": [(one, *STATES[one.state]) for one in page.object_list]})


@require_safe
def job(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One job with its progress, for whoever began it or keeps the system; htmx asks for the card only while it runs."""
    found = Job.objects.select_related("by").filter(pk=id).first()
    if found is None or not (found.by_id == request.user.pk or (may(request.user, "audit.view") and found.by_id in {None, *managed_by(request.user)})):
        raise not_found("việc nền này")
    kind, icon = STATES[found.state]
    context = {"job": found, "kind": kind, "icon": icon, "running": found.state in ("waiting", "running"), "said": _said(found)}
    return render(request, "system/_job.html" if getattr(request, "htmx", False) else "system/job.html", context)


def _said(found: Job) -> tuple[str, str]:
    """The result of a finished job as a kind of message and a sentence."""
    result = found.result or {}
    if found.state != "finished":
        return ("", "")
    if found.task == "verify_audit":
        if result.get("broken_at"):
            return ("late", f"Nhật ký bị sửa: {result['reason']}. Hãy giữ nguyên máy, sao lưu và báo người hỗ trợ.")
        return ("ok", f"Nhật ký toàn vẹn: {number_words(result.get('entries', 0))} dòng, mã cuối {str(result.get('head', ''))[:16]}.")
    return ("ok", found.message or "Đã xong.")


