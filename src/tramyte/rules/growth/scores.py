"""Growth z-scores of many children at once, by the WHO Child Growth Standards (2006) and the WHO Reference 2007.

Method: WHO Child Growth Standards: Methods and development, 2006, chapter 7, and the volume of 2007. Where
the texts leave a choice (rounding, limits of age, lengths with two decimals) WHO's own software decides: the R packages
anthro 1.1 and anthroplus 1.0, with whose answers the tests compare.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tramyte.rules.growth.tables import DAYS, HEIGHTS, LENGTHS, MONTHS, Floats, Table, tables

Standard = Literal["who2006", "who2007"]
Column = NDArray[Any]
Columns = dict[str, Column]

DAYS_PER_MONTH = 30.4375
CONVERSION = 0.7  # cm that lying length exceeds standing height
STANDING_FROM = 731  # days: two years
STANDS_FROM = 9  # months: a younger child does not stand, whatever was noted
LYING_BELOW = 87  # cm: how a child of unknown age was measured, when that was not noted
OLDEST_CHILD = 60  # months, excluded
_BLOCK = 16_384  # children at a time: their numbers stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Indicator:
    """One z-score: names of its columns, its table, what is measured, and where WHO calls it implausible.

    low, high: z-scores outside are flagged. adjusted: whether z-scores beyond 3 SD go by the distance between 2 and 3
    SD. oedema: whether a child with oedema has none, because fluid is not tissue.
    """

    z: str
    flag: str
    table: str
    measure: str
    low: float
    high: float
    adjusted: bool
    oedema: bool


INDICATORS: dict[Standard, tuple[Indicator, ...]] = {
    "who2006": (
        Indicator("zlen", "flen", "length_for_age", "clenhei", -6, 6, False, False),
        Indicator("zwei", "fwei", "weight_for_age", "weight", -6, 5, True, True),
        Indicator("zwfl", "fwfl", "weight_for_length", "weight", -5, 5, True, True),
        Indicator("zbmi", "fbmi", "bmi_for_age", "cbmi", -5, 5, True, True),
        Indicator("zhc", "fhc", "head_for_age", "headc", -5, 5, False, False),
        Indicator("zac", "fac", "arm_for_age", "armc", -5, 5, True, False),
        Indicator("zts", "fts", "triceps_for_age", "triskin", -5, 5, True, False),
        Indicator("zss", "fss", "subscapular_for_age", "subskin", -5, 5, True, False),
    ),
    "who2007": (
        Indicator("zhfa", "fhfa", "height_for_age_2007", "height", -6, 6, False, False),
        Indicator("zwfa", "fwfa", "weight_for_age_2007", "weight", -6, 5, True, True),
        Indicator("zbfa", "fbfa", "bmi_for_age_2007", "cbmi", -5, 5, True, True),
    ),
}


def who2006(
    sex: ArrayLike,
    *,
    age_days: ArrayLike | None = None,
    age_months: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    lenhei: ArrayLike | None = None,
    measure: ArrayLike | None = None,
    headc: ArrayLike | None = None,
    armc: ArrayLike | None = None,
    triskin: ArrayLike | None = None,
    subskin: ArrayLike | None = None,
    oedema: ArrayLike | None = None,
) -> Columns:
    """Z-scores and flags of children under 60 months, each array of shape (children,).

    sex: 1 boy, 2 girl, else unknown. age_days: days, fractions allowed (rounded, halves up); where it is NaN
    age_months (30.4375 days) counts. weight: kg. lenhei: length or height, cm; measure: "L" lying, "H" standing, else
    unknown. headc, armc: cm; triskin, subskin: mm. oedema: "y" (or True) yes, else no. NaN is missing; what is not
    given is missing for all; single values hold for all.

    Answers clenhei (cm, as the table of the age wants it: lying below 731 days, standing from there), cbmi (kg/m2),
    and per indicator z (two decimals, halves away from zero; NaN when there is none) and flag (int8: 1 implausible,
    0 plausible, -1 no z-score; 1 without a z-score where a length of 0 makes the BMI infinite).
    Raises ValueError when the arrays differ in length.
    Source: WHO Child Growth Standards, 2006 and 2007; WHO Anthro and the R package anthro 1.1.
    """
    numbers = {
        "sex": sex, "age_days": age_days, "age_months": age_months, "weight": weight, "lenhei": lenhei,
        "headc": headc, "armc": armc, "triskin": triskin, "subskin": subskin,
    }  # fmt: skip
    given, size = _columns(numbers, {"measure": measure, "oedema": oedema})
    return _in_blocks("who2006", ("clenhei", "cbmi"), given, size)


def who2007(
    sex: ArrayLike,
    *,
    age_months: ArrayLike | None = None,
    age_days: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    height: ArrayLike | None = None,
    oedema: ArrayLike | None = None,
) -> Columns:
    """Z-scores and flags of children and adolescents from 60 to 228 months (weight-for-age to 120), as `who2006` answers them.

    Between two months the tables are interpolated. Answers cbmi and zhfa, fhfa, zwfa, fwfa, zbfa, fbfa.
    Source: de Onis et al., Bull WHO 2007, 85:660; the R package anthroplus 1.0.
    """
    numbers = {"sex": sex, "age_days": age_days, "age_months": age_months, "weight": weight, "height": height}
    given, size = _columns(numbers, {"oedema": oedema})
    return _in_blocks("who2007", ("cbmi",), given, size)


def score(standard: Standard, sex: ArrayLike, **measures: Any) -> Columns:
    """`who2006` or `who2007`, by name."""
    return who2006(sex, **measures) if standard == "who2006" else who2007(sex, **measures)


def _columns(
    numbers: dict[str, ArrayLike | None], letters: dict[str, ArrayLike | None]
) -> tuple[Columns, int]:
    """Numbers as float64 and letters as small code points, all of one length, and that length."""
    given: Columns = {}
    for name, values in numbers.items():
        given[name] = np.atleast_1d(np.asarray(np.nan if values is None else values, dtype=np.float64))
    for name, values in letters.items():
        given[name] = _small_letters("" if values is None else values)
    sizes = {len(values) for values in given.values() if len(values) != 1} or {1}
    if len(sizes) > 1:
        raise ValueError(f"Arrays of different lengths: {sorted(sizes)}.")
    size = sizes.pop()
    return {name: np.broadcast_to(values, (size,)) for name, values in given.items()}, size


def _small_letters(values: ArrayLike) -> Column:
    array = np.atleast_1d(np.asarray(values))
    if array.dtype == np.bool_:
        array = np.where(array, "y", "n")
    # The first letter is read as a number: comparing texts of numpy is some ten times slower.
    return np.ascontiguousarray(array.astype("U1")).view(np.uint32) | 32


def _in_blocks(standard: Standard, extra: tuple[str, ...], given: Columns, size: int) -> Columns:
    score_part = {"who2006": _score_2006, "who2007": _score_2007}[standard]
    found: Columns = {name: np.empty(size) for name in extra}
    for indicator in INDICATORS[standard]:
        found[indicator.z], found[indicator.flag] = np.empty(size), np.empty(size, np.int8)
    with np.errstate(all="ignore"):
        for start in range(0, size, _BLOCK):
            block = slice(start, start + _BLOCK)
            part = {name: values[block] for name, values in given.items()}
            for name, values in score_part(part).items():
                found[name][block] = values
    return found


def _score_2006(given: Columns) -> Columns:
    given = dict(given)
    months, days = _age(given)
    lying, standing = given["measure"] == ord("l"), (given["measure"] == ord("h")) & ~(months < STANDS_FROM)
    length = given["lenhei"] + CONVERSION * (standing & (days < STANDING_FROM))
    length = length - CONVERSION * (lying & (days >= STANDING_FROM))
    given["clenhei"], given["cbmi"] = length, given["weight"] / (length / 100) ** 2
    young = np.where(np.isnan(days), lying | (~standing & (length < LYING_BELOW)), days < STANDING_FROM)
    by_age = np.where((days >= 0) & (months < OLDEST_CHILD), days, np.nan)
    rows = _place(given["sex"], by_age, DAYS)
    found = {"clenhei": length, "cbmi": _finite(given["cbmi"])}
    for indicator in INDICATORS["who2006"]:
        table = tables()[indicator.table]
        if indicator.z == "zwfl":
            known = np.where(months >= OLDEST_CHILD, np.nan, length)
            lms = _lms_by_length(table, given["sex"], known, young)
        else:
            lms = table.l[rows], table.m[rows], table.s[rows]
        found |= _finished(indicator, table, lms, given)
    return found


def _score_2007(given: Columns) -> Columns:
    given = dict(given)
    months, _ = _age(given)
    given["cbmi"] = given["weight"] / (given["height"] / 100) ** 2
    found = {"cbmi": _finite(given["cbmi"])}
    month = np.floor(months)
    inside = (months >= MONTHS[0]) & (months <= MONTHS[-1])
    rows = _place(given["sex"], np.where(inside, month - MONTHS[0], np.nan), len(MONTHS))
    share = np.where(inside, months - month, 0.0)
    for indicator in INDICATORS["who2007"]:
        table = tables()[indicator.table]
        found |= _finished(indicator, table, _between(table, rows, rows + (share > 0), share), given)
    return found


def _age(given: Columns) -> tuple[Floats, Floats]:
    """Age in months, as given, and in whole days."""
    unknown = np.isnan(given["age_days"])
    days = np.where(unknown, given["age_months"] * DAYS_PER_MONTH, given["age_days"])
    months = np.where(unknown, given["age_months"], given["age_days"] / DAYS_PER_MONTH)
    return months, np.where(days >= 0, np.floor(days + 0.5), np.nan)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _place(sex: Floats, step: Floats, rows: int) -> NDArray[np.intp]:
    """The row of a table of so many rows a sex; -1, the row of NaN, without a sex or a step."""
    place = step + np.where(sex == 1, 0.0, np.where(sex == 2, float(rows), np.nan))
    return np.where(np.isnan(place), -1, place).astype(np.intp)


def _lms_by_length(table: Table, sex: Floats, length: Floats, young: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Weight-for-length below two years, weight-for-height from there, between two rows for a length with two decimals."""
    first, last = np.where(young, LENGTHS[0], HEIGHTS[0]), np.where(young, LENGTHS[-1], HEIGHTS[-1])
    inside = (length >= first / 10) & (length <= last / 10)
    # The next row is floor(10 x + 1), not floor(10 x) + 1, as in WHO's program: after 103.1 - 0.7 = 102.39999999999999
    # the two differ, and z by 0.02.
    low, high = np.floor(length * 10), np.minimum(np.floor(length * 10 + 1), last)
    rows = np.where(young, float(len(LENGTHS)), float(len(HEIGHTS)))
    start = np.where(young, 0.0, 2.0 * len(LENGTHS)) + np.where(sex == 1, 0.0, np.where(sex == 2, rows, np.nan))
    known = inside & ~np.isnan(start)
    at, after = (np.where(known, start + step - first, -1).astype(np.intp) for step in (low, high))
    return _between(table, at, after, np.where(known, (length - low / 10) / 0.1, 0.0))


def _between(table: Table, at: NDArray[np.intp], after: NDArray[np.intp], share: Floats) -> tuple[Floats, Floats, Floats]:
    low, high = (table.l[at], table.m[at], table.s[at]), (table.l[after], table.m[after], table.s[after])
    l, m, s = (a + share * (b - a) for a, b in zip(low, high, strict=True))  # noqa: E741
    return l, m, s


def _finished(indicator: Indicator, table: Table, lms: tuple[Floats, Floats, Floats], given: Columns) -> Columns:
    """The columns of one indicator: rounded z-scores and flags."""
    y = given[indicator.measure]
    if indicator.z != "zwfl":
        # WHO's program answers weight-for-length even for a weight of 0, which its flag then shows.
        y = np.where(y > 0, y, np.nan)
    z = lms_z(y, *lms, straight=table.straight, adjusted=indicator.adjusted)
    if indicator.oedema:
        z = np.where(given["oedema"] == ord("y"), np.nan, z)
    z = np.copysign(np.floor(np.abs(z) * 100 + 0.5) / 100, z) + 0.0
    flag = ((z < indicator.low) | (z > indicator.high)).astype(np.int8)
    flag[np.isnan(z)] = -1
    return {indicator.z: _finite(z), indicator.flag: flag}


def lms_z(y: Floats, l: Floats, m: Floats, s: Floats, *, straight: bool = False, adjusted: bool = True) -> Floats:  # noqa: E741
    """The z-score of measurements by power l (not 0), median m and coefficient of variation s: ((y / m)^l - 1) / (l s).

    straight: every l is 1. adjusted: beyond 3 SD by the distance between 2 and 3 SD, because the power transforms
    extreme weights too strongly. Unrounded; NaN where any number is NaN or y is negative.
    Source: WHO Child Growth Standards: Methods and development, 2006, chapter 7.
    """
    if straight:
        return (y / m - 1) / s
    z: Floats = (np.exp(l * np.log(y / m)) - 1) / (l * s)
    if adjusted:
        far = np.flatnonzero(np.abs(z) > 3)
        z[far] = _beyond(y[far], l[far], m[far], s[far], np.sign(z[far]))
    return z


def _beyond(y: Floats, l: Floats, m: Floats, s: Floats, side: Floats) -> Floats:  # noqa: E741
    third = m * (1 + 3 * side * l * s) ** (1 / l)
    second = m * (1 + 2 * side * l * s) ** (1 / l)
    beyond: Floats = 3 * side + (y - third) / np.abs(third - second)
    return beyond
