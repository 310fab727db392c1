"""The pages on which a pregnancy is written: each parses, calls one action, and says what happened."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tramyte.care.maternal import actions
from tramyte.care.maternal.actions.checks import BEARING
from tramyte.care.maternal.forms import (
    MOST_BABIES,
    ContactForm,
    DeliveryForm,
    EndForm,
    PlanForm,
    PostnatalForm,
    PregnancyForm,
)
from tramyte.care.maternal.models import Pregnancy
from tramyte.care.maternal.queries import living
from tramyte.care.maternal.views import WRITE, sees_mothers, the_pregnancy
from tramyte.care.people.keys import PersonKey
from tramyte.care.people.models import Person
from tramyte.care.people.search import find_people
from tramyte.care.people.tetanus import tetanus_of
from tramyte.care.people.views import the_person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.calendar import age_years

BABIES = frozenset(map(str, range(1, MOST_BABIES + 1)))


def writes_mothers(user: User) -> None:
    """Raise Refused (403) for whoever may not write about mothers."""
    sees_mothers(user)
    require(user, WRITE)


def _sent(request: HttpRequest, form: Any, write: Callable[[dict[str, Any]], HttpResponse]) -> HttpResponse | None:
    """What the action answered; None when the form is to be shown (again)."""
    if request.method != "POST" or request.POST.get("do") == "more" or not form.is_valid():
        return None
    try:
        return write(form.given() if hasattr(form, "given") else dict(form.cleaned_data))
    except Refused as refused:
        if refused.status in {403, 404, 409}:
            raise
        form.refuse(refused)
        return None


def _mistaken(request: HttpRequest, cancel: Callable[..., Any], row: Any, said: str, address: str) -> HttpResponse | None:
    """What marking a row as entered in error answered; None when that was not asked."""
    if request.method != "POST" or request.POST.get("do") != "mistake" or row is None:
        return None
    seen = request.POST.get("seen_version", "")
    try:
        cancel(by=request.user, id=row.pk, reason=request.POST.get("reason", ""), seen_version=int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else None)
    except Refused as refused:
        if refused.status in {403, 404, 409}:
            raise
        messages.error(request, refused.message)
        return redirect(request.get_full_path())
    messages.success(request, said, extra_tags="toast")
    return redirect(address)


def _not_written_since(held: Any, seen: int | None, what: str) -> None:
    """Refuse a form that began empty when somebody, or another tab, has written meanwhile."""
    if held is not None and seen is None:
        raise Refused("conflict", f"{what} vừa được ghi ở một trang khác. Điều bạn gõ chưa được lưu: hãy mở lại, xem bản đã ghi rồi sửa tiếp.", status=409)


def _page(request: HttpRequest, person: Person, form: Any, title: str, button: str, **more: Any) -> HttpResponse:
    chain.record_view(by=request.user, row=person, note=title.lower())
    status = 422 if request.method == "POST" and request.POST.get("do") != "more" else 200
    return render(request, "maternal/form.html", {"person": person, "form": form, "title": title, "button": button, **more}, status=status)


def _done(request: HttpRequest, text: str, key: uuid.UUID) -> HttpResponse:
    messages.success(request, text, extra_tags="toast")
    return redirect("pregnancy", key)


@require_http_methods(["GET", "HEAD", "POST"])
def pregnancy_new(request: HttpRequest) -> HttpResponse:
    """Đăng ký thai: of the person `nguoi`; without one she is found first."""
    writes_mothers(request.user)
    person = _whom(request)
    if not isinstance(person, Person):
        asked = request.GET.get("ai", "")
        return render(request, "maternal/whom.html", {"asked": asked, "wrong": person, "named": _women(request.user, asked) if person else []})
    form = PregnancyForm(None, request.POST or None)

    def write(given: dict[str, Any]) -> HttpResponse:
        made = actions.register_pregnancy(by=request.user, person=person, **{name: value for name, value in given.items() if name != "seen_version"})
        return _done(request, f"Đã đăng ký thai của {person.full_name}, dự kiến sinh {made.due_on:%d/%m/%Y}.", made.pk)

    return _sent(request, form, write) or _page(request, person, form, "Đăng ký thai", "Lưu thai kỳ", back=reverse("person", args=[person.pk]))


def _whom(request: HttpRequest) -> Person | str:
    """The woman asked for by her key or by what was typed; else why not, "" when nothing was typed."""
    key, text = request.GET.get("nguoi", ""), request.GET.get("ai", "")
    if key:
        try:
            return the_person(request.user, uuid.UUID(key))
        except ValueError:
            raise not_found("người này") from None
    if not text:
        return ""
    found = PersonKey().find(request.user, WRITE, [{"": text}])[0]
    return found.message if isinstance(found, Refused) else found


def _women(user: User, text: str) -> list[Person]:
    """The women of an age to bear who stay here and whom a typed name may mean, best first."""
    day, found = clock.today(), find_people(user, text, 40).people
    women = [one for one in found if one.sex == "F" and one.presence == "here" and age_years(one.birth_date, day) in BEARING]
    return women[:10]


@require_http_methods(["GET", "HEAD", "POST"])
def pregnancy_edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Sửa thông tin thai kỳ: dating and history."""
    writes_mothers(request.user)
    row = the_pregnancy(request.user, id)
    form = PregnancyForm(row, request.POST or None)

    def write(given: dict[str, Any]) -> HttpResponse:
        made = actions.register_pregnancy(by=request.user, id=row.pk, **given)
        return _done(request, f"Đã lưu; dự kiến sinh {made.due_on:%d/%m/%Y}.", row.pk)

    gone = _mistaken(request, actions.cancel_pregnancy, row, "Đã đánh dấu thai kỳ ghi nhầm.", reverse("person", args=[row.person_id]))
    return gone or _sent(request, form, write) or _of_pregnancy(request, row, form, "Sửa thai kỳ", "Lưu thai kỳ", mistake="Thai kỳ này ghi nhầm?")


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghi lần khám thai; `lan` names one to correct."""
    writes_mothers(request.user)
    sees_mothers(request.user, "maternal.private")
    row = the_pregnancy(request.user, id)
    held = _one_of(row.contacts.all(), request.GET.get("lan", ""), "lần khám này")
    last = max((one for one in row.contacts.all() if one != held), key=lambda one: one.on, default=None)
    first: dict[str, Any] = {"on": f"{clock.today():%d/%m/%Y}", "examiner": request.user.full_name, "site": last.site if last else ""}
    if held:
        first = {"tetanus_lot": tetanus_of(row.person).lot_on(held.on)}
    form = ContactForm(held, request.POST or None, first)

    def write(given: dict[str, Any]) -> HttpResponse:
        made = actions.record_contact(by=request.user, id=held.pk if held else None, person=row.person, pregnancy=row, **given)
        return _done(request, f"Đã lưu lần khám ngày {made.on:%d/%m/%Y}, thai {made.gestation // 7} tuần.", row.pk)

    gone = _mistaken(request, actions.cancel_contact, held, "Đã đánh dấu lần khám ghi nhầm.", reverse("pregnancy", args=[row.pk]))
    return gone or _sent(request, form, write) or _of_pregnancy(request, row, form, "Sửa lần khám thai" if held else "Khám thai", "Lưu lần khám", last=last, mistake="Lần khám này ghi nhầm?" if held else "")


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Kế hoạch sinh."""
    writes_mothers(request.user)
    row = the_pregnancy(request.user, id)
    held = next((one for one in row.held_plans if not one.entered_in_error), None)
    form = PlanForm(held, request.POST or None, {} if held else {"on": f"{clock.today():%d/%m/%Y}"})

    def write(given: dict[str, Any]) -> HttpResponse:
        given.pop("confirmed")
        _not_written_since(held, given["seen_version"], "Kế hoạch sinh này")
        actions.set_birth_plan(by=request.user, pregnancy=row, **given)
        return _done(request, "Đã lưu kế hoạch sinh.", row.pk)

    gone = _mistaken(request, actions.cancel_birth_plan, held, "Đã đánh dấu kế hoạch sinh ghi nhầm.", reverse("pregnancy", args=[row.pk]))
    return gone or _sent(request, form, write) or _of_pregnancy(request, row, form, "Kế hoạch sinh", "Lưu kế hoạch", mistake="Kế hoạch này ghi nhầm?" if held else "")


@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghi cuộc đẻ with its children, or correct it; `do=more` gives room for one child more."""
    writes_mothers(request.user)
    row = the_pregnancy(request.user, id)
    held = next((one for one in row.deliveries.all() if not one.entered_in_error), None)
    lines = list(held.newborns.all()) if held else []
    asked = str(request.POST.get("babies", ""))
    babies = (int(asked) if asked in BABIES else row.fetuses) + (request.POST.get("do") == "more")
    form = DeliveryForm(held, request.POST or None, {} if held else {"on": f"{clock.today():%d/%m/%Y}"}, babies=babies, lines=lines)

    def write(given: dict[str, Any]) -> HttpResponse:
        seen = given.pop("seen_version")
        _not_written_since(held, seen, "Cuộc đẻ của thai kỳ này")
        made = actions.record_delivery(by=request.user, id=held.pk if held else None, seen_version=seen if held else None, person=row.person, pregnancy=row, **given)
        names = ", ".join(one.child.full_name for one in made.newborns.filter(entered_in_error=False).select_related("child") if one.child)
        return _done(request, f"Đã ghi cuộc đẻ ngày {made.on:%d/%m/%Y}" + (f"; hồ sơ của {names} đã nối với mẹ." if names else "."), row.pk)

    gone = _mistaken(request, actions.cancel_delivery, held, "Đã đánh dấu cuộc đẻ ghi nhầm; thai kỳ mở lại, hồ sơ của con còn nguyên.", reverse("person", args=[row.person_id]) + "#thai-san")
    return gone or _sent(request, form, write) or _of_pregnancy(request, row, form, "Sửa cuộc đẻ" if held else "Ghi cuộc đẻ", "Lưu cuộc đẻ", babies=form.babies, mistake="Cả cuộc đẻ này ghi nhầm?" if held else "")


@require_http_methods(["GET", "HEAD", "POST"])
def postnatal(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghi lần khám sau sinh; `lan` names one to correct."""
    writes_mothers(request.user)
    row = the_pregnancy(request.user, id)
    birth = next((one for one in row.deliveries.all() if not one.entered_in_error), None)
    if birth is None:
        raise Refused("no_birth", "Thai kỳ này chưa ghi cuộc đẻ. Hãy ghi cuộc đẻ trước, rồi ghi khám sau sinh.", status=404)
    held = _one_of(birth.postnatal.all(), request.GET.get("lan", ""), "lần khám này")
    first = {} if held else {
        "on": f"{clock.today():%d/%m/%Y}", "mother_seen": "1" if row.person.is_alive else "0", "child_seen": "1" if living(birth, clock.today()) else "0",
        "examiner": request.user.full_name}
    form = PostnatalForm(held, request.POST or None, first)

    def write(given: dict[str, Any]) -> HttpResponse:
        given.pop("confirmed")
        made = actions.record_postnatal(by=request.user, id=held.pk if held else None, delivery=birth, **given)
        return _done(request, f"Đã lưu lần khám sau sinh ngày thứ {made.day}.", row.pk)

    gone = _mistaken(request, actions.cancel_postnatal, held, "Đã đánh dấu lần khám sau sinh ghi nhầm.", reverse("pregnancy", args=[row.pk]))
    return gone or _sent(request, form, write) or _of_pregnancy(request, row, form, "Sửa lần khám sau sinh" if held else "Khám sau sinh", "Lưu lần khám", mistake="Lần khám này ghi nhầm?" if held else "")


@require_http_methods(["GET", "HEAD", "POST"])
def ending(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghi kết thúc without a birth."""
    writes_mothers(request.user)
    row = the_pregnancy(request.user, id)
    form = EndForm(request.POST or None, initial={"ended_on": f"{clock.today():%d/%m/%Y}", "seen_version": row.version})

    def write(given: dict[str, Any]) -> HttpResponse:
        made = actions.end_pregnancy(by=request.user, id=row.pk, **given)
        return _done(request, f"Đã ghi kết thúc: {made.get_outcome_display()}.", row.pk)

    return _sent(request, form, write) or _of_pregnancy(request, row, form, "Ghi thai kỳ kết thúc không đẻ", "Lưu kết thúc")


@require_POST
def reopen(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Let a pregnancy go on whose ending was a mistake."""
    writes_mothers(request.user)
    row = the_pregnancy(request.user, id)
    try:
        actions.reopen_pregnancy(by=request.user, id=row.pk)
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        messages.error(request, refused.message)
        return redirect("pregnancy", row.pk)
    return _done(request, "Thai kỳ đã mở lại.", row.pk)


def _one_of(rows: Any, key: str, what: str) -> Any:
    """The row with this key; None without one. Raises Refused 404 for another."""
    if not key:
        return None
    found = next((one for one in rows if str(one.pk) == key), None)
    if found is None:
        raise not_found(what)
    return found


def _of_pregnancy(request: HttpRequest, row: Pregnancy, form: Any, title: str, button: str, **more: Any) -> HttpResponse:
    person = row.person
    told = {"age": age_years(person.birth_date, clock.today()), "row": row, "back": reverse("pregnancy", args=[row.pk])}
    return _page(request, person, form, title, button, **told, **more)
