"""The stretches of time that a scan looks through."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", np.float64, np.int64)


@dataclass(frozen=True, slots=True)
class Windows:
    """W stretches of steps: first, last (W,) int, both inclusive; the shortest come first."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]

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
    counted; None: any. Kulldorff 2001, J R Stat Soc A 164:61 for the prospective scan.
    """
    steps = np.arange(len(times))
    first, last = (part.ravel() for part in np.meshgrid(steps, steps[-1:] if prospective else steps, indexing="ij"))
    lasting = times[last] - times[first] + 1
    wanted = first <= last
    if max_duration is not None:
        wanted &= lasting <= max_duration
    first, last = first[wanted], last[wanted]
    shortest = np.lexsort((first, last - first))
    return Windows(first[shortest], last[shortest])


def time_steps(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """The steps of a study whose rows have these times: each once, rising, and those between when the steps are regular.

    Regular: every gap is a multiple of the smallest (days, weeks, years as numbers), so that a day without any case is still a
    day of the study. First days of months are not, and stay as they are.
    """
    found = np.unique(times)
    gaps = np.diff(found)
    if not len(gaps) or (gaps % gaps.min()).any():
        return found
    return np.arange(found[0], found[-1] + 1, gaps.min())
