"""The pages on which a user chooses columns and keeps ways of looking at a book."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers import narrowing, saved, screen
from tramyte.engine.registers.models import SavedView
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.screen import Signed
from tramyte.engine.registers.views import opened


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: Signed, slug: str) -> HttpResponse:
    """Which columns are shown, and in which order: each has its tick and two buttons that move it; works without a script."""
    register = opened(request, slug)
    if request.method != "POST":
        shown = [column.path for column in screen.on_screen(register, request.GET, saved.preference(register, request.user))]
        return _columns_page(request, register, shown, list(shown), request.GET, "")
    query = QueryDict(request.POST.get("query", ""))
    listed = [path for path in request.POST.getlist("order") if path in register.by_path]
    ticked = set(request.POST.getlist("columns"))
    for button, step in (("up", -1), ("down", 1)):
        if (path := request.POST.get(button, "")) in listed:
            return _columns_page(request, register, _moved(listed, path, step), ticked, query, path)
    whole = "reset" in request.POST
    chosen = [] if whole else [path for path in listed if path in ticked]
    if not chosen and not whole:
        messages.error(request, "Hãy giữ lại ít nhất một cột.")
        return _columns_page(request, register, listed, ticked, query, "")
    saved.choose_columns(by=request.user, register=register, columns=chosen)
    messages.success(request, "Đã trở lại các cột của sổ." if whole else "Đã đổi các cột của sổ này.", extra_tags="toast")
    return redirect(_back(register, screen.query(query, columns=None, page=None)))


def _moved(paths: list[str], path: str, step: int) -> list[str]:
    here = paths.index(path)
    there = min(max(here + step, 0), len(paths) - 1)
    paths[here], paths[there] = paths[there], paths[here]
    return paths


def _columns_page(request: Signed, register: Register, order: list[str], ticked: Any, query: QueryDict, moved: str) -> HttpResponse:
    rest = [column.path for column in register.all_columns if column.path not in order]
    lines = [{"column": register.by_path[path], "ticked": path in ticked, "moved": path == moved} for path in [*order, *rest]]
    context = {"register": register, "lines": lines, "query": query.urlencode(), "back": _back(register, f"?{query.urlencode()}")}
    return render(request, "registers/columns.html", context)


def _back(register: Register, query: str) -> str:
    return reverse("register", args=[register.slug]) + (query if query != "?" else "?view=0")


@require_http_methods(["GET", "HEAD", "POST"])
def view_list(request: Signed, slug: str) -> HttpResponse:
    """Keep the present view under a name; below, the views there are."""
    register = opened(request, slug)
    if request.method != "POST":
        return _views_page(request, register, {"query": saved.query_of(register, request.GET), "name": "", "shared": False})
    typed = {name: request.POST.get(name, "") for name in ("query", "name", "shared")}
    try:
        view = saved.save_view(by=request.user, register=register, name=typed["name"], query=typed["query"], shared=bool(typed["shared"]))
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        return _views_page(request, register, typed | {"refused": refused}, status=422)
    if request.POST.get("opening"):
        saved.open_with(by=request.user, register=register, id=view.pk)
    messages.success(request, f"Đã lưu cách xem “{view.name}”.", extra_tags="toast")
    return redirect(_back(register, f"?view={view.pk}&{view.query}"))


def _views_page(request: Signed, register: Register, typed: dict[str, Any], status: int = 200) -> HttpResponse:
    params = QueryDict(str(typed["query"]))
    chosen = saved.preference(register, request.user)
    known: narrowing.Known = {}
    lines = [
        {"view": view, "opening": chosen is not None and chosen.opening_id == view.pk, "may_change": saved.may_change(view, request.user), "lost": ", ".join(dict.fromkeys(saved.lost(register, QueryDict(view.query)))),
         "url": _back(register, f"?view={view.pk}&{view.query}"), "told": _told(request, register, view.query, known)}
        for view in saved.views(register, request.user)]
    context = {
        "register": register, "typed": typed, "told": _told(request, register, str(typed["query"]), known), "lines": lines, "may_share": register.written_by(request.user)
        and saved.station_of(request.user) is not None, "back": _back(register, f"?{params.urlencode()}")}
    return render(request, "registers/views.html", context, status=status)


def _renamed(request: Signed, register: Register, view: SavedView) -> HttpResponse:
    """The view under the name typed, shared or not; what it shows stays. A refusal stands beside what was typed."""
    name = request.POST.get("name", "")
    try:
        saved.rename_view(by=request.user, register=register, id=view.pk, name=name, shared="shared" in request.POST)
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        typed = {"query": view.query, "name": "", "shared": False, "renaming": view.pk, "rename": name, "rename_refused": refused}
        return _views_page(request, register, typed, status=422)
    messages.success(request, "Đã đổi cách xem.", extra_tags="toast")
    return redirect("register-views", register.slug)


def _told(request: Signed, register: Register, query: str, known: narrowing.Known) -> str:
    """A view in words; a condition that can no longer be read is said to be so."""
    try:
        return screen.told(register, request.user, QueryDict(query), known) or "cả sổ"
    except Refused as refused:
        return refused.message


@require_POST
def change_view(request: Signed, slug: str, id: uuid.UUID) -> HttpResponse:
    """Open the book with a view, no longer do so, give it another name or other readers, or take it away."""
    register = opened(request, slug)
    view = saved.views(register, request.user).filter(pk=id).first()
    if view is None:
        raise not_found("cách xem")
    done = request.POST.get("do", "")
    if done == "drop":
        saved.drop_view(by=request.user, register=register, id=id)
        messages.success(request, "Đã xóa cách xem. Các dòng trong sổ không thay đổi.", extra_tags="toast")
    elif done == "rename":
        return _renamed(request, register, view)
    elif done in {"open", "close"}:
        saved.open_with(by=request.user, register=register, id=id if done == "open" else None)
        messages.success(request, "Sổ này từ nay mở đầu bằng cách xem đó." if done == "open" else "Sổ này từ nay mở đầu bằng tất cả các dòng.", extra_tags="toast")
    else:
        raise Refused("bad_act", "Không rõ phải làm gì với cách xem này. Hãy bấm lại một trong các nút.")
    return redirect("register-views", register.slug)
