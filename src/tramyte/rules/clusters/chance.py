"""Monte Carlo: how strong the strongest window is when there is no cluster."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tramyte.rules.clusters.circles import Circles, Floats
from tramyte.rules.clusters.studies import FEWEST_CASES, Study, cases_by_chance
from tramyte.rules.clusters.windows import Windows, running_totals

# Numbers in one block, so that it stays in the processor's cache; simulations that share the logarithms of a window;
# numbers drawn at once, which bounds the memory.
_BLOCK, _SHARING, _DRAWN = 1 << 17, 128, 1 << 23


def strongest_by_chance(study: Study, circles: Circles, windows: Windows, *, simulations: int, seed: int) -> Floats:
    """(simulations,): the largest log likelihood ratio over all windows of all circles, for cases spread by chance.

    The same seed gives the same figures. Dwass 1957, Ann Math Stat 28:181; Kulldorff 1997.
    """
    total = round(study.total)
    whole = study.expected * (total / study.total if study.conditional else 1.0)
    places, steps = study.cases.shape
    drawn = max(places * steps, total if study.chance == "permutation" else 0)
    sharing = min(max(_SHARING, _BLOCK // (places * len(windows.first))), max(1, _DRAWN // drawn))
    stretch = max(1, _BLOCK // (places * sharing))
    blocks = [(block, block.sums(whole)) for block in windows.blocks(stretch)]
    rings, room = _Rings.of(circles), _Room(places * stretch * sharing)
    # Named, so that a seed gives the same figures when numpy's own choice changes.
    random = np.random.Generator(np.random.PCG64DXSM(seed))
    strongest = []
    for counts in cases_by_chance(study, simulations, sharing, random):
        table = _table(total if study.conditional else int(counts.sum(axis=(0, 1)).max()), conditional=study.conditional)
        best, totals = np.zeros(counts.shape[2]), running_totals(counts)
        for block, due in blocks:
            _raise_best(best, table, block.between(totals), due, rings, total if study.conditional else None, room)
        strongest.append(best)
    return np.concatenate(strongest)


@dataclass(frozen=True, slots=True)
class _Rings:
    """Circles by size: the centres that reach furthest come first.

    entering[k]: the location that enters the circles of the first centres as number k. zones[k]: which of these are zones.
    """

    entering: list[NDArray[np.intp]]
    zones: list[NDArray[np.intp]]

    @classmethod
    def of(cls, circles: Circles) -> "_Rings":
        reach = (circles.is_zone * np.arange(1, circles.is_zone.shape[1] + 1)).max(axis=1, initial=0)
        furthest = np.argsort(-reach, kind="stable")
        order, is_zone = circles.order[furthest], circles.is_zone[furthest]
        active = [int((reach > k).sum()) for k in range(int(reach.max(initial=0)))]
        return cls([order[:n, k] for k, n in enumerate(active)], [np.flatnonzero(is_zone[:n, k]) for k, n in enumerate(active)])


def _raise_best(best: Floats, table: Floats, counts: NDArray[np.int64], expected: Floats, rings: _Rings, total: int | None, room: "_Room") -> None:
    """Raise `best` (S,) to the largest ratio of any window. counts: (L, W, S). expected: (L, W)."""
    inside, due = np.zeros_like(counts), np.zeros_like(expected)
    for entering, zones in zip(rings.entering, rings.zones, strict=True):
        room.add(inside, counts, entering)
        due[: len(entering)] += expected[entering]
        if len(zones):
            np.maximum(best, room.largest(inside, zones, table, _Line.of(due[zones], total)), out=best)


class _Room:
    """Memory for the numbers of one block, taken once: asking anew for each circle would take longer than counting."""

    def __init__(self, numbers: int) -> None:
        self._count = [np.empty(numbers, dtype=np.int64) for _ in range(2)]
        self._part = [np.empty(numbers) for _ in range(2)]
        self._high = np.empty(numbers, dtype=np.bool_)

    def add(self, inside: NDArray[np.int64], counts: NDArray[np.int64], entering: NDArray[np.intp]) -> None:
        """The locations that enter the first circles join them."""
        n = len(entering)
        step = self._count[0][: n * counts[0].size].reshape(n, *counts.shape[1:])
        np.take(counts, entering, axis=0, out=step, mode="clip")
        inside[:n] += step

    def largest(self, inside: NDArray[np.int64], zones: NDArray[np.intp], table: Floats, line: "_Line") -> Floats:
        """(S,): the largest ratio of the windows of these zones. inside: (L, W, S)."""
        shape = (len(zones), *inside.shape[1:])
        size = len(zones) * inside[0].size
        counts, value, part, high = (room[:size].reshape(shape) for room in (self._count[1], *self._part, self._high))
        np.take(inside, zones, axis=0, out=counts, mode="clip")
        np.take(table, counts, out=value, mode="clip")
        np.multiply(counts, line.slope[..., None], out=part)
        value -= part
        value -= line.base[..., None]
        np.greater_equal(counts, line.fewest[..., None], out=high)
        value *= high
        return np.asarray(value.reshape(-1, shape[2]).max(axis=0))


@dataclass(frozen=True, slots=True)
class _Line:
    """Of windows (n, W): the ratio is table[c] - c slope - base for a count c >= fewest, and 0 for less.

    So the logarithms that depend on the count are taken once for all windows, the others once for all simulations.
    """

    slope: Floats
    base: Floats
    fewest: NDArray[np.int64]

    @classmethod
    def of(cls, expected: Floats, total: int | None) -> "_Line":
        possible = expected > 0
        if total is not None:
            possible &= expected < total
        e = np.where(possible, expected, 0.5)
        fewest = np.where(possible, np.maximum(np.floor(e).astype(np.int64) + 1, FEWEST_CASES), np.iinfo(np.int64).max)
        if total is None:
            return cls(np.log(e), -e, fewest)
        rest = np.log(total - e)
        return cls(np.log(e) - rest, total * rest, fewest)


def _table(most: int, *, conditional: bool) -> Floats:
    """By count, 0 to `most`: c ln c + (C-c) ln (C-c), C = most; for the expectation-based model c ln c - c."""
    counts = np.arange(most + 1, dtype=np.float64)
    logs = counts * np.log(np.maximum(counts, 1.0))
    return logs + logs[::-1] if conditional else logs - counts
