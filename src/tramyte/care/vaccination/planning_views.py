"""The pages before a session: the list of sessions, planning, the session itself, invitations and messages."""

import datetime
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tramyte.care.people.search import find_people
from tramyte.care.people.typed import Typed
from tramyte.care.people.views import sees
from tramyte.care.vaccination import actions, inviting
from tramyte.care.vaccination.cautions import cautions
from tramyte.care.vaccination.models import Session, SessionHamlet
from tramyte.care.vaccination.queries import (
    absentees,
    doses_due,
    due_by_hamlet,
    hamlets_of,
    lots_for,
    lots_of,
    people_of,
    pulse_of,
    sessions,
    tallies,
    tally_of,
    vials_of,
)
from tramyte.care.vaccination.stock import Need, needs, to_bring
from tramyte.care.vaccination.table_views import allowed, uuid_of
from tramyte.care.vaccination.typed import MoveForm, OpenForm, PlanForm, ReasonForm, doses_brought, planned
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, own_place, places, visible
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of, stations_of
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.engine.registers.output import MIME

AHEAD, PAST = 12, 12  # sessions shown
OFFERED = 8  # people offered for a text


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Buổi tiêm chủng: what is running and planned, what was, and who stayed away."""
    sees(request.user)
    if not may(request.user, actions.WRITE):
        raise no_right()
    rows = visible(request.user, sessions(), actions.WRITE)
    ahead = list(rows.filter(state__in=[Session.OPEN, Session.PLANNED]).order_by("on", "starts", "pk")[:AHEAD])
    past = list(rows.filter(state__in=[Session.CLOSED, Session.CANCELLED]).order_by("-on", "-pk")[:PAST])
    counted = tallies([row.pk for row in (*ahead, *past)])
    return render(request, "vaccination/sessions.html", {
        "ahead": [(row, counted.get(row.pk, {})) for row in ahead], "past": [(row, counted.get(row.pk, {})) for row in past], "today": clock.today(),
        "missed": absentees(request.user).count()})


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, id: uuid.UUID | None = None) -> HttpResponse:
    """A new session, or another plan of one that has not begun."""
    if not may(request.user, actions.WRITE):
        raise no_right()
    row = allowed(request, id) if id else None
    commune = row.place if row else commune_of(own_place(request.user))
    form = _form(request, commune, row)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        seen, hamlets = given.pop("seen_version"), list(given.pop("hamlets"))
        try:
            made = actions.plan_session(by=request.user, id=id, seen_version=seen, hamlets=hamlets, **given)
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            form.refuse(refused)
        else:
            messages.success(request, f"Đã lập danh sách {made.people.filter(entered_in_error=False).count()} người.", extra_tags="toast")
            return redirect("vaccination", id=made.pk)
    return render(request, "vaccination/plan.html", {"form": form, "row": row, "place": commune}, status=422 if request.method == "POST" else 200)


def _form(request: HttpRequest, commune: Place, row: Session | None) -> PlanForm:
    day, user = row.on if row else clock.today() + datetime.timedelta(days=7), request.user
    mine = list(Place.objects.filter(parent=commune, kind=Place.HAMLET, valid_to=None, pk__in=places(user, actions.WRITE, personal=True)))
    initial = planned(row) if row else {**planned(None), "hamlets": [one.pk for one in mine]}
    sites = stations_of(commune, clock.today()).order_by("code")
    return PlanForm(mine, sites, due_by_hamlet(user, day), request.POST or None, initial=initial)


@require_safe
def session(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One session: what is to be done next, warnings, stock, the list by hamlet, opening; afterwards its result.

    `phien`: the pulse that a page shows already, which asks by itself every some seconds; 204 while nothing has changed.
    """
    row = allowed(request, id)
    if request.GET.get("phien") == str(pulse_of(row.pk)):
        return HttpResponse(status=204)
    chain.record_view(by=request.user, row=row, note="danh sách buổi tiêm")
    return _session(request, row)


def _session(request: HttpRequest, row: Session, forms: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    pulse, people, vials = pulse_of(row.pk), list(people_of(row)), vials_of(row)
    lots = lots_for(request.user, row) if row.state in (Session.PLANNED, Session.OPEN) else []
    found, tally = needs(request.user, row, lots) if lots or row.state == Session.PLANNED else [], tally_of(people)
    context = {
        "row": row, "pulse": pulse, "people": people, "tally": tally, "needs": found, "cautions": cautions(row, tally, found, vials) if row.state in (Session.PLANNED, Session.OPEN) else [],
        "hamlets": _by_hamlet(row, people), "today": clock.today(), "bring": _bring(found, request.POST), "lots": lots_of(row) if row.state in (Session.OPEN, Session.CLOSED) else [],
        "form": _opening(request.user), "move": MoveForm(), "cancel": ReasonForm(auto_id="huy-%s"), "reopen": ReasonForm(auto_id="mo-%s"), **(forms or {})}
    return render(request, "vaccination/session.html", context, status=status)


def _by_hamlet(row: Session, people: list[Any]) -> list[dict[str, Any]]:
    """Each hamlet of the session, and those from which somebody was carried along, with its people."""
    listed = {one.pk: one for one in hamlets_of(row)} | {one.person.hamlet_id: one.person.hamlet for one in people}
    return [{"place": place, "people": [one for one in people if one.person.hamlet_id == key]} for key, place in sorted(listed.items(), key=lambda item: item[1].code)]


def _opening(user: User, data: Any = None) -> OpenForm:
    """The form with what was written the last time."""
    last = visible(user, sessions().exclude(began=None)).order_by("-on", "-pk").first()
    known = {name: getattr(last, name) for name in ("screener", "injector", "recorder", "staff")} if last else {"recorder": user.full_name, "injector": user.full_name}
    return OpenForm(data, initial=known)


def _bring(found: list[Need], typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A line for each lot to bring: how many doses, in vials, or what was typed."""
    wanted = to_bring(found)
    return [{"need": need, "taken": one, "doses": typed.get(f"nhan-{one.lot.pk}", wanted[one.lot.pk])} for need in found for one in need.taken]


@require_POST
def act(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What may be done to a session as a whole; a refusal shows the page with its sentence."""
    row, name = allowed(request, id), request.POST.get("act", "")
    if name not in _ACTS:
        raise Refused("bad_act", "Việc này không có ở trang buổi tiêm. Hãy tải lại trang.")
    forms: dict[str, Any] = {}
    try:
        answer = _ACTS[name](request, row, forms)
    except Refused as refused:
        if refused.status in {403, 404, 409}:
            raise
        form = next((one for one in forms.values() if isinstance(one, Typed)), None)
        if form is not None and refused.field in form.fields:
            form.refuse(refused)
        else:
            forms["fault"] = refused.message
        answer = None
    return answer or _session(request, row, forms, status=422)


def _refresh(request: HttpRequest, row: Session, forms: dict[str, Any]) -> HttpResponse | None:
    came, left = actions.refresh_list(by=request.user, id=row.pk)
    messages.success(request, f"Đã cập nhật danh sách: thêm {came}, bớt {left} người.", extra_tags="toast")
    return redirect("vaccination", id=row.pk)


def _add(request: HttpRequest, row: Session, forms: dict[str, Any]) -> HttpResponse | None:
    """Put somebody on the list: the one who was picked, or the only one whom the text finds; several are offered."""
    text, picked = request.POST.get("q", "").strip(), uuid_of(request.POST.get("person", ""))
    found = [] if picked or not text else [person for person in find_people(request.user, text, OFFERED).people if not person.entered_in_error]
    if picked is None and len(found) != 1:
        forms |= {"offered": found, "q": text, "fault": "" if found else "Không thấy ai. Hãy gõ số định danh, hoặc họ tên và năm sinh." if text else "Hãy gõ tên hoặc số định danh."}
        return None
    made = actions.add_person(by=request.user, session=row.pk, person=picked or found[0])
    messages.success(request, f"Đã thêm {made.person}, số {made.number}.", extra_tags="toast")
    return redirect("vaccination", id=row.pk)


def _remove(request: HttpRequest, row: Session, forms: dict[str, Any]) -> HttpResponse | None:
    listed = visible(request.user, people_of(row), actions.WRITE).filter(pk=uuid_of(request.POST.get("attendee", ""))).first()
    if listed is None:
        raise not_found("người này trong danh sách")
    made = actions.remove_person(by=request.user, id=listed.pk, reason="bỏ khi lập danh sách")
    messages.success(request, f"Đã bỏ {made.person} khỏi danh sách.", extra_tags="toast")
    return redirect("vaccination", id=row.pk)


def _open(request: HttpRequest, row: Session, forms: dict[str, Any]) -> HttpResponse | None:
    forms["form"] = form = _opening(request.user, request.POST)
    if not form.is_valid():
        return None
    brought = doses_brought(request.POST, lots_for(request.user, row))
    actions.open_session(by=request.user, id=row.pk, brought=brought, **form.cleaned_data)
    return redirect("vaccination-table", id=row.pk)


def _move(request: HttpRequest, row: Session, forms: dict[str, Any]) -> HttpResponse | None:
    forms["move"] = form = MoveForm(request.POST)
    if not form.is_valid():
        return None
    made = actions.move_session(by=request.user, id=row.pk, **form.cleaned_data)
    messages.success(request, f"Đã chuyển buổi tiêm sang {inviting.day_words(made.on)}. In lại danh sách mời.", extra_tags="toast")
    return redirect("vaccination", id=row.pk)


def _with_reason(name: str, auto_id: str, action: Callable[..., Any], said: str) -> Callable[[HttpRequest, Session, dict[str, Any]], HttpResponse | None]:
    def done(request: HttpRequest, row: Session, forms: dict[str, Any]) -> HttpResponse | None:
        forms[name] = form = ReasonForm(request.POST, auto_id=auto_id)
        if not form.is_valid():
            return None
        action(by=request.user, id=row.pk, reason=form.cleaned_data["reason"])
        messages.success(request, said, extra_tags="toast")
        return redirect("vaccination", id=row.pk)
    return done


_ACTS: dict[str, Callable[[HttpRequest, Session, dict[str, Any]], HttpResponse | None]] = {
    "refresh": _refresh, "open": _open, "move": _move, "add": _add, "remove": _remove,
    "cancel": _with_reason("cancel", "huy-%s", actions.cancel_session, "Đã hủy buổi tiêm. Người trong danh sách vẫn đến hạn."),
    "reopen": _with_reason("reopen", "mo-%s", actions.reopen_session, "Đã mở lại buổi tiêm.")}


@require_safe
def invitations(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The lists of all hamlets of a session, or of one (`thon`), on A4. Printing is logged."""
    row, asked = allowed(request, id), request.GET.get("thon", "")
    people = list(people_of(row))
    hamlets = [one["place"] for one in _by_hamlet(row, people) if not asked or one["place"].code == asked]
    if not hamlets:
        raise not_found("thôn này trong buổi tiêm")
    return _printed(request, row, people, hamlets)


@require_safe
def hamlet_invitation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The list of one hamlet of a session, for the village health worker."""
    sees(request.user)
    stop = visible(request.user, SessionHamlet.objects.filter(entered_in_error=False, session__entered_in_error=False)).select_related("session__place", "hamlet").filter(pk=id).first()
    if stop is None:
        raise not_found("danh sách mời này")
    return _printed(request, stop.session, list(people_of(stop.session).filter(person__hamlet=stop.hamlet_id)), [stop.hamlet])


def _printed(request: HttpRequest, row: Session, people: list[Any], hamlets: list[Place]) -> HttpResponse:
    chain.record(by=request.user, action="export_pdf", model="vaccination.attendee", object_id=str(row.pk), note=f"danh sách mời tiêm {row}: {', '.join(one.name for one in hamlets)}"[:200])
    due = doses_due([one.person_id for one in people], row.on, row.wanted)
    answer = HttpResponse(inviting.printed_invitations(row, people, due, hamlets), content_type=MIME["pdf"])
    answer["Content-Disposition"] = f'inline; filename="moi-tiem-{row.on:%Y%m%d}.pdf"'
    return answer


@require_safe
def texts(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The messages of a session, one for each household; `as` gives them as a file (csv). Nothing is sent from here."""
    row, form = allowed(request, id), request.GET.get("as", "")
    made = inviting.messages([one for one in people_of(row) if not one.came and not one.outcome], row)
    if not form:
        chain.record_view(by=request.user, row=row, note="tin nhắn mời tiêm")
        return render(request, "vaccination/texts.html", {"row": row, "messages_made": made, "longest": inviting.LONGEST, "without": sum(1 for home, _ in made if not home.phone)})
    if form != "csv":
        raise Refused("bad_form", f"Không có dạng “{form[:20]}”. Hãy dùng csv.")
    chain.record(by=request.user, action="export_csv", model="vaccination.attendee", object_id=str(row.pk), note=f"tin nhắn mời tiêm {row}: {len(made)} hộ"[:200])
    answer = HttpResponse(_sheet(made), content_type=MIME["csv"])
    answer["Content-Disposition"] = f'attachment; filename="tin-nhan-{row.on:%Y%m%d}.csv"'
    return answer


def _sheet(made: list[tuple[inviting.Invited, str]]) -> bytes:
    from tramyte.engine.documents import spreadsheet

    columns = [spreadsheet.SheetColumn(heading) for heading in ("Số", "Điện thoại", "Thôn", "Tin nhắn")]
    return spreadsheet.write_csv(columns, [[str(home.number), home.phone, home.people[0].person.hamlet.name, text] for home, text in made])
