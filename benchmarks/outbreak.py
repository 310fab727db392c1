"""Detection in time: how long the latest week takes for a whole country, beside statsmodels in the same run."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Row = tuple[str, float, float, str, str]

COMMUNES, DISEASES, SERIES, SAMPLE = 3321, 50, 1000, 40
IMPROVED = {"b": 3, "noPeriods": 10, "pastWeeksNotIncluded": 26, "pThresholdTrend": 1, "thresholdMethod": "nbPlugin", "alpha": 0.01}


def cpu(work: Callable[[], object]) -> float:
    """Processor seconds of one call, the second: the first loads what is needed."""
    work()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def invented(series: int, years: int) -> NDArray[np.float64]:
    """Weekly counts with a season and more spread than Poisson, from none to some hundreds of cases a week."""
    dice = np.random.default_rng(20260603)
    weeks = np.arange(52 * years)
    mean = np.exp(dice.normal(1.5, 1, series))[:, None] * np.exp(0.4 * np.sin(2 * np.pi * weeks / 52))
    return dice.negative_binomial(3, 3 / (3 + mean)).astype(float)


def ears_of_the_country(home: Path, people: int) -> list[Row]:
    """The latest week of every commune and disease by EARS, from 20 weeks of counts."""
    from tramyte.rules.outbreak import EarsC, ears

    counts = np.random.default_rng(1).poisson(0.5, (COMMUNES * DISEASES, 20)).astype(float)
    what = f"{COMMUNES:,} communes x {DISEASES} diseases, latest week by EARS"
    return [(f"{what} {method} (CPU)", cpu(lambda own=method: ears(counts, EarsC(own), latest=1)), 1.0, "s", "budget") for method in ("C1", "C2", "C3")]


def farrington_of_a_province(home: Path, people: int) -> list[Row]:
    """One week of a thousand series by Farrington flexible; the same four regressions a series by statsmodels."""
    from tramyte.rules.outbreak import FarringtonFlexible, farrington_flexible

    settings = FarringtonFlexible(**IMPROVED)
    counts = invented(SERIES, 6)
    spent = cpu(lambda: farrington_flexible(counts, 52, settings, latest=1))
    peer = cpu(lambda: regressions_of_statsmodels(counts[:SAMPLE], settings)) / SAMPLE
    return [
        (f"Farrington flexible, {SERIES:,} series, one week (CPU)", spent, 1.0, "s", "budget"),
        ("Farrington flexible, one series (CPU)", 1000 * spent / SERIES, 1000 * peer, "ms", f"statsmodels GLM, the same 4 fits, {SAMPLE} series, same run"),
    ]


def regressions_of_statsmodels(counts: NDArray[np.float64], settings: object) -> None:
    """Two Poisson regressions a series without and two with a trend, on the references of its last week."""
    import statsmodels.api as sm

    from tramyte.rules.outbreak.farrington import references

    lags, design = references(52, settings)
    seasons = np.eye(design.level[-1] + 1)[design.level]
    sloped = np.column_stack([seasons, design.time])
    weights = np.linspace(0.5, 1, len(lags))
    for past in counts[:, counts.shape[1] - 1 - lags]:
        for matrix in (seasons, sloped):
            for weight in (np.ones(len(lags)), weights):
                sm.GLM(past, matrix, family=sm.families.Poisson(), var_weights=weight).fit()


CASES = (ears_of_the_country, farrington_of_a_province)
