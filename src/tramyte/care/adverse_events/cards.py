"""What adverse events add to a person's page."""

import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from tramyte.care.adverse_events import lists, statutory
from tramyte.care.adverse_events.actions import WRITE
from tramyte.care.adverse_events.models import AdverseEvent
from tramyte.care.adverse_events.queries import events_of
from tramyte.care.immunization.models import Immunization
from tramyte.care.people.cards import Card, Event, Flag, person_card
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may

SLUG = "phan-ung"


@person_card
def reactions(user: User, person: Person, as_of: datetime.date) -> Card | None:
    """The card of whoever has an event; for others only the way to write one, where a dose was given lately. None for who may not see."""
    if not may(user, "reactions.view"):
        return None
    recent = Immunization.objects.filter(person=OuterRef("pk"), entered_in_error=False, on__gte=as_of - datetime.timedelta(days=30))
    known = AdverseEvent.objects.filter(person=OuterRef("pk"), entered_in_error=False)
    had, vaccinated = Person.objects.filter(pk=person.pk).values_list(Exists(known), Exists(recent)).get()  # of nearly everybody that is all to ask
    if not had and not vaccinated:
        return None
    rows = list(events_of(person)) if had else []
    add = (reverse("reaction-new", args=[person.pk]), "Ghi phản ứng sau tiêm") if may(user, WRITE) else None
    return Card(SLUG, "Phản ứng sau tiêm", "adverse_events/card.html", len(rows), {"lines": lists.lines_of(rows)}, [_event(row) for row in rows], _flags(rows, as_of), add=add)


def _event(row: AdverseEvent) -> Event:
    title = "Tai biến nặng sau tiêm" if row.severe else "Phản ứng sau tiêm"
    return Event(row.onset_on, title, row.signs_words, statutory.vaccines(row), reverse("reaction", args=[row.pk]), kind=SLUG)


def _flags(rows: list[AdverseEvent], as_of: datetime.date) -> list[Flag]:
    """The worst of what is open; and for ever that there was a severe one, to be read before the next dose."""
    flags = []
    for row in rows:
        url = reverse("reaction", args=[row.pk])
        if row.waits_for_report:
            flags.append(Flag("late", "urgent", "Tai biến nặng chưa báo cáo", "Báo cáo tai biến nặng sau tiêm", url, "Mở phiếu", as_of))
        elif row.is_open:
            flags.append(Flag("due", "first-aid-kit", "Đang theo dõi phản ứng sau tiêm", "Hỏi lại sau phản ứng", url, "Mở phiếu", row.follow_up_on))
        elif row.severe:
            flags.append(Flag("alarm", "alert-octagon", f"Từng tai biến nặng sau tiêm {statutory.vaccines(row)} {row.onset_on:%d/%m/%Y}"))
    return flags[:2]
