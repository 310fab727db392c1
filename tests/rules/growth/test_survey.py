"""Prevalence: figures by hand, an oracle written out child by child, the edges of a survey."""

import random
from math import exp, log, sqrt

import numpy as np
import pytest
from scipy import stats

from tramyte.rules.growth.survey import Design, _t, age_groups, age_labels, prevalence

FLAGS = {"zlen": "flen", "zwei": "fwei", "zwfl": "fwfl", "zbmi": "fbmi", "zhfa": "fhfa", "zwfa": "fwfa", "zbfa": "fbfa"}


def scored(zlen, *, flags=None, **others):
    """Scores as who2006 answers them; the other z-scores are missing unless given."""
    size = len(zlen)
    z = {name: np.full(size, np.nan) for name in FLAGS} | {"zlen": np.array(zlen, dtype=float)}
    z |= {name: np.array(values, dtype=float) for name, values in others.items()}
    found = dict(z)
    for name, flag in FLAGS.items():
        found[flag] = np.where(np.isnan(z[name]), -1, 0)
    return found | {name: np.array(values) for name, values in (flags or {}).items()}


def report(scores, *, months=None, oedema=None, groups=None, **more):
    size = len(scores["zlen"])
    rows = prevalence(scores, months=[20.0] * size if months is None else months, oedema=[False] * size if oedema is None else oedema, groups=groups or {}, **more)
    return {row["Group"]: row for row in rows}


def test_a_simple_share_by_hand():
    """2 of 8 below -2: p = 1/4, se = sqrt(p q / 7), t with 7 degrees of freedom on the logit scale."""
    row = report(scored([-2.5, -2.01, -2, 0, 0, 1, 2, 2.5]))["All"]
    error, odds = sqrt(0.25 * 0.75 / 7), log(1 / 3)
    half = stats.t.ppf(0.975, 7) * error / (0.25 * 0.75)
    limits = [100 / (1 + exp(-(odds - half))), 100 / (1 + exp(-(odds + half)))]
    assert [row[f"HA_2_{key}"] for key in ("r", "se", "ll", "ul")] == pytest.approx([25, 100 * error, *limits])
    assert (row["HAZ_pop"], row["HAZ_unwpop"], row["HA_3_r"], row["HA_3_ul"], row["HA_1_r"], row["HA1_r"], row["HA2_r"]) == (8.0, 8, 0, 0, 37.5, 25, 12.5)
    assert row["HA_r"] == pytest.approx(-0.12625) and row["HA_stdev"] == pytest.approx(np.std([-2.5, -2.01, -2, 0, 0, 1, 2, 2.5], ddof=1))
    assert (row["WAZ_unwpop"], row["WA_2_r"], row["WA_r"], row["WA_stdev"]) == (0, None, None, None)


def oracle(x, weight, cluster, strata, inside):
    """Taylor linearization child by child: mean and standard error of x over the children inside."""
    total = sum(w for w, i in zip(weight, inside, strict=True) if i)
    mean = sum(w * v for w, v, i in zip(weight, x, inside, strict=True) if i) / total
    pulls = {}
    for v, w, c, s, i in zip(x, weight, cluster, strata, inside, strict=True):
        pulls.setdefault(s, {}).setdefault(c, 0.0)
        pulls[s][c] += w * (v - mean) / total if i else 0.0
    variance = 0.0
    for clusters in pulls.values():
        values = list(clusters.values())
        middle = sum(values) / len(values) if len(values) > 1 else 0.0
        variance += sum((v - middle) ** 2 for v in values) * (len(values) / (len(values) - 1) if len(values) > 1 else 1)
    return mean, sqrt(variance), sum(map(len, pulls.values())) - len(pulls)


@pytest.mark.parametrize("seed", range(5))
def test_a_design_as_an_oracle_has_it(seed):
    """Clusters of the same name in other strata, a stratum of one cluster, a group that some clusters lack."""
    drawn = random.Random(seed)
    size = 120
    strata = [drawn.choice("aab") for _ in range(size - 2)] + ["lonely"] * 2
    cluster = [drawn.choice("1234") for _ in range(size - 2)] + ["1"] * 2
    weight = [drawn.uniform(0.5, 3) for _ in range(size)]
    z = [round(drawn.gauss(-1, 1.3), 2) for _ in range(size)]
    group = [drawn.choice(["x", "y", "y", ""]) for _ in range(size)]
    rows = report(scored(z), groups={"g": group}, design=Design(weight, cluster, strata))
    assert list(rows) == ["All", "g: x", "g: y"]
    for label, inside in (("All", [True] * size), ("g: x", [name == "x" for name in group])):
        for key, x, unit in (("HA_2", [float(v < -2) for v in z], 100), ("HA1", [float(v > 1) for v in z], 100), ("HA", z, 1)):
            mean, error, freedom = oracle(x, weight, cluster, strata, inside)
            assert [rows[label][f"{key}_{part}"] for part in ("r", "se")] == pytest.approx([unit * mean, unit * error])
        assert rows[label]["HA_ul"] == pytest.approx(mean + stats.t.ppf(0.975, freedom) * error)
    assert rows["g: x"]["HAZ_pop"] == pytest.approx(sum(w for w, name in zip(weight, group, strict=True) if name == "x"))


def test_who_counts():
    """Implausible z-scores do not; oedema is below -3 SD by weight even unweighed; the too old and the weightless are no sample."""
    scores = scored([-7, -2.5, 0, 0, 0], flags={"flen": [1, 0, 0, 0, 0]}, zwei=[0, 1, np.nan, 0, 0], zwfl=[0, -2.5, np.nan, 0, 0])
    row = report(scores, months=[20, np.nan, 20, 60, 20], oedema=[False, False, True, True, False], design=Design(weight=[1, 1, 1, 1, 0]))["All"]
    assert (row["HAZ_unwpop"], row["WAZ_unwpop"], row["WA_3_r"], row["BMIZ_unwpop"], row["BMI_3_r"]) == (2, 3, pytest.approx(100 / 3), 1, 100.0)
    assert row["WA_r"] == 0.5 and row["WA1_r"] == 0
    assert (row["HA_2_WH_2_unwpop"], row["HA_2_WH_2_r"], row["HA_2_WH2_r"]) == (2, 50.0, 0.0)


def test_groups_come_in_natural_order_and_ages_in_whos_groups():
    labels = ["xã 10", "xã 2", "", "xã 2"]
    months = [5.99, 6, np.nan, 59.99]
    rows = report(scored([0, 0, 0, 0]), months=months, groups={"xã": labels, "age_group": age_groups(months)})
    assert list(rows) == ["All", "xã: xã 2", "xã: xã 10", *(f"age_group: {label}" for label in age_labels())]
    assert [rows[f"age_group: {label}"]["HAZ_unwpop"] for label in age_labels()] == [1, 1, 0, 0, 0, 1]
    assert rows["age_group: 12-23 mo"]["HAZ_pop"] == 0 and rows["age_group: 12-23 mo"]["HA_2_r"] is None
    assert age_groups([59.9, 60, 228, 228.1], "who2007").tolist() == ["", "60-71 mo", "228-228 mo", ""]
    assert age_groups([-1, 60]).tolist() == ["", ""]


def test_weight_for_age_of_2007_is_reported_by_age_only():
    scores = scored([0.0], zhfa=[1.5], zwfa=[np.nan], zbfa=[-3.5]) | {"zlen": np.array([0.0])}
    rows = report(scores, months=[130], oedema=[True], groups={"age_group": ["120-131 mo"]}, standard="who2007")
    assert rows["All"]["WAZ_unwpop"] is None and rows["age_group: 120-131 mo"]["WAZ_unwpop"] == 0
    assert rows["All"]["BMI_3_r"] == 100 and rows["All"]["BMI_3_ll"] == 100 and "HA_2_WH_2_r" not in rows["All"]


@pytest.mark.parametrize("size", [0, 1])
def test_hardly_anybody(size):
    row = report(scored([-2.5] * size), groups={"g": ["a"] * size}, design=Design(cluster=["1"] * size))["All"]
    assert row["HAZ_unwpop"] == size and row["HA_2_r"] == (100.0 if size else None) and row["HA_stdev"] is None
    assert row["HA_ll"] is None


def test_students_t():
    for freedom in (1, 2, 3, 4, 7, 30, 199, 200, 201, 5000):
        assert _t(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-8)
    assert _t(0) == float("inf")
