"""The curves of the WHO growth charts: what weight, length or BMI lies at -3 to +3 SD."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from tramyte.rules.growth.scores import DAYS_PER_MONTH
from tramyte.rules.growth.tables import DAYS, HEIGHTS, LENGTHS, Floats, tables

LINES = (-3, -2, -1, 0, 1, 2, 3)
MONTHS = range(61)
LAST_LYING = 23.98  # months: day 730, the last one of lengths; day 731 begins the heights, 0.7 cm less
CHARTS = ("weight_for_age", "length_for_age", "weight_for_length", "weight_for_height", "bmi_for_age")


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart. z: SD from the median; points: (x, y) with x in months or cm, y in kg, cm or kg/m2."""

    z: int
    points: tuple[tuple[float, float], ...]


@cache
def curves(chart: str, sex: int) -> tuple[Curve, ...]:
    """The seven lines of a chart of CHARTS for boys (1) or girls (2), by months 0 to 60, or by cm (45 to 110 lying, 65 to 120 standing).

    The jump of length-for-age at two years is the 0.7 cm between lying and standing. KeyError for another chart,
    ValueError for another sex.
    Source: WHO Child Growth Standards, 2006: y = M (1 + L S z)^(1 / L).
    """
    if sex not in (1, 2):
        raise ValueError(f"sex is 1 or 2, not {sex}")
    rows, x = _rows(chart, sex)
    table = tables()["weight_for_length" if chart == "weight_for_height" else chart]
    l, m, s = table.l[rows], table.m[rows], table.s[rows]  # noqa: E741
    lines = []
    for z in LINES:
        y = m * (1 + l * s * z) ** (1 / l)
        lines.append(Curve(z, tuple((round(float(at), 4), round(float(value), 4)) for at, value in zip(x, y, strict=True))))
    return tuple(lines)


def _rows(chart: str, sex: int) -> tuple[np.ndarray, Floats]:
    """The rows of the table that the chart shows, and where they stand on its axis."""
    girls = sex == 2
    if chart in ("weight_for_length", "weight_for_height"):
        lying = chart == "weight_for_length"
        first, steps = (0, LENGTHS) if lying else (2 * len(LENGTHS), HEIGHTS)
        at = np.arange(0, len(steps), 5)
        return first + girls * len(steps) + at, (steps[0] + at) / 10
    if chart not in CHARTS:
        raise KeyError(chart)
    months = np.sort(np.append(np.array(MONTHS, dtype=np.float64), LAST_LYING))
    days = np.minimum(np.floor(months * DAYS_PER_MONTH + 0.5), DAYS - 1).astype(np.intp)
    return days + girls * DAYS, months
