"""The dose of hepatitis B vaccine that a newborn gets, kept once: the topic that keeps doses holds it, who writes births asks here.

Neither imports the other. While no topic keeps doses there are none, and none can be written.
"""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Prefetch, QuerySet

from tramyte.care.people.models import Person
from tramyte.engine.access.models import User


@dataclass(frozen=True, slots=True)
class BirthDose:
    """A birth dose. key: of its record. at: hour and minute ("07:30"), "" when unknown. lot: number on the vial, "" when unknown.

    source: "station" (of its own stock), "import" (copied from an old book) or "elsewhere", at `site`; "" to leave both as they are.
    """

    key: uuid.UUID
    on: datetime.date
    at: str = ""
    lot: str = ""
    source: str = ""
    site: str = ""


class Keeper(Protocol):
    """The topic that keeps doses."""

    def read(self, children: Collection[uuid.UUID]) -> dict[uuid.UUID, BirthDose]:
        """Of these children the birth dose of those who have one. One query."""

    def fetching(self, child: str) -> "Prefetch[Any]":
        """What brings the birth doses of the children at a lookup along, to be found by `held`."""

    def held(self, child: Person) -> BirthDose | None:
        """The dose of a child that was read with `fetching`."""

    def write(self, child: Person, dose: BirthDose, *, by: User) -> None:
        """Store the dose, or change the one with this key. Raises Refused with the field at fault."""

    def cancel(self, key: uuid.UUID, *, by: User, reason: str) -> None:
        """Mark the dose with this key as entered in error; one that is gone already is left alone."""


_KEEPERS: list[Keeper] = []


def keep(keeper: Keeper) -> None:
    """Declare who keeps doses; called once, at start."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)


def keepers() -> list[Keeper]:
    """Who keeps doses: one, or none."""
    return list(_KEEPERS)


def birth_doses(children: Collection[uuid.UUID]) -> dict[uuid.UUID, BirthDose]:
    """Of these children the birth dose of those who have one. Nobody's rights are looked at."""
    found: dict[uuid.UUID, BirthDose] = {}
    for keeper in _KEEPERS if children else ():
        found |= keeper.read(children)
    return found


def with_birth_doses(rows: "QuerySet[Any]", child: str) -> "QuerySet[Any]":
    """The rows with the birth doses of the children at a lookup read along; `birth_dose` answers of them without a query."""
    return rows.prefetch_related(*(keeper.fetching(child) for keeper in _KEEPERS))


def birth_dose(child: Person | None) -> BirthDose | None:
    """The birth dose of one child; None without one."""
    for keeper in _KEEPERS if child else ():
        assert child is not None
        if found := keeper.held(child):
            return found
    return None
