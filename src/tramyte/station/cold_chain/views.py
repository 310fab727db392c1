"""The pages of the cold chain: today's readings of all equipment, the sheet of a month, what was done, the rule."""

import datetime
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, require, visible
from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers import registry
from tramyte.rules.calendar import parse_date
from tramyte.station.cold_chain import actions, queries
from tramyte.station.cold_chain import rule as rules
from tramyte.station.cold_chain.models import StorageEquipment
from tramyte.station.cold_chain.months import month_at, month_of
from tramyte.station.cold_chain.typed import ActForm, RuleForm, lines_of, save

VIEW = "vaccines.view"
BOOKS = (("temperatures", "thermometer", "mọi lần đọc; nhập, xuất Excel"), ("excursions", "alert-triangle", "quá lạnh, quá nóng và đã làm gì"),
         ("storage-equipment", "box", "tủ lạnh, hòm lạnh, phích"))
SHOWN = 14


@require_http_methods(["GET", "HEAD", "POST"])
def cold_chain(request: HttpRequest) -> HttpResponse:
    """The readings of a day (`ngay`, today at first) of all equipment, typed and saved in one go; what is missing; what is open."""
    require(request.user, VIEW)
    on = _day(request.POST.get("ngay", "") or request.GET.get("ngay", ""))
    items = list(visible(request.user, queries.equipment().filter(queries.in_use(on))))
    lines = lines_of(items, on)
    if request.method == "POST":
        require(request.user, actions.WRITE)
        written, faults = save(lines, on, request.POST, request.user)
        opened = [row for row in written if row.excursion is not None]
        if written:
            messages.success(request, f"Đã lưu {len(written)} nhiệt độ ngày {on:%d/%m/%Y}.", extra_tags="toast")
        if not faults:
            return redirect("excursion", opened[0].excursion_id) if opened else redirect(_at(on))
    today = clock.today()
    gaps = queries.missing(list(visible(request.user, queries.equipment())), today - datetime.timedelta(days=queries.BACK), today)
    context = {
        "lines": lines, "on": on, "today": today, "other_day": on != today, "may_write": may(request.user, actions.WRITE),
        "first": next((cell.name for line in lines for cell in line.cells if cell.due and not cell.row), ""),
        "faults": [cell for line in lines for cell in line.cells if cell.fault],
        "gaps": [(one, day, queries.PARTS[part]) for one, day, part in gaps if day != on][:SHOWN], "left": sum(1 for line in lines for cell in line.cells if cell.due and not cell.row),
        "open": [(one, queries.PARTS[one.part], rules.degrees(one.celsius)) for one in visible(request.user, queries.open_excursions())],
        "rule": rules.rule_on(on), "range": rules.range_words(rules.rule_on(on)), "ended": _ended(on), "books": [(registry.get(slug), icon, words) for slug, icon, words in BOOKS]}
    return render(request, "cold_chain/day.html", context, status=422 if context["faults"] else 200)


def _at(on: datetime.date) -> str:
    address = reverse("cold-chain")
    return address if on == clock.today() else f"{address}?ngay={on:%d/%m/%Y}"


def _day(text: str) -> datetime.date:
    """The day asked for, today for an empty text. Raises Refused for a text that is no day, and for a day that has not come."""
    if not text:
        return clock.today()
    try:
        on = parse_date(text)
    except ValueError as error:
        raise Refused("bad_day", str(error), field="ngay") from error
    if on > clock.today():
        raise Refused("future", f"Ngày {on:%d/%m/%Y} chưa đến; hôm nay là {clock.today():%d/%m/%Y}. Không ghi nhiệt độ trước.", field="ngay")
    return on


def _ended(on: datetime.date) -> bool:
    """Whether the rule that is used has ended and no newer one was written."""
    held = rules.rule_on(on)
    return held.valid_to is not None and held.valid_to < on


def the_equipment(user: User, id: uuid.UUID) -> StorageEquipment:
    """One equipment that this user may see. Raises Refused 403 or 404."""
    require(user, VIEW)
    found = visible(user, queries.equipment()).filter(pk=id).first()
    if found is None:
        raise not_found("thiết bị dây chuyền lạnh")
    return found


@require_safe
def month(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The sheet of a month (`thang`, the present one at first)."""
    equipment = the_equipment(request.user, id)
    sheet = month_of(equipment, month_at(request.GET.get("thang", "")))
    before, after = sheet.first - datetime.timedelta(days=1), sheet.first + datetime.timedelta(days=31)
    context = {
        "sheet": sheet, "equipment": equipment, "range": rules.range_words(sheet.rule), "before": before, "after": after if after.replace(day=1) <= clock.today() else None,
        "today": clock.today(), "may_write": may(request.user, actions.WRITE)}
    return render(request, "cold_chain/month.html", context)


@require_safe
def month_print(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The same sheet on A4, PDF."""
    from tramyte.station.cold_chain.printing import printed_month

    sheet = month_of(the_equipment(request.user, id), month_at(request.GET.get("thang", "")))
    answer = HttpResponse(printed_month(sheet, clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="nhiet-do-{sheet.equipment.code}-{sheet.first:%Y-%m}.pdf"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def excursion(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One time out of range: its readings, and what was done about it."""
    require(request.user, VIEW)
    found = visible(request.user, queries.excursions()).filter(pk=id).first()
    if found is None:
        raise not_found("lần nhiệt độ ngoài khoảng")
    known = {name: getattr(found, name) for name in ("action", "vaccines", "vaccines_note")} if found.acted_on else {}
    form = ActForm(request.POST or None, initial={**known, "acted_on": f"{found.acted_on or clock.today():%d/%m/%Y}", "seen_version": found.version})
    if request.method == "POST":
        require(request.user, actions.WRITE)
        if form.is_valid():
            try:
                actions.act_on_excursion(by=request.user, id=found.pk, **form.cleaned_data)
                messages.success(request, "Đã ghi việc xử trí.", extra_tags="toast")
                return redirect("cold-chain")
            except Refused as refused:
                if refused.status in {403, 404, 409}:
                    raise
                form.refuse(refused)
    rows = queries.readings().filter(excursion=found).order_by("on", "part")
    context = {
        "row": found, "part": queries.PARTS[found.part], "form": form, "readings": [(one, rules.degrees(one.celsius)) for one in rows],
        "range": rules.range_words(rules.rule_on(found.on)), "may_write": may(request.user, actions.WRITE)}
    return render(request, "cold_chain/excursion.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """The rules of temperatures with their sources, and a form for a new one."""
    require(request.user, VIEW)
    form = RuleForm(request.POST or None)
    if request.method == "POST":
        require(request.user, actions.WRITE)
        if form.is_valid():
            try:
                actions.set_temperature_rule(by=request.user, **form.cleaned_data)
                messages.success(request, "Đã lưu quy định nhiệt độ.", extra_tags="toast")
                return redirect("cold-chain-rule")
            except Refused as refused:
                if refused.status in {403, 404, 409}:
                    raise
                form.refuse(refused)
    rows = [(one, rules.range_words(one)) for one in rules.rules()]
    return render(request, "cold_chain/rule.html", {"form": form, "rows": rows, "may_write": may(request.user, actions.WRITE)}, status=422 if form.errors else 200)
