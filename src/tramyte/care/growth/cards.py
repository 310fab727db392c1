"""What growth adds to the page of a child under five."""

import datetime

from django.urls import reverse
from django.utils.http import urlencode

from tramyte.care.growth.actions import PLAN, WRITE
from tramyte.care.growth.models import GrowthMeasurement
from tramyte.care.growth.queries import is_young, of_person
from tramyte.care.people.cards import Card, Event, Flag, person_card
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may

SLUG = "tang-truong"


@person_card
def growth(user: User, person: Person, as_of: datetime.date) -> Card | None:
    """The last measurement in words with the line of weight-for-age; a flag when something is to be done. None for older people never measured."""
    rows = of_person(person)
    young = is_young(person, as_of) and person.is_alive
    if not rows and not young:
        return None
    from tramyte.care.growth.words import measures, score, state_of

    add = form_for(user, person) if young and may(user, WRITE) else ""
    events = [Event(row.on, "Cân đo", "; ".join(filter(None, (measures(row), row.words))), str(row.campaign or row.get_setting_display()), kind=SLUG) for row in rows]
    context = {"last": rows[0] if rows else None, "count": len(rows), "points": [row.z_weight for row in reversed(rows)][-13:], "person": person}
    if rows:
        context |= {"state": state_of(rows[0]), "measures": measures(rows[0]), "scores": [(name, score(z)) for name, z in (("CN/T", rows[0].z_weight), ("CC/T", rows[0].z_length), ("CN/CC", rows[0].z_wasting)) if z is not None]}
    return Card(
        SLUG, "Tăng trưởng", "growth/card.html", len(rows), context, events, [_flag(rows, as_of, add)] if young else [],
        add=(add, "Ghi cân đo") if add else None, contacts=[row.on for row in rows])


def form_for(user: User, person: Person | None = None) -> str:
    """The address of the form of a measurement: of this child, at the station, or at home for whoever works in a hamlet."""
    told = {"person": str(person.pk)} if person else {}
    return reverse("register-new", args=["growth"]) + "?" + urlencode({**told, "setting": "station" if may(user, PLAN) else "home"})


def _flag(rows: list[GrowthMeasurement], as_of: datetime.date, add: str) -> Flag:
    if not rows:
        return Flag("due", "scale", "Chưa cân đo lần nào", "Cân đo lần đầu", add, "Ghi cân đo", as_of)
    last = rows[0]
    due = last.follow_up_on or last.due_on
    late = due < as_of
    if last.acute:
        return Flag("late", "alert-triangle", _sentence(last.get_acute_display()), "Khám lại suy dinh dưỡng", add, "Ghi cân đo", due)
    if late or due <= as_of + datetime.timedelta(days=7):
        return Flag("late" if late else "due", "scale", f"Đến hạn cân đo {due:%d/%m/%Y}", "Cân đo lại", add, "Ghi cân đo", due)
    return Flag("ok", "scale", f"Đã cân đo {last.on:%d/%m/%Y}")


def _sentence(words: object) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]
