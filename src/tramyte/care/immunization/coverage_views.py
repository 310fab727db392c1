"""Tỷ lệ tiêm chủng: how far the place is, figure by figure and hamlet by hamlet, and who is missing by name."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.care.people.models import Person
from tramyte.care.people.views import sees
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, require, sees_people, visible
from tramyte.engine.audit import chain
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers.output import MIME

VIEW, PAGE, FIRST = "figures.view", 50, "TC01"
GROUPS = (
    ("Trẻ đủ 1 tuổi trong năm", ("TC01", "TC16", "TC04", "TC05", "TC06", "TC07", "TC12")), ("Trẻ sinh trong năm", ("TC02", "TC03")),
    ("Trẻ đủ 24 tháng, 3 tuổi trong năm", ("TC08", "TC09", "TC11")), ("Phụ nữ đẻ trong năm", ("TC10",)), ("Trẻ vào mầm non, tiểu học năm học này", ("TC15",)))
CODES = tuple(code for _, codes in GROUPS for code in codes)
HEADINGS = ("Họ và tên", "Giới", "Ngày sinh", "Mẹ", "Thôn", "Lý do", "Hạn")


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """The figures of a commune or hamlet (`thon`), and one of them (`chi-tieu`) by hamlet; from stored results."""
    require(request.user, VIEW)
    hamlets, communes = _places(request.user)
    place = _asked(request, hamlets) or (communes[0] if len(communes) == 1 else None) or (hamlets[0] if len(hamlets) == 1 else None) or (communes[0] if communes else None)
    code = request.GET.get("chi-tieu", "") or FIRST
    if code not in CODES:
        raise not_found("chỉ tiêu này")
    told = results.series(CODES, place, 1) if place else {}
    latest = {one: figures[-1] for one, figures in told.items()}
    whole = place.parent if place and place.kind == Place.HAMLET and place.parent in communes else place
    stood = results.standing(code)
    return render(request, "immunization/coverage.html", {
        "place": place, "hamlets": hamlets, "hamlet": place if place and place.kind == Place.HAMLET else None, "stood": stood, "code": code, "indicator": INDICATORS[code], "names": sees_people(request.user),
        "groups": [(title, [_line(one, latest.get(one)) for one in codes]) for title, codes in GROUPS],
        "by_hamlet": _by_hamlet(code, whole, {one.code for one in hamlets}) if whole else []})


def _places(user: User) -> tuple[list[Place], list[Place]]:
    """The hamlets whose figures a user may see, and the communes that the user sees whole."""
    seen = list(Place.objects.filter(pk__in=places(user, VIEW), valid_to=None).exclude(kind=Place.PROVINCE).select_related("parent").order_by("code"))
    return [one for one in seen if one.kind == Place.HAMLET], [one for one in seen if one.kind == Place.COMMUNE]


def _asked(request: HttpRequest, hamlets: list[Place]) -> Place | None:
    code = request.GET.get("thon", "")
    found = next((one for one in hamlets if one.code == code), None)
    if code and found is None:
        raise not_found("thôn này")
    return found


def _line(code: str, figure: Any) -> dict[str, Any]:
    return {"indicator": INDICATORS[code], "figure": figure}


def _by_hamlet(code: str, place: Place, seen: set[str]) -> list[tuple[Any, float]]:
    """The hamlets with their figures, who has most missing first, with the width of a bar."""
    rows = [one for one in results.breakdown(code, place, "hamlet") if one.group in seen and one.denominator]
    return [(one, one.value or 0.0) for one in sorted(rows, key=lambda one: (-one.missing, one.group))]


@require_safe
def listed(request: HttpRequest, code: str) -> HttpResponse:
    """Who is missing of a figure, by name, the most urgent first, 50 a page; `as` gives a file. The opening is logged."""
    sees(request.user)
    if code not in CODES:
        raise not_found("danh sách này")
    hamlets = list(Place.objects.filter(pk__in=places(request.user, "people.view", personal=True), kind=Place.HAMLET, valid_to=None).order_by("code"))
    hamlet = _asked(request, hamlets)
    rows = results.worklist(request.user, code, hamlet).select_related("place").order_by(F("due_on").asc(nulls_last=True), "place__code", "id")
    if form := request.GET.get("as", ""):
        return _file(request, code, rows, hamlet, form)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    chain.record(by=request.user, action="list", model="immunization.immunization", note=f"{code} {hamlet or ''}: {page.paginator.count} người, trang {page.number}")
    return render(request, "immunization/list.html", {
        "page": page, "hamlets": hamlets, "hamlet": hamlet, "indicator": INDICATORS[code], "lines": _people(request.user, page.object_list), "today": clock.today(), "woman": code == "TC10",
        "query": f"thon={hamlet.code if hamlet else ''}", "review": code == "TC15"})


def _people(user: User, rows: Any) -> list[dict[str, Any]]:
    found = list(rows)
    people = {row.pk: row for row in visible(user, Person.objects.filter(pk__in=[row.subject for row in found])).select_related("household", "mother")}
    return [{"outcome": row, "person": people[row.subject]} for row in found if row.subject in people]


def _file(request: HttpRequest, code: str, rows: Any, hamlet: Place | None, form: str) -> HttpResponse:
    from tramyte.engine.documents import spreadsheet

    if form not in ("xlsx", "csv"):
        raise Refused("bad_form", f"Không có dạng “{form[:20]}”. Hãy dùng csv hoặc xlsx.")
    lines = _people(request.user, rows)
    chain.record(by=request.user, action=f"export_{form}", model="immunization.immunization", note=f"{code} {hamlet or ''}: {len(lines)} người")
    columns = [spreadsheet.SheetColumn(heading, kind="date" if heading in ("Ngày sinh", "Hạn") else "text") for heading in HEADINGS]
    table = [[
        line["person"].full_name, line["person"].get_sex_display(), line["person"].birth_date, line["person"].mother.full_name if line["person"].mother else "", line["outcome"].place.name,
        line["outcome"].reason, line["outcome"].due_on] for line in lines]
    content = spreadsheet.write_csv(columns, table) if form == "csv" else spreadsheet.write_xlsx(columns, table, title=INDICATORS[code].title, sheet=code)
    answer = HttpResponse(content, content_type=MIME[form])
    answer["Content-Disposition"] = f'attachment; filename="{code.lower()}-{clock.today():%Y%m%d}.{form}"'
    return answer
