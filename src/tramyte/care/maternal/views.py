"""The pages of mothers that are read: the landing page and one pregnancy."""

import datetime
import uuid
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.care.maternal.columns import hepatitis_told
from tramyte.care.maternal.models import Pregnancy
from tramyte.care.maternal.queries import (
    at_risk,
    going_on,
    left,
    pregnancies,
    risks_told,
    terms_of,
    whole,
)
from tramyte.care.maternal.year import year_so_far
from tramyte.care.people.tetanus import tetanus_of
from tramyte.care.people.views import sees
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, places, visible
from tramyte.engine.audit import chain
from tramyte.engine.refused import no_right, not_found
from tramyte.rules.pregnancy import date_pregnancy, weeks_words

VIEW, PRIVATE, WRITE = "maternal.view", "maternal.private", "maternal.write"
SHOWN = 15
SOON = datetime.timedelta(days=30)


def sees_mothers(user: User, permission: str = VIEW) -> None:
    """Raise Refused (403) for whoever may not reach pregnancies."""
    sees(user)
    if not places(user, permission, personal=True):
        raise no_right()


def the_pregnancy(user: User, id: uuid.UUID) -> Pregnancy:
    """One pregnancy with all that belongs to it, when this user may see it. Raises Refused 403 or 404."""
    sees_mothers(user)
    found = whole(visible(user, pregnancies())).filter(pk=id).first()
    if found is None:
        raise not_found("thai kỳ này")
    return found


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Thai sản: who is followed, whose visit is due first, the books."""
    sees_mothers(request.user)
    day = clock.today()
    everyone = visible(request.user, pregnancies())
    rows = everyone.filter(going_on(day))
    counts = rows.aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(next_due__lt=day)), risk=Count("pk", filter=at_risk(day)), near=Count("pk", filter=Q(due_on__range=(day, day + SOON))))
    counts["left"] = everyone.filter(left(day)).count()
    due = list(rows.filter(next_due__lte=day + SOON).select_related("person", "person__hamlet").order_by("next_due", "due_on")[:SHOWN])
    private = may(request.user, PRIVATE)
    lines = [{"row": row, "weeks": weeks_words(max(row.gestation(day), 0)), "risks": risks_told(row, private=private)} for row in due]
    return render(request, "maternal/landing.html", {"counts": counts, "lines": lines, "private": private, "may_write": may(request.user, WRITE), "figures": year_so_far(request.user, private=private)})


@require_safe
def pregnancy(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One pregnancy: where it stands today, its contacts by term, risks, plan, birth and the weeks after. The view is logged."""
    row = the_pregnancy(request.user, id)
    chain.record_view(by=request.user, row=row.person, note="thai kỳ")
    return render(request, "maternal/pregnancy.html", shown(row, request.user, clock.today()))


def shown(row: Pregnancy, user: User, day: datetime.date) -> dict[str, Any]:
    """What the page of a pregnancy reads."""
    private, contacts = may(user, PRIVATE), list(row.contacts.all())
    birth = next((one for one in row.deliveries.all() if not one.entered_in_error), None)
    after = list(birth.postnatal.all()) if birth else []
    return {
        "tetanus": tetanus_of(row.person), "row": row, "person": row.person, "private": private, "may_write": may(user, WRITE), "contacts": contacts, "terms": terms_of(row, contacts, day),
        "weeks": weeks_words(max(0, row.gestation(row.ended_on or day))), "risks": risks_told(row, private=private), "why": _why(row), "birth": birth,
        "newborns": [(one, hepatitis_told(one)) for one in birth.newborns.all()] if birth else [], "after": after, "first_week": next((one for one in after if one.day <= 7), None),
        "in_42_days": next((one for one in after if 7 < one.day <= 42), None), "days_after": (day - birth.on).days if birth else None,
        "plan": next((one for one in row.held_plans if not one.entered_in_error), None), "over": row.gestation(day) > 315 and not row.outcome,
        "left": not row.outcome and pregnancies().filter(left(day), pk=row.pk).exists()}


def _why(row: Pregnancy) -> str:
    """How the due date was reckoned, in words."""
    if row.lmp is None and row.scan_on is None:
        return "theo tuổi thai ghi lúc đẻ"
    return date_pregnancy(row.lmp, row.scan_on, row.scan_days).why
