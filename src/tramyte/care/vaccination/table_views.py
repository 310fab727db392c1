"""The board of a session in progress: reception, the table, the watch; each answer is the board as it stands now."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import replace

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tramyte.care.people.views import sees
from tramyte.care.vaccination import actions
from tramyte.care.vaccination.board import TABLES, Board, Sought, board_of, seek
from tramyte.care.vaccination.models import Attendee, Session, Vial
from tramyte.care.vaccination.queries import pulse_of, session_of
from tramyte.care.vaccination.typed import degrees, kilograms
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, visible
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.rules.calendar import parse_date
from tramyte.rules.screening import BY_CODE, Judgement

FURTHEST = datetime.timedelta(days=731)  # nothing is put off for longer


class Asked(Exception):
    """A judgement that puts something off is shown with its day before it is written. fault: what is wrong with the day typed."""

    def __init__(self, judged: Judgement, fault: str = "") -> None:
        self.judged, self.fault = judged, fault


def allowed(request: HttpRequest, id: uuid.UUID) -> Session:
    """The session, for whoever may vaccinate in its commune. Raises Refused 403 or 404."""
    sees(request.user)
    if not may(request.user, actions.WRITE):
        raise no_right()
    return session_of(request.user, id, actions.WRITE)


@require_safe
def table(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The board; `nguoi`: the person to be at the table, `ban`: what this table does. Opening it is logged.

    `phien`: the pulse that a page shows already, which asks by itself every some seconds; 204 while nothing has changed.
    """
    session, which = allowed(request, id), _table(request.GET)
    if request.GET.get("phien") == str(pulse_of(session.pk)):
        return HttpResponse(status=204)
    board = board_of(request.user, session, table=which, chosen=uuid_of(request.GET.get("nguoi", "")))
    if board.panel:
        chain.record_view(by=request.user, row=board.panel.row.person, note="bàn tiêm")
    else:
        chain.record_view(by=request.user, row=session, note="bàn tiêm")
    return _shown(request, board, "panel" if board.panel else "reception")


@require_POST
def reception(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Receive whoever the text names, or the one that was picked; several who fit are offered."""
    session, sought, said, status = allowed(request, id), Sought(), "", 200
    try:
        made, sought = _receive(request, session)
        said = f"Đã tiếp nhận {made.person}, thứ tự {made.turn}." if made else ""
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        said, status = refused.message, refused.status
        sought = Sought(unknown=request.POST.get("q", "").strip()[:60] if refused.code == "nobody" else "")
    return _board(request, session, "reception", sought=sought, said=said, wrong=status != 200, q="" if status == 200 and not sought.listed and not sought.others else request.POST.get("q", ""), status=status)


def _receive(request: HttpRequest, session: Session) -> tuple[Attendee | None, Sought]:
    by, data = request.user, request.POST
    if listed := uuid_of(data.get("attendee", "")):
        return actions.receive(by=by, id=_attendee(by, session, listed).pk), Sought()
    if person := uuid_of(data.get("person", "")):
        return actions.receive_walk_in(by=by, session=session.pk, person=person), Sought()
    sought = seek(by, session, data.get("q", ""))
    return (actions.receive(by=by, id=sought.one.pk), Sought()) if sought.one else (None, sought)


@require_POST
def serve(request: HttpRequest, id: uuid.UUID, attendee: uuid.UUID) -> HttpResponse:
    """Do at the table what was sent for one person; the answer shows the next one, or this one with what is wrong."""
    session = allowed(request, id)
    row, act = _attendee(request.user, session, attendee), request.POST.get("act", "serve")
    if act not in _ACTS:
        raise Refused("bad_act", "Việc này không có ở bàn tiêm. Hãy tải lại trang.")
    try:
        with transaction.atomic():
            said = _ACTS[act](request, row)
    except Asked as asked:
        return _kept(request, session, row, asked=asked.judged, fault=asked.fault, at="until", status=422 if asked.fault else 200)
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        if act == "release":
            return _board(request, session, "watch", said=refused.message, wrong=True, status=refused.status)
        return _kept(request, session, row, fault=refused.message, at=refused.field, status=refused.status)
    if act == "release":
        return _board(request, session, "watch", said=said)
    return _board(request, session, "reception" if act == "undo" else "panel", said=said, chosen=row.pk if act in ("again", "undo") else None)


def _serve(request: HttpRequest, row: Attendee) -> str:
    """Screen whoever is not screened, then give what is ticked unless this table only screens."""
    by, data, wanted = request.user, request.POST, request.POST.getlist("give")
    allowed_now: tuple[str, ...] = tuple(wanted)
    if not row.outcome or row.is_done:
        until, fault = _until(data, row.session.on)
        row, judged = actions.screen(
            by=by, id=row.pk, temperature=degrees(data.get("temperature", "")), weight=kilograms(data.get("weight", "")), signs=data.getlist("signs"),
            days={code: day for code in BY_CODE if (day := _day(data, f"day-{code}"))}, vaccines=wanted, why=data.get("why", ""), until=until)
        if (judged.hindered or judged.outcome != "eligible") and (fault or data.get("confirmed") != judged.why):
            raise Asked(judged, fault)
        allowed_now = judged.allowed
        if judged.outcome != "eligible":
            return f"{row.person}: {row.get_outcome_display()}, {row.why}."
    if _table(data) == "kham":
        return f"{row.person} đủ điều kiện tiêm."
    doses = [actions.Dose(code, lot, data.get(f"word-{code}", "")) for code in allowed_now if (lot := uuid_of(data.get(f"lot-{code}", "")))]
    row = actions.give(by=by, id=row.pk, doses=doses)
    return f"Đã tiêm {row.person}: {len(doses)} mũi. Theo dõi 30 phút."


def _until(data: QueryDict, on: datetime.date) -> tuple[datetime.date | None, str]:
    """The day from which somebody is asked again, and what is wrong with it."""
    try:
        day = _day(data, "until")
    except Refused as refused:
        return None, refused.message
    if day and not on < day <= on + FURTHEST:
        return None, f"Ngày hẹn lại {day:%d/%m/%Y} phải sau ngày tiêm {on:%d/%m/%Y}, không quá hai năm. Hãy ghi lại."
    return day, ""


def _day(data: QueryDict, name: str) -> datetime.date | None:
    """A typed day; None for an empty one. Raises Refused at its field."""
    text = data.get(name, "").strip()
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        raise Refused("bad_day", str(error), field=name) from error


def _again(request: HttpRequest, row: Attendee) -> str:
    actions.screen_again(by=request.user, id=row.pk)
    return f"Khám lại {row.person}."


def _not_here(request: HttpRequest, row: Attendee) -> str:
    actions.undo_receive(by=request.user, id=row.pk)
    return f"{row.person} không còn trong hàng chờ."


def _undo(request: HttpRequest, row: Attendee) -> str:
    actions.undo_given(by=request.user, id=row.pk, reason=request.POST.get("reason", ""))
    return f"Đã bỏ các mũi của {row.person} trong buổi; liều trở lại kho."


def _release(request: HttpRequest, row: Attendee) -> str:
    row = actions.release(by=request.user, id=row.pk, reaction=request.POST.get("reaction", ""), early=bool(request.POST.get("early")))
    return f"{row.person} về, {f'phản ứng: {row.reaction}. Đã vào Phản ứng sau tiêm; tai biến nặng thì bổ sung phiếu ở đó và báo giám đốc ngay' if row.reaction else 'không phản ứng'}."


_ACTS: dict[str, Callable[[HttpRequest, Attendee], str]] = {"serve": _serve, "again": _again, "undo": _undo, "not_here": _not_here, "release": _release}


@require_POST
def vial(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Throw an opened vial away, with the reason."""
    session, said, wrong = allowed(request, id), "", False
    held = Vial.objects.filter(session=session, entered_in_error=False, pk=uuid_of(request.POST.get("vial", ""))).first()
    if held is None:
        raise not_found("lọ này trong buổi tiêm")
    try:
        actions.discard_vial(by=request.user, id=held.pk, reason=request.POST.get("reason", ""))
        said = "Đã bỏ lọ; số liều còn lại tính là hủy khi đóng buổi."
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        said, wrong = refused.message, True
    return _board(request, session, "panel", said=said, wrong=wrong, status=422 if wrong else 200)


def _kept(request: HttpRequest, session: Session, row: Attendee, *, fault: str, at: str, asked: Judgement | None = None, status: int = 422) -> HttpResponse:
    """The board with the same person, what was typed, and what is asked or wrong."""
    board = board_of(request.user, session, table=_table(request.POST), chosen=row.pk)
    if (panel := board.panel) is not None:
        data, wanted = request.POST, request.POST.getlist("give")
        panel.typed = {
            "temperature": data.get("temperature", ""), "weight": data.get("weight", ""), "signs": data.getlist("signs"), "why": data.get("why", ""), "until": data.get("until", ""),
            "days": {code: data.get(f"day-{code}", "") for code in BY_CODE}}
        panel.fault, panel.at, panel.asked = fault, at, asked
        panel.offers = [replace(one, ticked=bool(one.lots) and one.code in wanted, chosen=data.get(f"lot-{one.code}", ""), word=data.get(f"word-{one.code}", "")) for one in panel.offers]
    return _shown(request, board, "panel", status=status)


def _board(
    request: HttpRequest, session: Session, area: str, *, said: str = "", wrong: bool = False, sought: Sought | None = None, q: str = "", chosen: uuid.UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    """The board after an act: as a fragment, else by way of the page itself. `nguoi` of the form: who stays at the table."""
    if not request.headers.get("HX-Request") and status == 200 and not (sought and (sought.listed or sought.others)):
        which = _table(request.POST)
        return redirect(reverse("vaccination-table", args=[session.pk]) + (f"?ban={which}" if which else ""))
    board = board_of(request.user, session, table=_table(request.POST), chosen=chosen or uuid_of(request.POST.get("nguoi", "")))
    if area == "panel" and board.panel is None:
        area = "reception"
    if area == "watch" and not board.watched:
        area = "panel" if board.panel else "reception"
    return _shown(request, board, area, said=said, wrong=wrong, sought=sought, q=q, status=status)


def _shown(request: HttpRequest, board: Board, area: str, *, said: str = "", wrong: bool = False, sought: Sought | None = None, q: str = "", status: int = 200) -> HttpResponse:
    page = "vaccination/board.html" if request.headers.get("HX-Request") else "vaccination/table.html"
    if request.headers.get("HX-Request") and request.method == "POST" and board.panel:
        chain.record_view(by=request.user, row=board.panel.row.person, note="bàn tiêm")
    return render(request, page, {
        "board": board, "session": board.session, "area": area, "said": said, "wrong": wrong, "sought": sought or Sought(), "q": q, "tables": TABLES, "today": board.session.on}, status=status)


def _attendee(by: User, session: Session, id: uuid.UUID) -> Attendee:
    found = visible(by, Attendee.objects.filter(session=session), actions.WRITE).select_related("person").filter(pk=id).first()
    if found is None:
        raise not_found("người này trong buổi tiêm")
    return found


def _table(data: QueryDict) -> str:
    which = data.get("ban", "")
    return which if which in TABLES else ""


def uuid_of(text: str) -> uuid.UUID | None:
    """The key that a text is; None for any other text."""
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError):
        return None


