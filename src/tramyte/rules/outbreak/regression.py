"""Poisson regressions that share one design, fitted all at once."""

from dataclasses import dataclass

import numpy as np

from tramyte.rules.outbreak.detection import Flags, Numbers, Places

# As R's glm has them: the rules of stopping decide how near to nothing a level without any case comes.
_MOST_STEPS = 25
_CLOSE = 1e-8
_LEAST_MEAN = float(np.finfo(float).eps)
# A fit that runs away is held here, far above any count; it does not settle and is not used.
_MOST_PREDICTED = 300.0


@dataclass(frozen=True)
class Design:
    """What n reference points have in common in every fit.

    time (n,): time points before the one judged, negative. level (n,): the seasonal level of each, in rising order from
    0 without a gap; the point judged is of level 0, at time 0.
    """

    time: Numbers
    level: Places

    def sums(self, values: Numbers) -> Numbers:
        """(m, L): the sums of (m, n) over the points of each level."""
        return np.add.reduceat(values, np.flatnonzero(np.diff(self.level, prepend=-1)), axis=1)

    def each(self, values: Numbers) -> Numbers:
        """(m, n): to each point the value (m, L) of its level."""
        return values[:, self.level]


@dataclass(frozen=True)
class Fit:
    """m fits of log(mean) = offset + level + slope x time.

    mean, working (m, n): fitted means, and the weights of the last step. level (m, L), slope (m,): the coefficients.
    size, center (m, L): sum and mean time of the working weights of a level. spread (m,): their squared deviations in
    time within levels, infinite without a trend. freedom (m,): residual degrees of freedom. converged (m,): whether
    the deviance settled within 25 steps.
    """

    mean: Numbers
    working: Numbers
    level: Numbers
    slope: Numbers
    size: Numbers
    center: Numbers
    spread: Numbers
    freedom: Numbers
    converged: Flags

    def leverage(self, design: Design) -> Numbers:
        """(m, n): the diagonal of each hat matrix."""
        away = design.time - design.each(self.center)
        return self.working * (design.each(_inverse(self.size)) + away**2 * _inverse(self.spread)[:, None])

    def variance_now(self) -> Numbers:
        """(m,): variance of log(mean) at the point judged, for dispersion 1; NaN when its level has no reference."""
        variance = _inverse(self.size[:, 0]) + self.center[:, 0] ** 2 * _inverse(self.spread)
        return np.where(self.size[:, 0] > 0, variance, np.nan)


def fit(counts: Numbers, weights: Numbers, design: Design, offset: Numbers, *, trend: bool) -> Fit:
    """Fit m Poisson regressions with logarithmic link by iteratively reweighted least squares.

    counts (m, n): 0 or more. weights (m, n): prior weights, 0 for a point that is not there. offset (m, n). trend:
    fit a slope too. Levels are disjoint, so a step is a regression on time within levels and needs no matrix inverse.
    Begins at counts + 0.1 and stops when the deviance changes by less than 1e-8 of itself + 0.1, or after 25 steps.
    Source: McCullagh and Nelder, Generalized Linear Models, 2.5; Frisch, Waugh and Lovell for the levels.
    """
    predictor = np.log(counts + 0.1)
    mean = counts + 0.1
    constant = (weights * (counts * np.log(np.maximum(counts, 1)) - counts)).sum(axis=1)
    deviance = _deviance(counts, weights, predictor, mean, constant)
    made = _unfitted(weights, design, trend)
    found = (made.mean, made.working, made.level, made.slope, made.size, made.center, made.spread)
    active = np.arange(len(counts))
    for _ in range(_MOST_STEPS):
        y, w, o = counts[active], weights[active], offset[active]
        parts = _step(y, w * mean, predictor - o + (y - mean) / mean, design, trend)
        predictor = np.minimum(o + design.each(parts[1]) + parts[2][:, None] * design.time, _MOST_PREDICTED)
        mean = np.maximum(np.exp(predictor), _LEAST_MEAN)
        for whole, part in zip(found, (mean, *parts), strict=True):
            whole[active] = part
        before, deviance = deviance, _deviance(y, w, predictor, mean, constant[active])
        settled = np.abs(deviance - before) < _CLOSE * (np.abs(deviance) + 0.1)
        made.converged[active[settled]] = True
        active, mean, predictor, deviance = active[~settled], mean[~settled], predictor[~settled], deviance[~settled]
        if not active.size:
            break
    return made


def _unfitted(weights: Numbers, design: Design, trend: bool) -> Fit:
    """A fit with nothing in it but its degrees of freedom: a level without any point is no parameter."""
    fits, levels = len(weights), int(design.level[-1]) + 1
    points, level, one = np.empty(weights.shape), np.empty((fits, levels)), np.empty(fits)
    parameters = (design.sums(weights) > 0).sum(axis=1) + float(trend)
    freedom = (weights > 0).sum(axis=1) - parameters
    settled = np.zeros(fits, dtype=bool)
    return Fit(points, points.copy(), level, one, level.copy(), level.copy(), one.copy(), freedom, settled)


def _step(
    counts: Numbers, working: Numbers, response: Numbers, design: Design, trend: bool
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers, Numbers]:
    """One weighted least-squares regression: working, level, slope, size, center, spread."""
    size = design.sums(working)
    inverse = _inverse(size)
    center = design.sums(working * design.time) * inverse
    level = design.sums(working * response) * inverse
    if not trend:
        return working, level, np.zeros(len(counts)), size, center, np.full(len(counts), np.inf)
    away = design.time - design.each(center)
    spread = (working * away**2).sum(axis=1)
    slope = (working * away * response).sum(axis=1) * _inverse(spread)
    return working, level - slope[:, None] * center, slope, size, center, spread


def _deviance(counts: Numbers, weights: Numbers, predictor: Numbers, mean: Numbers, constant: Numbers) -> Numbers:
    """Twice the distance of the log-likelihoods. The part without the mean, `constant`, is computed once."""
    return np.asarray(2 * (constant + (weights * (mean - counts * predictor)).sum(axis=1)))


def _inverse(numbers: Numbers) -> Numbers:
    """1 / numbers, 0 where they are 0."""
    return np.divide(1.0, numbers, out=np.zeros_like(numbers), where=numbers != 0)
