"""What agreements and requests add to a person's page."""

import datetime

from django.urls import reverse

from tramyte.care.consent.models import DataRequest
from tramyte.care.consent.queries import requests_of, standing
from tramyte.care.people.cards import Card, Event, Flag, person_card
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User


@person_card
def rights(user: User, person: Person, as_of: datetime.date) -> Card:
    """Which purposes the person agreed to, and the requests that wait, each with a flag until it is done."""
    answers, asked = standing(person, as_of), requests_of(user, person)
    events = [
        *(Event(answer.last.given_on, "Đồng ý xử lý dữ liệu" if answer.last.decision == "permit" else "Không đồng ý xử lý dữ liệu", answer.purpose.title) for answer in answers if answer.last),
        *(Event(row.received_on, "Yêu cầu về dữ liệu cá nhân", str(row), url=reverse("data-request", args=[row.pk])) for row in asked)]
    flags = [_flag(row, as_of) for row in asked if row.is_open]
    context = {"answers": [answer for answer in answers if answer.state], "requests": [row for row in asked if row.is_open], "person": person}
    return Card("quyen", "Đồng ý và quyền về dữ liệu", "consent/card.html", None, context, events, flags)


def _flag(row: DataRequest, as_of: datetime.date) -> Flag:
    late = row.due_on < as_of
    todo = "Trả lời yêu cầu về dữ liệu" if row.answered_on is None else "Thực hiện yêu cầu về dữ liệu"
    return Flag("late" if late else "due", "shield-lock", str(row), todo, reverse("data-request", args=[row.pk]), "Mở yêu cầu", row.due_on, paper=True)
