"""The scan: the strongest window of every circle, and the clusters that stay apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tramyte.rules.clusters.chance import strongest_by_chance
from tramyte.rules.clusters.circles import Circles, Floats
from tramyte.rules.clusters.studies import FEWEST_CASES, Study, log_likelihood_ratio
from tramyte.rules.clusters.windows import Windows

# Ratios that differ by less are the same: sums in another order must not part what is equal.
_SAME = 1e-8
# Numbers in one block of windows, which bounds the memory.
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Cluster:
    """A circle of locations, over the steps of time first to last, with more cases than expected.

    members: positions of the locations, by distance from the centre. radius: km or the unit of the coordinates. cases, expected: >= 0.
    relative_risk: for the Poisson model the rate inside over the rate outside (cases over population when the study has a
    population beside expected cases, else cases over expected cases); for the other models cases over expected cases. None
    when no case or nobody is outside. adjusted_risk: cases over expected cases, inside over outside, where relative_risk is
    crude; else None. llr: > 0. p: (1 + simulations whose strongest window is as strong) / (1 + simulations).
    """

    centre: int
    members: tuple[int, ...]
    radius: float
    first: int
    last: int
    cases: float
    expected: float
    relative_risk: float | None
    adjusted_risk: float | None
    llr: float
    p: float


@dataclass(frozen=True, slots=True)
class Scores:
    """All windows of the circles of one size: centres (N,); cases, expected, llr (N, W) by centre and stretch of time."""

    size: int
    centres: NDArray[np.intp]
    cases: Floats
    expected: Floats
    llr: Floats


@dataclass(frozen=True, slots=True)
class _Strongest:
    """The strongest window of each circle that has an excess, the strongest first: columns of equal length."""

    centre: NDArray[np.intp]
    size: NDArray[np.intp]
    window: NDArray[np.intp]
    cases: Floats
    expected: Floats
    llr: Floats


def scan(study: Study, circles: Circles, windows: Windows, *, simulations: int = 999, seed: int = 1) -> list[Cluster]:
    """The clusters of a study, the strongest first, no location in two of them; none when it has fewer than two cases.

    A cluster has at least two cases and more than are expected. simulations: >= 1. seed: the same gives the same p-values.
    Each p-value compares with the strongest windows by chance, so those of the later clusters are rather too high (Kulldorff
    1997). Of equal clusters the one with the fewest locations, the shortest, the first in the file is taken.
    """
    if study.total < FEWEST_CASES:
        return []
    found = _strongest(study, circles, windows)
    apart = _apart(found, circles)
    if not apart:
        return []
    by_chance = np.sort(strongest_by_chance(study, circles, windows, simulations=simulations, seed=seed))
    as_strong = simulations - np.searchsorted(by_chance, found.llr[apart] - _SAME)
    p = (1 + as_strong) / (1 + simulations)
    return [_described(study, circles, windows, found, at, float(share)) for at, share in zip(apart, p, strict=True)]


def scores(study: Study, circles: Circles, windows: Windows) -> Iterator[Scores]:
    """The ratios of all windows, circles of one location first; 0 for fewer than two cases."""
    total = study.total if study.conditional else None
    cases, expected = windows.sums(study.cases), windows.sums(study.expected)
    inside, due = np.zeros_like(cases), np.zeros_like(expected)
    for k in range(circles.order.shape[1]):
        inside += cases[circles.order[:, k]]
        due += expected[circles.order[:, k]]
        centres = np.flatnonzero(circles.is_zone[:, k])
        c, e = inside[centres], due[centres]
        yield Scores(k + 1, centres, c, e, np.where(c >= FEWEST_CASES, log_likelihood_ratio(c, e, total), 0.0))


def _strongest(study: Study, circles: Circles, windows: Windows) -> _Strongest:
    """Of equal windows of a circle the first, which is the shortest."""
    cases, expected, llr = np.zeros((3, *circles.is_zone.shape))
    window = np.zeros(circles.is_zone.shape, dtype=np.intp)
    most, seen = max(1, _BLOCK // len(circles.order)), 0
    for block in windows.blocks(most):
        for one in scores(study, circles, block):
            best = np.argmax(one.llr >= one.llr.max(axis=1, keepdims=True) - _SAME, axis=1)
            rows = np.flatnonzero(one.llr[np.arange(len(best)), best] > llr[one.centres, one.size - 1] + _SAME)
            here, there = (one.centres[rows], one.size - 1), (rows, best[rows])
            cases[here], expected[here], llr[here], window[here] = one.cases[there], one.expected[there], one.llr[there], seen + best[rows]
        seen += most
    centre, size = np.nonzero(llr)
    rank = np.lexsort((centre, window[centre, size], size, -np.round(llr[centre, size], 8)))
    at = centre[rank], size[rank]
    return _Strongest(at[0], at[1] + 1, window[at], cases[at], expected[at], llr[at])


def _apart(found: _Strongest, circles: Circles) -> list[int]:
    """Positions of the circles that share no location with a stronger one that is taken."""
    taken = np.zeros(len(circles.order), dtype=np.bool_)
    chosen, left = [], np.arange(len(found.llr))
    while len(left):
        at = int(left[0])
        chosen.append(at)
        taken[circles.order[found.centre[at], : found.size[at]]] = True
        reached = taken[circles.order[:, : found.size[left].max()]]
        free = np.where(reached.any(axis=1), np.argmax(reached, axis=1), reached.shape[1])
        left = left[found.size[left] <= free[found.centre[left]]]
    return chosen


def _described(study: Study, circles: Circles, windows: Windows, found: _Strongest, at: int, p: float) -> Cluster:
    centre, size, window = int(found.centre[at]), int(found.size[at]), int(found.window[at])
    first, last = int(windows.first[window]), int(windows.last[window])
    members = circles.order[centre, :size]
    cases, expected = float(found.cases[at]), float(found.expected[at])
    if study.chance == "multinomial":
        risk: float | None = _ratio(cases, expected, study.total, float(study.expected.sum()))
    else:
        risk = cases / expected
    adjusted = None
    if study.population is not None:
        people = float(study.population[members, first : last + 1].sum())
        risk, adjusted = _ratio(cases, people, study.total, float(study.population.sum())), risk
    return Cluster(centre, tuple(map(int, members)), circles.radius(centre, size), first, last, cases, expected, risk, adjusted, float(found.llr[at]), p)


def _ratio(cases: float, people: float, all_cases: float, all_people: float) -> float | None:
    """The rate inside over the rate outside; None without people or cases on either side."""
    other_cases, other_people = all_cases - cases, all_people - people
    if min(other_cases, people, other_people) <= 0:
        return None
    return cases / people / (other_cases / other_people)
