"""Named reads of techniques."""

import datetime

from django.db.models import Q, QuerySet

from tramyte.engine.places.models import Facility
from tramyte.engine.places.queries import valid_on
from tramyte.station.techniques.models import StationTechnique, Technique, TechniqueList


def catalogue(on: datetime.date) -> TechniqueList | None:
    """The version of the catalogue in force on a day."""
    return TechniqueList.objects.filter(valid_on(on), entered_in_error=False).first()


def techniques(on: datetime.date) -> QuerySet[Technique]:
    """The techniques of the version in force on a day."""
    return Technique.objects.filter(list=catalogue(on))


def approved(facility: Facility, on: datetime.date) -> QuerySet[StationTechnique]:
    """What is approved for a station on a day."""
    held = Q(withdrawn_on=None) | Q(withdrawn_on__gt=on)
    return StationTechnique.objects.filter(held, facility=facility, approved_on__lte=on, entered_in_error=False)


def performed(facility: Facility, on: datetime.date) -> QuerySet[StationTechnique]:
    """What the station performs on a day."""
    return approved(facility, on).filter(Q(performed_until=None) | Q(performed_until__gte=on), performed_from__lte=on)
