"""Số liệu chỉ tiêu: every indicator of a place in a month, quarter or year, and one of them by hamlet, group and month. Figures only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tramyte.care.growth.campaign_views import LISTS as NUTRITION
from tramyte.care.immunization.coverage_views import CODES as IMMUNIZATION
from tramyte.care.maternal.views import PRIVATE
from tramyte.care.maternal.year import ENOUGH_BIRTHS, PRIVATE_LISTS, RATIO, may_see_figure
from tramyte.care.maternal.year import LISTS as MATERNAL
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, places, require, sees_people
from tramyte.engine.indicators import INDICATORS, Indicator, periods, results
from tramyte.engine.indicators.declaring import BY_PLACE, GROUP_TITLES
from tramyte.engine.indicators.figures import Figure
from tramyte.engine.indicators.targets import Goal, goal
from tramyte.engine.places.models import Place
from tramyte.engine.refused import not_found
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.page import span_words
from tramyte.governance.targets.words import SIGNS, measured
from tramyte.rules.calendar import Period
from tramyte.rules.trend import meets

VIEW = "figures.view"
TOPICS = (
    ("Tiêm chủng", ("TC",)), ("Dinh dưỡng trẻ em", ("DD", "BM13")), ("Bà mẹ, trẻ sơ sinh", ("BM",)), ("Dân số", ("DS",)), ("Quản lý sức khỏe, bảo hiểm, kỹ thuật", ("",)))


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All indicators of the user's place in a period (`ky`): counts, value, interval, level given. Three queries and one for each level."""
    place, hamlets = _place(request)
    period = _period(request)
    kept = results.series([code for code in INDICATORS if may_see_figure(request.user, code, place)], place, len(_months()))
    month = _month(period)
    aimed = set(Target.objects.filter(state=Target.ACTIVE, entered_in_error=False).values_list("indicator", flat=True))
    lines = {
        code: _line(INDICATORS[code], next((one for one in figures if one.period == month), None), place, period if code in aimed else None)
        for code, figures in kept.items()}
    return render(request, "pages/figures.html", {**_context(place, hamlets, period), "topics": [(title, rows) for title, rows in _by_topic(lines) if rows]})


@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: its figure in a period, by hamlet and by its other groups, month after month, how it is counted and where that is written."""
    place, hamlets = _place(request)
    if code not in INDICATORS or not may_see_figure(request.user, code, place):
        raise not_found("số liệu của chỉ tiêu này ở địa bàn này")
    one, period = INDICATORS[code], _period(request)
    groups = [name for name in one.groups if name != "site" and (name not in BY_PLACE or (place.kind != Place.HAMLET and may_see_figure(request.user, code)))]
    parts = [(GROUP_TITLES[by], by, _parts(one, place, by, period, hamlets)) for by in groups]
    return render(request, "pages/figure.html", {
        **_context(place, hamlets, period), "indicator": one, "line": _line(one, results.figure(code, place, period.code), place, period),
        "parts": [(title, by, rows) for title, by, rows in parts if rows], "months": [_line(one, told, place, None) for told in reversed(results.series([code], place, len(_months())).get(code, []))],
        "list_url": _list_url(request.user, one) if period == periods.current() else "", "stood": results.standing(code), "few": code == RATIO and ENOUGH_BIRTHS})


def _place(request: HttpRequest) -> tuple[Place, list[Place]]:
    """The commune or hamlet that the figures are about (`thon`), and the hamlets that the user may choose."""
    require(request.user, VIEW)
    seen = list(Place.objects.filter(pk__in=places(request.user, VIEW), valid_to=None).exclude(kind=Place.PROVINCE).order_by("code"))
    hamlets = [one for one in seen if one.kind == Place.HAMLET]
    asked = request.GET.get("thon", "")
    found = next((one for one in hamlets if one.code == asked), None) if asked else next((one for one in seen if one.kind == Place.COMMUNE), None) or next(iter(hamlets), None)
    if found is None:
        raise not_found("địa bàn này")
    return found, hamlets


def _months() -> tuple[Period, ...]:
    return periods.stored(clock.today())


def _choices() -> list[tuple[str, list[Period]]]:
    """The periods whose figures are kept, newest first: months, quarters, years."""
    months = list(reversed(_months()))
    quarters = list(dict.fromkeys(Period.quarter(one.start.year, (one.start.month + 2) // 3) for one in months))
    years = list(dict.fromkeys(Period.year(one.start.year) for one in months))
    return [("Tháng", months), ("Quý", quarters), ("Năm", years)]


def _period(request: HttpRequest) -> Period:
    asked = request.GET.get("ky", "") or periods.current().code
    found = next((one for _, some in _choices() for one in some if one.code == asked), None)
    if found is None:
        raise not_found("số liệu của kỳ này: phần mềm giữ số theo tháng, quý, năm của năm nay và năm trước; kỳ này")
    return found


def _month(period: Period) -> str:
    return f"{period.until(clock.today()):%Y-%m}"


def _context(place: Place, hamlets: list[Place], period: Period) -> dict[str, Any]:
    return {
        "place": place, "hamlets": hamlets if len(hamlets) > 1 else [], "period": period, "choices": _choices(), "day": period.until(clock.today()),
        "query": f"ky={period.code}" + (f"&thon={place.code}" if place.kind == Place.HAMLET else "")}


def _line(one: Indicator, found: Figure | None, place: Place, period: Period | None) -> dict[str, Any]:
    """A figure in words; the level given stands beside it where a period is named."""
    given = goal(one.code, place.code, period.end.year) if period else None
    value = found.value if found else None
    return {
        "indicator": one, "figure": found, "value": measured(value, one.unit) if value is not None else "", "interval": span_words(found) if found else "",
        "level": f"{SIGNS.get(given.comparator, given.comparator)} {measured(given.target, one.unit)}".strip() if given else "", "reached": _reached(value, given)}


def _reached(value: float | None, given: Goal | None) -> bool | None:
    if value is None or given is None:
        return None
    return meets(value, given.comparator, given.target)


def _parts(one: Indicator, place: Place, by: str, period: Period, hamlets: list[Place]) -> list[dict[str, Any]]:
    """The parts of a figure; hamlets that the user may not see, and parts without anybody, are left out."""
    seen = {hamlet.code for hamlet in hamlets}
    rows = [told for told in results.breakdown(one.code, place, by, period.code) if told.denominator and (by != "hamlet" or told.group in seen or told.group == place.code)]
    order = list(one.groups[by])
    rows.sort(key=lambda told: order.index(told.group) if told.group in order else len(order))
    return [_line(one, told, place, None) for told in rows] if by != "old_commune" or any(told.group for told in rows) else []


def _by_topic(lines: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    left, found = dict(sorted(lines.items())), []
    for title, heads in TOPICS:
        mine = [code for code in left if code.startswith(heads)]
        found.append((title, [left.pop(code) for code in mine]))
    return found


def _list_url(user: User, one: Indicator) -> str:
    """The list by name of an indicator, for whoever may open it."""
    if not sees_people(user):
        return ""
    if one.code in MATERNAL:
        return reverse("maternal-list", args=[one.code]) if may(user, PRIVATE if one.code in PRIVATE_LISTS else "maternal.view") else ""
    name = "nutrition-list" if one.code in NUTRITION else "immunization-list" if one.code in IMMUNIZATION else ""
    return reverse(name, args=[one.code]) if name else ""
