"""Thăm hộ: everything that a visit to a household may find, written from one page, each through its action."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.care.people import actions
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.columns import shown_address
from tramyte.care.people.models import Household, Person
from tramyte.care.people.queries import PRESENCE, lacks_head, people, presence
from tramyte.care.people.typed import DeathForm, Typed
from tramyte.care.people.views import sees
from tramyte.care.people.visit_forms import (
    BirthForm,
    DepartureForm,
    HeadForm,
    ReturnForm,
    SplitForm,
    StayForm,
)
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, visible
from tramyte.engine.audit import chain
from tramyte.engine.indicators.declaring import INDICATORS
from tramyte.engine.indicators.models import Outcome
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.rules.calendar import add_months

NEWBORN_YEARS = 2  # whoever was born longer ago is no newborn: most likely the year was mistyped


@dataclass(frozen=True)
class Visit:
    """A household, its members (with `presence`), and who the act is about when it is about one of them."""

    user: User
    household: Household
    members: Sequence[Any]
    person: Any = None

    @property
    def alive(self) -> list[Any]:
        """Members who have not died."""
        return [member for member in self.members if member.is_alive]


@dataclass(frozen=True)
class Act:
    """One thing to write. form: (visit, data) -> form; write: (visit, form) -> the sentence that says what was done."""

    title: str
    form: Callable[[Visit, Any], Typed]
    write: Callable[[Visit, Any], str]
    about_one: bool = True


def _birth(visit: Visit, form: BirthForm) -> str:
    born = form.cleaned_data["birth_date"]
    if born < add_months(clock.today(), -12 * NEWBORN_YEARS):
        raise Refused("invalid", f"Ngày sinh {born:%d/%m/%Y} đã quá {NEWBORN_YEARS} năm, không phải trẻ mới sinh. Hãy kiểm tra lại năm; nếu đúng thì ghi ở Người chuyển đến.", field="birth_date")
    made = actions.record_birth(by=visit.user, household=visit.household, **form.cleaned_data)
    return f"Đã ghi sinh: {made.full_name}, số tạm {made.identifiers.get(kind='temporary').value}."


def _death(visit: Visit, form: DeathForm) -> str:
    actions.record_death(by=visit.user, person=visit.person, **form.cleaned_data)
    return f"Đã ghi tử vong của {visit.person.full_name} vào Sổ tử vong."


def _leave(visit: Visit, form: DepartureForm) -> str:
    actions.record_departure(by=visit.user, person=visit.person, **form.cleaned_data)
    return f"Đã ghi {visit.person.full_name} {'đi vắng' if form.cleaned_data['away'] else 'chuyển đi'}."


def _back(visit: Visit, form: ReturnForm) -> str:
    actions.record_return(by=visit.user, person=visit.person, **form.cleaned_data)
    return f"Đã ghi {visit.person.full_name} về từ {form.cleaned_data['on']:%d/%m/%Y}."


def _stay(visit: Visit, form: StayForm) -> str:
    actions.record_residence(by=visit.user, person=visit.person, kind="temporary", **form.cleaned_data)
    return f"Đã ghi tạm trú của {visit.person.full_name}."


def _head(visit: Visit, form: HeadForm) -> str:
    actions.change_head(by=visit.user, household=visit.household, head=visit.person, **form.cleaned_data)
    return f"Chủ hộ nay là {visit.person.full_name}."


def _split(visit: Visit, form: SplitForm) -> str:
    given = form.cleaned_data
    made = actions.create_household(by=visit.user, hamlet=visit.household.hamlet, number=given["number"], address=given["address"], members=form.pairs())
    return f"Đã tách hộ {made.number}. Hãy ghi quan hệ với chủ hộ mới cho từng người."


ACTS = {
    "sinh": Act("Ghi trẻ mới sinh", lambda visit, data: BirthForm(visit.user, visit.alive, data, initial={"relation": "Con"}), _birth, about_one=False),
    "tach-ho": Act("Tách hộ", lambda visit, data: SplitForm(visit.alive, data, initial={"address": visit.household.address}), _split, about_one=False),
    "tu-vong": Act("Ghi tử vong", lambda visit, data: DeathForm(visit.person, data), _death),
    "di": Act("Ghi chuyển đi, đi vắng", lambda visit, data: DepartureForm(data), _leave),
    "ve": Act("Ghi đã về", lambda visit, data: ReturnForm(data, initial={"on": f"{clock.today():%d/%m/%Y}"}), _back),
    "tam-tru": Act("Ghi tạm trú", lambda visit, data: StayForm(visit.user, data), _stay),
    "chu-ho": Act("Đổi chủ hộ", lambda visit, data: HeadForm(data), _head),
}


@require_safe
def household_visit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The members with what is still to be done for each, and what may be written of them."""
    visit = _visit(request.user, id)
    chain.record_view(by=request.user, row=visit.household)
    open_by = _open(request.user, [member.pk for member in visit.members])
    lines = [{"person": member, "presence": PRESENCE[member.presence], "here": member.presence == "here", "away": member.presence == "away", "left": member.presence == "left", "todo": open_by[member.pk],
              "may_head": member.presence in {"here", "away"} and not member.is_head} for member in visit.members]
    return render(request, "people/visit.html", {
        "household": visit.household, "where": shown_address(visit.household), "lines": lines, "count": sum(line["here"] for line in lines), "headless": lacks_head(visit.members)})


@require_http_methods(["GET", "HEAD", "POST"])
def household_act(request: HttpRequest, id: uuid.UUID, act: str) -> HttpResponse:
    """The form of one act, of the whole household or of the member `nguoi`, and what happens when it is sent."""
    chosen = ACTS.get(act)
    visit = _visit(request.user, id, request.GET.get("nguoi", "") if chosen and chosen.about_one else None)
    if chosen is None:
        raise not_found("việc này")
    form = chosen.form(visit, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, chosen.write(visit, form), extra_tags="toast")
            return redirect("household-visit", visit.household.pk)
        except Refused as refused:
            if refused.status in {403, 404, 409}:
                raise
            form.refuse(refused)
    chain.record_view(by=request.user, row=visit.household, note=chosen.title.lower())
    return render(request, "people/visit_form.html", {"visit": visit, "form": form, "title": chosen.title}, status=422 if request.method == "POST" else 200)


def _visit(user: User, id: uuid.UUID, who: str | None = None) -> Visit:
    """The household within the user's rights to write; `who`: the key of a living member. Raises Refused 403 or 404."""
    sees(user)
    if not may(user, WRITE):
        raise no_right()
    house = visible(user, Household.objects.filter(entered_in_error=False), WRITE).select_related("hamlet").filter(pk=id).first()
    if house is None:
        raise not_found("hộ này")
    rows = visible(user, people(), WRITE).filter(household=house).annotate(presence=presence(clock.today()))
    order = list(PRESENCE)
    members: list[Person] = sorted(rows, key=lambda row: (order.index(row.presence), not row.is_head, row.birth_date))
    if who is None:
        return Visit(user, house, members)
    person = next((member for member in members if str(member.pk) == who), None)
    if person is None:
        raise not_found("người này trong hộ")
    if not person.is_alive:
        raise Refused("died", f"{person.full_name} đã ghi mất ngày {person.died_on:%d/%m/%Y}. Ghi nhầm thì hủy dòng đó ở Sổ tử vong rồi làm lại.")
    return Visit(user, house, members, person)


def _open(user: User, ids: Sequence[uuid.UUID]) -> defaultdict[uuid.UUID, list[dict[str, Any]]]:
    """The stored outcomes that ask for something, with what they are about, by person, the earliest due first. One query."""
    found: defaultdict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in visible(user, Outcome.objects.filter(subject_type="person", subject__in=ids, met__isnull=False)):
        if row.indicator in INDICATORS and row.met == (INDICATORS[row.indicator].direction == "down"):
            about = INDICATORS[row.indicator].title.removeprefix("Tỷ lệ ")
            found[row.subject].append({"reason": row.reason, "due_on": row.due_on, "about": about})
    return found
