"""Kulldorff's scan statistics: where, and when, cases lie closer together than chance would put them."""

from tramyte.rules.clusters.circles import Circles, distances, draw_circles
from tramyte.rules.clusters.scanning import Cluster, Scores, scan, scores
from tramyte.rules.clusters.studies import (
    Study,
    expectation_study,
    people_between,
    permutation_study,
    poisson_study,
)
from tramyte.rules.clusters.windows import Windows, time_steps, time_windows

__all__ = [
    "Circles",
    "Cluster",
    "Scores",
    "Study",
    "Windows",
    "distances",
    "draw_circles",
    "expectation_study",
    "people_between",
    "permutation_study",
    "poisson_study",
    "scan",
    "scores",
    "time_steps",
    "time_windows",
]
