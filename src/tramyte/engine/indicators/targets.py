"""The target an indicator is measured against; governance.targets teaches where they stand."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A target in force. comparator: ">=", ">", "<=", "<", "=".  target: in the indicator's unit.  source: the directive."""

    comparator: str
    target: float
    source: str
    due_on: datetime.date | None = None


Lookup = Callable[[str, str, int], Goal | None]
_LOOKUPS: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Use `lookup(indicator code, place code, year)` to find targets; the last one registered is used."""
    _LOOKUPS.append(lookup)


def goal(code: str, place: str, year: int) -> Goal | None:
    """The target for an indicator, place and year; None while there is none."""
    return _LOOKUPS[-1](code, place, year) if _LOOKUPS else None
