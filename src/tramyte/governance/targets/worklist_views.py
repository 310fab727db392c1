"""The named list behind a target's gap: who is missing, where, why; to go through, to export, to print."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places
from tramyte.engine.audit import chain
from tramyte.engine.indicators import Indicator, results
from tramyte.engine.indicators.models import Outcome
from tramyte.engine.places.models import Facility, Place
from tramyte.engine.places.queries import below
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.governance.targets import output
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.page import UNKNOWN_PLACE, group_title, opens_list, parts_of, title_of
from tramyte.governance.targets.people import entries, missing, reasons_of
from tramyte.governance.targets.queries import indicator_of, level_of, measured_place
from tramyte.governance.targets.standing import gap_of
from tramyte.governance.targets.views import found_target
from tramyte.governance.targets.words import LESS, number, subject_of

PAGE = 20
MOST_ON_PAPER = 5000  # a longer list takes the printer of one request too long
ONLY_FIGURES = (
    "Tài khoản của bạn chỉ xem số liệu, không mở danh sách có tên người. Dưới đây là số theo thôn; "
    "cần danh sách thì hãy giao việc cho Trạm Y tế hoặc y tế thôn."
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the place the list is about (a commune, or a hamlet), a hamlet, site and kind of reason in it."""

    target: Target
    indicator: Indicator
    place: Place
    hamlets: tuple[Place, ...]
    hamlet: Place | None
    site: Facility | None
    reason: str

    def rows(self, user: User, *, reason: bool = True) -> QuerySet[Outcome]:
        """Who is missing; without the filter by reason to count the reasons."""
        return missing(
            user, self.indicator.code, self.place, hamlet=self.hamlet.code if self.hamlet else "", site=self.site.code if self.site else "",
            reason=self.reason if reason else "")

    @property
    def words(self) -> str:
        """The filters in words, for the head of files."""
        return " · ".join(part for part in (self._where(), f"Lý do: {self.reason}" if self.reason else "") if part)

    def _where(self) -> str:
        if self.hamlet is not None:
            return UNKNOWN_PLACE if self.hamlet.kind == Place.COMMUNE else str(self.hamlet)
        return str(self.site or self.place)


@require_GET
def worklist(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The list, 20 a page, the most urgent first; each opening of a list of persons is noted in the audit chain."""
    target = found_target(request.user, id)
    one = _measured(target)
    if not opens_list(request.user, target, one):
        return _figures_only(request, target, one)
    asked = _asked(request, target, one)
    page = Paginator(asked.rows(request.user), PAGE).get_page(request.GET.get("page"))
    if one.personal:
        note = f"{one.code} {asked.words}: {page.paginator.count} người, trang {page.number}"
        chain.record(by=request.user, action="list", row=target, note=note)
    return render(request, "targets/worklist.html", {
        "target": target, "title": title_of(target), "indicator": one, "asked": asked, "page": page, "entries": entries(one.code, page.object_list),
        "heading": _heading(asked, page.paginator.count), "note": _note(asked), "reasons": reasons_of(asked.rows(request.user, reason=False)),
        "chips": _chips(request, asked), "clear": request.path, "noun": subject_of(one.code).noun, "unknown": UNKNOWN_PLACE,
    })


@require_GET
def export(request: HttpRequest, id: uuid.UUID, form: str) -> HttpResponse:
    """Exactly the rows that the list shows, as spreadsheet or as a paper list to tick by hand."""
    target = found_target(request.user, id)
    one = _measured(target)
    if not opens_list(request.user, target, one):
        raise no_right(ONLY_FIGURES.split(" Dưới đây", 1)[0])
    asked = _asked(request, target, one)
    found = entries(one.code, list(asked.rows(request.user)))
    if form == "pdf" and len(found) > MOST_ON_PAPER:
        raise Refused("list_too_long", f"Danh sách có {number(len(found))} dòng, vượt mức {number(MOST_ON_PAPER)} dòng một lần in. Hãy lọc theo thôn rồi in.")
    return output.worklist_file(target, found, form, _heading(asked, len(found)), asked.words, request.user)


def _measured(target: Target) -> Indicator:
    one = indicator_of(target)
    if one is None:
        raise Refused("unrecorded", "Chỉ tiêu này chưa ghi nhận trong hệ thống nên chưa có danh sách nào.", status=404)
    return one


def _asked(request: HttpRequest, target: Target, one: Indicator) -> Asked:
    """What the address asks for, within the user's places; Refused for a hamlet of somebody else (403) or of nowhere (404)."""
    place = measured_place(request.user, target)
    allowed = places(request.user, "people.view" if one.personal else "figures.view", personal=one.personal)
    inside = list(below(target.place).order_by("code"))
    hamlets = tuple(spot for spot in inside if spot.pk in allowed and spot.kind == Place.HAMLET)
    hamlet, code = None, request.GET.get("thon", "")
    if code:
        hamlet = next((spot for spot in inside if spot.code == code), None)
        if hamlet is None:
            raise not_found("thôn này")
        if hamlet.pk not in allowed:
            own = ", ".join(str(spot) for spot in hamlets) or "địa bàn của bạn"
            raise no_right(f"Bạn chỉ mở được danh sách của {own}, không mở được danh sách của {hamlet}.")
        place = hamlet if hamlet.kind == Place.HAMLET else place
    return Asked(target, one, place, hamlets, hamlet, _site(request, target), request.GET.get("ly-do", "")[:200])


def _site(request: HttpRequest, target: Target) -> Facility | None:
    code = request.GET.get("diem", "")
    if not code:
        return None
    site = Facility.objects.filter(code=code, place__in=below(target.place)).order_by("-valid_from").first()
    if site is None:
        raise not_found("trạm hoặc điểm trạm này")
    return site


def _heading(asked: Asked, count: int) -> str:
    """Both numbers: "724 người chưa có thẻ bảo hiểm y tế còn hạn, cần 544 để đạt ≥ 98 %"."""
    words = subject_of(asked.indicator.code)
    said = f"{number(count)} {words.missing}"
    if asked.reason or asked.site or (asked.hamlet and asked.hamlet.kind != Place.HAMLET):
        return said
    figure, level = results.figure(asked.indicator.code, asked.place), level_of(asked.target)
    gap = gap_of(figure, level.comparator, level.value) if figure else None
    if gap is None or level.comparator in LESS:
        return said
    return f"{said}, cần {number(gap)} để đạt {level}" if gap else f"{said}; đã đạt mức {level}"


def _note(asked: Asked) -> str:
    if asked.hamlet is not None or asked.place.kind == Place.HAMLET:
        return f"{asked.words} · mức giao cho {asked.target.place}"
    return f"{asked.words} · gấp nhất trước"


def _chips(request: HttpRequest, asked: Asked) -> list[dict[str, str]]:
    found = []
    values = (("thon", "Thôn", str(asked.hamlet or "")), ("diem", "Điểm", str(asked.site or "")), ("ly-do", "Lý do", asked.reason))
    for name, label, value in values:
        if value:
            query = request.GET.copy()
            query.pop(name, None)
            query.pop("page", None)
            found.append({"label": label, "value": value, "url": f"{request.path}?{query.urlencode()}"})
    return found


def _figures_only(request: HttpRequest, target: Target, one: Indicator) -> HttpResponse:
    """403 with what such a user may see instead: the figures by hamlet."""
    where = measured_place(request.user, target)
    context: dict[str, Any] = {
        "target": target, "title": title_of(target), "sentence": ONLY_FIGURES, "group": group_title("hamlet"), "by_hamlet": True, "subject": subject_of(one.code),
        "parts": parts_of(results.breakdown(one.code, where, "hamlet"), target, level_of(target), one, "hamlet", opens=False),
    }
    return render(request, "targets/figures_only.html", context, status=403)
