"""Wilson's interval against published values, the statistics package, and its own promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.shares import wilson


@pytest.mark.parametrize(("met", "counted", "low", "high"), [
    (0, 10, 0.0, 0.277533), (10, 10, 0.722467, 1.0), (1, 10, 0.017876, 0.404150), (5, 10, 0.236593, 0.763407), (81, 263, 0.255289, 0.366210),
])
def test_known_intervals(met, counted, low, high):
    """The last line: Newcombe, Statistics in Medicine 1998, 17:857, method 3."""
    assert wilson(met, counted) == pytest.approx((low, high), abs=2e-5)


def test_nobody_has_no_interval_and_a_share_above_the_whole_is_refused():
    assert wilson(0, 0) is None
    for met, counted in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError):
            wilson(met, counted)


@given(st.integers(0, 400), st.integers(0, 400))
def test_as_the_statistics_package_says_it(one, other):
    from statsmodels.stats.proportion import proportion_confint

    met, counted = min(one, other), max(one, other, 1)
    low, high = wilson(met, counted)
    assert (low, high) == pytest.approx(proportion_confint(met, counted, method="wilson"), abs=1e-12)
    assert 0 <= low <= met / counted <= high <= 1
