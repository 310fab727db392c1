"""EARS against hand-made cases and a plain oracle."""

import math
from statistics import NormalDist, mean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.outbreak import EarsC, ears


def row(counts):
    return np.array([counts], dtype=float)


def oracle(counts, settings):
    """{index: (upper, alarm)} by the definitions, a point at a time."""
    lag, back = (0, 0) if settings.method == "C1" else (2, 0) if settings.method == "C2" else (2, 2)
    z = NormalDist().inv_cdf(1 - settings.alpha)

    def window(t):
        used = counts[t - lag - settings.baseline : t - lag]
        return mean(used), stdev(used)

    def excess(t):
        center, spread = window(t)
        if spread == 0:
            return 0 if counts[t] < center else math.inf if counts[t] > center else math.nan
        return max(0, (counts[t] - center) / spread - 1)

    found = {}
    for t in range(settings.baseline + lag + back, len(counts)):
        center, spread = window(t)
        if settings.method == "C3":
            both = excess(t - 1) + excess(t - 2)
            if math.isnan(both) or (spread == 0 and math.isinf(both)):
                found[t] = (math.nan, math.nan)
                continue
            upper = max(0, counts[t] + spread * (z - both))
        else:
            upper = center + z * max(spread, settings.minSigma)
        found[t] = (upper, float(counts[t] > upper))
    return found


@given(
    st.lists(st.integers(0, 12), min_size=0, max_size=40),
    st.sampled_from(["C1", "C2", "C3"]),
    st.integers(3, 9),
    st.sampled_from([0, 0.5, 1]),
    st.sampled_from([None, 0.01, 0.3]),
)
def test_ears_is_its_definition(counts, method, baseline, least, alpha):
    settings = EarsC(method, baseline, least, alpha)
    found = ears(row(counts), settings)
    wanted = oracle(counts, settings)
    assert found.upper.shape == found.alarm.shape == (1, len(wanted))
    assert not wanted or found.first == min(wanted)
    for place, (upper, alarm) in enumerate(wanted.values()):
        assert found.upper[0, place] == pytest.approx(upper, rel=1e-9, abs=1e-9, nan_ok=True)
        near = abs(counts[found.first + place] - upper) < 1e-9 * max(1, abs(upper))
        assert near or found.alarm[0, place] == pytest.approx(alarm, nan_ok=True)


def test_c1_by_hand():
    # Mean 4, SD 2 (squares 9+1+1+1+0+0+... = 24 over 6), z(0.001) = 3.0902.
    counts = [1, 3, 3, 5, 4, 7, 5, 11, 10]
    found = ears(row(counts), EarsC("C1", 7, 0, 0.001))
    assert found.first == 7
    assert found.upper[0, 0] == pytest.approx(4 + 3.090232306167813 * math.sqrt(22 / 6))
    assert found.alarm.tolist() == [[1, 0]]


def test_c2_skips_the_two_points_before():
    found = ears(row([0, 1, 2, 90, 90, 5]), EarsC("C2", 3, 0, 0.001))
    assert found.first == 5 and found.upper.tolist() == [[pytest.approx(1 + 3.090232306167813)]]
    assert found.alarm.tolist() == [[1]]


def test_a_count_equal_to_the_threshold_is_no_alarm():
    found = ears(row([2, 2, 2, 2, 3]), EarsC("C1", 3))
    assert found.upper.tolist() == [[2, 2]] and found.alarm.tolist() == [[0, 1]]


def test_least_spread_serves_sparse_series_but_not_c3():
    assert ears(row([0] * 8), EarsC("C1", 7, 1, 0.01)).upper.tolist() == [[pytest.approx(2.3263478740)]]
    assert np.isnan(ears(row([0] * 12), EarsC("C3", 7, 1)).upper).all()


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_unknown_counts_leave_thresholds_undefined_not_wrong(method):
    whole = np.random.default_rng(3).poisson(4, (2, 40)).astype(float)
    holed = whole.copy()
    holed[0, 20] = np.nan
    settings = EarsC(method)
    one, other = ears(whole, settings), ears(holed, settings)
    assert np.array_equal(one.upper[1], other.upper[1]) and np.array_equal(one.alarm[1], other.alarm[1])
    undefined = np.isnan(other.upper[0]) | np.isnan(other.alarm[0])
    assert undefined[20 - other.first]
    assert undefined.sum() == {"C1": 8, "C2": 8, "C3": 12}[method]
    assert np.array_equal(one.upper[0][~undefined], other.upper[0][~undefined])


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
@pytest.mark.parametrize("latest", [0, 1, 5, 100])
def test_the_latest_points_are_the_end_of_all_points(method, latest):
    counts = np.random.default_rng(4).poisson(4, (3, 30)).astype(float)
    every, last = ears(counts, EarsC(method)), ears(counts, EarsC(method), latest=latest)
    kept = min(latest, every.upper.shape[1])
    assert last.first == 30 - kept and last.upper.shape == (3, kept)
    assert np.array_equal(last.upper, every.upper[:, every.upper.shape[1] - kept :], equal_nan=True)
