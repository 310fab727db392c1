"""Dinh dưỡng trẻ em: how the hamlets stand, campaigns, the grid in which a hamlet's children are entered, lists by name."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.growth import actions
from tramyte.care.growth.cards import form_for
from tramyte.care.growth.grid import NUMBERS, REASONS, Line, lines_of, refuse, values
from tramyte.care.growth.models import CampaignDay
from tramyte.care.growth.planning import DaysForm, campaign_of, plan_of
from tramyte.care.growth.queries import days_of, measurements
from tramyte.care.people.models import Person
from tramyte.care.people.views import sees
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, places, visible
from tramyte.engine.audit import chain
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.indicators.models import Outcome
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.rules.calendar import parse_date

# What the landing page counts: the indicator whose list it opens, and a short heading.
COUNTED = {"DD07": "Chưa cân đo 6 tháng", "DD05": "Chưa uống vitamin A", "DD01": "Nhẹ cân", "DD02": "Thấp còi", "DD03": "Gầy còm", "DD04": "Thừa cân, béo phì", "DD06": "SDD cấp chưa hẹn", "DD08": "Chững tăng trưởng"}
LISTS = {
    "DD07": "Trẻ chưa cân đo trong 6 tháng", "DD01": "Trẻ suy dinh dưỡng thể nhẹ cân", "DD02": "Trẻ suy dinh dưỡng thể thấp còi", "DD03": "Trẻ suy dinh dưỡng thể gầy còm",
    "DD04": "Trẻ thừa cân, béo phì", "DD05": "Trẻ 6-59 tháng chưa uống vitamin A trong 6 tháng", "DD06": "Trẻ suy dinh dưỡng cấp chưa có hẹn khám lại", "DD08": "Trẻ không tăng cân, tụt kênh cân nặng", "BM13": "Trẻ không bú mẹ hoàn toàn trong 6 tháng đầu"}
ALL = "DD07"  # its subjects are all young children who stay here
PAGE, CAMPAIGNS = 50, 6


@require_safe
def nutrition(request: HttpRequest) -> HttpResponse:
    """How many children each hamlet has on each list, from stored results; the campaigns; the book."""
    sees(request.user)
    stood = results.standing(ALL)
    return render(request, "growth/nutrition.html", {
        "rows": _by_hamlet(request.user), "headings": list(COUNTED.items()), "computed": stood.computed_at if stood else None, "stale": bool(stood and stood.stale),
        "campaigns": _campaigns(request.user), "plans": may(request.user, actions.PLAN), "may_write": may(request.user, actions.WRITE), "imports": may(request.user, "people.import"), "new_url": form_for(request.user)})


def _by_hamlet(user: User) -> list[dict[str, Any]]:
    """Each hamlet with its young children and how many are on each list. One query for each list, one for the hamlets."""
    totals = {row["place"]: row["n"] for row in visible(user, Outcome.objects.filter(indicator=ALL)).order_by().values("place").annotate(n=Count("pk"))}
    counts = {code: {row["place"]: row["n"] for row in results.worklist(user, code).order_by().values("place").annotate(n=Count("pk"))} for code in COUNTED}
    hamlets = list(Place.objects.filter(pk__in=totals).order_by("code"))
    rows = [{"place": hamlet, "total": totals[hamlet.pk], "cells": [(code, words, counts[code].get(hamlet.pk, 0)) for code, words in COUNTED.items()]} for hamlet in hamlets]
    if len(rows) > 1:
        rows.append({"place": None, "total": sum(totals.values()), "cells": [(code, words, sum(counts[code].values())) for code, words in COUNTED.items()]})
    return rows


def _campaigns(user: User) -> list[dict[str, Any]]:
    """The newest campaigns with their hamlets, and how many children were measured in each. Two queries."""
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for day in days_of(user):
        if day.campaign_id in found or len(found) < CAMPAIGNS:
            found.setdefault(day.campaign_id, {"campaign": day.campaign, "days": []})["days"].append(day)
    counted = visible(user, measurements().filter(campaign__in=found)).order_by().values("campaign", "person__hamlet").annotate(n=Count("pk"))
    done = {(row["campaign"], row["person__hamlet"]): row["n"] for row in counted}
    for one in found.values():
        one["days"] = [{"day": day, "done": done.get((day.campaign_id, day.hamlet_id), 0)} for day in one["days"]]
        one["total"] = sum(each["done"] for each in one["days"])
    return list(found.values())


@require_safe
def nutrition_list(request: HttpRequest, code: str) -> HttpResponse:
    """The children on one list by name, the most urgent first, 50 a page. The opening is logged."""
    sees(request.user)
    if code not in LISTS:
        raise not_found("danh sách này")
    hamlets = list(Place.objects.filter(pk__in=places(request.user, "people.view", personal=True), kind=Place.HAMLET, valid_to=None).order_by("code"))
    asked = request.GET.get("thon", "")
    hamlet = next((one for one in hamlets if one.code == asked), None)
    if asked and hamlet is None:
        raise not_found("thôn này")
    page = Paginator(results.worklist(request.user, code, hamlet).order_by("due_on", "place__code", "id"), PAGE).get_page(request.GET.get("page"))
    people = {row.pk: row for row in visible(request.user, Person.objects.filter(pk__in=[row.subject for row in page.object_list])).select_related("household", "mother")}
    chain.record(by=request.user, action="list", model="growth.growthmeasurement", note=f"{code} {hamlet or ''}: {page.paginator.count} trẻ, trang {page.number}")
    return render(request, "growth/list.html", {
        "title": LISTS[code], "page": page, "hamlets": hamlets, "hamlet": hamlet, "indicator": INDICATORS[code],
        "lines": [{"outcome": row, "person": people[row.subject]} for row in page.object_list if row.subject in people]})


@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, id: uuid.UUID | None = None) -> HttpResponse:
    """A new campaign, or another plan of one: its name, and a day for each hamlet that takes part."""
    if not may(request.user, actions.PLAN):
        raise no_right()
    place, hamlets = plan_of(request.user)
    row = campaign_of(request.user, id) if id else None
    form = DaysForm(hamlets, row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_campaign(by=request.user, place=place, name=form.cleaned_data["name"], days=form.days(), id=id, seen_version=form.cleaned_data["seen_version"])
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"Đã lưu {made.name}.", extra_tags="toast")
            return redirect("nutrition")
    return render(request, "growth/campaign.html", {"form": form, "row": row, "place": place}, status=422 if request.method == "POST" else 200)


@require_safe
def grid(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The children of a hamlet with what was measured last, to be filled line by line."""
    stop = _stop(request.user, id)
    on = _day(request.GET.get("ngay", ""), stop)
    lines = lines_of(request.user, stop, on)
    chain.record_view(by=request.user, row=stop.campaign, note=f"lưới cân đo {stop.hamlet}")
    done = sum(1 for line in lines if line.now)
    context = {"stop": stop, "on": on, "lines": lines, "done": done, "left": len(lines) - done, "early": on > clock.today(), "reasons": REASONS, "other_day": on != stop.on}
    return render(request, "growth/grid.html", context)


@require_POST
def grid_line(request: HttpRequest, id: uuid.UUID, child: uuid.UUID) -> HttpResponse:
    """Save one line: as a fragment the line alone, with its class or with what is asked again; else back to the grid."""
    stop = _stop(request.user, id)
    on = _day(request.POST.get("on", ""), stop)
    line = next(iter(lines_of(request.user, stop, on, child)), None)
    if line is None:
        raise not_found("trẻ này trong thôn")
    try:
        _write(request, stop, line)
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        return _shown(request, stop, refuse(line, request.POST, refused), status=422)
    line = lines_of(request.user, stop, on, child)[0]
    if request.headers.get("HX-Request"):
        return _shown(request, stop, line)
    return redirect(reverse("growth-grid", args=[stop.pk]) + f"?ngay={on:%d/%m/%Y}#tre-{line.key}")


def _write(request: HttpRequest, stop: CampaignDay, line: Line) -> None:
    given = values(request.POST)
    id, seen, confirmed = given.pop("id"), given.pop("seen_version"), given.pop("confirmed")
    _same(line, id, seen)
    if line.now and confirmed and not given["confirmation"] and all(given[name] == getattr(line.now, name) for name in NUMBERS):
        given["confirmation"] = line.now.confirmation  # a reason holds for the numbers it was given for, and no others
    fields = {**given, "oedema": given["oedema"] or (False if any(given[name] is not None for name in ("weight_kg", "height_cm")) else None)}
    fields["vitamin_a"] = (line.takes_vitamin_a and given["vitamin_a"]) or None  # not ticked: nothing is said
    if not line.now:
        fields |= {"setting": "campaign"}
    actions.record_measurement(
        by=request.user, id=id, seen_version=seen, person=line.person, on=line.on, campaign=stop.campaign, **fields)


def _same(line: Line, id: uuid.UUID | None, seen: int | None) -> None:
    """Refuse what was typed over another entry, and say what that entry is, so that both versions are seen."""
    from tramyte.care.growth.words import measures

    if line.now and (line.now.pk != id or (seen is not None and line.now.version != seen)):
        raise Refused(
            "conflict", f"{line.person} vừa được ghi từ nơi khác, ngày {line.now.on:%d/%m/%Y}: {measures(line.now)}. "
            "Bấm Lưu nếu muốn thay bằng số đang gõ; tải lại trang nếu giữ số đó.", status=409)
    if id and not line.now:
        raise Refused("conflict", f"Lần cân đo này của {line.person} vừa bị đánh dấu ghi nhầm từ nơi khác. Bấm Lưu nếu muốn ghi lại.", status=409)


def _shown(request: HttpRequest, stop: CampaignDay, line: Line, *, status: int = 200) -> HttpResponse:
    context = {"stop": stop, "on": line.on, "line": line, "reasons": REASONS, "fragment": True, "saved_now": status == 200}
    if request.headers.get("HX-Request"):
        return render(request, "growth/line.html", context, status=status)
    return render(request, "growth/one_line.html", context, status=status)


def _stop(user: User, id: uuid.UUID) -> CampaignDay:
    """The hamlet's day of a campaign, of a hamlet where the user may measure. Raises Refused 403 or 404."""
    sees(user)
    if not may(user, actions.WRITE):
        raise no_right()
    rows = CampaignDay.objects.filter(entered_in_error=False, campaign__entered_in_error=False).select_related("campaign", "hamlet")
    found = visible(user, rows, actions.WRITE).filter(pk=id).first()
    if found is None:
        raise not_found("buổi cân đo này")
    return found


def _day(text: str, stop: CampaignDay) -> datetime.date:
    """The day asked for, else that of the plan. Raises Refused for a text that is no day."""
    if not text:
        return stop.on
    try:
        return parse_date(text)
    except ValueError as error:
        raise Refused("bad_day", str(error), field="on") from error
