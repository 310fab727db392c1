"""Distances and circles: rings enter whole, limits hold, no circle twice."""

import numpy as np
import pytest

from tramyte.rules.clusters import distances, draw_circles, people_between, time_steps, time_windows


def zones(circles) -> list[frozenset[int]]:
    return [frozenset(map(int, circles.order[i, : k + 1])) for i, k in zip(*np.nonzero(circles.is_zone), strict=True)]


def drawn(points, weight=None, **limits):
    x, y = np.array(points, dtype=float).T
    return draw_circles(x, y, weight=np.ones(len(x)) if weight is None else np.array(weight, dtype=float), **limits)


CROSS = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]


def test_locations_at_one_distance_enter_together():
    circles = drawn(CROSS)
    assert circles.is_zone[0].tolist() == [True, False, False, False, True]
    assert {zone for zone in zones(circles) if len(zone) == 2} == {frozenset({0, n}) for n in range(1, 5)}, "seen from the arms"


def test_no_circle_is_drawn_twice_and_a_ring_cut_by_a_limit_is_none():
    assert len(zones(drawn(CROSS))) == len(set(zones(drawn(CROSS))))
    assert drawn(CROSS, nearest=4).is_zone[0].tolist() == [True, False, False, False]
    assert sum(map(len, zones(drawn(CROSS, nearest=4)))) == 5 * 1 + 4 * 2 + 4 * 4


def test_rings_are_noticed_in_any_unit():
    grid = [(a, b) for a in range(4) for b in range(4)]
    assert zones(drawn(grid)) == zones(drawn([(a * 0.1 + 7, b * 0.1 - 3) for a, b in grid]))


def test_locations_at_one_point_belong_together():
    found = zones(drawn([(0, 0), (0, 0), (5, 0)]))
    assert frozenset({0}) not in found and frozenset({1}) not in found
    assert sorted(map(sorted, found)) == [[0, 1], [0, 1, 2], [2]]


def test_the_share_of_people_and_the_distance_are_inclusive():
    line = [(0, 0), (1, 0), (3, 0)]
    assert max(map(len, zones(drawn(line, weight=[1, 1, 2], max_share=0.5)))) == 2
    assert not zones(drawn(line, weight=[1, 1, 1], max_share=0.3))
    assert frozenset({0, 1}) in zones(drawn(line, max_distance=1))
    assert frozenset({0, 1}) not in zones(drawn(line, max_distance=0.999))
    assert zones(drawn([(0, 0)])) == [frozenset({0})]


def test_many_locations_are_drawn_in_parts():
    points = np.random.default_rng(3).random((600, 2))
    found = drawn(points, nearest=3)
    assert (found.order[:, 0] == np.arange(600)).all()
    apart = distances(*points.T, *points.T)
    assert (np.sort(apart, axis=1)[:, 2] == [apart[i, found.order[i, 2]] for i in range(600)]).all()
    assert found.radius(7, 3) == apart[7, found.order[7, 2]]


@pytest.mark.parametrize(("one", "other", "km"), [
    ((2 + 20 / 60 + 14 / 3600, 48 + 50 / 60 + 11 / 3600), (-(77 + 3 / 60 + 56 / 3600), 38 + 55 / 60 + 17 / 3600), 6181.63),
    ((105.0, 21.0), (105.0, 22.0), 110.727), ((105.0, 21.0), (106.0, 21.0), 103.966), ((179.9, 10.0), (-179.9, 10.0), 21.928),
    ((0.0, 0.0), (180.0, 0.0), 20037.508), ((106.0, 20.0), (106.0, 20.0), 0.0),
])
def test_distance_along_the_earth(one, other, km):
    """Paris to Washington is the worked example of Meeus's chapter; degrees of Hà Nội and the date line by the ellipsoid."""
    found = distances(*np.array([one]).T, *np.array([other]).T, longlat=True)[0, 0]
    assert found == pytest.approx(km, abs=0.05)


def test_windows_are_whole_stretches_shortest_first():
    times = np.array([1, 2, 4, 8])
    found = time_windows(times)
    pairs = list(zip(found.first.tolist(), found.last.tolist(), strict=True))
    assert pairs == [(0, 0), (1, 1), (2, 2), (3, 3), (0, 1), (1, 2), (2, 3), (0, 2), (1, 3), (0, 3)]
    found = time_windows(times, max_duration=4)
    assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == [(0, 0), (1, 1), (2, 2), (3, 3), (0, 1), (1, 2), (0, 2)]
    found = time_windows(times, max_duration=5, prospective=True)
    assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == [(3, 3), (2, 3)]
    assert time_windows(times).sums(np.arange(8).reshape(2, 4)).tolist()[1] == [4, 5, 6, 7, 9, 11, 13, 15, 18, 22]
    with pytest.raises(ValueError, match="2001000 stretches"):
        time_windows(np.arange(2000))


@pytest.mark.parametrize(("times", "steps"), [
    ([5, 1, 3, 1], [1, 3, 5]), ([1, 2, 5], [1, 2, 3, 4, 5]), ([0, 7, 21], [0, 7, 14, 21]), ([0, 31, 59, 90], [0, 31, 59, 90]), ([4, 4], [4]),
])
def test_days_without_rows_are_days_of_the_study(times, steps):
    assert time_steps(np.array(times)).tolist() == steps


def test_times_that_span_too_much_are_refused():
    with pytest.raises(ValueError, match="steps of 1"):
        time_steps(np.array([0, 1, 10_000_000]))


def test_people_between_two_counts_lie_on_a_line():
    nan = np.nan
    found = people_between(np.array([[nan, 10, nan, nan, 40, nan], [nan] * 6, [1, 2, 3, 4, 5, 6.0]]), np.arange(6))
    assert found[0].tolist() == [10, 10, 20, 30, 40, 40] and np.isnan(found[1]).all() and found[2].tolist() == [1, 2, 3, 4, 5, 6]
