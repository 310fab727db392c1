"""Tetanus doses of a pregnant woman: the topic that keeps doses answers, who follows pregnancies asks and gives here.

Neither imports the other. While no topic keeps doses nothing is known, and none can be given.
"""

import datetime
from dataclasses import dataclass, field
from typing import Protocol

from tramyte.care.people.models import Person
from tramyte.engine.access.models import User


@dataclass(frozen=True, slots=True)
class Given:
    """One dose. lot: number on the vial, "" when unknown; counts: whether the schedule counts it."""

    on: datetime.date
    words: str
    lot: str = ""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Tetanus:
    """What a woman has and is to get. given: oldest first. next, due_on, late: the dose that comes next, "" and None when none does."""

    given: list[Given] = field(default_factory=list)
    next: str = ""
    due_on: datetime.date | None = None
    late: bool = False

    def until(self, on: datetime.date) -> int:
        """How many doses she had by the end of a day."""
        return sum(one.on <= on for one in self.given)

    def lot_on(self, on: datetime.date) -> str:
        """The lot of the dose of a day; "" without one."""
        return next((one.lot for one in self.given if one.on == on), "")


class Keeper(Protocol):
    """The topic that keeps doses."""

    def read(self, person: Person) -> Tetanus:
        """What a woman has and is to get. Two queries."""

    def give(self, person: Person, on: datetime.date, lot: str, *, by: User) -> None:
        """Write a dose of the station's stock. Raises Refused with the field at fault."""


_KEEPERS: list[Keeper] = []


def keep(keeper: Keeper) -> None:
    """Declare who keeps doses; called once, at start."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)


def tetanus_of(person: Person) -> Tetanus:
    """What a woman has and is to get. Nobody's rights are looked at."""
    return _KEEPERS[0].read(person) if _KEEPERS else Tetanus()


def give_tetanus(person: Person, on: datetime.date, lot: str, *, by: User) -> None:
    """Write a dose of the station's stock. Raises Refused."""
    for keeper in _KEEPERS:
        keeper.give(person, on, lot, by=by)
