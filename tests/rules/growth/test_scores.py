"""Z-scores: published examples, each rule at its edge, pygrowup2 as the witness."""

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygrowup import Observation

from tramyte.rules.growth import RULES, explain, score_frame, who2006, who2007
from tramyte.rules.growth.scores import lms_z

NONE = float("nan")


def test_the_examples_of_whos_packages():
    """The examples printed in the documentation of anthro and anthroplus."""
    four = who2006([1, 2, 1, 1], age_days=[1001, 1000, 1010, 1000], weight=[18, 15, 10, 15], lenhei=[120, 80, 100, 100])
    assert four["zlen"][:3].tolist() == [7.31, -3.5, 1.62] and four["flen"][:3].tolist() == [1, 0, 0]
    assert four["zwei"][:3].tolist() == [2.2, 0.95, -2.76]
    assert four["zwfl"][:3].tolist() == [-2.39, 4.13, -5.19] and four["fwfl"][:3].tolist() == [0, 0, 1]
    assert four["zbmi"][:3].tolist() == [-3.01, 4.66, -5.61] and four["fbmi"][:3].tolist() == [0, 0, 1]
    assert four["cbmi"].tolist() == pytest.approx([12.5, 23.4375, 10.0, 15.0])
    one = who2006(1, age_days=731, weight=12.0, lenhei=88.5, headc=47.2, armc=15.4, triskin=7.2, subskin=5.5)
    assert [one[z][0] for z in ("zlen", "zwei", "zwfl", "zbmi", "zhc", "zac", "zts", "zss")] == [0.45, -0.11, -0.54, -0.58, -0.77, 0.21, -0.32, -0.42]
    old = who2007([1, 2], age_months=[100, 110], height=[100, 90], weight=[30, 40])
    assert [old[z].tolist() for z in ("zhfa", "zwfa", "zbfa")] == [[-5.04, -7.06], [0.87, 1.78], [5.03, 7.37]]
    assert [old[flag].tolist() for flag in ("fhfa", "fwfa", "fbfa")] == [[0, 1], [0, 0], [1, 1]]


BOY = {"sex": 1, "age_days": 400, "weight": 10, "lenhei": 76}
SAME = object()


@pytest.mark.parametrize(("change", "name", "expected"), [
    # Lying below 731 days, standing from there; nobody stands before 9 months (273.94 days).
    ({"measure": "H"}, "clenhei", 76.7), ({"measure": "h", "age_days": 274}, "clenhei", 76.7), ({"measure": "H", "age_days": 273}, "clenhei", 76),
    ({"measure": "L"}, "clenhei", 76), ({"measure": "H", "age_days": 730.49}, "clenhei", 76.7), ({"measure": "H", "age_days": 730.5}, "clenhei", 76),
    ({"measure": "L", "age_days": 731}, "clenhei", 75.3), ({"measure": "L", "age_days": 730.49}, "clenhei", 76),
    ({"measure": "H", "age_days": NONE, "age_months": 8.99}, "clenhei", 76), ({"measure": "H", "age_days": NONE, "age_months": 9}, "clenhei", 76.7),
    ({"measure": "H", "age_days": NONE}, "clenhei", 76), ({"measure": "?"}, "clenhei", 76),
    # Ages: whole days, halves up; months of 30.4375 days; 60 months are too old, 1826 days are not.
    ({"age_days": 399.5}, "zwei", SAME), ({"age_days": 400.49}, "zwei", SAME), ({"age_days": NONE, "age_months": 400 / 30.4375}, "zwei", SAME),
    ({"age_days": NONE, "age_months": 13}, "zwei", who2006(1, age_days=396, weight=10)["zwei"][0]),
    ({"age_months": 50}, "zwei", SAME), ({"age_days": 1826}, "zwfl", 0.19), ({"age_days": 1827}, "zwfl", NONE), ({"age_days": 1856}, "zwei", NONE),
    ({"age_days": NONE, "age_months": 60}, "zlen", NONE), ({"age_days": NONE, "age_months": 60}, "zwfl", NONE),
    ({"age_days": -0.2}, "zwei", NONE), ({"age_days": -5}, "zwfl", SAME), ({"age_days": 0, "weight": 3.3464}, "zwei", 0.0),
    ({"age_days": 90.49, "armc": 13.4779}, "zac", NONE), ({"age_days": 90.5, "armc": 13.4779}, "zac", 0.0), ({"age_days": 90, "subskin": 8}, "zss", NONE),
    # Weight for length (z as pygrowup2 has them): by age, else by the way of measuring, else by 87 cm; limits of the tables; two decimals.
    ({"age_days": NONE}, "zwfl", SAME), ({"age_days": NONE}, "zwei", NONE), ({"age_days": NONE, "measure": "H"}, "zwfl", 0.19),
    ({"age_days": NONE, "lenhei": 87}, "zwfl", -2.51), ({"age_days": NONE, "lenhei": 86.99}, "zwfl", -2.31), ({"age_days": NONE, "lenhei": 87, "measure": "L"}, "zwfl", -2.31),
    ({"lenhei": 44.99, "weight": 2.4}, "zwfl", NONE), ({"lenhei": 45, "weight": 2.441}, "zwfl", 0.0), ({"lenhei": 110, "weight": 18.2689}, "zwfl", 0.0),
    ({"lenhei": 110.01}, "zwfl", NONE), ({"lenhei": 64.99, "age_days": 800}, "zwfl", NONE), ({"lenhei": 120, "age_days": 800, "weight": 22.8}, "zwfl", 0.21),
    ({"lenhei": 120.01, "age_days": 800}, "zwfl", NONE), ({"lenhei": 103.1, "age_days": 1416, "measure": "L", "weight": 16.02}, "zwfl", -0.04),
    # Oedema: no z-score by weight, the others stay.
    ({"oedema": "y"}, "zwei", NONE), ({"oedema": "Y"}, "zwfl", NONE), ({"oedema": True}, "zbmi", NONE), ({"oedema": "y"}, "zlen", SAME), ({"oedema": "n"}, "zwei", SAME),
    ({"oedema": "y"}, "cbmi", SAME),
    # Without what is needed, or with what cannot be.
    ({"sex": NONE}, "zwei", NONE), ({"sex": 3}, "zwfl", NONE), ({"sex": NONE}, "cbmi", SAME), ({"weight": NONE}, "zbmi", NONE), ({"weight": NONE}, "zlen", SAME),
    ({"weight": 0}, "zwei", NONE), ({"weight": -1}, "zwfl", NONE), ({"weight": 0}, "zwfl", -15.42), ({"weight": 0}, "fwfl", 1), ({"weight": 0}, "zbmi", NONE),
    ({"lenhei": 0}, "zlen", NONE), ({"lenhei": 0}, "zbmi", NONE), ({"lenhei": 0}, "cbmi", NONE), ({"lenhei": 0, "weight": 0}, "cbmi", NONE), ({"headc": 0}, "zhc", NONE),
    # Flags go by the rounded z-score.
    ({"weight": NONE}, "fwei", -1), ({}, "fwei", 0), ({"weight": 25}, "fwei", 1), ({"lenhei": 45}, "flen", 1),
])
def test_each_rule_of_2006_at_its_edge(change, name, expected):
    wanted = who2006(**BOY)[name][0] if expected is SAME else expected
    assert who2006(**{**BOY, **change})[name][0] == pytest.approx(wanted, abs=1e-9, nan_ok=True)


PUPIL = {"sex": 2, "age_months": 100, "weight": 26, "height": 128}


@pytest.mark.parametrize(("change", "name", "expected"), [
    ({"age_months": 59.99}, "zhfa", NONE), ({"age_months": 60, "height": 109.0725}, "zhfa", 0.0), ({"age_months": 60.5, "height": (109.0725 + 109.6016) / 2}, "zhfa", 0.0),
    ({"age_months": 228, "height": 163.1548}, "zhfa", 0.0), ({"age_months": 228.01}, "zhfa", NONE), ({"age_months": 228.01}, "zbfa", NONE),
    ({"age_months": 120, "weight": 31.8578}, "zwfa", 0.0), ({"age_months": 120.01}, "zwfa", NONE), ({"age_months": 120.01}, "fwfa", -1),
    ({"age_months": NONE, "age_days": 100 * 30.4375}, "zhfa", SAME), ({"oedema": "y"}, "zwfa", NONE), ({"oedema": "y"}, "zhfa", SAME), ({"height": 0}, "zbfa", NONE),
    ({"sex": NONE}, "zhfa", NONE), ({"age_months": NONE}, "zhfa", NONE), ({"weight": 0}, "zwfa", NONE),
])
def test_each_rule_of_2007_at_its_edge(change, name, expected):
    wanted = who2007(**PUPIL)[name][0] if expected is SAME else expected
    assert who2007(**{**PUPIL, **change})[name][0] == pytest.approx(wanted, abs=1e-9, nan_ok=True)


def test_beyond_3_sd_the_distance_between_2_and_3_counts():
    power, median, spread = np.array([-0.3521]), np.array([10.0]), np.array([0.08])
    at = [float(median[0] * (1 + power[0] * spread[0] * k) ** (1 / power[0])) for k in (-3, -2, 2, 3)]
    for y, wanted in ((at[3] + 2 * (at[3] - at[2]), 5), (at[0] - (at[1] - at[0]) / 2, -3.5), (at[3], 3), (at[1], -2)):
        assert lms_z(np.array([y]), power, median, spread)[0] == pytest.approx(wanted)
    assert lms_z(np.array([at[3] + 2 * (at[3] - at[2])]), power, median, spread, adjusted=False)[0] < 5


@st.composite
def children(draw):
    days = draw(st.integers(92, 1825))
    length = draw(st.integers(650 if days >= 731 else 450, 1100))
    measures = {name: draw(st.integers(*limits)) / 10 for name, limits in (("headc", (320, 560)), ("armc", (80, 250)), ("triskin", (30, 200)), ("subskin", (30, 200)))}
    return {"sex": draw(st.sampled_from([1, 2])), "age_days": days, "lenhei": length / 10, "weight": draw(st.integers(150, 4000)) / 100, **measures}


@settings(max_examples=40)
@given(children())
def test_pygrowup_says_the_same(child):
    """The witness rounds before it looks whether a z-score lies beyond 3, hence 0.011."""
    seen = Observation("male" if child["sex"] == 1 else "female", age_in_days=child["age_days"])
    exact = {name: Decimal(str(value)) for name, value in child.items()}
    lying = child["age_days"] < 731
    found = who2006(**child, measure="L" if lying else "H")
    by_length = (seen.wfl if lying else seen.wfh)(exact["weight"], exact["lenhei"])
    bmi = Decimal(str(found["cbmi"][0]))
    table = {
        "zlen": seen.get_z_score("lfa", seen.sex, exact["lenhei"], seen.t), "zwei": seen.wfa(exact["weight"]), "zwfl": by_length,
        "zbmi": seen.get_z_score("bmifa", seen.sex, bmi, seen.t), "zhc": seen.hcfa(exact["headc"]), "zac": seen.acfa(exact["armc"]),
        "zts": seen.tsfa(exact["triskin"]), "zss": seen.ssfa(exact["subskin"]),
    }
    for name, z in table.items():
        assert found[name][0] == pytest.approx(float(z), abs=0.0111), name


@settings(max_examples=40)
@given(children())
def test_one_child_is_explained_as_it_is_scored(child):
    scored = who2006(**child)
    for name, score in explain("who2006", **child).items():
        assert score.z == scored[name][0] and set(score.rules) <= set(RULES)
        assert score.implausible == ("implausible" in score.rules)


@pytest.mark.parametrize(("child", "name", "rules"), [
    ({"measure": "H"}, "zlen", ("standing_to_lying",)), ({"measure": "H", "age_days": 200}, "zlen", ("standing_too_young",)),
    ({"measure": "L", "age_days": 900}, "zwfl", ("lying_to_standing", "by_height", "beyond_3sd", "implausible")), ({"age_days": 399.6}, "zwei", ("rounded_age",)),
    ({"age_days": None}, "zwfl", ("by_length", "without_age")), ({"age_days": None}, "zwei", ("no_age",)), ({"age_days": None, "measure": "H"}, "zwfl", ("by_height", "without_age")),
    ({"age_months": 12, "age_days": None}, "zwei", ("rounded_age",)), ({"weight": 20}, "zwei", ("beyond_3sd", "implausible")), ({}, "zhc", ("no_measure",)),
    ({"sex": None}, "zlen", ("no_sex",)), ({"oedema": "y"}, "zwei", ("oedema",)), ({"oedema": True}, "zlen", ()), ({"weight": -1}, "zbmi", ("not_positive",)),
    ({"lenhei": 120}, "zwfl", ("length_outside",)), ({"age_days": 1900}, "zwfl", ("age_outside",)), ({"age_days": 50, "armc": 12}, "zac", ("age_outside",)),
])
def test_the_rules_that_applied_are_told(child, name, rules):
    child = {**BOY, "weight": 10 if child.get("age_days") != 900 else 20, **child}
    assert explain("who2006", **child)[name].rules == rules


def test_the_rules_of_2007_are_told():
    assert explain("who2007", **{**PUPIL, "age_months": 100.5})["zhfa"].rules == ("between_months",)
    assert explain("who2007", **{**PUPIL, "age_months": 130})["zwfa"].rules == ("age_outside",)
    with pytest.raises(TypeError):
        explain("who2007", sex=1, armc=12)


def test_many_children_are_scored_as_one_is():
    """More than two blocks; single values hold for all; a frame; nobody at all."""
    weights = np.linspace(5, 20, 40_000)
    many = who2006(1, age_days=400, weight=weights, lenhei=76, measure="L")
    picked = [0, 16_383, 16_384, 32_768, 39_999]
    assert [many["zwfl"][at] for at in picked] == [who2006(1, age_days=400, weight=weights[at], lenhei=76)["zwfl"][0] for at in picked]
    assert (np.diff(many["zwei"]) >= 0).all()
    frame = score_frame(pl.DataFrame({"sex": [1, None], "age_days": [400, 400], "weight": [10.0, 10.0], "lenhei": [76.0, None], "measure": ["L", None], "note": ["a", "b"]}))
    assert frame.columns[:4] == ["clenhei", "cbmi", "zlen", "flen"] and frame["zwei"].to_list() == [who2006(**BOY)["zwei"][0], None]
    assert frame["fwei"].to_list() == [0, None] and frame["zhc"].to_list() == [None, None]
    assert len(who2006([], age_days=[], weight=[])["zwei"]) == 0
    with pytest.raises(ValueError, match="different lengths"):
        who2006([1, 2], weight=[1, 2, 3])
