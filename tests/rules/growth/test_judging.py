"""What z-scores mean, when growth falters, where the curves of the charts lie."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.growth.curves import CHARTS, curves
from tramyte.rules.growth.gaining import Weighing, trend
from tramyte.rules.growth.judging import band, judge, words_of
from tramyte.rules.growth.scores import who2006


@pytest.mark.parametrize(("z", "wanted"), [(None, None), (-3.01, -3), (-3, -2), (-2.01, -2), (-2, 0), (0, 0), (2, 0), (2.01, 2), (3, 2), (3.01, 3)])
def test_limits_belong_to_the_milder_band(z, wanted):
    assert band(z) == wanted


@pytest.mark.parametrize(("given", "acute"), [
    ({"z_wasting": -2.0}, ""), ({"z_wasting": -2.01}, "moderate"), ({"z_wasting": -3.01}, "severe"), ({"oedema": True}, "severe"),
    ({"muac_cm": 11.4}, "severe"), ({"muac_cm": 11.5}, "moderate"), ({"muac_cm": 12.4}, "moderate"), ({"muac_cm": 12.5}, ""),
    ({"muac_cm": 11.0, "age_days": 182}, ""), ({"muac_cm": 11.0, "age_days": 183}, "severe"), ({"z_weight": -4.0, "z_length": -4.0}, ""),
])
def test_acute_malnutrition(given, acute):
    whole = {"z_weight": 0.0, "z_length": 0.0, "z_wasting": 0.0, "muac_cm": None, "oedema": False, "age_days": 400, **given}
    assert judge(**whole).acute == acute


@pytest.mark.parametrize(("bands", "words"), [
    ((0, 0, 0, ""), "bình thường"), ((None, None, None, ""), ""), ((-2, -3, None, ""), "suy dinh dưỡng nhẹ cân, thấp còi mức nặng"), ((0, 0, 3, ""), "béo phì"),
    ((0, -2, 2, ""), "suy dinh dưỡng thấp còi; thừa cân"), ((-2, 0, 0, "moderate"), "suy dinh dưỡng nhẹ cân; suy dinh dưỡng cấp vừa"),
    ((-3, 0, -3, "severe"), "suy dinh dưỡng nhẹ cân mức nặng, gầy còm mức nặng"), ((None, None, None, "severe"), "suy dinh dưỡng cấp nặng"),
])
def test_words(bands, words):
    assert words_of(*bands) == words


@pytest.mark.parametrize(("then", "now", "wanted"), [
    ((100, 5.0, 0.0), (127, 5.0, -0.4), ""), ((100, 5.0, 0.0), (128, 5.0, -0.4), "flat"), ((100, 5.0, 0.0), (128, 5.1, -0.4), "gaining"), ((100, 5.0, 0.0), (110, 4.0, -1.0), "falling"),
    ((200, 8.0, 0.0), (255, 8.0, -0.5), ""), ((200, 8.0, 0.0), (256, 8.0, -0.5), "flat"), ((400, 9.0, 0.0), (489, 9.0, -0.9), ""), ((400, 9.0, 0.0), (490, 9.0, -0.9), "flat"),
    ((900, 12.0, 0.0), (1079, 12.0, -0.9), ""), ((900, 12.0, 0.0), (1080, 11.9, -0.99), "flat"), ((900, 12.0, 0.0), (1080, 12.5, -1.0), "falling"),
    ((900, 12.0, None), (1080, 12.5, -1.0), "gaining"), ((900, 12.0, 0.0), (1301, 12.0, -3.0), ""), ((900, 12.0, 0.0), (900, 12.0, 0.0), ""),
])
def test_faltering(then, now, wanted):
    assert trend(Weighing(*now), Weighing(*then)) == wanted


def test_a_first_weighing_says_nothing():
    assert trend(Weighing(100, 5.0, 0.0), None) == ""


@given(st.sampled_from(CHARTS), st.sampled_from([1, 2]), st.integers(0, 60), st.sampled_from([-3, -2, -1, 0, 1, 2, 3]))
def test_a_child_on_a_curve_has_its_z_score(chart, sex, at, z):
    """Weight, length and BMI read off a curve give back its z (to the second decimal and the rounding of the point)."""
    curve = next(one for one in curves(chart, sex) if one.z == z)
    x, y = curve.points[at]
    if chart.startswith("weight_for_"):
        length = {"weight_for_length": ("L", 400), "weight_for_height": ("H", 900)}.get(chart)
        given = {"age_days": length[1], "lenhei": x, "measure": length[0], "weight": y} if length else {"age_days": min(1826, int(x * 30.4375 + 0.5)), "weight": y}
        found = who2006(sex, **given)["zwfl" if length else "zwei"][0]
    else:
        age = min(1826, int(x * 30.4375 + 0.5))
        lying = "L" if age < 731 else "H"
        given = {"lenhei": y} if chart == "length_for_age" else {"lenhei": 80.0, "weight": y * 0.64}
        found = who2006(sex, age_days=age, measure=lying, **given)["zlen" if chart == "length_for_age" else "zbmi"][0]
    assert found == pytest.approx(z, abs=0.011)


def test_unknown_charts_are_refused():
    with pytest.raises(KeyError):
        curves("height_for_shoe", 1)
    with pytest.raises(ValueError):
        curves("bmi_for_age", 3)


def test_one_child_needs_no_polars():
    code = "import sys; import tramyte.rules.growth.child, tramyte.rules.growth.doubting, tramyte.rules.growth.curves; print('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}).stdout.strip() == "False"
