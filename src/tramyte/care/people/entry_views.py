"""The pages on which something about a person is written: each parses, calls one action, and says what happened."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tramyte.care.people import actions
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.keys import present_numbers
from tramyte.care.people.models import Coverage, Household, Person
from tramyte.care.people.queries import Likely, identity_of, possible_duplicates
from tramyte.care.people.search import find_people
from tramyte.care.people.typed import (
    DeathForm,
    LeavingForm,
    NumberForm,
    PersonForm,
    ReasonForm,
    RenewalForm,
    ResidenceForm,
    Typed,
    card_typed,
    person_typed,
    renewal_typed,
)
from tramyte.care.people.views import person_page, sees, the_person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, visible
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.engine.registers.versions import conflict_page, versions
from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.identity import Identity, national_id_warnings, parse_card_text

NEW = {"ethnicity": "Kinh", "residence": "thường trú"}
UNDO_REASON = "hoàn tác ngay sau khi ghi"
OWN = ("full_name", "sex", "relation", "phone", "ethnicity", "occupation")


def writes(user: User) -> None:
    """Raise Refused (403) for whoever may not write about people."""
    sees(user)
    if not may(user, WRITE):
        raise no_right()


def _done(request: HttpRequest, text: str, person: Person) -> HttpResponse:
    messages.success(request, text, extra_tags="toast")
    return redirect("person", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Thêm người: likely duplicates are shown while typing, and must be looked at before a likely one is saved.

    A scanned identity card (`card`, in the address or sent with what was typed so far) fills its fields in.
    """
    writes(request.user)
    scanned = (request.POST if request.method == "POST" else request.GET).get("card", "")
    if scanned or request.POST.get("do") == "fill":
        return _filled(request, scanned)
    form = PersonForm(request.user, request.POST or None, initial={**NEW, **request.GET.dict()})
    likely: list[Likely] = []
    if request.method == "POST" and form.is_valid():
        likely = _likely(request.user, form.cleaned_data)
        try:
            made = actions.record_resident(by=request.user, confirmed="confirmed" in request.POST, **form.cleaned_data)
            _warn(request, made, alike=False)
            return _done(request, f"Đã thêm {made.full_name} vào sổ.", made)
        except Refused as refused:
            if refused.status in {403, 404}:
                raise
            form.refuse(refused)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "likely": likely, "warnings": actions.resident_warnings(form.cleaned_data) if form.is_bound else ()}
    return render(request, "people/person_new.html", context, status=status)


def _filled(request: HttpRequest, scanned: str) -> HttpResponse:
    """The form of a new person with what a scanned card says, over what was typed so far."""
    card = parse_card_text(scanned)
    typed = {name: text for name, text in request.POST.dict().items() if text}
    form = PersonForm(request.user, initial=NEW | typed | (card_typed(card, request.user) if card else {}))
    checked = PersonForm(request.user, form.initial)
    checked.is_valid()
    context = {"form": form, "likely": _likely(request.user, checked.cleaned_data), "card": card, "filled": True}
    return render(request, "people/person_new.html", context)


@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """The likely duplicates of what is typed so far, and what does not go with the number, as a fragment."""
    writes(request.user)
    form = PersonForm(request.user, request.GET)
    form.is_valid()
    return render(request, "people/likely.html", {"likely": _likely(request.user, form.cleaned_data), "warnings": actions.resident_warnings(form.cleaned_data)})


def _warn(request: HttpRequest, person: Person, *, alike: bool = True) -> None:
    """Tell what was saved all the same: a number that contradicts, and who else (`alike`) is likely this person."""
    held = present_numbers(person).get("national")
    for sentence in national_id_warnings(held.value, person.birth_date, person.sex) if held else ():
        messages.warning(request, sentence)
    for other in possible_duplicates(identity_of(person), by=request.user, exclude=person.pk)[:1] if alike else ():
        if other.verdict.kind == "same" or any("trùng số định danh" in word for word in other.verdict.evidence):
            messages.warning(request, f"Hồ sơ này giống hồ sơ của {other.person.full_name}, {other.person.hamlet} ({other.verdict.evidence[0]}). Nếu là một người, hãy gộp ở mục Hồ sơ nghi trùng.")


def _likely(user: User, given: dict[str, Any]) -> list[Likely]:
    """People who may be the one typed; none while name and birth date (or a number) are not there yet."""
    if not (given.get("full_name") and given.get("birth")) and not given.get("national_id"):
        return []
    day, precision = parse_partial_date(given["birth"]) if given.get("birth") else (None, "day")
    identity = Identity(
        name=given.get("full_name") or "", birth_date=day, precision=precision, sex=given.get("sex") or "",
        national_id=given.get("national_id") or "", insurance_number=given.get("card_number") or "", phone=given.get("phone") or "",
        hamlet=given["hamlet"].name if given.get("hamlet") else "")
    return possible_duplicates(identity, by=user)


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Sửa thông tin: own fields of a person and the household."""
    writes(request.user)
    found = the_person(request.user, id)
    form = PersonForm(request.user, request.POST or None, person=found, initial=person_typed(found))

    def write(given: dict[str, Any]) -> str:
        fields = {name: given[name] for name in (*OWN, "birth", "household_number")}
        actions.record_resident(by=request.user, id=found.pk, seen_version=given["seen_version"], **fields)
        _warn(request, the_person(request.user, found.pk))
        return "Đã lưu thông tin."

    try:
        return form_page(request, found, form, write, title="Sửa thông tin", button="Lưu thông tin")
    except Refused as refused:
        if refused.code != "conflict":
            raise
    now = the_person(request.user, found.pk)
    chain.record_view(by=request.user, row=now, note="hai bản khác nhau")
    return conflict_page(
        request, row=now, lines=versions(form, PersonForm(request.user, person=now, initial=person_typed(now))), address=request.path,
        crumbs=[(reverse("people"), "Người dân"), (reverse("person", args=[now.pk]), now.full_name)])


@require_http_methods(["GET", "HEAD", "POST"])
def coverage_renew(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Gia hạn thẻ BHYT: the next period, with undo in the toast."""
    writes(request.user)
    found = the_person(request.user, id)
    last = found.coverages.filter(entered_in_error=False).first()
    if request.method != "POST":
        chain.record_view(by=request.user, row=found, note="gia hạn thẻ BHYT")
        return person_page(request, found, renewal=RenewalForm(initial=renewal_typed(last), auto_id="the_%s"))
    form = RenewalForm(request.POST, auto_id="the_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.renew_coverage(by=request.user, person=found, **given)
        except Refused as refused:
            if refused.status in {403, 404}:
                raise
            form.refuse(refused)
        else:
            request.session["people_undo"] = {"text": f"Đã gia hạn thẻ BHYT đến {made.end:%d/%m/%Y}.", "url": reverse("coverage-undo", args=[found.pk, made.pk])}
            return redirect("person", found.pk)
    return person_page(request, found, renewal=form, status=422)


@require_POST
def coverage_undo(request: HttpRequest, id: uuid.UUID, card: uuid.UUID) -> HttpResponse:
    """Take a card back: entered in error, with the reason."""
    writes(request.user)
    found = the_person(request.user, id)
    if not found.coverages.filter(pk=card).exists():
        raise Refused("not_found", "Thẻ này không có trong hồ sơ này. Hãy tải lại trang.", status=404)
    actions.retract(by=request.user, model=Coverage, id=card, reason=request.POST.get("reason") or UNDO_REASON)
    return _done(request, "Đã bỏ thẻ vừa ghi.", found)


@require_http_methods(["GET", "HEAD", "POST"])
def residence_new(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghi nơi ở: a move, a temporary stay, an absence."""
    writes(request.user)
    found = the_person(request.user, id)
    form = ResidenceForm(request.user, request.POST or None, initial={"place": found.hamlet_id, "kind": "temporary"})

    def write(given: dict[str, Any]) -> str:
        actions.record_residence(by=request.user, person=found, **given)
        return "Đã ghi nơi ở."

    return form_page(request, found, form, write, title="Ghi nơi ở", button="Lưu nơi ở")


@require_http_methods(["GET", "HEAD", "POST"])
def residence_end(request: HttpRequest, id: uuid.UUID, residence: uuid.UUID) -> HttpResponse:
    """Kết thúc cư trú: the person left."""
    writes(request.user)
    found = the_person(request.user, id)
    if not found.residences.filter(pk=residence).exists():
        raise Refused("not_found", "Nơi ở này không có trong hồ sơ này. Hãy tải lại trang.", status=404)
    form = LeavingForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        actions.end_residence(by=request.user, id=residence, **given)
        return "Đã ghi ngày kết thúc cư trú."

    return form_page(request, found, form, write, title="Kết thúc cư trú", button="Lưu ngày cuối")


@require_http_methods(["GET", "HEAD", "POST"])
def death(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghi tử vong, or take it back with a reason."""
    writes(request.user)
    found = the_person(request.user, id)
    form: Typed = DeathForm(found, request.POST or None) if found.is_alive else ReasonForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        if found.is_alive:
            actions.record_death(by=request.user, person=found, **given)
            return "Đã ghi vào Sổ tử vong."
        actions.retract_death(by=request.user, person=found, reason=given["reason"])
        return "Đã bỏ ca tử vong ghi nhầm."

    title = "Ghi tử vong" if found.is_alive else "Bỏ ca tử vong ghi nhầm"
    return form_page(request, found, form, write, title=title, button=title)


@require_http_methods(["GET", "HEAD", "POST"])
def number_new(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Thêm hoặc sửa số giấy tờ."""
    writes(request.user)
    found = the_person(request.user, id)
    form = NumberForm(request.POST or None, initial={"kind": "national"})

    def write(given: dict[str, Any]) -> str:
        if given["kind"] == "temporary":
            return f"Số tạm: {actions.issue_temporary(by=request.user, person=found).value}."
        actions.record_identifier(by=request.user, person=found, **given)
        _warn(request, the_person(request.user, found.pk))
        return "Đã ghi số giấy tờ."

    return form_page(request, found, form, write, title="Thêm hoặc sửa số giấy tờ", button="Lưu số")


@require_POST
def record_entry(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Note that the health record was opened or brought up to date today."""
    writes(request.user)
    found = the_person(request.user, id)
    opened = found.record_entries.filter(kind="opened", entered_in_error=False).exists()
    actions.record_entry(by=request.user, person=found, kind="updated" if opened else "opened", source="ghi tại trạm")
    return _done(request, "Đã ghi cập nhật hồ sơ sức khỏe hôm nay." if opened else "Đã ghi lập hồ sơ sức khỏe hôm nay.", found)


@require_POST
def person_pin(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ghim, Bỏ ghim: keep a person at hand in the search box, or no longer; htmx gets the button anew."""
    found = the_person(request.user, id)
    if request.POST.get("do") == "unpin":
        actions.unpin_person(by=request.user, person=found)
    else:
        actions.pin_person(by=request.user, person=found)
    if getattr(request, "htmx", False):
        return render(request, "people/pin.html", {"person": the_person(request.user, found.pk)})
    return redirect("person", found.pk)


@require_POST
def household_add(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Add a person, found by number, to a household."""
    writes(request.user)
    house = visible(request.user, Household.objects.filter(entered_in_error=False), WRITE).filter(pk=id).first()
    if house is None:
        raise not_found("hộ này")
    found = find_people(request.user, request.POST.get("who", ""), 2).people
    if len(found) != 1:
        raise Refused("not_one", "Không có đúng một người ứng với điều đã gõ. Hãy ghi số định danh, hoặc họ tên kèm ngày sinh.", field="who")
    actions.add_members(by=request.user, household=id, members=[(found[0], request.POST.get("relation", ""))])
    messages.success(request, f"Đã thêm {found[0].full_name} vào hộ.", extra_tags="toast")
    return redirect("household", house.pk)


def form_page(
    request: HttpRequest, found: Person, form: Typed, write: Callable[[dict[str, Any]], str], *, title: str, button: str, back: str = "person", crumb: str = "",
) -> HttpResponse:
    """The page of a small form about a person, and what happens when it is sent: `write` stores and says what was done.

    back: the name of the page of the person that it leads to. crumb: that page's title when it is not the record itself.
    """
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, write(dict(form.cleaned_data)), extra_tags="toast")
            return redirect(back, found.pk)
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            form.refuse(refused)
    status = 422 if request.method == "POST" else 200
    chain.record_view(by=request.user, row=found, note=title.lower())
    return render(request, "people/write.html", {"person": found, "form": form, "title": title, "button": button, "back": back, "crumb": crumb}, status=status)
