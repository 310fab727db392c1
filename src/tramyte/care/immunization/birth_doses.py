"""The birth dose of hepatitis B as other topics write it and read it; see `care.people.birth_doses`."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch, QuerySet

from tramyte.care.immunization.actions import cancel_immunization, record_immunization
from tramyte.care.immunization.catalogue import vaccine_id
from tramyte.care.immunization.models import Immunization, Vaccine
from tramyte.care.people.birth_doses import BirthDose
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User

CODE, NEWBORN = "HEPB", 28  # days up to which the first dose is the birth dose
ATTRIBUTE = "first_doses"


def _doses() -> QuerySet[Immunization]:
    return Immunization.objects.filter(vaccine=vaccine_id(CODE), age_days__lte=NEWBORN, entered_in_error=False).order_by("on", "pk")


def _told(row: Immunization) -> BirthDose:
    return BirthDose(row.pk, row.on, row.at, row.lot_number, row.source, row.site)


class Keeping:
    """The doses of this topic, as `care.people.birth_doses.Keeper` asks for them."""

    def read(self, children: Collection[uuid.UUID]) -> dict[uuid.UUID, BirthDose]:
        """See `Keeper`."""
        found: dict[uuid.UUID, BirthDose] = {}
        for row in _doses().filter(person__in=list(children)):
            found.setdefault(row.person_id, _told(row))
        return found

    def fetching(self, child: str) -> "Prefetch[Any]":
        """See `Keeper`."""
        return Prefetch(f"{child}__immunizations", _doses(), to_attr=ATTRIBUTE)

    def held(self, child: Person) -> BirthDose | None:
        """See `Keeper`; asks for a child that was read without."""
        rows = getattr(child, ATTRIBUTE, None)
        first = next(iter(_doses().filter(person=child)[:1] if rows is None else rows), None)
        return _told(first) if first else None

    def write(self, child: Person, dose: BirthDose, *, by: User) -> None:
        """See `Keeper`."""
        where = {"source": dose.source, "site": dose.site} if dose.source else {}
        record_immunization(by=by, id=dose.key, person=child, vaccine=Vaccine.objects.get(pk=vaccine_id(CODE)), on=dose.on, at=dose.at, lot_number=dose.lot, **where)

    def cancel(self, key: uuid.UUID, *, by: User, reason: str) -> None:
        """See `Keeper`."""
        if Immunization.objects.filter(pk=key, entered_in_error=False).exists():
            cancel_immunization(by=by, id=key, reason=reason)
