"""What mothers' facts add to a person's page: pregnancies, family planning, one's own birth."""

import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from tramyte.care.maternal.columns import hepatitis_told
from tramyte.care.maternal.models import FamilyPlanning, Newborn, Pregnancy, Screening
from tramyte.care.maternal.queries import method_on, pregnancies, risks_told
from tramyte.care.people.cards import Card, Event, Flag, person_card
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may
from tramyte.rules.calendar import age_years
from tramyte.rules.pregnancy import weeks_words

SLUG, VIEW, PRIVATE, WRITE = "thai-san", "maternal.view", "maternal.private", "maternal.write"
BEARING = range(12, 56)  # the ages at which the card is offered to a woman of whom nothing is known


@person_card
def mothers(user: User, person: Person, as_of: datetime.date) -> Card | None:
    """Pregnancies with weeks and risks, the method in use, screenings, and how the person was born; None when there is nothing to say."""
    if not may(user, VIEW):
        return None
    private, rows = may(user, PRIVATE), _pregnancies(person)
    birth = Newborn.objects.filter(child=person, entered_in_error=False).select_related("delivery", "child").first()
    lines, screenings = _private(person) if private else (False, [])
    open_to_her = person.sex == "F" and person.is_alive and age_years(person.birth_date, as_of) in BEARING
    if not (rows or birth or lines or screenings or open_to_her):
        return None
    shown = [{"row": row, "weeks": weeks_words(max(0, row.gestation(row.ended_on or as_of))), "visits": row.visits, "risks": risks_told(row, private=private)} for row in rows]
    waiting = next((row for row in rows if not row.outcome), None)
    new = reverse("pregnancy-new") + "?" + urlencode({"nguoi": person.pk})
    add = (new, "Đăng ký thai") if open_to_her and not waiting and may(user, WRITE) else None
    context = {"rows": shown, "birth": birth, "dose": hepatitis_told(birth) if birth else "", "method": method_on(person, as_of) if lines else None, "screenings": screenings[:3], "private": private}
    events = [*(event for row in rows for event in _events(row)), *(Event(one.on, _said(one), url=reverse("register", args=["screenings"])) for one in screenings)]
    return Card(SLUG, "Thai sản, dân số", "maternal/card.html", len(rows) or None, context, events, _flags(waiting, as_of, private) if waiting and person.is_alive else [], add=add)


def _pregnancies(person: Person) -> list[Any]:
    if person.sex != "F":
        return []
    counted = Count("contacts", filter=Q(contacts__entered_in_error=False))
    return list(pregnancies().filter(person=person).select_related("person").annotate(visits=counted).order_by("-since"))


def _private(person: Person) -> tuple[bool, list[Screening]]:
    """Whether there is a line of family planning, and the screenings."""
    kept = {"person": person, "entered_in_error": False}
    return FamilyPlanning.objects.filter(**kept).exists(), list(Screening.objects.filter(**kept))


def _flags(row: Pregnancy, as_of: datetime.date, private: bool) -> list[Flag]:
    """That she is pregnant, with the next visit as what is to be done; dangers as alarms."""
    address = reverse("pregnancy", args=[row.pk])
    weeks, due = max(0, row.gestation(as_of)) // 7, row.next_due or row.due_on
    dangers = [Flag("alarm", "alert-triangle", risk.words) for risk in risks_told(row, private=private) if risk.danger]
    return [*dangers, Flag("late" if due < as_of else "due", "baby-carriage", f"Có thai {weeks} tuần", f"Khám thai, hẹn {due:%d/%m/%Y}", address, "Mở thai kỳ", due)]


def _events(row: Pregnancy) -> list[Event]:
    address = reverse("pregnancy", args=[row.pk])
    found = [Event(row.registered_on, "Đăng ký quản lý thai", f"dự sinh {row.due_on:%d/%m/%Y}", url=address)] if row.registered_on else []
    if row.outcome and row.ended_on:
        words = str(row.get_outcome_display())
        found.append(Event(row.ended_on, words[:1].upper() + words[1:], weeks_words(row.gestation(row.ended_on)), url=address))
    return found


def _said(one: Screening) -> str:
    words = str(one.get_kind_display())
    return words[:1].upper() + words[1:]
