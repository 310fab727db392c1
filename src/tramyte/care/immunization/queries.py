"""Named reads of immunization."""

import datetime
import uuid
from collections.abc import Collection

from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from tramyte.care.immunization.models import Immunization, NotGiven, Recommendation, StockMovement, VaccineLot
from tramyte.care.people.models import Person
from tramyte.rules.forecast import vietnam

LATEST = datetime.date(2026, 7, 1)  # since when the newest version of the schedule that ships is in force
_SCHEDULE = vietnam(LATEST)
GROUPS = {code: group.name for code, group in _SCHEDULE.groups.items()}
DOSES = {dose.code: dose.label for group in _SCHEDULE.groups.values() for series in group.series for dose in series.doses}
CHILDHOOD = tuple(code for code, group in _SCHEDULE.groups.items() if group.needs != "pregnancy")
_SIGNED = Case(*(When(kind=kind, then=F("doses") * sign) for kind, sign in StockMovement.SIGN.items()), default=Value(0), output_field=IntegerField())


def doses() -> QuerySet[Immunization]:
    """Every dose that was not entered in error; narrow with `visible`."""
    return Immunization.objects.filter(entered_in_error=False)


def doses_of(person: Person) -> QuerySet[Immunization]:
    """A person's doses, oldest first, with their vaccine."""
    return doses().filter(person=person).select_related("vaccine").order_by("on", "pk")


def not_given_to(person: Person) -> QuerySet[NotGiven]:
    """What a person refused or was not given, newest first."""
    return NotGiven.objects.filter(person=person, entered_in_error=False)


def recommendations_of(person: Person) -> QuerySet[Recommendation]:
    """What a person is to get next, by day."""
    return Recommendation.objects.filter(person=person).order_by("due_on", "pk")


def due(until: datetime.date) -> QuerySet[Recommendation]:
    """Next doses whose appointed day is no later than a day and that may be given: due or overdue; narrow with `visible`."""
    return Recommendation.objects.filter(status__in=["due", "overdue"], due_on__lte=until)


def balance() -> Coalesce:
    """For an annotation of lots: how many doses are left."""
    signed = Case(*(When(movements__kind=kind, then=F("movements__doses") * sign) for kind, sign in StockMovement.SIGN.items()), default=Value(0), output_field=IntegerField())
    return Coalesce(Sum(signed), Value(0))


def balance_of(lot: VaccineLot) -> int:
    """How many doses of a lot are left."""
    return int(StockMovement.objects.filter(lot=lot, entered_in_error=False).aggregate(left=Coalesce(Sum(_SIGNED), Value(0)))["left"])


def moved(lots: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """Of these lots how many doses were received, used, wasted, returned."""
    found: dict[uuid.UUID, dict[str, int]] = {}
    rows = StockMovement.objects.filter(lot__in=list(lots), entered_in_error=False).order_by().values_list("lot", "kind").annotate(Sum("doses"))
    for lot, kind, count in rows:
        found.setdefault(lot, {})[kind] = count
    return found


def usable_lots(on: datetime.date) -> QuerySet[VaccineLot]:
    """Lots that may be given on a day and of which something is left, the one that expires first first; annotated with `left`."""
    rows = VaccineLot.objects.filter(entered_in_error=False, expires_on__gte=on).exclude(stopped_on__lte=on)
    return rows.annotate(left=balance()).filter(left__gt=0).select_related("product__vaccine", "facility").order_by("expires_on", "pk")
