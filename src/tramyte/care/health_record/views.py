"""The pages of the health record: one page, a card for each part, each part saved by itself; and the printed form."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.care.health_record import actions
from tramyte.care.health_record.cards import missing_parts
from tramyte.care.health_record.form import BY_SLUG, Part
from tramyte.care.health_record.queries import Held, concerns, part_of, record_of
from tramyte.care.health_record.typed import PartForm
from tramyte.care.people.entry_views import writes
from tramyte.care.people.models import Person
from tramyte.care.people.views import looked_at, the_person
from tramyte.engine import clock
from tramyte.engine.access.models import Opening
from tramyte.engine.access.rights import may
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers.versions import last_saved

WRITE = "people.write"


@require_safe
def health_record(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The record of one person, part by part, also of one opened in an emergency, who is only looked at. The view is logged."""
    found, opening = looked_at(request.user, id)
    chain.record_view(by=request.user, row=found, note=f"hồ sơ sức khỏe, mở khẩn cấp: {opening.words}" if opening else "hồ sơ sức khỏe")
    return _page(request, found, opening=opening)


@require_http_methods(["GET", "HEAD", "POST"])
def health_record_part(request: HttpRequest, id: uuid.UUID, part: str) -> HttpResponse:
    """One part: its form, and what happens when it is sent. As a fragment the card alone, else the whole page."""
    writes(request.user)
    found = the_person(request.user, id)
    chosen = BY_SLUG.get(part)
    if chosen is None or not concerns(part_of(found, chosen), found, clock.today()):
        raise not_found("phần này của hồ sơ")
    if request.method != "POST":
        chain.record_view(by=request.user, row=found, note=f"hồ sơ sức khỏe: {chosen.title}")
        return _shown(request, found, chosen, {"form": None if "xem" in request.GET else PartForm(part_of(found, chosen))})
    return _saved(request, found, chosen)


def _saved(request: HttpRequest, found: Person, part: Part) -> HttpResponse:
    """Save what was sent; 422 with the form when it is refused, 409 with both versions when somebody was quicker."""
    form = PartForm(part_of(found, part), request.POST)
    if not form.is_valid():
        return _shown(request, found, part, {"form": form}, status=422)
    given = form.cleaned_data
    try:
        actions.record_part(
            by=request.user, person=found, part=part.slug, finding=given["finding"], on=given["on"], seen_version=given["seen_version"],
            lines=form.lines(), answers=form.answers() if given["finding"] == "present" else {})
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        if refused.code == "conflict":
            return _shown(request, found, part, _conflict(request, form), status=409)
        form.refuse(refused)
        return _shown(request, found, part, {"form": form}, status=422)
    if request.headers.get("HX-Request"):
        return _shown(request, found, part, {"saved": clock.now()})
    messages.success(request, f"Đã lưu phần “{part.title}”.", extra_tags="toast")
    return redirect(reverse("health-record", args=[found.pk]) + f"#{part.slug}")


def _conflict(request: HttpRequest, form: PartForm) -> dict[str, Any]:
    """Both versions, and all that was sent so that it can be sent again over the version now stored."""
    last = form.held.last
    skipped = {"csrfmiddlewaretoken", "seen_version"}
    sent = [(name, value) for name in request.POST if name not in skipped for value in request.POST.getlist(name)]
    return {"versions": form.versions(), "sent": sent, "saved": last_saved(last)}


def _shown(request: HttpRequest, found: Person, part: Part, state: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """One card in a state (form, versions or saved) as a fragment, or on its page."""
    if not request.headers.get("HX-Request"):
        return _page(request, found, {part.slug: state}, status=status)
    context = {"card": {"held": part_of(found, part), **state}, "fragment": True}
    if "saved" in state:
        context["missing"] = missing_parts(found, record_of(found, clock.today()), clock.today())
    return render(request, "health_record/card.html", {**_frame(request, found), **context}, status=status)


def _page(
    request: HttpRequest, found: Person, states: dict[str, dict[str, Any]] | None = None, *, status: int = 200, opening: Opening | None = None,
) -> HttpResponse:
    record = record_of(found, clock.today())
    cards = [{"held": held, **(states or {}).get(slug, {})} for slug, held in record.items()]
    context = {"cards": cards, "missing": missing_parts(found, record, clock.today()), "alarm": _allergies(record.get("allergy"))}
    frame = _frame(request, found)
    looking = {"opening": opening, "may_write": frame["may_write"] and not opening}
    return render(request, "health_record/page.html", {**frame, **context, **looking}, status=status)


def _frame(request: HttpRequest, found: Person) -> dict[str, Any]:
    return {"person": found, "may_write": may(request.user, WRITE)}


def _allergies(held: Held | None) -> str:
    return ", ".join(row.detail or row.get_code_display() for row in held.rows) if held else ""


@require_safe
def health_record_print(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The paper form of Quyết định 831/QĐ-BYT, filled, as PDF. That it was printed is logged."""
    from tramyte.care.health_record.printing import printed_form

    found = the_person(request.user, id)
    chain.record_view(by=request.user, row=found, note="in hồ sơ sức khỏe")
    answer = HttpResponse(printed_form(found, clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="ho-so-suc-khoe-{found.pk}.pdf"'
    return answer
