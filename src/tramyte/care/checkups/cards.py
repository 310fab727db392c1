"""What check-ups add to a person's page."""

import datetime

from django.urls import reverse
from django.utils.http import urlencode

from tramyte.care.checkups.actions import WRITE
from tramyte.care.checkups.models import Checkup
from tramyte.care.checkups.queries import of_person
from tramyte.care.people.cards import Card, Event, Flag, person_card
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may

SHOWN = 5


@person_card
def checkups(user: User, person: Person, as_of: datetime.date) -> Card:
    """The last check-ups, each as an event, and a flag until the yearly one of this year is done."""
    rows = list(of_person(person))
    done = next((row for row in rows if row.kind == "periodic" and row.on.year == as_of.year and row.on <= as_of), None)
    add = (_new(person), "Ghi lượt khám") if person.is_alive and may(user, WRITE) else None
    flag = Flag("ok", "stethoscope", f"Đã khám sức khỏe {done.on:%d/%m/%Y}") if done else _waiting(as_of, add[0] if add else "")
    events = [Event(row.on, _words(row), _found(row), row.site) for row in rows]
    return Card(
        "kham", "Khám sức khỏe", "people/checkups.html", len(rows), {"rows": rows[:SHOWN], "more": len(rows) > SHOWN}, events, [flag], add=add,
        contacts=[row.on for row in rows])


def _new(person: Person) -> str:
    return reverse("register-new", args=["checkups"]) + "?" + urlencode({"person": person.pk})


def _waiting(as_of: datetime.date, address: str) -> Flag:
    return Flag("due", "clock", f"Chưa khám sức khỏe năm {as_of.year}", f"Khám sức khỏe năm {as_of.year}", address, "Ghi lượt khám", datetime.date(as_of.year, 12, 31))


def _words(row: Checkup) -> str:
    words = str(row.get_kind_display())
    return words[:1].upper() + words[1:]


def _found(row: Checkup) -> str:
    """The findings in a few words."""
    parts = []
    if row.systolic and row.diastolic:
        parts.append(f"HA {row.systolic}/{row.diastolic}")
    if row.weight_kg is not None:
        parts.append(f"cân nặng {row.weight_kg:g} kg".replace(".", ","))
    if row.glucose is not None:
        parts.append(f"đường huyết {row.glucose:g} mmol/L".replace(".", ","))
    if row.health_class:
        parts.append(str(row.get_health_class_display()))
    return ", ".join([*parts, *([row.conclusion] if row.conclusion else [])])
