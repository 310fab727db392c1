"""Scanning for clusters: 999 simulations on the shared data, beside loops over the same circles and windows."""

import csv
import datetime
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.cases import ROOT, Row
from tramyte.rules.clusters import (
    Circles,
    Study,
    Windows,
    draw_circles,
    permutation_study,
    poisson_study,
    scan,
    time_steps,
    time_windows,
)
from tramyte.rules.clusters.studies import cases_by_chance

SPATIAL = ROOT.parent / "shared/truth/spatial"
SIMULATIONS, SAMPLE = 999, 2


def clusters(home: Path, people: int) -> list[Row]:
    """Processor seconds of the whole scan; the limit is what plain loops need, measured on two simulations."""
    if not SPATIAL.is_dir():
        return []
    found = []
    for what, study, circles, windows in (space("set_A/pennLC_crude"), space("inputs/NYleukemia"), fever()):
        ours = seconds(lambda case=(study, circles, windows): scan(*case, simulations=SIMULATIONS))
        counts = next(cases_by_chance(study, SAMPLE, SAMPLE, np.random.default_rng(1)))
        loops = seconds(lambda case=(counts, study.expected, circles, windows): plain(*case)) / SAMPLE * SIMULATIONS
        size = f"{int(circles.is_zone.sum()):,} circles x {len(windows.first)} stretches of time x {SIMULATIONS} simulations"
        found.append((f"clusters, {what}: {size}, processor time", ours, loops, "s", "plain Python loops, from two simulations"))
    return found


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def plain(counts: np.ndarray, expected: np.ndarray, circles: Circles, windows: Windows) -> list[float]:
    """The peer: location after location enters each circle, each window is looked at in turn."""
    whole, spans = windows.sums(expected).tolist(), len(windows.first)
    order, is_zone = circles.order.tolist(), circles.is_zone.tolist()
    total, best = float(counts[..., 0].sum()), []
    for at in range(counts.shape[2]):
        cells, strongest = windows.sums(counts[:, :, at]).tolist(), 0.0
        for entering, zones in zip(order, is_zone, strict=True):
            inside, due = [0] * spans, [0.0] * spans
            for place, zone in zip(entering, zones, strict=True):
                for w in range(spans):
                    inside[w] += cells[place][w]
                    due[w] += whole[place][w]
                    c, e = inside[w], due[w]
                    if zone and c >= 2 and c > e:
                        rest = (total - c) * math.log((total - c) / (total - e)) if c < total else 0.0
                        strongest = max(strongest, c * math.log(c / e) + rest)
        best.append(strongest)
    return best


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a shared file."""
    with (SPATIAL / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def space(name: str) -> tuple[str, Study, Circles, Windows]:
    """A purely spatial study; at most half of the people in a circle."""
    data = rows(f"{name}_data")
    x, y, cases, people = (np.array([float(row[column]) for row in data]) for column in ("x", "y", "cases", "population"))
    circles = draw_circles(x, y, weight=people, max_share=0.5)
    return name.rpartition("/")[2], poisson_study(cases[:, None], people[:, None]), circles, time_windows(np.zeros(1, dtype=np.int64))


def fever() -> tuple[str, Study, Circles, Windows]:
    """Space-time permutation: fever in New York City by postcode and day, at most 3 km and 7 days."""
    places = {row["zip"]: (float(row["long"]), float(row["lat"])) for row in rows("inputs/NYCfevergeo")}
    seen = [(row["zip"], datetime.date(*map(int, row["date"].split("/"))).toordinal(), int(row["cases"])) for row in rows("inputs/NYCfevercas")]
    days = time_steps(np.array([day for _, day, _ in seen]))
    cases, at = np.zeros((len(places), len(days))), {place: n for n, place in enumerate(places)}
    for place, day, count in seen:
        cases[at[place], day - days[0]] += count
    x, y = np.array(list(places.values())).T
    circles = draw_circles(x, y, weight=cases.sum(axis=1), max_distance=3, longlat=True)
    return "NYCfever", permutation_study(cases), circles, time_windows(days, max_duration=7)


CASES = (clusters,)
