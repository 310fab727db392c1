"""Named reads of adverse events."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from tramyte.care.adverse_events.models import OPEN, AdverseEvent, SuspectDose
from tramyte.care.immunization.models import Immunization, VaccineLot
from tramyte.care.people.models import Person
from tramyte.engine import clock

RECENT = 30  # days after a dose in which whoever had a stopped lot is asked


def present() -> datetime.datetime:
    """This moment of the day to work with."""
    return datetime.datetime.combine(clock.today(), clock.now().time(), clock.ZONE)


def events() -> QuerySet[AdverseEvent]:
    """Every event that was not entered in error, of people the registry still holds; narrow with `visible`."""
    return AdverseEvent.objects.filter(entered_in_error=False, person__entered_in_error=False)


def with_doses(rows: QuerySet[AdverseEvent]) -> QuerySet[AdverseEvent]:
    """Events with person and doses (`event.suspects`), the dose with its vaccine, lot, product and store; two queries more."""
    tied = SuspectDose.objects.filter(entered_in_error=False).select_related("immunization__vaccine", "immunization__lot__product", "immunization__lot__facility")
    rows = rows.select_related("person__hamlet", "person__household__hamlet", "person__mother")
    return rows.prefetch_related(Prefetch("doses", tied.order_by("immunization__on", "pk"), to_attr="suspects"))


def doses_of(event: AdverseEvent) -> list[Immunization]:
    """The doses that an event is tied to; reads `suspects` where they were fetched."""
    held = getattr(event, "suspects", None)
    if held is None:
        tied = event.doses.filter(entered_in_error=False).select_related("immunization__vaccine", "immunization__lot__product", "immunization__lot__facility")
        held = list(tied.order_by("immunization__on", "pk"))
    return [one.immunization for one in held]


def waiting() -> QuerySet[AdverseEvent]:
    """Severe events of which nobody was told, the oldest first."""
    return events().filter(severe=True, reported_at=None).order_by("discovered_at", "pk")


def open_events(until: datetime.date | None = None) -> QuerySet[AdverseEvent]:
    """Events that are not over, the one to be asked about first; with a day only those to be asked about by then."""
    rows = events().filter(outcome__in=OPEN)
    return (rows.filter(Q(follow_up_on=None) | Q(follow_up_on__lte=until)) if until else rows).order_by("follow_up_on", "pk")


def events_of(person: Person) -> QuerySet[AdverseEvent]:
    """A person's events, newest first."""
    return with_doses(events().filter(person=person))


def given_of(lot: VaccineLot, days: int = RECENT) -> QuerySet[Immunization]:
    """Doses of a lot given in the last days, to people who are alive, newest first."""
    since = clock.today() - datetime.timedelta(days=days)
    rows = Immunization.objects.filter(lot=lot, on__gte=since, entered_in_error=False, person__entered_in_error=False, person__died_on=None)
    return rows.select_related("person__hamlet", "person__mother", "vaccine").order_by("-on", "person__search")


def session_words(doses: Collection[Immunization]) -> str:
    """What the store of these doses gave on their days, in words: "BCG lô B2601: 12 người". One query for each store and day."""
    told = []
    for facility, on in dict.fromkeys((dose.lot.facility_id, dose.on) for dose in doses if dose.lot):
        rows: Any = Immunization.objects.filter(lot__facility=facility, on=on, entered_in_error=False).order_by("vaccine__code", "lot_number")
        counted = rows.values("vaccine__name", "lot_number").annotate(n=Count("pk"))
        told.append(f"{on:%d/%m/%Y}: " + ", ".join(f"{row['vaccine__name']} lô {row['lot_number']}: {row['n']} người" for row in counted))
    return "; ".join(told)[:500]
