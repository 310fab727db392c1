"""Chance that is the same everywhere: every draw is made from `random.Random.random` and exact arithmetic.

The other methods of `random` may change between versions of Python, and logarithms between machines.
"""

from bisect import bisect
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Table(Generic[T]):
    """Values with weights, prepared for many draws."""

    def __init__(self, weighted: Sequence[tuple[T, float]]) -> None:
        self.values = [value for value, _ in weighted]
        self.edges = list(accumulate(weight for _, weight in weighted))
        self.whole, self.last = self.edges[-1], len(self.edges) - 1


class Draws:
    """A stream of chance for one purpose; streams of other purposes do not disturb it."""

    def __init__(self, seed: int, purpose: str) -> None:
        self.random = Random(f"{seed}:{purpose}").random

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.random() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, all equally likely."""
        return values[int(self.random() * len(values))]

    def weighted(self, table: Table[T]) -> T:
        """One of the table's values by its weight."""
        return table.values[bisect(table.edges, self.random() * table.whole, 0, table.last)]

    def bell(self, mean: float, deviation: float) -> float:
        """A draw near the normal law: four uniform draws added (variance 4/12), within 3.5 deviations."""
        draw = self.random
        return mean + deviation * (draw() + draw() + draw() + draw() - 2) * 1.7320508075688772

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The values in a random order."""
        keyed = sorted((self.random(), index) for index in range(len(values)))
        return [values[index] for _, index in keyed]

    def day(self, first: date, last: date) -> date:
        """A day from first to last, both included."""
        return date.fromordinal(self.between(first.toordinal(), last.toordinal()))
