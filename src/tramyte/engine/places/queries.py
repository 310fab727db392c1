"""Named reads of places."""

import datetime
import uuid

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tramyte.engine.places.models import Facility, OrgUnit, Place, Succession


def valid_on(day: datetime.date) -> Q:
    """The condition that a row with `valid_from` and `valid_to` holds on a day (both ends inclusive)."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def below(place: Place) -> QuerySet[Place]:
    """The place itself and everything under it."""
    return Place.objects.filter(path__gte=place.path, path__lt=place.path + "~")


def ids_below(places: list[Place]) -> set[uuid.UUID]:
    """The ids of these places and of everything under them."""
    return {id for place in places for id in below(place).values_list("pk", flat=True)}


def hamlets_of(commune: Place, on: datetime.date) -> QuerySet[Place]:
    """The hamlets of a commune that exist on a day, in the order of their codes."""
    return below(commune).filter(valid_on(on), kind=Place.HAMLET).order_by("code")


def origin_code() -> Coalesce:
    """For an annotation of places: the code of the former commune in which a hamlet lay; empty when that is not said."""
    rows = Succession.objects.filter(successor=OuterRef("pk"), successor__kind=Place.HAMLET, predecessor__kind=Place.COMMUNE, entered_in_error=False)
    return Coalesce(Subquery(rows.values("predecessor__code")[:1]), Value(""))


def origins(hamlets: QuerySet[Place]) -> dict[str, tuple[str, str]]:
    """Hamlet code -> (code, name) of the former commune it lay in; hamlets of which that is not said are absent."""
    rows = Succession.objects.filter(successor__in=hamlets, predecessor__kind=Place.COMMUNE, entered_in_error=False)
    return {row.successor.code: (row.predecessor.code, row.predecessor.name) for row in rows.select_related("predecessor", "successor")}


def commune_of(place: Place) -> Place:
    """The commune a place lies in, or the place itself when it is a commune or larger."""
    return place.parent if place.kind == Place.HAMLET and place.parent else place


def by_code(code: str, on: datetime.date | None = None) -> Place | None:
    """The place with a code on a day; without a day the latest one."""
    found = Place.objects.filter(code=code)
    return (found.filter(valid_on(on)) if on else found.order_by("-valid_from")).first()


def stations_of(commune: Place, on: datetime.date) -> QuerySet[Facility]:
    """The station and its sites in a commune on a day."""
    return Facility.objects.filter(valid_on(on), place__in=below(commune), kind__in=["station", "site"])


def units_of(commune: Place, on: datetime.date) -> QuerySet[OrgUnit]:
    """The organisational units of a commune on a day."""
    return OrgUnit.objects.filter(valid_on(on), place__in=below(commune)).order_by("code")
