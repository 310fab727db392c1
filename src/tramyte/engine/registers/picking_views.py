"""Ticking rows of a list: by page, all that the list shows, or none."""

import uuid
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers import picking, screen
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.screen import Signed
from tramyte.engine.registers.views import opened


@require_POST
def pick(request: Signed, slug: str) -> HttpResponse:
    """`do`: page (of `shown` exactly `row` are ticked), all (what the list of `query` shows), none; htmx gets the bar, others the list again."""
    register = opened(request, slug)
    if not register.facts:
        raise not_found("việc chọn dòng ở sổ này")
    params, do = QueryDict(request.POST.get("query", "")), request.POST.get("do", "page")
    if do == "page":
        picking.tick_page(register, request.user, _ids(request, "shown"), _ids(request, "row"))
    elif do == "all":
        picking.tick(register, request.user, picking.rows(register, request.user, params))
    elif do == "none":
        picking.let_go(register, request.user)
    else:
        raise Refused("bad_act", "Không rõ phải làm gì với các dòng đã chọn. Hãy bấm lại một trong các nút.")
    if do == "page" and getattr(request, "htmx", False):
        return render(request, "registers/picked.html", bar(request, register, params))
    back = screen.query(params, picked=None, page=None) if do == "none" and picking.only(params) else f"?{params.urlencode()}"
    return redirect(reverse("register", args=[register.slug]) + (back if back != "?" else "?view=0"))


def _ids(request: Signed, name: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in request.POST.getlist(name)[:screen.PAGE]]
    except ValueError:
        raise Refused("bad_row", "Không đọc được dòng đã đánh dấu. Hãy tải lại trang rồi chọn lại.") from None


def bar(request: Signed, register: Register, params: QueryDict) -> dict[str, Any]:
    """What `registers/picked.html` reads."""
    user = request.user
    return {"register": register, "total": picking.rows_count(register, user, params), **screen.picked(register, user, params)}
