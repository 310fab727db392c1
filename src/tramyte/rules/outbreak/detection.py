"""What the algorithms take and give."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Detection:
    """Thresholds and alarms of m series for consecutive time points.

    first: index (from 0) of the first of these points within the series. upper (m, k): threshold, in cases; NaN where
    it is not defined. alarm (m, k): 1 above the threshold, 0 not above, NaN where that cannot be said.
    """

    first: int
    upper: Numbers
    alarm: Numbers
