"""Farrington flexible against statsmodels, a fit at a time, and against cases by hand."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tramyte.rules.outbreak import FarringtonFlexible, farrington_flexible
from tramyte.rules.outbreak.farrington import references
from tramyte.rules.outbreak.regression import Design, fit

IMPROVED = {"b": 3, "noPeriods": 10, "pastWeeksNotIncluded": 26, "pThresholdTrend": 1, "thresholdMethod": "nbPlugin", "alpha": 0.01}
CLASSIC = {"b": 3, "weightsThreshold": 1}


def level_of(back, freq, s):
    """The seasonal level of a point so far back: None when it is no reference."""
    year, phase = divmod(back, freq)
    if phase > freq / 2:
        year, phase = year + 1, phase - freq
    if back > s.b * freq + s.w or back <= s.pastWeeksNotIncluded:
        return None
    if abs(phase) <= s.w:
        return None if year == 0 and s.noPeriods == 1 else 0
    if s.noPeriods == 1:
        return None
    gap = freq - 2 * s.w - 1
    after = (-phase) % freq - s.w - 1
    return 1 + after * (s.noPeriods - 1) // gap


def witness(counts, at, freq, s, people=None):
    """The threshold of one point: statsmodels' GLM in the steps of the papers."""
    people = np.ones(len(counts)) if people is None else people
    used = [(t, level_of(at - t, freq, s)) for t in range(at) if not math.isnan(counts[t])]
    used = [(t, level) for t, level in used if level is not None]
    y = np.array([counts[t] for t, _ in used])
    offset = np.log([people[t] / people[at] for t, _ in used])
    levels = sorted({level for _, level in used})
    seasons = np.array([[float(level == own) for level in levels] for _, own in used])
    time = np.array([float(t - at) for t, _ in used])

    def rounds(trend):
        design = np.column_stack([seasons, time]) if trend else seasons
        weights = np.ones(len(y))
        for last in (not s.reweight, True):
            made = sm.GLM(y, design, family=sm.families.Poisson(), var_weights=weights, offset=offset).fit(tol=1e-10, maxiter=100)
            freedom = len(y) - design.shape[1]
            phi = max(1, (weights * (y - made.mu) ** 2 / made.mu).sum() / freedom)
            if last:
                break
            hat = np.diag(np.sqrt(weights * made.mu)[:, None] * design @ np.linalg.inv(design.T @ (design * (weights * made.mu)[:, None])) @ design.T * np.sqrt(weights * made.mu))
            s_ = 1.5 * (y ** (2 / 3) * made.mu ** (-1 / 6) - np.sqrt(made.mu)) / np.sqrt(phi * (1 - hat))
            weights = np.where(s_ > s.weightsThreshold, 1 / np.where(s_ > s.weightsThreshold, s_, 1) ** 2, 1)
            weights *= len(y) / weights.sum()
        errors = (weights * ((y - made.mu) / made.mu) ** 2).sum() / freedom
        unscaled = np.linalg.inv(design.T @ (design * (weights * made.mu)[:, None]))
        return made.params, phi, errors * unscaled, freedom

    params, phi, cov, freedom = rounds(False)
    if s.trend and s.b >= 3:
        sloped = rounds(True)
        p = 2 * stats.t.sf(abs(sloped[0][-1]) / math.sqrt(sloped[2][-1, -1]), freedom - 1)
        if p <= s.pThresholdTrend and math.exp(sloped[0][0]) <= y.max():
            params, phi, cov, freedom = sloped
    mean, variance = math.exp(params[0]), cov[0, 0]
    z = stats.norm.ppf(1 - s.alpha)
    if s.thresholdMethod == "delta":
        tau = phi + mean * variance
        return {
            "2/3": (mean ** (2 / 3) + z * math.sqrt(4 / 9 * mean ** (1 / 3) * tau)) ** 1.5,
            "1/2": (math.sqrt(mean) + z * math.sqrt(tau / 4)) ** 2,
            "none": mean + z * math.sqrt(mean * tau),
        }[s.powertrans]
    mean *= math.exp(z * math.sqrt(variance)) if s.thresholdMethod == "muan" else 1
    if phi == 1:
        return stats.poisson.ppf(1 - s.alpha, mean)
    return stats.nbinom.ppf(1 - s.alpha, mean / (phi - 1), 1 / phi)


def invented(freq, years, seed, level=8.0, size=3):
    """Counts of a series with a season, some growth and a few past outbreaks."""
    dice = np.random.default_rng(seed)
    t = np.arange(freq * years)
    mean = level * np.exp(0.5 * np.sin(2 * np.pi * t / freq) + 0.1 * t / freq)
    counts = dice.negative_binomial(size, size / (size + mean))
    return counts + dice.poisson(4 * level, len(t)) * (dice.random(len(t)) < 0.02) + 0.0


SETTINGS = [
    CLASSIC,
    {**CLASSIC, "powertrans": "1/2", "alpha": 0.01},
    {**CLASSIC, "powertrans": "none", "reweight": False},
    {**CLASSIC, "trend": False},
    {**CLASSIC, "b": 2, "w": 5, "pastWeeksNotIncluded": 0},
    IMPROVED,
    {**IMPROVED, "thresholdMethod": "muan"},
    {**IMPROVED, "thresholdMethod": "muan", "b": 2, "reweight": False},
    {**IMPROVED, "noPeriods": 4, "w": 2, "pastWeeksNotIncluded": 10, "pThresholdTrend": 0.3, "thresholdMethod": "delta"},
    {},
]


@pytest.mark.parametrize("given", SETTINGS)
@pytest.mark.parametrize("freq", [52, 12])
def test_thresholds_are_those_of_statsmodels(given, freq):
    settings = FarringtonFlexible(**given, limit54=(0, 4))
    counts = np.array([invented(freq, settings.b + 2, seed, level) for seed, level in ((1, 8.0), (2, 60.0), (3, 3.0))])
    found = farrington_flexible(counts, freq, settings, latest=3)
    assert found.upper.shape == (3, 3)
    for row, series in enumerate(counts):
        for place in range(3):
            wanted = witness(series, found.first + place, freq, settings.for_frequency(freq))
            # The last step's weights are a step behind the coefficients, here as in R.
            assert found.upper[row, place] == pytest.approx(wanted, rel=1e-4)
            assert found.alarm[row, place] == (series[found.first + place] > wanted)


@pytest.mark.parametrize("given", [CLASSIC, IMPROVED])
def test_unknown_counts_are_left_out_of_the_baseline(given):
    settings = FarringtonFlexible(**given)
    counts = invented(52, 5, 9)
    counts[[-53, -104, -105, -130]] = np.nan
    found = farrington_flexible(counts[None], 52, settings, latest=2)
    wanted = [witness(counts, len(counts) - back, 52, settings) for back in (2, 1)]
    assert found.upper[0].tolist() == pytest.approx(wanted, rel=1e-4)


def test_a_population_is_an_offset():
    settings = FarringtonFlexible(**IMPROVED, populationOffset=True)
    counts, people = invented(52, 5, 11, 30.0), np.linspace(9000, 21000, 260)
    found = farrington_flexible(counts[None], 52, settings, latest=4, population=people[None])
    wanted = [witness(counts, 256 + place, 52, settings, people) for place in range(4)]
    assert found.upper[0].tolist() == pytest.approx(wanted, rel=1e-4)
    level = farrington_flexible(counts[None], 52, settings, latest=4, population=np.full((1, 260), 5000.0))
    plain = farrington_flexible(counts[None], 52, FarringtonFlexible(**IMPROVED), latest=4, population=people[None])
    assert np.array_equal(level.upper, plain.upper)
    people[-2] = np.nan
    holed = farrington_flexible(counts[None], 52, settings, latest=4, population=people[None])
    assert np.isnan(holed.upper[0]).tolist() == [False, False, True, False]
    with pytest.raises(ValueError, match="population"):
        farrington_flexible(counts[None], 52, settings)


@pytest.mark.parametrize("given", SETTINGS)
def test_many_series_at_once_are_each_alone(given, monkeypatch):
    settings = FarringtonFlexible(**given)
    counts = np.array([invented(52, settings.b + 2, seed, 2.0 * seed) for seed in range(1, 6)])
    counts[0] = 0
    together = farrington_flexible(counts, 52, settings, latest=6)
    monkeypatch.setattr("tramyte.rules.outbreak.farrington._CHUNK", 700)
    alone = [farrington_flexible(series[None], 52, settings, latest=6) for series in counts]
    assert np.allclose(together.upper, np.concatenate([one.upper for one in alone]), rtol=1e-9, equal_nan=True)
    assert np.array_equal(together.alarm, np.concatenate([one.alarm for one in alone]))


def test_the_range_is_two_years_and_never_before_the_history():
    settings = FarringtonFlexible(**CLASSIC)
    assert [farrington_flexible(np.ones((1, n)), 52, settings).first + 1 for n in (160, 161, 200, 400)] == [161, 161, 161, 297]
    assert farrington_flexible(np.ones((2, 160)), 52, settings).upper.shape == (2, 0)
    assert farrington_flexible(np.ones((1, 60)), 12, settings).first + 1 == 39
    assert farrington_flexible(np.ones((1, 144)), 12, settings).first + 1 == 121


def test_few_cases_have_no_threshold_and_no_alarm():
    counts = np.tile([1.0, 0, 2, 1], 60)[None]
    counts[0, -1] = 3
    found = farrington_flexible(counts, 52, FarringtonFlexible(b=3, limit54=(6, 4)), latest=2)
    assert np.isnan(found.upper[0]).tolist() == [True, False] and found.alarm[0].tolist()[0] == 0
    assert not np.isnan(farrington_flexible(counts, 52, FarringtonFlexible(b=3, limit54=(0, 4)), latest=2).upper).any()


def test_the_alarm_of_an_unknown_count_is_unknown():
    counts = invented(52, 5, 5)
    counts[-1] = np.nan
    found = farrington_flexible(counts[None], 52, FarringtonFlexible(b=3), latest=1)
    assert np.isnan(found.alarm[0, 0]) and not np.isnan(found.upper[0, 0])


@pytest.mark.parametrize("given", [CLASSIC, IMPROVED, {**IMPROVED, "thresholdMethod": "muan"}, {**IMPROVED, "thresholdMethod": "delta", "pThresholdTrend": 0.05}])
@pytest.mark.parametrize("freq", [52, 12])
def test_odd_series_answer_without_a_warning(given, freq):
    """Zeros, lone cases, steps, huge numbers, nothing known: no exception, no warning (warnings are errors), no infinity."""
    settings = FarringtonFlexible(**given, limit54=(0, 4))
    n = freq * (settings.b + 2)
    odd = np.zeros((8, n))
    odd[1, -1], odd[2, 0], odd[3, n // 2 :], odd[4, ::freq], odd[5] = 50, 1, 400, 9, 1e9
    odd[6], odd[7, : n - 8] = np.nan, np.nan
    found = farrington_flexible(odd, freq, settings, latest=9)
    assert not np.isinf(found.upper).any() and found.alarm[1, -1] in (0, 1)
    assert np.isnan(found.upper[6]).all()
    assert np.isfinite(found.upper[5]).all() and np.allclose(found.upper[5], 1e9, rtol=1e-3)


def test_the_references_of_farrington_are_the_windows():
    lags, design = references(52, FarringtonFlexible(b=2, w=1))
    assert sorted(lags) == [51, 52, 53, 103, 104, 105] and set(design.level) == {0}
    assert np.array_equal(design.time, -lags)


def test_the_references_of_noufaily_are_every_week_in_ten_levels():
    lags, design = references(52, FarringtonFlexible(b=3, w=3, noPeriods=10, pastWeeksNotIncluded=26))
    assert sorted(lags) == list(range(27, 160))
    level = dict(zip(lags, design.level, strict=True))
    assert all(level[back] == 0 for back in (*range(49, 56), *range(101, 108), *range(153, 160)))
    # In time, from the window three years ago: nine levels of five weeks.
    assert [level[back] for back in range(152, 107, -1)] == [place for place in range(1, 10) for _ in range(5)]
    assert np.bincount(design.level).tolist() == [21, 15, 15, 15, 15, 12, 10, 10, 10, 10]


def test_a_month_is_a_window_and_each_other_month_a_level():
    lags, design = references(12, FarringtonFlexible(b=2, w=3, noPeriods=10, pastWeeksNotIncluded=26).for_frequency(12))
    assert sorted(lags) == list(range(7, 26))
    level = dict(zip(lags, design.level, strict=True))
    assert [level[back] for back in (25, 24, 23, 13, 12, 11)] == [0] * 6
    assert [level[back] for back in range(22, 13, -1)] == list(range(1, 10))


def test_a_fit_is_the_mean_of_a_level_and_knows_its_freedom():
    design = Design(np.array([-4.0, -3, -2, -1]), np.array([0, 0, 1, 1]))
    made = fit(np.array([[1.0, 3, 5, 7], [2, 2, 0, 0]]), np.array([[1.0, 1, 1, 1], [1, 1, 0, 0]]), design, np.zeros((2, 4)), trend=False)
    assert np.exp(made.level[0]) == pytest.approx([2, 6]) and np.exp(made.level[1, 0]) == pytest.approx(2)
    assert made.freedom.tolist() == [2, 1] and made.converged.all()
    assert made.leverage(design)[0] == pytest.approx([0.5] * 4, rel=1e-3)
    assert made.variance_now()[0] == pytest.approx(1 / 4, rel=1e-3)
