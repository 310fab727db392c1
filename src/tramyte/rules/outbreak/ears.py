"""EARS C1, C2 and C3: a count against the mean and spread of the weeks (or days) just before it."""

from statistics import NormalDist

import numpy as np

from tramyte.rules.outbreak.detection import Detection, Numbers
from tramyte.rules.outbreak.settings import EarsC

# Time points between the window and the point judged; C3 also looks at the two points before.
_LAG = {"C1": 0, "C2": 2, "C3": 2}
_BACK = {"C1": 0, "C2": 0, "C3": 2}


def ears(observed: Numbers, settings: EarsC, latest: int | None = None) -> Detection:
    """EARS for many series at once.

    observed (m, n): counts of m series at n consecutive time points, NaN where unknown. latest: only so many of the
    last points (None: every point that has its history, from index baseline, C2 baseline+2, C3 baseline+4).
    C1: mean and standard deviation of the `baseline` points before; C2: the same two points earlier; upper is mean +
    z(1-alpha) times the larger of SD and minSigma. C3: upper is the larger of 0 and count + SD of C2's window times
    (z - sum over the two points before of max(0, C2 - 1)), where C2 = (count - mean) / SD. So the reference software
    answers; its manual has the mean in the place of the count. Undefined where a sum meets 0 / 0, for windows
    without variance.
    Source: Hutwagner et al. 2003, J Urban Health 80 (2 Suppl 1) i89; Fricker et al. 2008, Stat Med 27:3407; package manual.
    """
    lag, back, size = _LAG[settings.method], _BACK[settings.method], settings.baseline
    history = size + lag + back
    points = observed.shape[1] - history
    points = max(0, points if latest is None else min(points, latest))
    used = observed[:, observed.shape[1] - points - history :]
    if points == 0:
        nothing = np.empty((len(observed), 0))
        return Detection(observed.shape[1], nothing, nothing)
    windows = np.lib.stride_tricks.sliding_window_view(used, size, axis=1)[:, : points + back]
    mean = windows.mean(axis=2)
    spread = np.sqrt(((windows - mean[:, :, None]) ** 2).sum(axis=2) / (size - 1))
    judged = used[:, size + lag :]
    z = NormalDist().inv_cdf(1 - float(settings.alpha or 0))
    if settings.method == "C3":
        upper, judged = _third(judged, mean, spread, z), judged[:, back:]
    else:
        upper = mean + z * np.maximum(spread, settings.minSigma)
    alarm = np.where(np.isnan(upper) | np.isnan(judged), np.nan, judged > upper)
    return Detection(observed.shape[1] - points, upper, alarm)


def _third(judged: Numbers, mean: Numbers, spread: Numbers, z: float) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.maximum(0, (judged - mean) / spread - 1)
        return np.asarray(np.maximum(0, judged[:, 2:] + spread[:, 2:] * (z - excess[:, 1:-1] - excess[:, :-2])))
