"""Settings of parameter files, good and bad."""

import pytest

from tramyte.rules.outbreak import EarsC, FarringtonFlexible, VnTt15, read_settings


@pytest.mark.parametrize(("name", "given", "wanted"), [
    ("earsC_C3", {"method": "C3", "alpha": None}, EarsC("C3", 7, 0, 0.025)),
    ("earsC_any", {}, EarsC("C1", 7, 0, 0.001)),
    ("farringtonFlexible_x", {"limit54": [0, 4], "range": "last 2 years"}, FarringtonFlexible(limit54=(0, 4))),
    ("farringtonFlexible_y", {"w": 2, "pastWeeksNotIncluded": None, "range": None}, FarringtonFlexible(w=2, pastWeeksNotIncluded=2)),
    ("vn_tt15", {"endemic": True, "epidemic_years": [2021]}, VnTt15(True, (2021,))),
])
def test_good_settings(name, given, wanted):
    assert read_settings(name, given) == wanted


@pytest.mark.parametrize(("name", "given", "said"), [
    ("rki1", {}, "không có thuật toán"),
    ("vn_tt15_more", {"endemic": True}, "không có thuật toán"),
    ("earsC_C1", [7], "đối tượng JSON"),
    ("earsC_C1", {"k": 1}, "không có tham số k"),
    ("earsC_C1", {"method": "C4"}, "C1, C2, C3"),
    ("earsC_C1", {"method": ["C1"]}, "C1, C2, C3"),
    ("earsC_C1", {"baseline": 2}, "từ 3 đến 365"),
    ("earsC_C1", {"baseline": 7.0}, "số nguyên"),
    ("earsC_C1", {"baseline": True}, "số nguyên"),
    ("earsC_C1", {"alpha": 0}, "alpha"),
    ("earsC_C1", {"alpha": 0.7}, "alpha"),
    ("earsC_C1", {"alpha": float("nan")}, "alpha"),
    ("earsC_C1", {"minSigma": -1}, "minSigma"),
    ("earsC_C1", {"minSigma": "1"}, "minSigma"),
    ("earsC_C1", {"range": [1, 2]}, "range"),
    ("farringtonFlexible_a", {"b": 0}, "b = 0"),
    ("farringtonFlexible_a", {"w": -1}, "w = -1"),
    ("farringtonFlexible_a", {"trend": 1}, "true hoặc false"),
    ("farringtonFlexible_a", {"thresholdMethod": "Noufaily"}, "delta, nbPlugin, muan"),
    ("farringtonFlexible_a", {"powertrans": "3/2"}, "2/3, 1/2, none"),
    ("farringtonFlexible_a", {"fitFun": "other"}, "fitFun"),
    ("farringtonFlexible_a", {"limit54": 5}, r"\[số ca, số kỳ\]"),
    ("farringtonFlexible_a", {"limit54": [5]}, r"\[số ca, số kỳ\]"),
    ("farringtonFlexible_a", {"limit54": [5, 0]}, "limit54"),
    ("farringtonFlexible_a", {"noPeriods": 400}, "noPeriods"),
    ("vn_tt15", {}, "thiếu tham số endemic"),
    ("vn_tt15", {"endemic": "yes"}, "true hoặc false"),
    ("vn_tt15", {"endemic": True, "epidemic_years": 2021}, "danh sách năm"),
    ("vn_tt15", {"endemic": True, "epidemic_years": ["2021"]}, "epidemic_years"),
])
def test_bad_settings_are_refused_with_a_sentence(name, given, said):
    with pytest.raises(ValueError, match=said):
        read_settings(name, given)


def test_monthly_series_have_windows_of_months():
    classic, improved = FarringtonFlexible(), FarringtonFlexible(noPeriods=10, pastWeeksNotIncluded=26)
    assert (classic.for_frequency(12).w, classic.for_frequency(12).pastWeeksNotIncluded) == (1, 1)
    assert (improved.for_frequency(12).w, improved.for_frequency(12).pastWeeksNotIncluded) == (1, 6)
    assert improved.for_frequency(52) is improved


@pytest.mark.parametrize(("given", "freq"), [({"noPeriods": 11}, 12), ({"w": 26}, 52), ({"pastWeeksNotIncluded": 60}, 52), ({"w": 20, "noPeriods": 13}, 52)])
def test_levels_that_do_not_fit_a_year_are_refused(given, freq):
    with pytest.raises(ValueError, match=f"{freq} kỳ"):
        FarringtonFlexible(**given).for_frequency(freq)
