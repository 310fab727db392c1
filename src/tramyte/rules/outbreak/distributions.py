"""Quantiles and tail probabilities that the thresholds need, for whole arrays."""

from collections.abc import Iterator

import numpy as np

from tramyte.rules.outbreak.detection import Numbers

# A wider distribution is measured in lumps of several cases: the answer then is right to about a ten-thousandth.
_WIDEST = 1e4
_NEGLIGIBLE = 1e-15
_BLOCK = 64
_LEAST = float(np.finfo(float).tiny)


def count_quantile(chance: float, mean: Numbers, dispersion: Numbers) -> Numbers:
    """The smallest count k with P(X <= k) >= chance, of a negative binomial with this mean and variance dispersion x mean.

    chance: 0.5 to below 1. mean (m,): 0 or more. dispersion (m,): at most 1 means Poisson. NaN where the mean is not
    finite. Masses follow from f(k+1)/f(k) = (mean/d + k (1 - 1/d)) / (k+1), begun at the mode, so nothing underflows.
    """
    found = np.full(mean.shape, np.nan)
    fine = np.isfinite(mean) & np.isfinite(dispersion)
    found[fine & (mean == 0)] = 0
    fine &= mean > 0
    center, excess = mean[fine], np.maximum(dispersion[fine] - 1, 0)
    sizes = (np.ones_like(center), center / (5 * _WIDEST**2), np.sqrt(2 * center) * np.sqrt(excess) / _WIDEST, excess / _WIDEST)
    lump = np.ceil(np.maximum.reduce(sizes))
    found[fine] = lump * _quantile(chance, center / lump, 1 + excess / lump)
    return found


def _quantile(chance: float, mean: Numbers, dispersion: Numbers) -> Numbers:
    first, slope = (mean / dispersion)[:, None], (1 - 1 / dispersion)[:, None]
    # The masses rise while first + slope k > k + 1.
    mode = np.maximum(0, np.floor((first - 1) / (1 - slope)) + 1)
    below = _total(_masses_below(first, slope, mode))
    wanted = chance * (below + 1 + _total(_masses_above(first, slope, mode)))
    reached, k = below + 1, mode
    for masses in _masses_above(first, slope, mode):
        sums = reached + np.cumsum(masses, axis=1)
        k = k + (reached < wanted) + (sums[:, :-1] < wanted).sum(axis=1, keepdims=True)
        reached = sums[:, -1:]
        if (reached >= wanted).all():
            break
    return np.asarray(k[:, 0])


def _masses_above(first: Numbers, slope: Numbers, mode: Numbers) -> Iterator[Numbers]:
    """(m, _BLOCK) at a time, without an end: the masses after the mode as shares of that at the mode."""
    here, k = np.ones_like(mode), mode + np.arange(_BLOCK)
    while True:
        masses = here * np.cumprod((first + slope * k) / (k + 1), axis=1)
        yield masses
        here, k = masses[:, -1:], k + _BLOCK


def _masses_below(first: Numbers, slope: Numbers, mode: Numbers) -> Iterator[Numbers]:
    """Likewise the masses before the mode, going down."""
    here, k = np.ones_like(mode), mode - np.arange(_BLOCK)
    while True:
        masses = here * np.cumprod(np.maximum(k, 0) / np.maximum(first + slope * (k - 1), _LEAST), axis=1)
        yield masses
        here, k = masses[:, -1:], k - _BLOCK


def _total(blocks: Iterator[Numbers]) -> Numbers:
    """(m, 1): the sum of the masses until they are negligible."""
    total = np.zeros(())
    for masses in blocks:
        total = total + masses.sum(axis=1, keepdims=True)
        if (masses[:, -1] < _NEGLIGIBLE).all():
            break
    return total


def two_sided_p(t: Numbers, freedom: Numbers) -> Numbers:
    """P(|T| > |t|) of Student's t for whole degrees of freedom of 1 or more; NaN below.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    found = np.full(t.shape, np.nan)
    for degrees in np.unique(freedom[freedom >= 1]):
        chosen = freedom == degrees
        found[chosen] = _p_of(np.abs(t[chosen]), int(degrees))
    return found


def _p_of(t: Numbers, degrees: int) -> Numbers:
    angle = np.arctan(t / np.sqrt(degrees))
    sine, square = np.sin(angle), np.cos(angle) ** 2
    odd = degrees % 2
    term = sine * (np.cos(angle) if odd else 1)
    inside = np.zeros_like(t)
    for step in range(degrees // 2):
        inside += term
        term = term * square * (2 * step + 1 + odd) / (2 * step + 2 + odd)
    return np.asarray(1 - (2 / np.pi * (angle + inside) if odd else inside))
