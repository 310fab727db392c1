"""What is scanned, under which hypothesis: cases and expected cases of each location and time, and how chance would spread them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tramyte.rules.clusters.circles import Floats

Chance = Literal["multinomial", "poisson", "permutation"]

# One case is no cluster.
FEWEST_CASES = 2


@dataclass(frozen=True, slots=True)
class Study:
    """L locations over T steps of time (T = 1: space only).

    cases, expected: (L, T) >= 0. population: (L, T) or None; what crude rates divide by. chance: how cases fall when there is
    no cluster: `multinomial` (the total is fixed, each falls by the expected shares), `poisson` (each cell by itself, mean
    `expected`), `permutation` (places and times of the cases are fixed, which goes with which is not).
    Made by `poisson_study`, `expectation_study` and `permutation_study`.
    """

    cases: Floats
    expected: Floats
    chance: Chance
    population: Floats | None = None

    @property
    def total(self) -> float:
        """All cases."""
        return float(self.cases.sum())

    @property
    def conditional(self) -> bool:
        """Whether the number of all cases is taken as given."""
        return self.chance != "poisson"


def poisson_study(cases: Floats, population: Floats | None = None, expected: Floats | None = None) -> Study:
    """Kulldorff's Poisson model: cases in proportion to the people, or to the expected cases when those are given.

    cases, population, expected: (L, T) >= 0. By people each step of time expects equally many cases, shared as the people of
    that step are, so that people who come or leave are no cluster; expected cases are only scaled to the total of the cases.
    ValueError without both, and when nobody is at risk where cases are.
    Kulldorff 1997, Commun Stat Theory Methods 26:1481; in space-time Kulldorff 2001, J R Stat Soc A 164:61.
    """
    if expected is not None:
        return Study(cases, _scaled(expected, cases), "multinomial", population)
    return Study(cases, _by_people(cases, population), "multinomial")


def expectation_study(cases: Floats, expected: Floats | None = None, population: Floats | None = None) -> Study:
    """The expectation-based Poisson model: each cell against its own expectation, whatever the total.

    cases, expected, population: (L, T) >= 0; without expected cases those of `poisson_study` by people. ValueError without
    both, and when nothing is expected where cases are.
    Neill, Moore, Sabhnani and Daniel 2005, Proc. 11th ACM SIGKDD: 218.
    """
    if expected is None:
        return Study(cases, _by_people(cases, population), "poisson")
    _refuse_cases_without_risk(cases, expected)
    return Study(cases, expected, "poisson")


def _by_people(cases: Floats, population: Floats | None) -> Floats:
    if population is None:
        raise ValueError("population or expected is needed")
    people = population.sum(axis=0)
    return _scaled(population / np.where(people > 0, people, 1.0), cases)


def _scaled(risk: Floats, cases: Floats) -> Floats:
    """The risk as expected cases whose total is that of the cases."""
    _refuse_cases_without_risk(cases, risk)
    total = risk.sum()
    return risk * (cases.sum() / total) if total > 0 else risk


def permutation_study(cases: Floats) -> Study:
    """The space-time permutation model, which needs no population: cases of the location x cases of the time / all cases.

    cases: (L, T), whole numbers >= 0; ValueError for others. Kulldorff et al. 2005, PLoS Med 2(3):e59.
    """
    if (cases != np.floor(cases)).any():
        raise ValueError("cases must be whole numbers")
    margins = np.outer(cases.sum(axis=1), cases.sum(axis=0))
    return Study(cases, margins / max(cases.sum(), 1.0), "permutation")


def _refuse_cases_without_risk(cases: Floats, risk: Floats) -> None:
    if ((cases > 0) & (risk <= 0)).any():
        raise ValueError("cases where nobody is at risk")


def people_between(people: Floats, times: NDArray[np.int64]) -> Floats:
    """(L, T) with the people of steps that have none (nan) between those of the steps before and after, on a straight line;
    before the first and after the last as there. A row of nan alone stays. times: (T,) rising."""
    found = people.copy()
    for row in found:
        known = ~np.isnan(row)
        if known.any():
            row[:] = np.interp(times, times[known], row[known])
    return found


def log_likelihood_ratio(cases: Floats, expected: Floats, total: float | None) -> Floats:
    """The log likelihood ratio of windows with so many cases and expected cases (any one shape); 0 without excess.

    total: all cases, for the models that take it as given: c ln(c/E) + (C-c) ln((C-c)/(C-E)) (Kulldorff 1997); None for the
    expectation-based model: c ln(c/E) + E - c (Neill et al. 2005).
    """
    high = (cases > expected) & (expected > 0)
    if total is not None:
        high &= expected < total
    c, e = cases[high], expected[high]
    found = c * np.log(c / e)
    if total is None:
        found += e - c
    else:
        rest = np.maximum(total - c, 0.0)
        found += rest * np.log(np.where(rest > 0, rest, 1.0) / np.where(rest > 0, total - e, 1.0))
    ratios = np.zeros(cases.shape)
    ratios[high] = found
    return ratios


def cases_by_chance(study: Study, simulations: int, batch: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Cases that chance alone makes: arrays (L, T, at most `batch`) until there are `simulations`; the same for any batch.

    Fractional totals are rounded.
    """
    shape = study.cases.shape
    draw = {"multinomial": _multinomial, "poisson": _poisson, "permutation": _permutation}[study.chance]
    for start in range(0, simulations, batch):
        drawn = draw(study, min(batch, simulations - start), random)
        yield np.ascontiguousarray(drawn.reshape(-1, *shape).transpose(1, 2, 0))


def _multinomial(study: Study, many: int, random: np.random.Generator) -> NDArray[np.int64]:
    shares = study.expected.ravel() / study.expected.sum()
    return random.multinomial(round(study.total), shares, size=many)


def _poisson(study: Study, many: int, random: np.random.Generator) -> NDArray[np.int64]:
    return random.poisson(study.expected.ravel(), size=(many, study.expected.size))


def _permutation(study: Study, many: int, random: np.random.Generator) -> NDArray[np.int64]:
    """The cases keep their places in order and are dealt the times anew."""
    counts = study.cases.astype(np.int64)
    steps, cells = counts.shape[1], counts.size
    places = np.repeat(np.arange(counts.shape[0]), counts.sum(axis=1))
    times = np.repeat(np.arange(steps), counts.sum(axis=0))
    dealt = random.permuted(np.tile(times, (many, 1)), axis=1)
    at = places * steps + dealt + np.arange(many)[:, None] * cells
    return np.bincount(at.ravel(), minlength=many * cells).reshape(many, cells)
