"""Thôn, cơ sở, đơn vị: what a commune consists of, written by form or from a file."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.engine import clock
from tramyte.engine.access.rights import places, require, visible
from tramyte.engine.documents.sniffing import MAX_BYTES
from tramyte.engine.places import actions, changes, lists
from tramyte.engine.places.models import Facility, Place, Succession
from tramyte.engine.places.queries import commune_of, valid_on
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.calendar import parse_date
from tramyte.rules.text import clean, fold
from tramyte.web.pages.roles import chosen
from tramyte.web.pages.system import tabs

WRITE = actions.WRITE
LOWEST = 400  # places offered in a list
NEW_SINCE = datetime.date(2025, 7, 1)


@dataclass(frozen=True)
class Kind:
    """One of the three lists: its words, and the fields of its form after the place and the code."""

    slug: str
    title: str
    one: str
    icon: str
    empty: str
    code_help: str
    placeholder: str


KINDS = {kind.slug: kind for kind in (
    Kind("hamlets", "Thôn", "thôn", "map-pin", "Chưa có thôn nào. Người dân, danh sách và y tế thôn đều gắn với thôn nên hãy ghi thôn trước.",
         "Mã xã, dấu chấm, số thứ tự.", "Thôn Đông Hạ"),
    Kind("facilities", "Cơ sở", "cơ sở", "building-hospital", "Chưa có cơ sở nào. Hãy ghi trạm y tế trước, rồi các điểm trạm và trường học.",
         "Mã cơ sở khám chữa bệnh, hoặc mã tự đặt cho điểm trạm, trường học.", "Trạm Y tế xã Đồng Vân"),
    Kind("units", "Đơn vị", "đơn vị", "users", "Chưa có đơn vị nào. Nhiệm vụ và báo cáo giao cho đơn vị nên hãy ghi các phòng, ban, đoàn thể của xã.",
         "Để trống thì máy đặt theo tên. Máy nhận ra tyt (Trạm Y tế), vhxh (Phòng Văn hóa - Xã hội), ubnd (Ủy ban nhân dân).", "Phòng Kinh tế"),
)}


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise not_found("danh sách này")
    return KINDS[slug]


def _rows(request: HttpRequest, slug: str) -> list[Any]:
    """What the user may write, ended ones at the end."""
    rows: Any = visible(request.user, lists.LISTS[slug].model._default_manager.filter(entered_in_error=False), WRITE)
    if slug == "hamlets":
        rows = rows.filter(kind=Place.HAMLET)
    found = list(rows.select_related("parent" if slug == "hamlets" else "place").order_by("code", "valid_from"))
    today = clock.today()
    return sorted(found, key=lambda row: row.valid_to is not None and row.valid_to < today)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The three lists with what is in them."""
    require(request.user, WRITE)
    kind = KINDS.get(request.GET.get("danh-sach", ""), KINDS["hamlets"])
    rows = {slug: _rows(request, slug) for slug in KINDS}
    views = [{"label": f"{one.title} ({len(rows[one.slug])})", "url": f"?danh-sach={one.slug}", "current": one is kind} for one in KINDS.values()]
    return render(request, "system/places.html", {
        "tabs": tabs(request, "system-places"), "kind": kind, "rows": rows[kind.slug], "views": views, "today": clock.today(),
        "communes": len({row.pk for row in _communes(request)}),
    })


def _communes(request: HttpRequest) -> list[Place]:
    rows = Place.objects.filter(valid_on(clock.today()), pk__in=places(request.user, WRITE), kind=Place.COMMUNE)
    return list(rows.order_by("code")[:LOWEST])


def _spots(request: HttpRequest, slug: str) -> list[Place]:
    """Where a new row may lie: hamlets and units in a commune, a facility in a hamlet too."""
    communes = _communes(request)
    if slug != "facilities":
        return communes
    hamlets = Place.objects.filter(valid_on(clock.today()), pk__in=places(request.user, WRITE), kind=Place.HAMLET)
    return [*communes, *hamlets.order_by("code")[:LOWEST]]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, which: str) -> HttpResponse:
    """A new hamlet, facility or unit."""
    require(request.user, WRITE)
    return _form(request, _kind(which), None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, which: str, id: uuid.UUID) -> HttpResponse:
    """Correct one: its name, its days, for a unit its other names; the code stays."""
    require(request.user, WRITE)
    kind = _kind(which)
    row = next((row for row in _rows(request, which) if row.pk == id), None)
    if row is None:
        raise not_found(f"{kind.one} này")
    return _form(request, kind, row)


def _form(request: HttpRequest, kind: Kind, row: Any) -> HttpResponse:
    spots, refused = _spots(request, kind.slug), None
    if request.method == "POST":
        seen = request.POST.get("version", "")
        try:
            with transaction.atomic():
                made = lists.LISTS[kind.slug].record(
                    by=request.user, id=row.pk if row else None, seen_version=int(seen) if row and seen.isdecimal() else None, **_given(request, kind, row, spots))
                if kind.slug == "hamlets" and "origin" in request.POST:
                    changes.set_origin(by=request.user, hamlet=made, former=_former(made, request.POST["origin"]))
            messages.success(request, f"Đã lưu {kind.one} {clean(request.POST.get('name', ''))}.", extra_tags="toast")
            return redirect(_after(request, kind, row))
        except Refused as error:
            if error.status in (403, 404):
                raise
            refused = error
    typed: Any = request.POST if refused else _values(kind, row, spots)
    formers = list(_formers(row)) if row and kind.slug == "hamlets" else []
    return render(request, "system/place.html", {
        "formers": formers, "kind": kind, "row": row, "spots": spots, "typed": typed, "refused": refused, "kinds": Facility.KINDS,
        "url": f"{reverse('system-places')}?danh-sach={kind.slug}",
    }, status=refused.status if refused else 200)


def _former(hamlet: Place, id: str) -> Place | None:
    """The former commune that was chosen; None for none. Raises Refused for one that is not offered."""
    found = chosen(_formers(hamlet), id) if id else None
    if id and found is None:
        raise Refused("unknown_origin", "Xã cũ đã chọn không có, hoặc không còn, trong danh sách. Hãy tải lại trang rồi chọn lại.", field="origin")
    return found


def _formers(hamlet: Place) -> QuerySet[Place]:
    """The former communes that the hamlet may have lain in."""
    return changes.former_communes(commune_of(hamlet))


def _after(request: HttpRequest, kind: Kind, row: Any) -> str:
    """Back to the list, or to the next empty form."""
    if row is None and "next" in request.POST:
        return reverse("system-place-new", args=[kind.slug])
    return f"{reverse('system-places')}?danh-sach={kind.slug}"


def _given(request: HttpRequest, kind: Kind, row: Any, spots: list[Place]) -> dict[str, Any]:
    """The fields of the form as values. Raises Refused at the field at fault."""
    place = lists.LISTS[kind.slug].place
    given: dict[str, Any] = {"name": clean(request.POST.get("name", "")), "valid_from": _day(request, "valid_from", "Từ ngày"), "valid_to": _day(request, "valid_to", "Đến hết ngày")}
    if not given["name"]:
        raise Refused("empty", f"Hãy ghi tên {kind.one}.", field="name")
    if given["valid_from"] is None:
        given["valid_from"] = min(NEW_SINCE, clock.today())
    if row is None:
        chosen = next((one for one in spots if str(one.pk) == request.POST.get("place", "")), None)
        if chosen is None:
            raise Refused("no_place", "Hãy chọn địa bàn trong danh sách.", field="place")
        code = clean(request.POST.get("code", "")) or (fold(given["name"]).replace(" ", "-")[:30] if kind.slug == "units" else "")
        given |= {place: chosen, "code": code}
    elif kind.slug == "hamlets":
        given |= {place: row.parent, "code": row.code}
    if row is None and not given["code"]:
        raise Refused("empty", f"Hãy ghi mã {kind.one}.", field="code")
    if kind.slug == "facilities":
        given["kind"] = request.POST.get("kind", "")
    if kind.slug in ("units", "hamlets"):
        given["aliases"] = [name[:150] for part in request.POST.get("aliases", "").split(";") if (name := clean(part))]
    return given


def _day(request: HttpRequest, name: str, label: str) -> datetime.date | None:
    text = request.POST.get(name, "").strip()
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        raise Refused("bad_date", f"{label}: {error}", field=name) from error


def _values(kind: Kind, row: Any, spots: list[Place]) -> dict[str, str]:
    """What the form begins with; a new hamlet gets the next number of the first commune."""
    if row is None:
        first = spots[0] if spots else None
        return {"place": str(first.pk) if first else "", "code": next_code(first) if first and kind.slug == "hamlets" else "", "kind": "station",
                "valid_from": f"{min(NEW_SINCE, clock.today()):%d/%m/%Y}"}
    days = {name: f"{day:%d/%m/%Y}" if (day := getattr(row, name)) else "" for name in ("valid_from", "valid_to")}
    more = {"kind": row.kind} if isinstance(row, Facility) else {"aliases": "; ".join(row.aliases)}
    if kind.slug == "hamlets":
        held = Succession.objects.filter(successor=row, predecessor__kind=Place.COMMUNE, entered_in_error=False).first()
        more["origin"] = str(held.predecessor_id) if held else ""
    return {"name": row.name, "code": row.code, **days, **more}


def next_code(commune: Place) -> str:
    """The first unused code of a hamlet of a commune."""
    used = set(Place.objects.filter(parent=commune).values_list("code", flat=True))
    return next(code for n in range(1, 1000) if (code := f"{commune.code}.{n:02d}") not in used)


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest, which: str) -> HttpResponse:
    """The whole list from a spreadsheet: all of it or nothing; lines that are there stay as they are."""
    require(request.user, WRITE)
    kind, refused = _kind(which), None
    if request.method == "POST":
        try:
            made = _loaded(request, kind)
            messages.success(request, f"Đã ghi {made} {kind.one} mới từ tệp. Dòng đã có giữ nguyên." if made else "Mọi dòng của tệp đã có sẵn, không đổi gì.")
            return redirect(f"{reverse('system-places')}?danh-sach={kind.slug}")
        except Refused as error:
            refused = error
    columns = [*lists.LISTS[kind.slug].columns.values(), lists.SINCE]
    return render(request, "system/places_load.html", {
        "kind": kind, "refused": refused, "columns": columns, "url": f"{reverse('system-places')}?danh-sach={kind.slug}", "kinds": Facility.KINDS,
    }, status=422 if refused else 200)


def _loaded(request: HttpRequest, kind: Kind) -> int:
    file = request.FILES.get("file")
    if file is None:
        raise Refused("no_file", "Hãy chọn tệp .xlsx hoặc .csv.", field="file")
    if file.size and file.size > MAX_BYTES:
        raise Refused("file_too_large", f"Tệp quá lớn, tối đa {MAX_BYTES // 2**20} MB. Tệp danh sách thôn, đơn vị thường chỉ vài chục KB.", field="file")
    return lists.load_file(kind.slug, by=request.user, name=file.name or "tệp", content=file.read())


@require_safe
def template(request: HttpRequest, which: str) -> HttpResponse:
    """A file with the headings and one line as example, to fill in."""
    from tramyte.engine.documents.spreadsheet_writing import SheetColumn, write_xlsx

    require(request.user, WRITE)
    kind = _kind(which)
    spots = _communes(request)
    code = spots[0].code if spots else "00001"
    example = {
        "hamlets": [code, f"{code}.01", "Thôn Ví Dụ"], "facilities": [code, "trạm y tế", f"{code}-TYT", "Trạm Y tế xã"], "units": [code, "kinhte", "Phòng Kinh tế"]}[kind.slug]
    columns = [SheetColumn(heading, kind="text") for heading in (*lists.LISTS[kind.slug].columns.values(), lists.SINCE)]
    content = write_xlsx(columns, [[*example, "01/07/2025"]], sheet=kind.title)
    return HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", headers={
        "Content-Disposition": f'attachment; filename="mau-{kind.slug}.xlsx"'})
