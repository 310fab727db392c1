"""Pages of directives: the list, the way in, the document with what became of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tramyte.engine import clock
from tramyte.engine.access.rights import home_place, may, require, visible
from tramyte.engine.documents import files
from tramyte.engine.documents.sniffing import MAX_BYTES
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.governance.directives import actions, becoming
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.queries import (
    directives_of,
    next_arrival_number,
    obligations_of,
    units_around,
)
from tramyte.governance.directives.receiving import INCOMING
from tramyte.governance.directives.review_page import row_of
from tramyte.governance.directives.review_views import writable
from tramyte.rules.text import fold

PAGE = 20
STATES = {"dang-ra-soat": Directive.REVIEWING, "da-nhan": Directive.ISSUED, "het-hieu-luc": Directive.REVOKED}
HEADER = ("kind", "number", "dated_on", "issuing_body", "title", "signer")


def _commune(request: HttpRequest) -> Place:
    place = home_place(request.user)
    if place is None:
        raise no_right()
    return commune_of(place)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Văn bản đến."""
    require(request.user, "directives.view")
    rows = directives_of(request.user)
    counts = {slug: rows.filter(state=state).count() for slug, state in STATES.items()}
    state, words = request.GET.get("trang-thai", ""), request.GET.get("q", "").strip()[:200]
    if state in STATES:
        rows = rows.filter(state=STATES[state])
    if words:
        rows = rows.filter(pk__in=_containing(rows, words))
    tabs = [{"label": "Tất cả", "url": "?", "current": state not in STATES, "count": sum(counts.values())}]
    names = {"dang-ra-soat": "Đang rà soát", "da-nhan": "Đã giao việc", "het-hieu-luc": "Hết hiệu lực"}
    tabs += [{"label": names[slug], "url": f"?trang-thai={slug}", "current": state == slug, "count": counts[slug]} for slug in STATES]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "directives/list.html", {"page": page, "tabs": tabs, "q": words, "writes": may(request.user, actions.WRITE), "total": sum(counts.values())})


def _containing(rows: Any, words: str) -> list[uuid.UUID]:
    """Ids of directives whose number, title or body hold all folded words (a commune has hundreds, not millions)."""
    asked = fold(words).split()
    columns = rows.values_list("pk", "number", "title", "issuing_body", "kind", "arrival_number")
    return [pk for pk, *texts in columns if all(word in fold(" ".join(texts)) for word in asked)]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Nhập văn bản: a file or pasted text with the incoming-document fields."""
    require(request.user, actions.WRITE)
    place = _commune(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            directive = actions.receive_directive(by=request.user, **_uploaded(request), **_typed(request))
            count = directive.obligations.count()
            messages.success(request, f"Đã đọc xong: {count} mục. Hãy đối chiếu với văn bản rồi nhận." if count else "Đã nhận văn bản nhưng không thấy mục nào. Hãy bôi đen chữ để thêm.")
            return redirect("directive-review", directive.pk)
        except Refused as error:
            if error.status in (403, 404):
                raise
            refused = error
    today = clock.today()
    typed = request.POST if refused else {"arrived_on": f"{today:%d/%m/%Y}", "arrival_number": next_arrival_number(place, today.year)}
    context = {"refused": refused, "typed": typed, "units": units_around(place), "first": getattr(refused, "first", None)}
    return render(request, "directives/new.html", context, status=refused.status if refused else 200)


def _uploaded(request: HttpRequest) -> dict[str, Any]:
    """The file (preferred) or the pasted text of the form. Refused when the file is too large to be read."""
    file = request.FILES.get("file")
    if file is None:
        return {"text": request.POST.get("text", "").replace("\x00", "")}
    if file.size and file.size > MAX_BYTES:
        size = f"{file.size / 1024 / 1024:.0f}"
        raise Refused("file_too_large", f"Tệp nặng {size} MB, tối đa {MAX_BYTES // 1024 // 1024} MB. Hãy bỏ ảnh quét, hoặc chỉ gửi phần văn bản chính.", field="file")
    return {"name": file.name or "", "content": file.read()}


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST[name] for name in INCOMING if name in request.POST}


def _shown(request: HttpRequest, id: uuid.UUID) -> Directive:
    require(request.user, "directives.view")
    rows = visible(request.user, Directive.objects.filter(entered_in_error=False)).select_related("lead_unit", "earlier")
    found = rows.filter(pk=id).first()
    if found is None:
        raise not_found("văn bản này")
    return found


@require_GET
def document(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One directive: its header, incoming fields, and what became of each obligation."""
    directive = _shown(request, id)
    items = list(obligations_of(directive))
    left = [item for item in items if item.kind == Obligation.UNASSIGNED and item.state == Obligation.PENDING]
    plain = [row_of(item) for item in items if item.state == Obligation.ACCEPTED and item.kind not in _paneled()]
    panels = [{"template": panel.template, **panel.context(directive, request.user)} for panel in becoming.panels]
    return render(request, "directives/document.html", {
        "directive": directive, "panels": panels, "plain": plain, "left": left, "any": bool(items), "writes": may(request.user, actions.WRITE),
        "later": visible(request.user, directive.later.filter(entered_in_error=False)), "bases": directive.header.get("legal_bases", []),
        "has_file": bool(directive.file_name),
    })


def _paneled() -> set[str]:
    """Kinds whose topic shows its own panel; the others are listed plainly."""
    return set(becoming.makers)


@require_GET
def whole_text(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The text of a directive with its marks, to read."""
    from tramyte.governance.directives.review_page import CSS, lines_of

    directive = _shown(request, id)
    items = list(obligations_of(directive).exclude(state=Obligation.DROPPED))
    return render(request, "directives/text.html", {"directive": directive, "lines": lines_of(directive.text, items), "css": CSS})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Correct what was read in the header, and the incoming fields."""
    directive = writable(request.user, id)
    refused: Refused | None = None
    if request.method == "POST":
        given = {name: request.POST[name] for name in (*HEADER, *INCOMING) if name in request.POST}
        seen = request.POST.get("version", "")
        try:
            actions.correct_directive(by=request.user, id=id, seen_version=int(seen) if seen.isdecimal() else None, **given)
            messages.success(request, "Đã lưu.", extra_tags="toast")
            return redirect("directive-review" if directive.state == Directive.REVIEWING else "directive", id)
        except Refused as error:
            if error.status in (403, 404):
                raise
            refused = error
    typed: Any = request.POST if refused else {
        **{name: getattr(directive, name) or "" for name in (*HEADER, *INCOMING)}, "lead_unit": str(directive.lead_unit_id or ""),
        **{name: f"{day:%d/%m/%Y}" if (day := getattr(directive, name)) else "" for name in ("dated_on", "arrived_on", "due_on")},
        "coordinating": "; ".join(directive.coordinating),
    }
    context = {"directive": directive, "refused": refused, "typed": typed, "units": units_around(directive.place), "first": getattr(refused, "first", None)}
    return render(request, "directives/edit.html", context, status=refused.status if refused else 200)


@require_POST
def revoke(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Hết hiệu lực."""
    directive = writable(request.user, id)
    try:
        actions.revoke_directive(by=request.user, id=id, reason=request.POST.get("reason", ""), on=request.POST.get("on") or None)
        messages.success(request, f"Đã ghi {directive} hết hiệu lực; nhiệm vụ chưa xong của văn bản đã hủy.")
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        messages.error(request, refused.message)
    return redirect("directive", id)


@require_GET
def original(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The file as it was received, to keep."""
    directive = _shown(request, id)
    return as_download(files.content_of(directive.digest), directive.file_name or "van-ban.txt")


def as_download(content: bytes, name: str) -> HttpResponse:
    """Bytes that a browser saves and never opens as a page."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


