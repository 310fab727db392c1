"""Who is due: the page Tiêm chủng, by hamlet, on the screen, as a spreadsheet, on paper."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.care.immunization.models import Recommendation, Waiting
from tramyte.care.immunization.queries import DOSES, usable_lots
from tramyte.care.people.columns import shown_household
from tramyte.care.people.expecting import expecting
from tramyte.care.people.queries import staying
from tramyte.care.people.views import sees
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, places, visible
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.engine.registers.output import MIME
from tramyte.rules.calendar import add_months

TITLE = "Danh sách hẹn tiêm chủng"
PAGE = 20
TABS = {"qua-han": "Quá hạn", "thang-nay": "Hẹn đến hết tháng này", "thang-toi": "Hẹn tháng tới"}
HEADINGS = (("Họ và tên", 2.0), ("Giới", 0.5), ("Ngày sinh", 1.0), ("Mẹ", 1.6), ("Thôn", 1.2), ("Số hộ", 0.6), ("Điện thoại", 1.1), ("Mũi cần tiêm", 2.6), ("Ngày hẹn", 1.0), ("Ghi chú", 1.2))
BOOKS = (
    ("immunizations", "vaccine", "mọi mũi đã tiêm; nhập, xuất Excel"), ("immunization-children", "baby-carriage", "A2.1: trẻ dưới 5 tuổi, mỗi cột một mũi"),
    ("immunization-others", "book", "A2.2: viêm não Nhật Bản, Rota, phế cầu, HPV…"), ("immunization-women", "woman", "A2.3: uốn ván cho phụ nữ"),
    ("immunizations-national", "file-export", "xuất theo bản ghi quốc gia, XLSX hoặc CSV"),
    ("doses-not-given", "hand-stop", "từ chối, tạm hoãn, chống chỉ định"), ("vaccine-lots", "box", "lô, hạn dùng, còn bao nhiêu liều"))


@dataclass(frozen=True)
class Asked:
    """What a user asks for: a tab, a hamlet or None, and the hamlets to choose from."""

    tab: str
    hamlet: Place | None
    hamlets: list[Place]

    @property
    def title(self) -> str:
        """In words, for a file or a sheet of paper."""
        return f"{TABS[self.tab].lower()}, {self.hamlet.name if self.hamlet else 'tất cả các thôn'}"


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Tiêm chủng: who is to come, by tab and hamlet (`thon`); `as` gives a file."""
    sees(request.user)
    day, asked = clock.today(), _asked(request)
    rows = awaited(request.user, asked.tab, day)
    if asked.hamlet:
        rows = rows.filter(hamlet=asked.hamlet)
    if form := request.GET.get("as", ""):
        return _file(request, rows, asked, form, day)
    by_hamlet = counts(request.user, day)
    page = Paginator(rows.select_related("hamlet", "household", "mother"), PAGE).get_page(request.GET.get("page"))
    within = [line for line in by_hamlet if not asked.hamlet or line["place"] == asked.hamlet]
    context = {
        "asked": asked, "page": page, "lines": lines_of(list(page), asked.tab, day), "today": day, "books": _books(request.user), "may_write": may(request.user, "care.write"),
        "tabs": [{"label": label, "count": sum(line["counts"][tab] for line in within), "current": tab == asked.tab, "url": f"?xem={tab}{f'&thon={asked.hamlet.code}' if asked.hamlet else ''}"}
                 for tab, label in TABS.items()],
        "chosen": [(line["place"], line["counts"][asked.tab]) for line in by_hamlet], "query": f"xem={asked.tab}&thon={asked.hamlet.code if asked.hamlet else ''}",
        "lots": list(visible(request.user, usable_lots(day), "vaccines.view")[:6]) if may(request.user, "vaccines.view") else [], "waiting": Waiting.objects.exists()}
    return render(request, "immunization/due.html", context)


def wanted(tab: str, day: datetime.date) -> Q:
    """The condition on recommendations that a tab shows."""
    this = add_months(day.replace(day=1), 1) - datetime.timedelta(days=1)
    following = add_months(day.replace(day=1), 2) - datetime.timedelta(days=1)
    return {
        "qua-han": Q(status="overdue"), "thang-nay": Q(status__in=["due", "not_due"], due_on__lte=this),
        "thang-toi": Q(status__in=["due", "not_due"], due_on__gt=this, due_on__lte=following)}[tab]


def awaited(user: User, tab: str, day: datetime.date) -> "QuerySet[Any]":
    """The people of a tab who stay here, by their first appointed day (`first`)."""
    found = Recommendation.objects.filter(wanted(tab, day), person=OuterRef("pk"))
    people = visible(user, staying(day)).filter(Exists(found))
    return people.annotate(first=Min("recommendations__due_on", filter=_prefixed(wanted(tab, day)))).order_by("first", "hamlet", "search", "pk")


def counts(user: User, day: datetime.date) -> list[dict[str, Any]]:
    """Each hamlet with how many people every tab has there. Two queries."""
    rows = visible(user, staying(day)).filter(recommendations__isnull=False).order_by().values("hamlet")
    found = rows.annotate(**{tab.replace("-", "_"): Count("pk", filter=_prefixed(wanted(tab, day)), distinct=True) for tab in TABS})
    held = {row["hamlet"]: {tab: row[tab.replace("-", "_")] for tab in TABS} for row in found}
    return [{"place": place, "counts": held[place.pk]} for place in Place.objects.filter(pk__in=held).order_by("code")]


def _prefixed(condition: Q) -> Q:
    return Q(*[(f"recommendations__{name}", value) for name, value in condition.children])


def lines_of(people: Sequence[Any], tab: str, day: datetime.date) -> list[dict[str, Any]]:
    """Each person with the doses wanted (one name once), the first appointed day, the expected birth of a pregnant woman, and a remark of refusal or deferral. Two queries."""
    held: defaultdict[Any, list[Recommendation]] = defaultdict(list)
    for row in Recommendation.objects.filter(wanted(tab, day), person__in=[person.pk for person in people]).order_by("due_on", "pk"):
        held[row.person_id].append(row)
    pregnant = expecting(day, [person.pk for person in people if person.sex == "F"])
    return [
        {"person": person, "doses": list(dict.fromkeys(DOSES.get(row.dose, row.dose) for row in held[person.pk])), "due_on": held[person.pk][0].due_on if held[person.pk] else None,
         "expected": pregnant[person.pk].due_on if person.pk in pregnant else None,
         "remark": ", ".join(dict.fromkeys(str(row.get_reason_display()) for row in held[person.pk] if row.reason in ("refused", "deferred")))}
        for person in people]


def _books(user: User) -> list[tuple[Any, str, str]]:
    from tramyte.engine.registers import registry

    found = ((registry.get(slug), icon, words) for slug, icon, words in BOOKS)
    return [(book, icon, words) for book, icon, words in found if book.seen_by(user)]


def _asked(request: HttpRequest) -> Asked:
    tab, code = request.GET.get("xem", "") or "qua-han", request.GET.get("thon", "")
    if tab not in TABS:
        raise Refused("bad_tab", f"Không có danh sách “{tab[:20]}”. Hãy chọn một trong: {', '.join(TABS)}.", field="xem")
    hamlets = list(Place.objects.filter(pk__in=places(request.user, "people.view", personal=True), kind=Place.HAMLET).order_by("code"))
    hamlet = next((place for place in hamlets if place.code == code), None)
    if code and hamlet is None:
        raise Refused("unknown", "Không có thôn này trong phạm vi của bạn. Hãy chọn thôn trong danh sách.", field="thon", status=404)
    return Asked(tab, hamlet, hamlets)


def _file(request: HttpRequest, rows: "QuerySet[Any]", asked: Asked, form: str, day: datetime.date) -> HttpResponse:
    if form not in ("pdf", "xlsx", "csv"):
        raise Refused("bad_form", f"Không có dạng “{form[:20]}”. Hãy dùng csv, xlsx hoặc pdf.")
    found = list(rows.order_by("hamlet__code", "first", "search", "pk").select_related("hamlet", "household", "mother"))
    chain.record(by=request.user, action=f"export_{form}", model="immunization.recommendation", note=f"{TITLE}: {len(found)} người {asked.title}"[:200])
    table = [_cells(line) for begin in range(0, len(found), 500) for line in lines_of(found[begin:begin + 500], asked.tab, day)]
    answer = HttpResponse(_paper(table, asked) if form == "pdf" else _sheet(table, form), content_type=MIME[form])
    answer["Content-Disposition"] = f'{"inline" if form == "pdf" else "attachment"}; filename="hen-tiem-{asked.tab}-{day:%Y%m%d}.{form}"'
    return answer


def _cells(line: dict[str, Any]) -> list[Any]:
    person = line["person"]
    mother, remarks = person.mother, [f"dự sinh {line['expected']:%d/%m/%Y}"] if line["expected"] else []
    return [
        person.full_name, person.get_sex_display(), person.birth_date, mother.full_name if mother else "", person.hamlet.name, shown_household(person),
        person.phone or (mother.phone if mother else ""), ", ".join(line["doses"]), line["due_on"], ", ".join(filter(None, [*remarks, line["remark"]]))]


def _sheet(table: list[list[Any]], form: str) -> bytes:
    from tramyte.engine.documents import spreadsheet

    columns = [spreadsheet.SheetColumn(heading, kind="date" if heading.startswith("Ngày") else "text") for heading, _ in HEADINGS]
    return spreadsheet.write_csv(columns, table) if form == "csv" else spreadsheet.write_xlsx(columns, table, title=TITLE, sheet="Hẹn tiêm")


def _paper(table: list[list[Any]], asked: Asked) -> bytes:
    from tramyte.engine.documents import book as paper

    columns = [paper.Column("TT", width=0.5, align="r"), *(paper.Column(heading, width=width) for heading, width in HEADINGS)]
    lines = [[str(number), *(f"{cell:%d/%m/%Y}" if isinstance(cell, datetime.date) else str(cell or "") for cell in line)] for number, line in enumerate(table, 1)]
    return paper.render_book(TITLE, asked.title[:1].upper() + asked.title[1:], "", columns, lines, as_of=clock.now(), signature=paper.Signature((("Người lập", ""), ("Trưởng trạm", ""))))
