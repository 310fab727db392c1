"""The stretches of time that a scan looks through."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", np.float64, np.int64)

MOST_WINDOWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Windows:
    """W stretches of steps: first, last (W,) int, both inclusive; the shortest come first."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]

    def blocks(self, most: int) -> Iterator["Windows"]:
        """The same stretches, at most so many at a time."""
        for at in range(0, len(self.first), most):
            yield Windows(self.first[at : at + most], self.last[at : at + most])

    def sums(self, cells: NDArray[Number]) -> NDArray[Number]:
        """(L, T, ...) cells to (L, W, ...) sums over each stretch."""
        return self.between(running_totals(cells))

    def between(self, totals: NDArray[Number]) -> NDArray[Number]:
        """(L, T+1, ...) running totals to (L, W, ...) sums over each stretch."""
        return totals[:, self.last + 1] - totals[:, self.first]


def running_totals(cells: NDArray[Number]) -> NDArray[Number]:
    """(L, T, ...) cells to (L, T+1, ...): what came before each step, and all."""
    totals = np.zeros((cells.shape[0], cells.shape[1] + 1, *cells.shape[2:]), dtype=cells.dtype)
    np.cumsum(cells, axis=1, out=totals[:, 1:])
    return totals


def time_windows(times: NDArray[np.int64], *, max_duration: int | None = None, prospective: bool = False) -> Windows:
    """All stretches of the steps, or with `prospective` those that end at the last one.

    times: (T,) rising; the number of each step's day (or week, month, year). max_duration: in the same unit, first and last
    counted; None: any. ValueError for more than a million stretches.
    Kulldorff 2001, J R Stat Soc A 164:61 for the prospective scan.
    """
    steps = np.arange(len(times))
    earliest = np.zeros(len(times), dtype=np.intp)
    if max_duration is not None:
        earliest = np.searchsorted(times, times - max_duration + 1)
    if prospective:
        steps, earliest = steps[-1:], earliest[-1:]
    many = steps - earliest + 1
    if many.sum() > MOST_WINDOWS:
        raise ValueError(f"{many.sum()} stretches of time")
    last = np.repeat(steps, many)
    first = last - (np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many))
    shortest = np.lexsort((first, last - first))
    return Windows(first[shortest], last[shortest])


def time_steps(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """The steps of a study whose rows have these times: each once, rising, and those between when the steps are regular.

    Regular: every gap is a multiple of the smallest (days, weeks, years as numbers), so that a day without any case is still a
    day of the study. First days of months are not, and stay as they are. ValueError for more than a million steps.
    """
    found = np.unique(times)
    gaps = np.diff(found)
    if not len(gaps) or (gaps % gaps.min()).any():
        return found
    if (found[-1] - found[0]) // gaps.min() >= MOST_WINDOWS:
        raise ValueError(f"steps of {gaps.min()} from {found[0]} to {found[-1]}")
    return np.arange(found[0], found[-1] + 1, gaps.min())
