"""Rà soát tiền sử tiêm chủng khi nhập học: the children of a hamlet who begin school, with what is missing, reviewed in one sheet."""

import datetime
import uuid
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tramyte.care.immunization.actions import school
from tramyte.care.immunization.indicators import SCHOOL_MONTH
from tramyte.care.immunization.models import SchoolReview
from tramyte.care.immunization.models.school import AGES
from tramyte.care.people.models import Person
from tramyte.care.people.queries import staying
from tramyte.care.people.views import sees
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, places, require, visible
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.calendar import parse_date

KINDS = {"complete": "ok", "lacking": "late", "unrecorded": "unk"}
LEVELS = dict(SchoolReview.LEVELS)


def school_year(on: datetime.date) -> int:
    """The calendar year in which the school year of a day begins."""
    return on.year if on.month >= SCHOOL_MONTH else on.year - 1


@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: HttpRequest) -> HttpResponse:
    """The sheet of a hamlet (`thon`) and school year (`nam`); sent, it writes a review of each child that is ticked."""
    sees(request.user)
    today = clock.today()
    year = _year(request, today)
    hamlets = list(Place.objects.filter(pk__in=places(request.user, "people.view", personal=True), kind=Place.HAMLET, valid_to=None).order_by("code"))
    hamlet = next((one for one in hamlets if one.code == request.GET.get("thon", "")), None)
    if request.GET.get("thon") and hamlet is None:
        raise not_found("thôn này")
    hamlet = hamlet or (hamlets[0] if hamlets else None)
    answer = _save(request, year, hamlet) if request.method == "POST" else ""
    if not isinstance(answer, str):
        return answer
    counts = _counts(request.user, year, today)
    lines = _kept(request, _lines(request.user, year, hamlet, today) if hamlet else [])
    chain.record(by=request.user, action="list", model="immunization.schoolreview", note=f"nhập học {year} {hamlet or ''}: {len(lines)} trẻ")
    return render(request, "immunization/school.html", {
        "year": year, "hamlet": hamlet, "lines": lines, "today": today, "may_write": may(request.user, school.WRITE), "left": sum(1 for line in lines if not line["review"]),
        "tabs": [{"label": f"Năm học {one}-{one + 1}", "url": f"?nam={one}{f'&thon={hamlet.code}' if hamlet else ''}", "current": one == year} for one in (school_year(today), school_year(today) + 1)],
        "chosen": [(one, *counts.get(one.pk, (0, 0))) for one in hamlets], "fault": answer, "on": request.POST.get("on", f"{today:%d/%m/%Y}"), "school": request.POST.get("school", "")},
        status=422 if answer else 200)


def _kept(request: HttpRequest, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines with their ticks: as they were sent, else on whoever is complete."""
    sent, ticked, told = request.method == "POST", request.POST.getlist("child"), request.POST.getlist("advised")
    for line in lines:
        key = str(line["person"].pk)
        line["ticked"], line["told"] = key in ticked if sent else line["result"] == "complete", key in told
    return lines


def _year(request: HttpRequest, today: datetime.date) -> int:
    asked, now = request.GET.get("nam", ""), school_year(today)
    if asked and asked not in (str(now), str(now + 1)):
        raise Refused("bad_year", f"Chỉ rà soát cho năm học {now}-{now + 1} và {now + 1}-{now + 2}. Hãy chọn một trong hai.", field="nam")
    return int(asked) if asked else now


def _entering(user: User, year: int, today: datetime.date) -> Any:
    return visible(user, staying(today)).filter(birth_date__year__in=[year - age for age in AGES.values()])


def _level(person: Person, year: int) -> str:
    return next(level for level, age in AGES.items() if age == year - person.birth_date.year)


def _counts(user: User, year: int, today: datetime.date) -> dict[Any, tuple[int, int]]:
    """Of each hamlet how many children enter, and how many were reviewed. Two queries."""
    rows = list(_entering(user, year, today).order_by().values_list("pk", "hamlet"))
    done = set(SchoolReview.objects.filter(school_year=year, entered_in_error=False).values_list("person", flat=True))
    total = Counter(hamlet for _, hamlet in rows)
    reviewed = Counter(hamlet for key, hamlet in rows if key in done)
    return {hamlet: (count, reviewed[hamlet]) for hamlet, count in total.items()}


def _lines(user: User, year: int, hamlet: Place, today: datetime.date) -> list[dict[str, Any]]:
    """The children of a hamlet, the older level first, who are not reviewed yet before the others. Four queries."""
    persons = list(_entering(user, year, today).filter(hamlet=hamlet).select_related("household", "mother").order_by("search", "pk"))
    held = {row.person_id: row for row in SchoolReview.objects.filter(person__in=[person.pk for person in persons], school_year=year, entered_in_error=False)}
    found = school.findings([person.pk for person in persons])
    results = dict(SchoolReview.RESULTS)
    lines = [
        {"person": person, "level": _level(person, year), "level_words": LEVELS[_level(person, year)], "review": held.get(person.pk), "result": found[person.pk][0],
         "kind": KINDS[found[person.pk][0]], "words": results[found[person.pk][0]], "missing": found[person.pk][1]} for person in persons]
    return sorted(lines, key=lambda line: (line["review"] is not None, line["level"] != "primary"))


def _save(request: HttpRequest, year: int, hamlet: Place | None) -> HttpResponse | str:
    """Write what was sent and go back to the sheet; what is wrong with it, as a sentence."""
    require(request.user, school.WRITE)
    back = f"{reverse('school-reviews')}?nam={year}{f'&thon={hamlet.code}' if hamlet else ''}"
    try:
        on = parse_date(request.POST.get("on", "")) if request.POST.get("on") else clock.today()
        ticked = {uuid.UUID(one) for one in request.POST.getlist("child")}
        persons = {row.pk: row for row in _entering(request.user, year, clock.today()).filter(pk__in=ticked)}
        told = {uuid.UUID(one) for one in request.POST.getlist("advised")}
    except ValueError as error:
        return str(error) if "tháng" in str(error) or "ngày" in str(error).lower() else "Danh sách gửi lên không đọc được. Hãy tải lại trang."
    if not persons:
        return "Chưa chọn trẻ nào. Hãy đánh dấu những trẻ đã xem phiếu, sổ tiêm."
    items: list[tuple[uuid.UUID | None, dict[str, Any]]] = [
        (None, {"person": person, "school_year": year, "level": _level(person, year), "on": on, "school": request.POST.get("school", "")[:120], "advised": key in told})
        for key, person in persons.items()]
    try:
        made = school.record_school_reviews(items, by=request.user)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return refused.message
    lacking = sum(1 for row in made if row.result == "lacking")
    messages.success(request, f"Đã ghi rà soát {len(made)} trẻ, {lacking} trẻ thiếu mũi.", extra_tags="toast")
    return redirect(back)
