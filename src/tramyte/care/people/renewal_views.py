"""Whose insurance ends soon or has ended: on the screen by hamlet, as a spreadsheet, on paper."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, Count, DateField, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.care.people.columns import shown_birth, shown_household
from tramyte.care.people.models import Coverage, Person
from tramyte.care.people.queries import staying
from tramyte.care.people.views import sees
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import home_place, may, places, visible
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.engine.registers.output import MIME, head_and_foot
from tramyte.rules.identity import GROUPS, card_rate

TITLE = "Danh sách cần gia hạn thẻ BHYT"
PAGE = 20
TABS = {"30": "Hết trong 30 ngày", "60": "60 ngày", "90": "90 ngày", "het": "Đã hết hạn", "chua": "Chưa có thẻ"}
HEADINGS = (
    ("Họ và tên", 2.0), ("Giới", 0.5), ("Ngày sinh", 1.0), ("Số hộ", 0.7), ("Thôn", 1.6), ("Số thẻ BHYT", 1.4), ("Nhóm", 0.6), ("Nơi ĐK KCB", 0.8),
    ("Hạn thẻ", 1.0), ("Điện thoại", 1.1))


@dataclass(frozen=True)
class Asked:
    """What a user asks for: a tab, a hamlet or None, and the hamlets to choose from."""

    tab: str
    hamlet: Place | None
    hamlets: list[Place]

    @property
    def title(self) -> str:
        """In words, for a file or a sheet of paper."""
        words = f"hết hạn trong {self.tab} ngày tới" if self.tab.isdigit() else TABS[self.tab].lower()
        return f"{words}, {self.hamlet.name if self.hamlet else 'tất cả các thôn'}"


@require_safe
def renewals(request: HttpRequest) -> HttpResponse:
    """Thẻ BHYT cần gia hạn: who stays here and whose last card ends in so many days (`trong`), of a hamlet (`thon`); `as` gives a file."""
    sees(request.user)
    day, asked = clock.today(), _asked(request)
    rows = ending(request.user, asked.tab, day)
    if asked.hamlet:
        rows = rows.filter(hamlet=asked.hamlet)
    if form := request.GET.get("as", ""):
        return _file(request, rows, asked, form)
    by_hamlet = counts(request.user, day)
    page = Paginator(rows.select_related("hamlet", "household"), PAGE).get_page(request.GET.get("page"))
    within = [line for line in by_hamlet if not asked.hamlet or line["place"] == asked.hamlet]
    context = {
        "asked": asked, "page": page, "by_hamlet": by_hamlet, "today": day, "may_write": may(request.user, "people.write"), "may_import": may(request.user, "people.import"),
        "tabs": [{"label": label, "count": sum(line["counts"][tab] for line in within), "current": tab == asked.tab, "url": f"?trong={tab}{f'&thon={asked.hamlet.code}' if asked.hamlet else ''}"}
                 for tab, label in TABS.items()],
        "chosen": [(line["place"], line["counts"][asked.tab]) for line in by_hamlet], "query": f"trong={asked.tab}&thon={asked.hamlet.code if asked.hamlet else ''}",
        "lines": [(person, group_words(person.card_number, person.card_group, day)) for person in page]}
    return render(request, "people/insurance.html", context)


def ending(user: User, tab: str, day: datetime.date) -> "QuerySet[Any]":
    """The people of a tab with their last card: last_end, card_number, card_group, facility. The earliest end first."""
    rows = _with_last(visible(user, staying(day)), day)
    conditions = _conditions(day)
    return rows.filter(conditions[tab]).order_by(F("last_end").asc(nulls_first=True), "hamlet", "search", "pk")


def counts(user: User, day: datetime.date) -> list[dict[str, Any]]:
    """Each hamlet with how many people every tab has there. Two queries."""
    rows = _with_last(visible(user, staying(day)), day).order_by().values("hamlet")
    found = rows.annotate(**{f"n{tab}": Count("pk", filter=condition) for tab, condition in _conditions(day).items()})
    lines = {row["hamlet"]: {tab: row[f"n{tab}"] for tab in TABS} for row in found}
    return [{"place": place, "counts": lines[place.pk]} for place in Place.objects.filter(pk__in=lines).order_by("code")]


def group_words(card_number: str | None, group: str | None, day: datetime.date) -> str:
    """The group of a card with its title and the share that the fund pays: "GD · hộ gia đình tự đóng · 80 %"."""
    if not group:
        return ""
    rate = card_rate(card_number or "", group, day)
    title = GROUPS[group].title if group in GROUPS else ""
    return " · ".join(filter(None, (group, title, f"{rate}\u00a0%" if rate else "")))


def _with_last(rows: "QuerySet[Person]", day: datetime.date) -> "QuerySet[Any]":
    last = Coverage.objects.filter(person=OuterRef("pk"), entered_in_error=False).order_by("-end", "-pk")
    return rows.annotate(
        last_end=Subquery(last.values("end")[:1], output_field=DateField()), card_number=Subquery(last.values("card_number")[:1], output_field=CharField()),
        card_group=Subquery(last.values("group")[:1], output_field=CharField()), facility=Subquery(last.values("facility_code")[:1], output_field=CharField()))


def _conditions(day: datetime.date) -> dict[str, Q]:
    soon = {tab: Q(last_end__gte=day, last_end__lte=day + datetime.timedelta(days=int(tab))) for tab in TABS if tab.isdigit()}
    return {**soon, "het": Q(last_end__lt=day), "chua": Q(last_end=None)}


def _asked(request: HttpRequest) -> Asked:
    tab, code = request.GET.get("trong", "30") or "30", request.GET.get("thon", "")
    if tab not in TABS:
        raise Refused("bad_tab", f"Không có danh sách “{tab[:20]}”. Hãy chọn một trong: {', '.join(TABS)}.", field="trong")
    hamlets = list(Place.objects.filter(pk__in=places(request.user, "people.view", personal=True), kind=Place.HAMLET).order_by("code"))
    hamlet = next((place for place in hamlets if place.code == code), None)
    if code and hamlet is None:
        raise Refused("unknown", "Không có thôn này trong phạm vi của bạn. Hãy chọn thôn trong danh sách.", field="thon", status=404)
    return Asked(tab, hamlet, hamlets)


def _file(request: HttpRequest, rows: "QuerySet[Any]", asked: Asked, form: str) -> HttpResponse:
    if form not in ("pdf", "xlsx", "csv"):
        raise Refused("bad_form", f"Không có dạng “{form[:20]}”. Hãy dùng csv, xlsx hoặc pdf.")
    found = list(rows.order_by("hamlet__code", F("last_end").asc(nulls_first=True), "search", "pk").select_related("hamlet", "household"))
    chain.record(by=request.user, action=f"export_{form}", model="people.coverage", note=f"{TITLE}: {len(found)} dòng {asked.title}"[:200])
    table = [
        [person.full_name, person.get_sex_display(), shown_birth(person), shown_household(person), person.hamlet.name, person.card_number or "",
         person.card_group or "", person.facility or "", person.last_end, person.phone] for person in found]
    answer = HttpResponse(_paper(table, asked, asked.hamlet or home_place(request.user)) if form == "pdf" else _sheet(table, form), content_type=MIME[form])
    answer["Content-Disposition"] = f'{"inline" if form == "pdf" else "attachment"}; filename="gia-han-bhyt-{asked.tab}-{clock.today():%Y%m%d}.{form}"'
    return answer


def _sheet(table: list[list[Any]], form: str) -> bytes:
    from tramyte.engine.documents import spreadsheet

    columns = [spreadsheet.SheetColumn(heading, kind="date" if heading == "Hạn thẻ" else "text") for heading, _ in HEADINGS]
    return spreadsheet.write_csv(columns, table) if form == "csv" else spreadsheet.write_xlsx(columns, table, title=TITLE, sheet="Gia hạn thẻ BHYT")


def _paper(table: list[list[Any]], asked: Asked, place: Place | None) -> bytes:
    from tramyte.engine.documents import book as paper

    columns = [paper.Column("TT", width=0.5, align="r"), *(paper.Column(heading, width=width) for heading, width in HEADINGS)]
    lines = [[str(number), *line[:8], f"{line[8]:%d/%m/%Y}" if line[8] else "", line[9]] for number, line in enumerate(table, 1)]
    return paper.render_book(TITLE, asked.title[:1].upper() + asked.title[1:], "", columns, lines, as_of=clock.now(), **head_and_foot(place, ("Người lập", "Trưởng trạm")))
