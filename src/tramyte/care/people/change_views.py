"""Sổ biến động dân số on the screen, as a spreadsheet and as a paper book."""

import datetime
import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.care.people.changes import Book, book
from tramyte.care.people.columns import shown_birth, shown_household
from tramyte.care.people.views import sees
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import home_place, may, places
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused, no_right
from tramyte.engine.registers.output import MIME, keepers
from tramyte.rules.calendar import Period

TITLE = "Sổ biến động dân số"
NOTE = "Cột của sổ do trạm đặt, chưa đối chiếu văn bản gốc."
PAGE = 50
HEADINGS = (
    ("Ngày", 1.0), ("Biến động", 1.0), ("Họ và tên", 2.0), ("Giới", 0.6), ("Ngày sinh", 1.0), ("Số hộ", 0.7), ("Thôn", 1.4), ("Chi tiết", 2.4))


@require_safe
def population_changes(request: HttpRequest) -> HttpResponse:
    """The changes of a period (`ky`) in the user's hamlets or one of them (`thon`); `as` gives pdf, xlsx or csv."""
    sees(request.user)
    if not may(request.user, "people.view"):
        raise no_right()
    hamlets = _hamlets(request.user)
    period, hamlet = _period(request.GET.get("ky", "")), _hamlet(hamlets, request.GET.get("thon", ""))
    made = book(period.start, period.until(clock.today()), [hamlet.pk] if hamlet else list(hamlets))
    form = request.GET.get("as", "")
    if form:
        return _file(request, made, hamlets, f"{period.title}, {hamlet.name if hamlet else 'tất cả các thôn'}", form)
    page = Paginator(_lines(made, hamlets), PAGE).get_page(request.GET.get("page"))
    return render(request, "people/changes.html", {
        "title": TITLE, "note": NOTE, "book": made, "page": page, "period": period, "periods": periods(clock.today()), "hamlet": hamlet,
        "hamlets": hamlets.values(), "before_day": period.start - datetime.timedelta(days=1), "gain": made.after - made.before,
        "query": f"ky={period.code}&thon={hamlet.code if hamlet else ''}"})


def periods(today: datetime.date) -> list[Period]:
    """The periods that are offered: the present and the last of each kind, and the last twelve months."""
    whole = [Period.quarter(today.year, (today.month + 2) // 3), Period.half(today.year, 1 if today.month < 7 else 2), Period.year(today.year)]
    return [*reversed(Period.last_months(today, 12)), *(period for one in whole for period in (one, one.previous()))]


def _period(code: str) -> Period:
    today = clock.today()
    if not code:
        return Period.month(today.year, today.month)
    try:
        period = Period.parse(code)
    except ValueError as error:
        raise Refused("bad_period", str(error), field="ky") from error
    if period.start > today:
        raise Refused("future", f"{period.title} chưa bắt đầu. Hãy chọn kỳ đã qua hoặc kỳ này.", field="ky")
    return period


def _hamlets(user: User) -> dict[uuid.UUID, Place]:
    rows = Place.objects.filter(pk__in=places(user, "people.view", personal=True), kind=Place.HAMLET)
    return {place.pk: place for place in rows.order_by("code")}


def _hamlet(hamlets: dict[uuid.UUID, Place], code: str) -> Place | None:
    if not code:
        return None
    found = next((place for place in hamlets.values() if place.code == code), None)
    if found is None:
        raise Refused("unknown", "Không có thôn này trong phạm vi của bạn. Hãy chọn thôn trong danh sách.", field="thon", status=404)
    return found


def _lines(made: Book, hamlets: dict[uuid.UUID, Place]) -> list[dict[str, Any]]:
    return [{"change": change, "person": change.person, "place": hamlets[change.place].name} for change in made.changes]


def _file(request: HttpRequest, made: Book, hamlets: dict[uuid.UUID, Place], subtitle: str, form: str) -> HttpResponse:
    if form not in ("pdf", "xlsx", "csv"):
        raise Refused("bad_form", f"Không có dạng “{form[:20]}”. Hãy dùng csv, xlsx hoặc pdf.")
    chain.record(by=request.user, action=f"export_{form}", model="people.residence", note=f"{TITLE}: {len(made.changes)} dòng {subtitle}"[:200])
    table = [
        [change.day, change.words, change.person.full_name, change.person.get_sex_display(), shown_birth(change.person), shown_household(change.person),
         hamlets[change.place].name, change.detail] for change in made.changes]
    content = _paper(made, table, subtitle, request.user) if form == "pdf" else _sheet(table, form)
    answer = HttpResponse(content, content_type=MIME[form])
    answer["Content-Disposition"] = f'{"inline" if form == "pdf" else "attachment"}; filename="bien-dong-dan-so-{made.first:%Y%m%d}-{made.last:%Y%m%d}.{form}"'
    return answer


def _sheet(table: list[list[Any]], form: str) -> bytes:
    from tramyte.engine.documents import spreadsheet

    columns = [spreadsheet.SheetColumn(heading, kind="date" if heading == "Ngày" else "text") for heading, _ in HEADINGS]
    return spreadsheet.write_csv(columns, table) if form == "csv" else spreadsheet.write_xlsx(columns, table, title=TITLE, sheet=TITLE)


def _paper(made: Book, table: list[list[Any]], subtitle: str, user: User) -> bytes:
    """The lines of the book, then its balance."""
    from tramyte.engine.documents import book as paper

    columns = [paper.Column("TT", width=0.5, align="r"), *(paper.Column(heading, width=width) for heading, width in HEADINGS)]
    lines = [[str(number), f"{line[0]:%d/%m/%Y}", *line[1:]] for number, line in enumerate(table, 1)]
    sums = [(f"Dân số cuối ngày {made.first - datetime.timedelta(days=1):%d/%m/%Y}", made.before, ""),
            *((f"{'+' if words in ('sinh', 'chuyển đến') else '−'} {words}", count, f"trong đó nữ {women}") for words, count, women in made.totals),
            (f"Dân số cuối ngày {made.last:%d/%m/%Y}", made.after, "")]
    balance = [["", "", "", words, "", "", "", f"{count:,}".replace(",", "."), women] for words, count, women in sums]
    over, unit, town = keepers(home_place(user))
    signed = f"{town}, ngày {clock.today():%d} tháng {clock.today():%m} năm {clock.today():%Y}" if town else ""
    return paper.render_book(
        TITLE, subtitle, "", columns, [*lines, *balance], groups=[(len(lines), "Cộng")], as_of=clock.now(), over=over, unit=unit,
        signature=paper.Signature((("Người lập sổ", ""), ("Trưởng trạm", "")), signed))
