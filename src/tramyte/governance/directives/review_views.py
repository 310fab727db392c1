"""The review page and what its buttons do; every button works without JavaScript."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.refused import Refused, not_found
from tramyte.governance.directives import actions
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.queries import earlier_of, obligations_of, units_around
from tramyte.governance.directives.review_page import open_item, page_of, tab_of

FIELDS = {
    "task": ("text", "due_on", "recurrence", "indicator", "coordinating", "start"),
    "duty": ("phrase", "to", "period", "due_phrase", "due_day", "due_month", "due_on"),
    "target": ("phrase", "indicator", "comparator", "value", "unit", "year", "due_on"),
    "unassigned": ("text",),
}


def writable(user: User, id: uuid.UUID) -> Directive:
    """The directive, for whoever may review it; 404 for everybody else's."""
    require(user, actions.WRITE)
    found = visible(user, Directive.objects.filter(entered_in_error=False), actions.WRITE).filter(pk=id).first()
    if found is None:
        raise not_found("văn bản này")
    return found


@require_GET
def review(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Rà soát: the text beside what was understood."""
    directive = writable(request.user, id)
    return _page(request, directive, request.GET.get("xem", ""), request.GET.get("muc", ""))


def _page(request: HttpRequest, directive: Directive, tab: str, mark: str, *, refused: Refused | None = None, typed: QueryDict | None = None) -> HttpResponse:
    items = list(obligations_of(directive))
    page = page_of(directive, items, tab, mark)
    current = page["current"]
    card = open_item(directive, current.item) if current else {}
    if refused and typed and current:
        card["fields"] = {**card["fields"], **{name: typed[name] for name in FIELDS[current.item.kind] if name in typed}}
        card["typed_due"] = typed.get("due_on", "")
    just = next((item for item in items if item.mark == request.GET.get("vua") and item.state != Obligation.PENDING and not item.became), None)
    offers = [] if directive.earlier_id or directive.header.get("related_settled") else earlier_of(directive)
    context = {
        "directive": directive, **page, **card, "refused": refused, "just": just, "offers": offers,
        "pane": "muc" if request.GET.get("muc") or request.GET.get("xem") or refused else request.GET.get("pane", "muc"),
        "owner_units": [(str(unit.pk), unit.name) for unit in units_around(directive.place)],
    }
    return render(request, "directives/review.html", context, status=refused.status if refused else 200)


def _back(directive: Directive, **query: str) -> HttpResponse:
    words = QueryDict(mutable=True)
    words.update({name: value for name, value in query.items() if value})
    address = reverse("directive-review", args=[directive.pk])
    return redirect(f"{address}?{words.urlencode()}" if words else address)


@require_POST
def item(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One button of the open card: accept, save, drop, reopen, owner, unit, select."""
    require(request.user, actions.WRITE)
    row = visible(request.user, Obligation.objects.select_related("directive"), actions.WRITE).filter(pk=id).first()
    if row is None:
        raise not_found("mục này")
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Refused("bad_choice", "Nút này không còn trên trang. Hãy tải lại trang.")
    after = _next_mark(row)
    try:
        with transaction.atomic():
            said = act(request, row)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _page(request, row.directive, "", row.mark, refused=refused, typed=request.POST)
    if request.POST["do"] in ("accept", "drop", "owner"):
        # no toast: the mark, the count and "Hoàn tác" say it, and a toast would cover the buttons
        mark = Obligation.objects.values_list("mark", flat=True).get(pk=row.pk)
        return _back(row.directive, muc=after, vua=mark, xem="" if after else tab_of(row))
    messages.success(request, said, extra_tags="toast")
    return _back(row.directive, muc=Obligation.objects.values_list("mark", flat=True).get(pk=row.pk))


def _next_mark(row: Obligation) -> str:
    """The mark of the obligation that is open after this one is decided: the next in the same tab, else the one before."""
    listed = [one for one in obligations_of(row.directive) if tab_of(one) == tab_of(row)]
    place = next((number for number, one in enumerate(listed) if one.pk == row.pk), 0)
    rest = listed[place + 1:] + listed[:place][::-1]
    return rest[0].mark if rest else ""


def _typed(request: HttpRequest, row: Obligation) -> dict[str, Any]:
    """The fields of the form that differ from the stored ones."""
    given: dict[str, Any] = {name: request.POST[name] for name in FIELDS[row.kind] if name in request.POST}
    if row.kind == Obligation.TASK and "owner_unit" in request.POST:
        names = request.POST.getlist("owner_name")
        pairs = zip(request.POST.getlist("owner_unit"), [*names, "", "", ""], strict=False)
        given["owners"] = [{"unit": unit, "name": _printed(row, name, unit)} for unit, name in pairs if unit != "-" and (unit or name)]
    if row.kind == Obligation.DUTY and "owners" in request.POST:
        given["owners"] = [{"name": name.strip()} for name in request.POST["owners"].split(";") if name.strip()]
    return given


def _printed(row: Obligation, name: str, unit: str) -> str:
    """The printed name stays only while it still stands for the chosen unit."""
    known = {owner["name"]: owner["unit"] for owner in row.fields.get("owners", [])}
    return name if not unit or not known.get(name) or known[name] == unit else ""


def _seen(request: HttpRequest) -> int | None:
    """The version of the obligation that the page showed."""
    text = request.POST.get("version", "")
    return int(text[:9]) if text.isdecimal() else None


def _save(request: HttpRequest, row: Obligation) -> str:
    actions.correct_obligation(by=request.user, id=row.pk, seen_version=_seen(request), kind=request.POST.get("kind", ""), **(_typed(request, row) if request.POST.get("kind", row.kind) == row.kind else {}))
    return f"Đã lưu {row.mark}."


def _accept(request: HttpRequest, row: Obligation) -> str:
    changed = bool(_typed(request, row)) and row.kind != Obligation.UNASSIGNED
    if changed:
        actions.correct_obligation(by=request.user, id=row.pk, seen_version=_seen(request), **_typed(request, row))
    actions.accept_obligation(by=request.user, id=row.pk, seen_version=None if changed else _seen(request))
    return f"Đã nhận {row.mark}."


def _drop(request: HttpRequest, row: Obligation) -> str:
    actions.drop_obligation(by=request.user, id=row.pk, seen_version=_seen(request))
    return f"Đã bỏ {row.mark}."


def _reopen(request: HttpRequest, row: Obligation) -> str:
    actions.reopen_obligation(by=request.user, id=row.pk)
    return f"Đã đưa {row.mark} về chờ rà soát."


def _owner(request: HttpRequest, row: Obligation) -> str:
    given = actions.give_owner(by=request.user, id=row.pk, unit=request.POST.get("unit"), due_on=request.POST.get("due_on"), seen_version=_seen(request))
    return f"Đã giao {row.mark}, nay là {given.mark}."


def _unit(request: HttpRequest, row: Obligation) -> str:
    made = actions.add_unit(by=request.user, name=request.POST.get("new_unit", ""), place=row.directive.place)
    owners = [{"name": owner["name"]} if not owner["unit"] else owner for owner in row.fields["owners"]] or [{"unit": str(made.pk)}]
    actions.correct_obligation(by=request.user, id=row.pk, owners=owners)
    return f"Đã thêm đơn vị {made}."


def _select(request: HttpRequest, row: Obligation) -> str:
    start, end = _span(request)
    actions.select_text(by=request.user, id=row.pk, start=start, end=end, text=request.POST.get("words", ""))
    return f"Đã chọn lại chữ của {row.mark}."


def _span(request: HttpRequest) -> tuple[int | None, int | None]:
    start, end = request.POST.get("start", ""), request.POST.get("end", "")
    return (int(start[:9]), int(end[:9])) if start.isdecimal() and end.isdecimal() else (None, None)


_ACTS = {"save": _save, "accept": _accept, "drop": _drop, "reopen": _reopen, "owner": _owner, "unit": _unit, "select": _select}


@require_POST
def add_item(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Add what the machine did not see."""
    directive = writable(request.user, id)
    start, end = _span(request)
    try:
        made = actions.add_obligation(by=request.user, directive=id, kind=request.POST.get("kind", ""), start=start, end=end, text=request.POST.get("words", ""))
    except Refused as refused:
        return _page(request, directive, "", "", refused=refused)
    return _back(directive, muc=made.mark)


@require_POST
def accept_rest(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Accept all that wait; say which could not be."""
    directive = writable(request.user, id)
    done = actions.accept_all(by=request.user, id=id, add_units=request.POST.get("add_units") == "1")
    messages.success(request, f"Đã nhận {done.accepted} mục.", extra_tags="toast")
    if done.left:
        messages.warning(request, f"{len(done.left)} nhiệm vụ chưa khớp đơn vị nào trong xã nên chưa nhận: {', '.join(done.left)}. Hãy chọn đơn vị cho từng mục.")
    if done.unclear:
        messages.warning(request, f"{', '.join(done.unclear)} chưa rõ bao lâu báo cáo một lần: đã nhận nhưng chưa thành kỳ có hạn. Hãy chọn kỳ ngay tại mục đó, hoặc sau này ở trang Báo cáo.")
    return _back(directive)


@require_POST
def give_units(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Give the ticked work without a unit to one unit; all or nothing."""
    directive = writable(request.user, id)
    rows = obligations_of(directive).filter(kind=Obligation.UNASSIGNED, pk__in=_ids(request.POST.getlist("item")))
    try:
        if not rows:
            raise Refused("empty", "Chưa đánh dấu việc nào. Hãy đánh dấu các việc rồi chọn đơn vị.", field="item")
        with transaction.atomic():
            for row in list(rows):
                actions.give_owner(by=request.user, id=row.pk, unit=request.POST.get("unit"), due_on=request.POST.get("due_on"))
    except Refused as refused:
        return _page(request, directive, "chua-giao", "", refused=refused)
    messages.success(request, "Đã giao các việc đã đánh dấu.", extra_tags="toast")
    return _back(directive, xem="chua-giao")


def _ids(texts: list[str]) -> list[uuid.UUID]:
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


@require_POST
def relate(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Settle the relation to an earlier directive that was noticed."""
    directive = writable(request.user, id)
    earlier = _ids([request.POST.get("earlier", "")])
    actions.relate_directive(by=request.user, id=id, earlier=earlier[0] if earlier else None, relation=request.POST.get("relation", ""))
    messages.success(request, "Đã ghi quan hệ với văn bản trước." if earlier else "Đã ghi: không liên quan văn bản trước.", extra_tags="toast")
    return redirect("directive-review", directive.pk) if directive.state == Directive.REVIEWING else redirect("directive", directive.pk)


@require_POST
def issue(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Giao việc: the accepted become tasks, duties and targets."""
    directive = writable(request.user, id)
    try:
        issued = actions.issue_directive(by=request.user, id=id)
    except Refused as refused:
        return _page(request, directive, "", "", refused=refused)
    messages.success(request, f"Đã giao việc theo {issued}.", extra_tags="toast")
    return redirect("directive", id)
