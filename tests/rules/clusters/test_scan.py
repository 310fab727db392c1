"""The scan against a plain oracle that counts everything anew."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tramyte.rules.clusters import (
    draw_circles,
    expectation_study,
    permutation_study,
    poisson_study,
    scan,
    scores,
    time_windows,
)
from tramyte.rules.clusters.chance import strongest_by_chance
from tramyte.rules.clusters.studies import cases_by_chance, log_likelihood_ratio


def plain_zones(points, most):
    """Circles around each point, ring by ring, with at most so many points."""
    found = set()
    for x, y in points:
        apart = [math.dist((x, y), other) for other in points]
        for radius in apart:
            zone = frozenset(i for i, d in enumerate(apart) if d <= radius * (1 + 1e-9))
            if len(zone) <= most:
                found.add(zone)
    return found


def plain_ratio(c, e, total):
    if c < 2 or c <= e or e <= 0:
        return 0.0
    if total is None:
        return c * math.log(c / e) + e - c
    rest = (total - c) * math.log((total - c) / (total - e)) if total > c else 0.0
    return c * math.log(c / e) + rest


def plain_windows(steps, longest, prospective):
    return [(a, b) for a in range(steps) for b in range(a, steps) if b - a < longest and (b == steps - 1 or not prospective)]


def plain_scores(cases, expected, total, zones, windows):
    """(zone, window) -> ratio."""
    def inside(cells, zone, a, b):
        return sum(cells[i][t] for i in zone for t in range(a, b + 1))

    return {(zone, (a, b)): plain_ratio(inside(cases, zone, a, b), inside(expected, zone, a, b), total) for zone in zones for a, b in windows}


def plain_expected(model, cases, other):
    """Each cell's expected cases, by the words of the papers."""
    places, steps, total = range(len(cases)), range(len(cases[0])), sum(map(sum, cases))
    if model == "permutation":
        of_time = [sum(cases[i][t] for i in places) for t in steps]
        return [[sum(cases[i]) * of_time[t] / total for t in steps] for i in places]
    if model == "expectation":
        return other
    whole = [sum(other[i][t] for i in places) for t in steps]
    return [[total / len(whole) * other[i][t] / whole[t] for t in steps] for i in places]


@st.composite
def studies(draw):
    """Up to six places on a small grid (so with ties and equal points), up to four steps, few cases."""
    count, steps = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    points = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=count, max_size=count))
    cells = st.lists(st.lists(st.integers(0, 4), min_size=steps, max_size=steps), min_size=count, max_size=count)
    people = st.lists(st.lists(st.integers(1, 9), min_size=steps, max_size=steps), min_size=count, max_size=count)
    limits = draw(st.integers(1, count)), draw(st.integers(1, steps)), draw(st.booleans())
    return points, draw(cells), draw(people), limits, draw(st.sampled_from(("poisson", "expectation", "permutation")))


def made(model, cases, people):
    cases, people = np.array(cases, dtype=float), np.array(people, dtype=float)
    return {"poisson": lambda: poisson_study(cases, people), "expectation": lambda: expectation_study(cases, people), "permutation": lambda: permutation_study(cases)}[model]()


@settings(max_examples=100)
@given(studies())
def test_every_ratio_and_every_cluster_equals_the_oracle(drawn):
    points, cases, people, (most, longest, prospective), model = drawn
    x, y = np.array(points, dtype=float).T
    circles = draw_circles(x, y, weight=np.ones(len(x)), nearest=most)
    windows = time_windows(np.arange(len(cases[0])), max_duration=longest, prospective=prospective)
    study = made(model, cases, people)
    total = sum(map(sum, cases))
    plain = {}
    if total:
        expected = plain_expected(model, cases, people)
        plain = plain_scores(cases, expected, None if model == "expectation" else total, plain_zones(points, most), plain_windows(len(cases[0]), longest, prospective))
        ours = {
            (frozenset(circles.order[i, : one.size].tolist()), (int(a), int(b))): ratio
            for one in scores(study, circles, windows)
            for i, row in zip(one.centres, one.llr, strict=True)
            for a, b, ratio in zip(windows.first, windows.last, row, strict=True)
        }
        assert ours.keys() == plain.keys()
        assert all(ours[key] == pytest.approx(ratio, abs=1e-9) for key, ratio in plain.items())
    taken = frozenset()
    for one in scan(study, circles, windows, simulations=9):
        key = frozenset(one.members), (one.first, one.last)
        assert not key[0] & taken
        assert one.llr == pytest.approx(max(ratio for (zone, _), ratio in plain.items() if not zone & taken), abs=1e-7)
        assert one.llr == pytest.approx(plain[key], abs=1e-9) and one.cases >= 2 and one.cases > one.expected
        taken |= key[0]
    assert all(ratio < 1e-6 for (zone, _), ratio in plain.items() if not zone & taken)


@settings(max_examples=25)
@given(studies(), st.integers(0, 5))
def test_chance_is_scanned_as_the_oracle_would(drawn, seed):
    points, cases, people, (most, longest, prospective), model = drawn
    if sum(map(sum, cases)) < 2:
        return
    x, y = np.array(points, dtype=float).T
    circles = draw_circles(x, y, weight=np.ones(len(x)), nearest=most)
    windows = time_windows(np.arange(len(cases[0])), max_duration=longest, prospective=prospective)
    study = made(model, cases, people)
    found = strongest_by_chance(study, circles, windows, simulations=5, seed=seed)
    random = np.random.Generator(np.random.PCG64DXSM(seed))
    draws = np.concatenate(list(cases_by_chance(study, 5, 2, random)), axis=2)
    zones, spans = plain_zones(points, most), plain_windows(len(cases[0]), longest, prospective)
    for at, ratio in enumerate(found):
        counts = draws[:, :, at].tolist()
        total = None if model == "expectation" else sum(map(sum, counts))
        plain = plain_scores(counts, study.expected.tolist(), total, zones, spans)
        assert ratio == pytest.approx(max(plain.values(), default=0.0), abs=1e-7)


def test_chance_keeps_what_each_model_takes_as_given():
    cases = np.random.default_rng(0).integers(0, 5, (7, 6)).astype(float)
    random = np.random.default_rng(1)
    dealt = np.concatenate(list(cases_by_chance(permutation_study(cases), 50, 20, random)), axis=2)
    assert dealt.shape == (7, 6, 50) and len({dealt[..., n].tobytes() for n in range(50)}) > 45
    assert (dealt.sum(axis=1) == cases.sum(axis=1)[:, None]).all() and (dealt.sum(axis=0) == cases.sum(axis=0)[:, None]).all()
    people = np.arange(1.0, 43).reshape(7, 6)
    study = poisson_study(cases, people)
    spread = np.concatenate(list(cases_by_chance(study, 4000, 4000, random)), axis=2)
    assert (spread.sum(axis=(0, 1)) == cases.sum()).all()
    assert np.abs(spread.mean(axis=2) - study.expected).max() < 0.15
    free = np.concatenate(list(cases_by_chance(expectation_study(cases, people / 10), 4000, 4000, random)), axis=2)
    assert free.sum(axis=(0, 1)).var() == pytest.approx(people.sum() / 10, rel=0.1)
    assert np.abs(free.mean(axis=2) - people / 10).max() < 0.2


def line(cases, people=None, expected=None, **options):
    """A scan of places on a line, one step of time."""
    column = [None if part is None else np.array(part, dtype=float)[:, None] for part in (cases, people, expected)]
    places = np.arange(float(len(cases))) ** 1.1
    circles = draw_circles(places, 0 * places, weight=np.ones(len(cases)), nearest=max(1, len(cases) // 2))
    return scan(poisson_study(*column), circles, time_windows(np.zeros(1, dtype=int)), **options)


def test_a_planted_cluster_is_found_with_its_figures():
    first = line([1, 1, 9, 8, 1, 1, 1, 1], [10] * 8)[0]
    assert set(first.members) == {2, 3} and first.cases == 17 and first.expected == pytest.approx(23 / 4)
    assert first.llr == pytest.approx(17 * math.log(17 / 5.75) + 6 * math.log(6 / 17.25))
    assert first.relative_risk == pytest.approx((17 / 20) / (6 / 60)) and first.adjusted_risk is None and first.p < 0.02


def test_expected_cases_rule_and_crude_rates_are_told_beside():
    first = line([1, 1, 9, 8, 1, 1, 1, 1], [10] * 8, [2, 2, 4, 4, 2, 2, 2, 2])[0]
    assert first.expected == pytest.approx(23 * 8 / 20)
    assert first.relative_risk == pytest.approx((17 / 20) / (6 / 60)) and first.adjusted_risk == pytest.approx((17 / 8) / (6 / 12))
    alone = line([1, 1, 9, 8, 1, 1, 1, 1], None, [2, 2, 4, 4, 2, 2, 2, 2])[0]
    assert alone.relative_risk == first.adjusted_risk and alone.adjusted_risk is None


def test_p_values_are_ranks_and_repeat():
    found = line([5, 0, 4, 1, 2, 6, 0, 0, 1, 3], [4, 3, 5, 6, 4, 5, 6, 4, 5, 3], simulations=199, seed=7)
    assert found == line([5, 0, 4, 1, 2, 6, 0, 0, 1, 3], [4, 3, 5, 6, 4, 5, 6, 4, 5, 3], simulations=199, seed=7)
    ranks = [one.p * 200 for one in found]
    assert all(rank == pytest.approx(round(rank)) and 1 <= rank <= 200 for rank in ranks)
    assert all(a.llr >= b.llr and a.p <= b.p for a, b in pairwise(found))


def test_under_no_cluster_p_is_uniform():
    """Of 200 studies drawn by chance about a tenth has p <= 0.1: between 7 and 35 but once in 2,000 runs."""
    random = np.random.default_rng(5)
    low = sum(line(random.multinomial(30, [0.1] * 10), [1] * 10, simulations=99)[0].p <= 0.1 for _ in range(200))
    assert 7 <= low <= 35


@pytest.mark.parametrize("cases", [[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1], [2.0], []])
def test_studies_without_an_excess_have_no_cluster(cases):
    assert line(cases, [5] * len(cases)) == []


def test_nobody_at_risk():
    assert {at for one in line([4, 0, 1, 1], [5, 0, 5, 5]) for at in one.members} >= {0}
    for study in (lambda c, p: poisson_study(c, p), lambda c, p: poisson_study(c, None, p), expectation_study):
        with pytest.raises(ValueError, match="nobody is at risk"):
            study(np.array([[4.0], [1.0]]), np.array([[5.0], [0.0]]))
    for study in (poisson_study, expectation_study):
        with pytest.raises(ValueError, match="population or expected"):
            study(np.ones((2, 2)))
    with pytest.raises(ValueError, match="whole numbers"):
        permutation_study(np.array([[1.5]]))


def test_people_who_move_in_are_no_cluster():
    """Cases follow the people of their step, so a place that doubles has no excess; a step without people expects none."""
    study = poisson_study(np.array([[2.0, 4, 0], [2, 2, 0]]), np.array([[10.0, 20, 0], [10, 10, 0]]))
    assert study.expected == pytest.approx(np.array([[2.5, 10 / 3, 0], [2.5, 5 / 3, 0]]))


def test_fractions_of_cases_are_scanned():
    found = line([1.5, 1.25, 9.5, 8.75, 1, 1, 1, 1.25], [10] * 8)[0]
    assert found.cases == 18.25 and found.p < 0.02


def test_the_ratio_is_zero_at_the_edges():
    cases, expected = np.array([3.0, 0, 5, 5, 2]), np.array([3.0, 0, 5, 0, 3])
    assert log_likelihood_ratio(cases, expected, 5.0).tolist() == [0] * 5
    assert log_likelihood_ratio(np.array([5.0]), np.array([2.0]), 5.0)[0] == pytest.approx(5 * math.log(2.5))
