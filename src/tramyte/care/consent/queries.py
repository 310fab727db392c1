"""Named reads of agreements and requests."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tramyte.care.consent.models import Consent, DataRequest, RequestLimit
from tramyte.care.consent.purposes import KINDS, PURPOSES, SOURCE, Purpose
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.places.queries import valid_on
from tramyte.rules.calendar import add_working_days


@dataclass(frozen=True)
class Answer:
    """Where one purpose stands. state: permit, deny, withdrawn, or "" when nobody was asked; last: the decision that counts."""

    purpose: Purpose
    state: str
    last: Consent | None


def standing(person: Person, on: datetime.date) -> list[Answer]:
    """Where each purpose stands on a day. One query."""
    last: dict[str, Consent] = {}
    for row in Consent.objects.filter(person=person, entered_in_error=False, given_on__lte=on).order_by("given_on", "created_at", "pk"):
        last[row.purpose] = row
    return [Answer(purpose, _state(last.get(purpose.slug), on), last.get(purpose.slug)) for purpose in PURPOSES.values()]


def permits(person: Person, purpose: str, on: datetime.date) -> bool:
    """Whether data of the person may serve the purpose on a day: silence is no agreement."""
    return any(answer.state == "permit" for answer in standing(person, on) if answer.purpose.slug == purpose)


def _state(row: Consent | None, on: datetime.date) -> str:
    if row is None:
        return ""
    return "withdrawn" if row.withdrawn_on and row.withdrawn_on <= on else row.decision


def open_requests(rows: "QuerySet[DataRequest]") -> "QuerySet[DataRequest]":
    """Of these, the ones with something left to do: see `DataRequest.is_open`."""
    return rows.filter(Q(answered_on=None) | (Q(done_on=None) & ~Q(outcome="refused")), entered_in_error=False)


def requests_of(user: User, person: Person) -> list[DataRequest]:
    """The requests of a person, the newest first."""
    return list(visible(user, DataRequest.objects.filter(person=person, entered_in_error=False)))


@dataclass(frozen=True)
class Limit:
    """The time for one kind of request, with its source; checked: it was compared with the original text."""

    kind: str
    title: str
    answer_days: int
    done_days: int
    source: str
    checked: bool


def limits(on: datetime.date) -> dict[str, Limit]:
    """The time for each kind on a day: the station's row in force, else the shipped one, which was not checked. One query."""
    held = {row.kind: row for row in RequestLimit.objects.filter(valid_on(on), entered_in_error=False).order_by("valid_from")}
    return {slug: (
        Limit(slug, kind.title, row.answer_days, row.done_days, row.source, row.verified) if (row := held.get(slug))
        else Limit(slug, kind.title, kind.answer_days, kind.done_days, SOURCE, False)) for slug, kind in KINDS.items()}


def due_days(kind: str, received: datetime.date, held: dict[str, Limit]) -> tuple[datetime.date, datetime.date]:
    """The last days to answer and to carry out a request received on a day under the limits of that day; the day itself does not count."""
    limit = held[kind]
    return add_working_days(received, limit.answer_days), received + datetime.timedelta(days=limit.done_days)
