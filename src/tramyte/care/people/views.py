"""The pages of people that are no register: landing, person, household, numbers shown in full."""

import dataclasses
import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tramyte.care.people.at_hand import recent
from tramyte.care.people.columns import shown_address
from tramyte.care.people.models import Coverage, Household, Identifier, Merge, Person, Pin
from tramyte.care.people.overview import coverage_state, overview
from tramyte.care.people.queries import (
    PRESENCE,
    holding,
    lacks_head,
    merged_into,
    people,
    place_of_stay,
    presence,
    staying,
)
from tramyte.care.people.typed import ReasonForm, RenewalForm, renewal_typed
from tramyte.engine import clock
from tramyte.engine.access import emergency
from tramyte.engine.access.models import Opening, User
from tramyte.engine.access.rights import may, places, sees_people, visible
from tramyte.engine.audit import chain
from tramyte.engine.indicators.declaring import INDICATORS
from tramyte.engine.indicators.models import Outcome, Standing
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused, no_right, not_found

FIGURES_ONLY = "Tài khoản này chỉ xem số liệu tổng hợp, không mở được hồ sơ người dân. Hãy xem số liệu ở mục Chỉ tiêu."
SOON = datetime.timedelta(days=30)
COUNTED = ("people", "covered", "ending")
INSURED = "BH01"  # its subjects are those who stay here, each at the place of stay


def sees(user: User) -> None:
    """Raise Refused (403) for roles that never reach persons."""
    if not sees_people(user):
        raise no_right(FIGURES_ONLY)


def the_person(user: User, id: uuid.UUID) -> Person:
    """The person with what the page reads first, when this user may see them. Raises Refused 403 or 404."""
    sees(user)
    pinned = Exists(Pin.objects.filter(owner=user, person=OuterRef("pk")))
    return _read(visible(user, people()).annotate(pinned=pinned), id)


def _read(rows: QuerySet[Person], id: uuid.UUID) -> Person:
    merges = Merge.objects.filter(survivor=OuterRef("pk"), undone_at=None)
    whole = rows.select_related("hamlet", "household", "household__hamlet", "mother").annotate(took_in=Exists(merges))
    found = whole.prefetch_related("identifiers").filter(pk=id).first()
    if found is None:
        raise not_found("người này")
    return found


def looked_at(user: User, id: uuid.UUID) -> tuple[Person, Opening | None]:
    """The person to look at, and the emergency opening when it is somebody of another place whose record the user opened so."""
    try:
        return the_person(user, id), None
    except Refused:
        if (opening := emergency.opened(user, id)) is None:
            raise
        return _read(people(), id), opening


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Người dân: the books, a few counts, who was opened last."""
    sees(request.user)
    by_hamlet = _by_hamlet(request.user, clock.today())
    counts = {name: sum(row[name] for row in by_hamlet) for name in COUNTED}
    counts["uncovered"] = counts["people"] - counts["covered"]
    counts["households"] = visible(request.user, Household.objects.filter(entered_in_error=False)).count()
    return render(request, "people/landing.html", {"counts": counts, "by_hamlet": by_hamlet, "recent": recent(request.user), "may_write": may(request.user, "people.write"), "may_import": may(request.user, "people.import")})


def _by_hamlet(user: User, day: datetime.date) -> list[dict[str, Any]]:
    """Each place where people stay today with how many do: place, people, covered, ending (within thirty days).

    From the stored outcomes of insurance while they stand for today and the user sees everybody; else counted person by person.
    """
    seen = places(user, "people.view", personal=True)
    known = _stands(INSURED, day) and not people().exclude(hamlet__in=seen).exists()
    lines = _stored(day) if known else _counted(user, day)
    return [{"place": place, **{name: lines[place.pk][name] for name in COUNTED}} for place in Place.objects.filter(pk__in=lines).order_by("code")]


def _stands(code: str, day: datetime.date) -> bool:
    """Whether the outcomes of an indicator are those of a day, with everything that was written since."""
    return Standing.objects.filter(pk=code, as_of=day, stale=False, definition_version=INDICATORS[code].version).exists()


def _stored(day: datetime.date) -> dict[uuid.UUID, dict[str, Any]]:
    """The counts of all places by the stored outcomes of insurance. Two queries."""
    rows = Outcome.objects.filter(indicator=INSURED).order_by()
    later = Coverage.objects.filter(person=OuterRef("subject"), entered_in_error=False, end__gt=day + SOON)
    ending = rows.filter(~Exists(later), met=True, due_on__lte=day + SOON + datetime.timedelta(days=1)).values("place").annotate(ending=Count("place"))
    soon = dict(ending.values_list("place", "ending"))
    lines = rows.values("place").annotate(people=Count("place"), covered=Count("place", filter=Q(met=True)))
    return {row["place"]: {**row, "ending": soon.get(row["place"], 0)} for row in lines}


def _counted(user: User, day: datetime.date) -> dict[uuid.UUID, dict[str, Any]]:
    """The counts of the places that this user may see. One query."""
    cards = Coverage.objects.filter(holding(day), person=OuterRef("pk"))
    later = Coverage.objects.filter(person=OuterRef("pk"), entered_in_error=False, end__gt=day + SOON)
    here = visible(user, staying(day)).annotate(stay=place_of_stay(day), card=Exists(cards), later=Exists(later)).order_by()
    rows = here.values("stay").annotate(
        people=Count("pk"), covered=Count("pk", filter=Q(card=True)), ending=Count("pk", filter=Q(card=True, later=False)))
    return {row["stay"]: row for row in rows}


@require_safe
def person(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One person: who, what needs doing, insurance, residence, household, health record, timeline. The view is logged.

    The address of a record that was merged leads to the one that took it in.
    """
    try:
        found, opening = looked_at(request.user, id)
    except Refused:
        if (survivor := merged_into(id)) is None:
            raise
        kept = the_person(request.user, survivor.pk)
        messages.info(request, f"Hồ sơ bạn tìm đã được gộp vào hồ sơ này của {kept.full_name}.")
        return redirect("person", kept.pk)
    chain.record_view(by=request.user, row=found, note=f"mở khẩn cấp: {opening.words}" if opening else "")
    return person_page(request, found, opening=opening)


def person_page(request: HttpRequest, found: Person, *, renewal: RenewalForm | None = None, status: int = 200, opening: Opening | None = None) -> HttpResponse:
    """The page of a person; with a refused renewal its form stands open. Opened in an emergency it shows nobody else and offers no writing."""
    shown = overview(request.user, found, clock.today(), kind=request.GET.get("loai", ""), page=request.GET.get("page"))
    if opening:
        shown = dataclasses.replace(shown, members=[], kin=[])
    last = shown.coverages[0] if shown.coverages else None
    state = coverage_state(shown.coverages, clock.today())
    context = {
        "person": found, "shown": shown, "renewal": renewal or RenewalForm(initial=renewal_typed(last), auto_id="the_%s"), "renewing": renewal is not None,
        "covered": {"kind": state[0], "text": state[1]}, "merges": shown.merges,
        "may_write": may(request.user, "people.write") and not opening, "reason": ReasonForm(), "opening": opening, "may_answer": may(request.user, "rights.write") and not opening,
        "undo": request.session.pop("people_undo", None) if status == 200 else None,
    }
    return render(request, "people/person.html", context, status=status)


@require_safe
def number_shown(request: HttpRequest, id: uuid.UUID, number: uuid.UUID) -> HttpResponse:
    """One number of a person in full; that it was shown is logged."""
    found, _ = looked_at(request.user, id)
    row: Any = Identifier.objects.filter(pk=number, person=found, entered_in_error=False).first()
    card = None if row else Coverage.objects.filter(pk=number, person=found, entered_in_error=False).first()
    if row is None and card is None:
        raise not_found("số này")
    chain.record(by=request.user, action="view_number", row=found, note=row.get_kind_display() if row else "số thẻ BHYT")
    return render(request, "people/number.html", {"person": found, "value": row.value if row else card.card_number if card else ""})


@require_safe
def phone_shown(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The telephone number by which a person is called in full: one's own, else the mother's; that it was shown is logged under whose it is."""
    found, _ = looked_at(request.user, id)
    whose = found if found.phone or found.mother is None else found.mother
    chain.record(by=request.user, action="view_number", row=whose, note="điện thoại" if whose is found else f"điện thoại, để gọi cho {found}"[:200])
    return render(request, "people/number.html", {"person": found, "value": whose.phone, "dials": True})


@require_safe
def household(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One household and its members with what each of them needs."""
    sees(request.user)
    rows = visible(request.user, Household.objects.filter(entered_in_error=False)).select_related("hamlet")
    found = rows.filter(pk=id).first()
    if found is None:
        raise not_found("hộ này")
    chain.record_view(by=request.user, row=found)
    day, lines = clock.today(), []
    members = visible(request.user, people()).filter(household=found).annotate(presence=presence(day)).prefetch_related("coverages")
    order = list(PRESENCE)
    for member in sorted(members, key=lambda row: (order.index(row.presence), not row.is_head, row.birth_date)):
        kind, words, _ = coverage_state([card for card in member.coverages.all() if not card.entered_in_error], day)
        here = member.presence == "here"
        lines.append({"person": member, "here": here, "presence": PRESENCE[member.presence], "kind": kind if here else "off", "words": words if member.presence != "died" else "–"})
    count = sum(line["here"] for line in lines)
    return render(request, "people/household.html", {
        "household": found, "where": shown_address(found), "lines": lines, "count": count, "headless": lacks_head([line["person"] for line in lines]), "may_write": may(request.user, "people.write")})
