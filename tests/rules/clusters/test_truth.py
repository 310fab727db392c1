"""Equal to the shared reference: smerc and SpatialEpi for space, scanstatistics for space and time."""

import csv
import json

import numpy as np
import pytest

from tramyte.rules.clusters import draw_circles, expectation_study, poisson_study, scan, scores, time_windows

ONCE = np.zeros(1, dtype=np.int64)


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_list(members):
    return members if isinstance(members, list) else [members]


@pytest.mark.shared
def test_purely_spatial_clusters_equal_smerc(shared):
    """Every cluster with an excess; the reference ends with one that has none (LLR 0). p: 9,999 simulations against its 999."""
    files = sorted((shared / "truth/spatial/set_A").glob("*_scan_poisson.json"))
    assert files
    for file in files:
        truth = json.loads(file.read_text(encoding="utf-8"))
        data = rows(file.with_name(file.name.replace("_scan_poisson.json", "_data.csv")))
        x, y, cases, people = (np.array([float(row[name]) for row in data]) for name in ("x", "y", "cases", "population"))
        expected = np.array([[float(row["expected"])] for row in data]) if "expected" in data[0] else None
        circles = draw_circles(x, y, weight=people, max_share=truth["ubpop"], longlat=truth["longlat"])
        study = poisson_study(cases[:, None], people[:, None], expected)
        found = scan(study, circles, time_windows(ONCE), simulations=9999)
        wanted = [one for one in truth["clusters"] if one["llr"] > 1e-9]
        assert [[data[at]["id"] for at in one.members] for one in found] == [as_list(one["members"]) for one in wanted]
        for ours, theirs in zip(found, wanted, strict=True):
            assert (ours.cases, ours.expected, ours.relative_risk, ours.llr) == pytest.approx(tuple(theirs[name] for name in ("cases", "expected", "rr", "llr")), abs=1e-6)
            assert ours.p == pytest.approx(theirs["p_mc"], abs=0.02)


@pytest.mark.shared
def test_new_york_leukemia_equals_published_figures(shared):
    """At most a tenth of the people: clusters 1, 2 and 7 with SaTScan's p, as printed in the tests of smerc (figures only)."""
    data = rows(shared / "truth/spatial/inputs/nydf_floor_data.csv")
    x, y, cases, people = (np.array([float(row[name]) for row in data]) for name in ("x", "y", "cases", "population"))
    circles = draw_circles(x, y, weight=people, max_share=0.1)
    found = scan(poisson_study(cases[:, None], people[:, None]), circles, time_windows(ONCE))
    for at, members, people_inside, count, expected, risk, llr, p in (
        (0, "49 48 50 47 1 15 51 2 13 14 3 35 16 52 36 37 12 11 5 17 10 4 6 38 18 9", 95249, 85, 49.71, 1.84, 11.577255, 0.001),
        (1, "89 88 87 84 90 86 92 85", 34083, 38, 17.79, 2.22, 9.019716, 0.013),
        (6, "166 159 167", 8839, 11, 4.61, 2.41, 3.209485, 0.976),
    ):
        one = found[at]
        assert [data[i]["id"] for i in one.members] == members.split() and one.cases == count
        assert people[list(one.members)].sum() == people_inside
        assert (round(one.expected, 2), round(one.relative_risk, 2), round(one.llr, 6)) == (expected, risk, llr)
        assert one.p == pytest.approx(p, abs=0.02)


@pytest.fixture
def brain(shared):
    """New Mexico: folder, counties, circles of at most 15, cases and people (county, year 1973-1991)."""
    folder = shared / "truth/spatial/set_A"
    seats = rows(folder / "NMbrain_geo.csv")
    counties = [row["county"] for row in seats]
    x, y = (np.array([float(row[name]) for row in seats]) for name in ("seat_long", "seat_lat"))
    cases, people = np.zeros((2, 32, 19))
    for row in rows(folder / "NMbrain_counts_population.csv"):
        at = counties.index(row["county"]), int(row["year"]) - 1973
        cases[at], people[at] = float(row["count"]), float(row["population"])
    return folder, counties, draw_circles(x, y, weight=people.sum(axis=1), nearest=15), cases, people


def equal_windows(study, circles, windows, counties, truth):
    """The most likely cluster and all 200 zone x duration scores of the reference."""
    best = scan(study, circles, windows)[0]
    assert sorted(counties[at] for at in best.members) == truth["MLC"]["locations"]
    assert best.llr == pytest.approx(truth["MLC"]["score"], abs=1e-6) and best.last - best.first + 1 == truth["MLC"]["duration"]
    assert best.p == pytest.approx(truth["MLC"]["p_mc"], abs=0.02)
    assert circles.is_zone.sum() == truth["n_zones"]
    ratios = {
        (frozenset(counties[i] for i in circles.order[centre, : one.size]), int(last - first + 1)): ratio
        for one in scores(study, circles, windows)
        for centre, row in zip(one.centres, one.llr, strict=True)
        for first, last, ratio in zip(windows.first, windows.last, row, strict=True)
    }
    members = {int(zone): frozenset(as_list(names)) for zone, names in truth["zone_members"].items()}
    assert len(truth["top200"]) == 200
    for one in truth["top200"]:
        assert ratios[members[one["zone"]], one["duration"]] == pytest.approx(one["score"], abs=1e-6)
    return best


@pytest.mark.shared
def test_expectation_based_scan_equals_scanstatistics(brain):
    folder, counties, circles, cases, _ = brain
    truth = json.loads((folder / "NMbrain_eb_poisson.json").read_text(encoding="utf-8"))
    years = rows(folder / "NMbrain_eb_baselines.csv")
    expected = np.array([[float(row[county]) for row in years] for county in counties])
    windows = time_windows(np.arange(1985, 1992), max_duration=truth["max_duration"], prospective=True)
    best = equal_windows(expectation_study(cases[:, -7:], expected), circles, windows, counties, truth)
    assert best.relative_risk == pytest.approx(truth["MLC"]["relative_risk"], abs=1e-6)


@pytest.mark.shared
def test_population_based_scan_equals_scanstatistics(brain):
    folder, counties, circles, cases, people = brain
    truth = json.loads((folder / "NMbrain_pb_poisson.json").read_text(encoding="utf-8"))
    windows = time_windows(np.arange(1973, 1992), prospective=True)
    best = equal_windows(poisson_study(cases, people), circles, windows, counties, truth)
    top = truth["top200"][0]
    assert best.relative_risk == pytest.approx(top["relrisk_in"] / top["relrisk_out"], abs=1e-6)
