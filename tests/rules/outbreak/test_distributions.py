"""Quantiles and tail probabilities against scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tramyte.rules.outbreak.distributions import count_quantile, two_sided_p


def reference(chance, mean, dispersion):
    if dispersion <= 1:
        return stats.poisson.ppf(chance, mean)
    return stats.nbinom.ppf(chance, mean / (dispersion - 1), 1 / dispersion)


@settings(max_examples=40)
@given(
    st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.999]),
    st.lists(st.tuples(st.floats(1e-6, 1000), st.one_of(st.just(1.0), st.floats(1, 60))), min_size=1, max_size=5),
)
def test_count_quantiles(chance, cases):
    means, dispersions = (np.array(numbers) for numbers in zip(*cases, strict=True))
    found = count_quantile(chance, means, dispersions)
    for k, mean, dispersion in zip(found, means, dispersions, strict=True):
        exact = reference(chance, mean, dispersion)
        # Two programs may part where the distribution function meets the chance to the last digits.
        near = dispersion < 1 + 1e-9 and k == stats.poisson.ppf(chance, mean)
        assert k == exact or near or abs(_reached(min(k, exact), mean, dispersion) - chance) < 1e-9


def _reached(k, mean, dispersion):
    if dispersion <= 1:
        return stats.poisson.cdf(k, mean)
    return stats.nbinom.cdf(k, mean / (dispersion - 1), 1 / dispersion)


@pytest.mark.parametrize(("mean", "dispersion"), [(1e6, 1), (1e5, 3000), (5e6, 40), (1e9, 2), (300, 2e4)])
def test_huge_counts_are_right_to_a_thousandth(mean, dispersion):
    found = count_quantile(0.99, np.array([mean]), np.array([float(dispersion)]))
    assert found[0] == pytest.approx(reference(0.99, mean, dispersion), rel=1e-3)


def test_means_that_are_no_number_have_no_quantile():
    found = count_quantile(0.99, np.array([np.inf, np.nan, 0.0, 1e300, 2.0]), np.array([1.0, 2.0, 3.0, 1.0, np.nan]))
    assert np.isnan(found[[0, 1, 4]]).all() and found[2] == 0 and found[3] == pytest.approx(1e300, rel=1e-3)


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 400)), min_size=1, max_size=6))
def test_tails_of_student(cases):
    t, freedom = np.array([t for t, _ in cases]), np.array([float(df) for _, df in cases])
    assert two_sided_p(t, freedom) == pytest.approx(2 * stats.t.sf(t, freedom), abs=1e-9)
    assert np.array_equal(two_sided_p(-t, freedom), two_sided_p(t, freedom))


def test_no_freedom_no_tail():
    assert np.isnan(two_sided_p(np.array([2.0, 2.0]), np.array([0.0, -3.0]))).all()
