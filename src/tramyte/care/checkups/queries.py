"""Named reads of check-ups."""

import datetime

from django.db.models import QuerySet

from tramyte.care.checkups.models import Checkup
from tramyte.care.people.models import Person


def checkups() -> QuerySet[Checkup]:
    """Every check-up that was not entered in error; narrow with `visible`."""
    return Checkup.objects.filter(entered_in_error=False)


def of_person(person: Person) -> QuerySet[Checkup]:
    """A person's check-ups, newest first."""
    return checkups().filter(person=person)


def latest_periodic(person: Person, as_of: datetime.date) -> Checkup | None:
    """The last yearly check-up on or before a day."""
    return of_person(person).filter(kind="periodic", on__lte=as_of).first()
