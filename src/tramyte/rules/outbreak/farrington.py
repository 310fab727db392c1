"""Farrington flexible: a count against a quasi-Poisson regression on the same season of the past years."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from tramyte.rules.outbreak.detection import Detection, Flags, Numbers, Places
from tramyte.rules.outbreak.distributions import count_quantile, two_sided_p
from tramyte.rules.outbreak.regression import Design, Fit, fit
from tramyte.rules.outbreak.settings import FarringtonFlexible

# Numbers worked on at a time, so that they stay in the processor's cache.
_CHUNK = 100_000
_FEWEST_YEARS_FOR_TREND = 3


@dataclass(frozen=True)
class _Model:
    """The fit in use and its spreads: phi at least 1, phi of the standard errors."""

    fit: Fit
    phi: Numbers
    phi_of_errors: Numbers

    def log_mean(self) -> Numbers:
        return self.fit.level[:, 0]

    def variance(self) -> Numbers:
        return np.asarray(self.phi_of_errors * self.fit.variance_now())


def farrington_flexible(
    observed: Numbers,
    freq: int,
    settings: FarringtonFlexible,
    latest: int | None = None,
    population: Numbers | None = None,
) -> Detection:
    """Farrington flexible for many series at once.

    observed (m, n): counts at n consecutive time points, NaN where unknown (left out of the baseline). freq: 365, 52
    or 12 points a year. latest: only so many of the last points (None: the last two years); never before index
    b*freq + w + 1. population (m, n): people at risk, above 0, NaN where unknown; for settings.populationOffset.
    Upper is NaN where the last points hold fewer cases than limit54 asks (alarm 0), and where the references do not
    suffice. ValueError with a Vietnamese sentence when the settings do not fit the frequency or population lacks.

    Sources: Farrington et al. 1996, J R Stat Soc A 159:547 (weights, trend, delta threshold, limit); Noufaily et al.
    2013, Stat Med 32:1206 (more references, ten seasonal levels, negative binomial threshold); package manual.
    """
    used = settings.for_frequency(freq)
    if used.populationOffset and population is None:
        raise ValueError("populationOffset cần cột population. Hãy thêm cột này, hoặc đặt populationOffset là false.")
    count = observed.shape[1]
    first = max(count - (2 * freq if latest is None else latest), used.b * freq + used.w + 1)
    if first >= count:
        nothing = np.empty((len(observed), 0))
        return Detection(count, nothing, nothing)
    enough = _recent(observed, used.limit54[1])[:, first:] >= used.limit54[0]
    people = np.ones((1, 1)) if population is None or not used.populationOffset else population
    rows, columns = np.nonzero(enough)
    upper = np.full(enough.shape, np.nan)
    upper[enough] = _uppers(observed, np.broadcast_to(np.log(people), observed.shape), rows, columns + first, freq, used)
    now = observed[:, first:]
    with np.errstate(invalid="ignore"):
        alarm = np.where(np.isnan(now), np.nan, now > upper)
    return Detection(first, upper, alarm)


def references(freq: int, settings: FarringtonFlexible) -> tuple[Places, Design]:
    """The reference points of a point judged: how far back each lies (n,), and their design.

    With noPeriods 1 the windows of w points to each side of the same week in the b years before. With more, every
    point from the first window on; the windows are level 0 and the points between two windows are divided, in time,
    into noPeriods - 1 levels as equal as they can be. The last pastWeeksNotIncluded points stay out.
    """
    lags = np.arange(settings.b * freq + settings.w, settings.pastWeeksNotIncluded or 0, -1)
    phase = lags % freq
    window = (phase <= settings.w) | (phase >= freq - settings.w)
    level = np.zeros(len(lags), dtype=np.int64)
    if settings.noPeriods == 1:
        lags = lags[window & (lags >= freq - settings.w)]
        level = level[: len(lags)]
    else:
        place, gap = freq - settings.w - 1 - phase, freq - 2 * settings.w - 1
        level[~window] = 1 + place[~window] * (settings.noPeriods - 1) // gap
    order = np.argsort(level, kind="stable")
    lags, (_, level) = lags[order], np.unique(level[order], return_inverse=True)
    return lags, Design(-lags.astype(float), level)


def _recent(observed: Numbers, period: int) -> Numbers:
    """(m, n): known cases of the last `period` points, the current one included."""
    total = np.cumsum(np.nan_to_num(observed), axis=1)
    total[:, period:] -= total[:, :-period].copy()
    return np.asarray(total)


def _uppers(
    observed: Numbers, exposure: Numbers, rows: Places, columns: Places, freq: int, settings: FarringtonFlexible
) -> Numbers:
    """The threshold of each (row, column); exposure (m, n): log population."""
    lags, design = references(freq, settings)
    found = np.empty(len(rows))
    step = max(1, _CHUNK // len(lags))
    for begin in range(0, len(rows), step):
        row, column = rows[begin : begin + step], columns[begin : begin + step]
        past = (row[:, None], column[:, None] - lags)
        offset = exposure[past] - exposure[row, column][:, None]
        found[begin : begin + step] = _upper(observed[past], offset, design, settings)
    return found


def _upper(past: Numbers, offset: Numbers, design: Design, settings: FarringtonFlexible) -> Numbers:
    """The threshold of each fit (m,) from its reference counts (m, n) and log population relative to now (m, n)."""
    known = ~np.isnan(past) & ~np.isnan(offset)
    counts, offset = np.where(known, past, 0), np.where(known, offset, 0)
    model = _fitted(counts, known, offset, design, settings, trend=False)
    log_mean, phi, variance = model.log_mean(), model.phi, model.variance()
    if settings.trend and settings.b >= _FEWEST_YEARS_FOR_TREND:
        sloped = _fitted(counts, known, offset, design, settings, trend=True)
        keep = _keeps_trend(sloped, counts.max(axis=1), settings)
        log_mean = np.where(keep, sloped.log_mean(), log_mean)
        phi, variance = np.where(keep, sloped.phi, phi), np.where(keep, sloped.variance(), variance)
    upper = _threshold(log_mean, phi, variance, settings)
    return np.where(model.fit.freedom > 0, upper, np.nan)


def _fitted(
    counts: Numbers, known: Flags, offset: Numbers, design: Design, settings: FarringtonFlexible, *, trend: bool
) -> _Model:
    """The regression; with reweight once more, past outbreaks weighing less (Farrington 1996, 3.6)."""
    weights = known.astype(float)
    model = _spreads(fit(counts, weights, design, offset, trend=trend), counts, weights)
    if not settings.reweight:
        return model
    weights = _weights(counts, known, model, design, settings.weightsThreshold)
    return _spreads(fit(counts, weights, design, offset, trend=trend), counts, weights)


def _spreads(made: Fit, counts: Numbers, weights: Numbers) -> _Model:
    """Pearson's dispersion, at least 1; for standard errors that of the working residuals with the prior weights.

    The second differs from the papers, which use the first for both; the reference software has it so. It weighs in
    the test of the trend and in the thresholds delta and muan.
    """
    relative = ((counts - made.mean) / made.mean) ** 2
    freedom = np.where(made.freedom > 0, made.freedom, np.nan)
    phi = (made.working * relative).sum(axis=1) / freedom
    return _Model(made, np.maximum(phi, 1), (weights * relative).sum(axis=1) / freedom)


def _weights(counts: Numbers, known: Flags, model: _Model, design: Design, limit: float) -> Numbers:
    """Weights by Anscombe residuals s: gamma / s^2 above the limit, else gamma, which makes their sum the points known."""
    room = model.phi[:, None] * (1 - model.fit.leverage(design))
    raw = 1.5 * (counts ** (2 / 3) * model.fit.mean ** (-1 / 6) - np.sqrt(model.fit.mean))
    # A point that alone makes its level fits exactly: no room, no residual.
    residual = np.divide(raw, np.sqrt(np.maximum(room, 0)), out=np.zeros_like(raw), where=room > 1e-10)
    weights = np.where(known, np.divide(1, residual**2, out=np.ones_like(raw), where=residual > limit), 0)
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights * known.sum(axis=1, keepdims=True) / np.where(total > 0, total, 1))


def _keeps_trend(sloped: _Model, most: Numbers, settings: FarringtonFlexible) -> Flags:
    """A trend stays when its fit settled, it foretells no more than the largest reference and is significant."""
    made = sloped.fit
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        keep = made.converged & (np.exp(sloped.log_mean()) <= most) & (made.freedom > 0)
        p = two_sided_p(made.slope * np.sqrt(made.spread / sloped.phi_of_errors), made.freedom)
    return np.asarray(keep & ~(p > settings.pThresholdTrend))


def _threshold(log_mean: Numbers, phi: Numbers, variance: Numbers, settings: FarringtonFlexible) -> Numbers:
    z = NormalDist().inv_cdf(1 - settings.alpha)
    with np.errstate(over="ignore", invalid="ignore"):
        if settings.thresholdMethod == "muan":
            log_mean = log_mean + z * np.sqrt(variance)
        mean = np.exp(log_mean)
        if settings.thresholdMethod != "delta":
            return count_quantile(1 - settings.alpha, mean, phi)
        # Variance of a new count about the estimate, in units of the mean.
        tau = phi + mean * variance
        if settings.powertrans == "none":
            return np.asarray(mean + z * np.sqrt(mean * tau))
        if settings.powertrans == "1/2":
            return np.asarray((np.sqrt(mean) + z * np.sqrt(tau / 4)) ** 2)
        return np.asarray((mean ** (2 / 3) + z * np.sqrt(4 / 9 * mean ** (1 / 3) * tau)) ** 1.5)
