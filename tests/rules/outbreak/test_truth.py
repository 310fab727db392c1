"""Every answer of the shared truth: EARS to 1e-4, Farrington to 1e-3, empty where empty, alarms exact off the knife's edge."""

import csv
import gzip
import json
from collections import defaultdict

import numpy as np
import pytest

from tramyte.rules.outbreak import EarsC, ears, farrington_flexible, read_settings

WORKING = ("earsC_", "farringtonFlexible_")


def number(text):
    return float(text) if text else np.nan


def read(folder):
    """series -> (freq, counts); algorithm -> {(series, t): (upper, alarm)}; algorithm -> parameters"""
    counts, freq, answers = defaultdict(list), {}, defaultdict(dict)
    with gzip.open(folder / "series_A.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            freq[row["series"]] = int(row["freq"])
            counts[row["series"]].append(float(row["observed"]))
    with gzip.open(folder / "truth_A.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            answers[row["algorithm"]][row["series"], int(row["t"])] = (number(row["upper"]), number(row["alarm"]))
    parameters = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
    return {name: (freq[name], np.array(row)) for name, row in counts.items()}, answers, parameters


def answered(settings, freq, counts):
    found = ears(counts[None], settings) if isinstance(settings, EarsC) else farrington_flexible(counts[None], freq, settings)
    return {found.first + 1 + place: pair for place, pair in enumerate(zip(found.upper[0], found.alarm[0], strict=True))}


@pytest.mark.shared
def test_every_answer_of_the_truth(shared):
    series, answers, parameters = read(shared / "truth/outbreak/set_A")
    names = [name for name in parameters if name.startswith(WORKING)]
    assert len(names) == 9
    for name in names:
        settings = read_settings(name, parameters[name])
        found = {(one, t): pair for one, (freq, counts) in series.items() for t, pair in answered(settings, freq, counts).items()}
        keys = list(answers[name])
        assert keys and not set(keys) - set(found)
        upper, alarm = np.array([answers[name][key] for key in keys]).T
        own, flag = np.array([found[key] for key in keys]).T
        counts = np.array([series[one][1][t - 1] for one, t in keys])
        assert np.array_equal(np.isnan(own), np.isnan(upper)), name
        known = ~np.isnan(upper)
        assert np.allclose(own[known], upper[known], rtol=1e-4 if isinstance(settings, EarsC) else 1e-3, atol=0), name
        edge = np.abs(counts - upper) < 1e-6 * np.abs(upper)
        assert np.array_equal(flag[~edge], alarm[~edge], equal_nan=True), name
        # The truth has all of a series or, where its program gave up, nothing of it.
        assert {one for one, _ in set(found) - set(keys)}.isdisjoint(one for one, _ in keys), name
