"""The pages of adverse events: the lists, one event, its form, what is done with it, who had a dose of a lot."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.adverse_events import actions, lists, signs, statutory
from tramyte.care.adverse_events.models import AdverseEvent, SuspectDose
from tramyte.care.adverse_events.queries import (
    RECENT,
    doses_of,
    events,
    given_of,
    open_events,
    present,
    with_doses,
)
from tramyte.care.adverse_events.typed import FollowForm, ReactionForm, ReportForm, doses_to_choose, moment
from tramyte.care.immunization.models import VaccineLot
from tramyte.care.people.models import Person
from tramyte.care.people.views import sees, the_person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, require, visible
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers import registry

VIEW, PAGE = "reactions.view", 30


def _looks(user: User) -> None:
    sees(user)
    require(user, VIEW)


def the_event(user: User, id: uuid.UUID) -> AdverseEvent:
    """One event that this user may see, with its doses. Raises Refused 403 or 404."""
    _looks(user)
    found = with_doses(visible(user, events())).filter(pk=id).first()
    if found is None:
        raise not_found("phản ứng sau tiêm")
    return found


@require_safe
def reactions(request: HttpRequest) -> HttpResponse:
    """The events by tab: to be followed up, severe ones, the last year. The opening is logged."""
    _looks(request.user)
    asked = request.GET.get("xem", "")
    tab = asked if asked in lists.TABS else "theo-doi"
    page = Paginator(with_doses(lists.rows_of(request.user, tab)), PAGE).get_page(request.GET.get("page"))
    tabs = [{"label": label, "count": page.paginator.count if slug == tab else lists.rows_of(request.user, slug).count(), "current": slug == tab, "url": f"?xem={slug}"} for slug, label in lists.TABS.items()]
    chain.record(by=request.user, action="list", model="adverse_events.adverseevent", note=f"{lists.TABS[tab]}: {page.paginator.count} phản ứng, trang {page.number}")
    context = {
        "tabs": tabs, "tab": tab, "page": page, "lines": lists.lines_of(list(page)), "today": clock.today(), "book": registry.get("reactions"),
        "due": visible(request.user, open_events(clock.today())).count(), "rule": signs.reporting_on(clock.today())}
    return render(request, "adverse_events/list.html", context)


@require_safe
def reaction(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One event: what the statutory form says, what it lacks, how it went on, what may be done. That it was opened is logged."""
    event = the_event(request.user, id)
    chain.record_view(by=request.user, row=event.person, note="phiếu tai biến nặng sau tiêm" if event.severe else "phiếu phản ứng sau tiêm")
    return _page(request, event)


def _page(request: HttpRequest, event: AdverseEvent, follow: FollowForm | None = None, report: ReportForm | None = None) -> HttpResponse:
    now, writes = present(), may(request.user, actions.WRITE)
    day = {"on": f"{now:%d/%m/%Y}", "outcome": "recovered" if not event.severe else "ongoing"}
    at = (event.reported_at or now).astimezone(clock.ZONE)
    told = {"to": event.reported_to, "how": event.reported_how, "day": f"{at:%d/%m/%Y}", "time": f"{at:%H:%M}"}
    context: dict[str, Any] = {
        "event": event, "person": event.person, "state": lists.state_of(event, now), "fields": statutory.fields(event).items(), "lacking": statutory.lacking(event) if event.severe and (event.waits_for_report or event.is_open) else [],
        "hours": lists.hours_words(event, now) if event.waits_for_report else "", "follow_ups": event.follow_ups.filter(entered_in_error=False).order_by("-on", "-pk"), "may_write": writes,
        "may_report": may(request.user, actions.REPORT) and event.severe, "may_stop": may(request.user, "vaccines.write"), "follow": follow or FollowForm(initial=day),
        "report": report or ReportForm(initial=told), "lots": _lots(request.user, event), "rule": signs.reporting_on(event.onset_on), "source": signs.SOURCE, "today": clock.today()}
    return render(request, "adverse_events/event.html", context, status=422 if (follow and follow.errors) or (report and report.errors) else 200)


def _lots(user: User, event: AdverseEvent) -> list[tuple[VaccineLot, int]]:
    """The lots that the event is tied to, with how many people had a dose of each lately."""
    found = {dose.lot.pk: dose.lot for dose in doses_of(event) if dose.lot}
    return [(lot, visible(user, given_of(lot)).order_by().values("person").distinct().count()) for lot in found.values()]


@require_http_methods(["GET", "HEAD", "POST"])
def reaction_new(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A new event of a person; `mui` names the dose."""
    _looks(request.user)
    require(request.user, actions.WRITE)
    person: Person = the_person(request.user, id)
    chain.record_view(by=request.user, row=person, note="ghi phản ứng sau tiêm")
    return _form(request, person, None)


@require_http_methods(["GET", "HEAD", "POST"])
def reaction_edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Another writing of an event."""
    require(request.user, actions.WRITE)
    event = the_event(request.user, id)
    chain.record_view(by=request.user, row=event.person, note="sửa phiếu phản ứng sau tiêm")
    return _form(request, event.person, event)


def _form(request: HttpRequest, person: Person, event: AdverseEvent | None) -> HttpResponse:
    doses = doses_to_choose(person, event)
    form = ReactionForm(person, doses, event, request.POST or None, request.GET.get("mui", ""))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_event(by=request.user, id=event.pk if event else None, person=person, **form.given())
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            form.refuse(refused)
        else:
            messages.success(request, f"Đã lưu {'tai biến nặng' if made.severe else 'phản ứng'} của {person.full_name}.", extra_tags="toast")
            return redirect("reaction", made.pk)
    context = {"form": form, "person": person, "event": event, "doses": doses, "today": clock.today(), "rule": signs.reporting_on(clock.today())}
    return render(request, "adverse_events/form.html", context, status=422 if form.errors else 200)


@require_POST
def reaction_follow(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Write how the person was found."""
    require(request.user, actions.WRITE)
    event, form = the_event(request.user, id), FollowForm(request.POST)
    if form.is_valid():
        try:
            actions.follow_event(by=request.user, id=event.pk, **form.cleaned_data)
            messages.success(request, "Đã ghi lần theo dõi.", extra_tags="toast")
            return redirect("reaction", event.pk)
        except Refused as refused:
            if refused.status in {403, 404}:
                raise
            form.refuse(refused)
    return _page(request, event, follow=form)


@require_POST
def reaction_report(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Write who was told of a severe event."""
    require(request.user, actions.REPORT)
    event, form = the_event(request.user, id), ReportForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.report_event(by=request.user, id=event.pk, to=given["to"], how=given["how"], at=moment(given["day"], given["time"]))
            messages.success(request, "Đã ghi báo cáo lên tuyến trên.", extra_tags="toast")
            return redirect("reaction", event.pk)
        except Refused as refused:
            if refused.status in {403, 404}:
                raise
            form.refuse(refused)
    return _page(request, event, report=form)


@require_POST
def reaction_stop(request: HttpRequest, id: uuid.UUID, lot: uuid.UUID) -> HttpResponse:
    """Stop a lot that the event is tied to; then who had a dose of it."""
    require(request.user, "vaccines.write")
    event = the_event(request.user, id)
    held = actions.stop_lot_of(by=request.user, id=event.pk, lot=lot, reason=request.POST.get("reason", ""))
    messages.success(request, f"Đã dừng lô {held.number}. Dưới đây là những người đã tiêm lô này trong {RECENT} ngày qua.")
    return redirect("reaction-lot", held.pk)


@require_safe
def reaction_lot(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Who had a dose of a lot in the last 30 days, to be asked how they are. The opening is logged."""
    _looks(request.user)
    lot = visible(request.user, VaccineLot.objects.filter(entered_in_error=False)).select_related("product__vaccine", "facility").filter(pk=id).first()
    if lot is None:
        raise not_found("lô vắc xin")
    tied = SuspectDose.objects.filter(immunization=OuterRef("pk"), entered_in_error=False, event__entered_in_error=False)
    rows = visible(request.user, given_of(lot)).annotate(reacted=Exists(tied))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    chain.record(by=request.user, action="list", model="immunization.immunization", note=f"người đã tiêm lô {lot.number}: {page.paginator.count}")
    return render(request, "adverse_events/lot.html", {"lot": lot, "page": page, "days": RECENT, "may_write": may(request.user, actions.WRITE)})


@require_safe
def reaction_print(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The statutory form as PDF. That it was printed is logged."""
    from tramyte.care.adverse_events.printing import printed_event

    event = the_event(request.user, id)
    chain.record_view(by=request.user, row=event.person, note="in phiếu phản ứng sau tiêm")
    answer = HttpResponse(printed_event(event, clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="phieu-phan-ung-{event.pk}.pdf"'
    return answer
