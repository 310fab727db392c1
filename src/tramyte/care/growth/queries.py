"""Named reads of measurements and campaigns."""

import datetime
import uuid
from collections.abc import Sequence

from django.db.models import QuerySet

from tramyte.care.growth.models import Campaign, CampaignDay, GrowthMeasurement
from tramyte.care.people.models import Person
from tramyte.care.people.queries import staying
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.places.models import Place
from tramyte.rules.calendar import add_months

UNTIL_MONTHS = 60


def measurements() -> QuerySet[GrowthMeasurement]:
    """Every measurement that was not entered in error; narrow with `visible`."""
    return GrowthMeasurement.objects.filter(entered_in_error=False)


def of_person(person: Person) -> list[GrowthMeasurement]:
    """A child's measurements, newest first."""
    return list(measurements().filter(person=person).select_related("campaign"))


def is_young(person: Person, on: datetime.date) -> bool:
    """Whether somebody is under five years old on a day."""
    return person.birth_date > add_months(on, -UNTIL_MONTHS)


def children(user: User, on: datetime.date, hamlet: Place | None = None) -> QuerySet[Person]:
    """The living children under five who stay in a place on a day and whom the user may see, by hamlet and name."""
    rows = visible(user, staying(on).filter(birth_date__gt=add_months(on, -UNTIL_MONTHS), birth_date__lte=on))
    rows = rows if hamlet is None else rows.filter(hamlet=hamlet)
    return rows.select_related("hamlet", "household").order_by("hamlet__code", "search", "birth_date", "pk")


def latest(persons: Sequence[uuid.UUID], before: datetime.date | None = None) -> dict[uuid.UUID, GrowthMeasurement]:
    """The last measurement of each of these children, before a day when one is given. One query for each 500."""
    found: dict[uuid.UUID, GrowthMeasurement] = {}
    for begin in range(0, len(persons), 500):
        rows = measurements().filter(person__in=persons[begin:begin + 500]).order_by("person", "on")
        for row in rows if before is None else rows.filter(on__lt=before):
            found[row.person_id] = row
    return found


def days_of(user: User) -> QuerySet[CampaignDay]:
    """The days of campaigns in the hamlets that a user may see, the newest campaign first."""
    rows = visible(user, CampaignDay.objects.filter(entered_in_error=False, campaign__entered_in_error=False))
    return rows.select_related("campaign", "hamlet").order_by("-campaign__starts_on", "campaign", "on", "hamlet__code")


def campaigns(user: User) -> QuerySet[Campaign]:
    """The campaigns of the communes that a user may see."""
    return visible(user, Campaign.objects.filter(entered_in_error=False))


def siblings(user: User, person: Person, on: datetime.date) -> list[Person]:
    """The other children under five of the same household, the eldest first."""
    if person.household_id is None:
        return []
    return list(children(user, on).filter(household=person.household_id).exclude(pk=person.pk).order_by("birth_date", "pk"))
