"""Figures: counts of a place and period, summed from the smallest places, with value and gap."""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tramyte.engine.indicators.declaring import INDICATORS
from tramyte.engine.indicators.measuring import Spot
from tramyte.rules.shares import wilson


@dataclass(frozen=True, slots=True)
class Figure:
    """What an indicator says about a place in a period.

    denominator = met + not met + unknown.  value: in the indicator's unit (91.3 with "%"), unrounded; None when
    nobody counts.  as_of: the day it was computed for.  stale: something changed since that is not in it yet.
    """

    indicator: str
    place: str
    period: str
    numerator: int
    denominator: int
    unknown: int
    as_of: datetime.date
    definition_version: int
    unit: str = "%"
    group: str = ""
    group_name: str = ""
    computed_at: datetime.datetime | None = None
    stale: bool = False

    @property
    def value(self) -> float | None:
        """The share in the indicator's unit."""
        return value(self.numerator, self.denominator, self.unit)

    @property
    def missing(self) -> int:
        """Those on the worklist: not met or unknown; where less is better met or unknown."""
        one = INDICATORS.get(self.indicator)
        wanted = self.numerator if one is None or one.direction == "up" else self.denominator - self.numerator - self.unknown
        return self.denominator - wanted

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval in the indicator's unit (Wilson), for an indicator that shows one; None when nobody counts."""
        one = INDICATORS.get(self.indicator)
        limits = wilson(self.numerator, self.denominator) if one is not None and one.interval else None
        if limits and self.unit == SEX_RATIO:
            return 100 * limits[0] / (1 - limits[0]), 100 * limits[1] / (1 - limits[1]) if limits[1] < 1 else math.inf
        return (limits[0] * FACTORS.get(self.unit, 1), limits[1] * FACTORS.get(self.unit, 1)) if limits else None


FACTORS = {"%": 100, "‰": 1000}
SEX_RATIO = "trai/100 gái"  # the met for each hundred of those not met


def value(numerator: int, denominator: int, unit: str) -> float | None:
    """Numerator over denominator in a unit ("%", "‰", else a plain ratio); the sex ratio over the rest. None when nobody counts."""
    if unit == SEX_RATIO:
        return numerator * 100 / (denominator - numerator) if denominator > numerator else None
    return numerator * FACTORS.get(unit, 1) / denominator if denominator else None


def gap(figure: Figure, comparator: str, target: float) -> int:
    """How many more subjects must be met (for "<", "<=": must no longer be) until the target holds; 0 when it holds.

    comparator: ">=", ">", "<=", "<" or "=" (at least).  target: in the figure's unit.  The whole denominator is
    returned when no number of its subjects can reach the target. Raises ValueError for another comparator.
    """
    share = target / (100 + target) if figure.unit == SEX_RATIO else target / FACTORS.get(figure.unit, 1)
    exact = round(share * figure.denominator, 9)
    if comparator in {">=", "="}:
        wanted = math.ceil(exact)
    elif comparator == ">":
        wanted = math.floor(exact) + 1
    elif comparator in {"<=", "<"}:
        allowed = math.floor(exact) if comparator == "<=" else math.ceil(exact) - 1
        return max(0, figure.numerator - max(allowed, 0))
    else:
        raise ValueError(f"comparator {comparator!r} is not one of >= > <= < =")
    return max(0, min(wanted, figure.denominator) - figure.numerator) if figure.denominator else 0


class Atlas:
    """The places of a source, to sum small ones up to large ones."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self.by_code: dict[str, Spot] = {spot.code: spot for spot in spots}
        self._children: defaultdict[str, list[str]] = defaultdict(list)
        for spot in self.by_code.values():
            self._children[spot.parent or ""].append(spot.code)

    def below(self, code: str) -> set[str]:
        """A place's code and those of everything under it."""
        found, todo = {code}, [code]
        while todo:
            for child in self._children[todo.pop()]:
                if child not in found:
                    found.add(child)
                    todo.append(child)
        return found

    def communes(self, codes: Sequence[str] | set[str]) -> list[Spot]:
        """The communes among these codes, by code."""
        return sorted((spot for spot in self.by_code.values() if spot.kind == "commune" and spot.code in codes), key=lambda spot: spot.code)

    def name(self, code: str) -> str:
        """A place's name, or its code when it is not known."""
        return self.by_code[code].name if code in self.by_code else code
