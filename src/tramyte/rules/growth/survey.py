"""Prevalence of malnutrition in a survey, as WHO's survey analyser reports it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tramyte.rules.growth.scores import INDICATORS, OLDEST_CHILD, Columns, Standard
from tramyte.rules.growth.tables import MONTHS, Floats

Row = dict[str, str | float | int | None]
Codes = NDArray[np.intp]

# Name of the counts, prefix of the estimates, z-score.
_BLOCKS: dict[Standard, tuple[tuple[str, str, str], ...]] = {
    "who2006": (("HAZ", "HA", "zlen"), ("WAZ", "WA", "zwei"), ("BMIZ", "BMI", "zbmi"), ("WHZ", "WH", "zwfl")),
    "who2007": (("HAZ", "HA", "zhfa"), ("WAZ", "WA", "zwfa"), ("BMIZ", "BMI", "zbfa")),
}
_CUTS = (("_3", -3), ("_2", -2), ("_1", -1), ("1", 1), ("2", 2), ("3", 3))
_AGE_STARTS: dict[Standard, tuple[int, ...]] = {
    "who2006": (0, 6, 12, 24, 36, 48, 60),
    "who2007": (*range(60, 240, 12), 229),
}


@dataclass(frozen=True)
class Design:
    """How a survey was drawn, one value a child: sampling weights (NaN or not above 0: left out), clusters (labels, told apart
    within a stratum), strata (labels). Without any of them every child was drawn alike.
    """

    weight: ArrayLike | None = None
    cluster: ArrayLike | None = None
    strata: ArrayLike | None = None


@dataclass(frozen=True)
class _Sample:
    """The children who count: their weights, the cluster of each as a number (None when each was drawn by itself), the
    stratum of each cluster or child, and how many clusters or children each stratum has.
    """

    weight: Floats
    cluster: Codes | None
    stratum: Codes
    sizes: Codes

    @property
    def simple(self) -> bool:
        """Whether there are neither clusters nor strata."""
        return self.cluster is None and len(self.sizes) < 2

    @property
    def freedom(self) -> int:
        return len(self.stratum) - len(self.sizes)


def age_labels(standard: Standard = "who2006") -> tuple[str, ...]:
    """The age groups of WHO's survey reports: "00-05 mo" to "48-59 mo", or "60-71 mo" by years to "228-228 mo"."""
    starts = _AGE_STARTS[standard]
    return tuple(f"{start:02}-{end - 1:02} mo" for start, end in pairwise(starts))


def age_groups(months: ArrayLike, standard: Standard = "who2006") -> NDArray[np.str_]:
    """The age group of each child by completed months, "" where the age is NaN or outside the standard."""
    ages = np.asarray(months, dtype=np.float64)
    labels = np.array(["", *age_labels(standard), ""])
    inside = ages <= MONTHS[-1] if standard == "who2007" else ages >= 0
    at = np.searchsorted(_AGE_STARTS[standard], np.where(inside, ages, -1.0), side="right")
    return np.asarray(labels[at], dtype=np.str_)


def prevalence(
    scores: Columns,
    *,
    months: ArrayLike,
    oedema: ArrayLike,
    groups: Mapping[str, Sequence[str]],
    design: Design | None = None,
    standard: Standard = "who2006",
) -> list[Row]:
    """Shares of children (%) below -3, -2, -1 and above +1, +2, +3 SD, mean and deviation of z: for all and for each group.

    scores: of `who2006` or `who2007` for n children; implausible ones do not count. months: ages (NaN unknown; who is
    outside the standard is left out). oedema: bool (n,), below -3 SD by weight. groups: name -> n labels, "" for none.

    A row for "All" and for each "NAME: label", in natural order: Group; HAZ, WAZ, BMIZ, WHZ each with `_pop` (sum of
    weights), `_unwpop` (children), per cut (HA_3 ... HA3) and for the mean (HA) `_r` estimate, `_se`, `_ll`, `_ul`
    (95 %), and HA_stdev; who2006 adds HA_2_WH_2 (stunted and wasted), HA_2_WH2 (stunted and overweight). None where
    nobody counts, and for weight-for-age of who2007 (to 120 months) unless by age.

    Errors by Taylor linearization, clusters with replacement within strata, a group in the design of the whole sample;
    a stratum's only cluster with its whole deviation. Limits by Student's t (clusters less strata), of shares as logits.
    Raises IndexError or ValueError when a sequence is not of n values.
    Source: WHO and UNICEF, Recommendations for data collection, analysis and reporting on anthropometric indicators in
    children under 5 years old, 2019; Lumley, Complex Surveys, 2010; the R package anthro 1.1.
    """
    ages = np.asarray(months, dtype=np.float64)
    outside = ages >= OLDEST_CHILD if standard == "who2006" else (ages < MONTHS[0]) | (ages > MONTHS[-1])
    sample, kept = _sample(design or Design(), ~outside)
    swollen = np.asarray(oedema, dtype=np.bool_)[kept]
    weighed = swollen & (ages[kept] <= 120) if standard == "who2007" else swollen
    below = {"HA": np.zeros_like(swollen), "WA": weighed, "BMI": swollen, "WH": swollen}
    z = {block[2]: _plausible(scores, block[2], standard)[kept] for block in _BLOCKS[standard]}
    rows: list[Row] = []
    for label, by_age, members in _groups(groups, kept, standard):
        row: Row = {"Group": label}
        for count, prefix, name in _BLOCKS[standard]:
            reported = by_age or standard == "who2006" or count != "WAZ"
            row |= _indicator(count, prefix, z[name], below[prefix], sample, members if reported else None)
        rows.append(row | (_both(z["zlen"], z["zwfl"], swollen, sample, members) if standard == "who2006" else {}))
    return rows


def _plausible(scores: Columns, name: str, standard: Standard) -> Floats:
    flag = next(indicator.flag for indicator in INDICATORS[standard] if indicator.z == name)
    return np.where(np.asarray(scores[flag]) == 0, scores[name], np.nan)


def _sample(design: Design, wanted: NDArray[np.bool_]) -> tuple[_Sample, NDArray[np.intp]]:
    """The sample, and which children are in it."""
    size = len(wanted)
    weight = np.ones(size) if design.weight is None else np.asarray(design.weight, dtype=np.float64)
    kept = np.flatnonzero(wanted & (weight > 0))
    strata = np.zeros(len(kept)) if design.strata is None else np.asarray(design.strata)[kept]
    _, stratum = np.unique(strata, return_inverse=True)
    cluster = None
    if design.cluster is not None:
        names, codes = np.unique(np.asarray(design.cluster)[kept], return_inverse=True)
        pairs, cluster = np.unique(stratum * len(names) + codes, return_inverse=True)
        stratum = pairs // max(len(names), 1)
    return _Sample(weight[kept], cluster, stratum, np.bincount(stratum)), kept


def _groups(groups: Mapping[str, Sequence[str]], kept: Codes, standard: Standard) -> Iterator[tuple[str, bool, Codes]]:
    """(label, whether by age, members) of each row of the report."""
    yield "All", False, np.arange(len(kept))
    for name, labels in groups.items():
        values, codes = np.unique(np.asarray(labels, dtype=np.str_)[kept], return_inverse=True)
        wanted = {*map(str, values), *(age_labels(standard) if name == "age_group" else ())} - {""}
        for value in sorted(wanted, key=_natural):
            found = np.flatnonzero(values == value)
            members = np.flatnonzero(codes == found[0]) if len(found) else np.empty(0, dtype=np.intp)
            yield f"{name}: {value}", name.startswith("age_group"), members


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)]


def _indicator(count: str, prefix: str, z: Floats, swollen: NDArray[np.bool_], sample: _Sample, members: Codes | None) -> Row:
    """The columns of one indicator; all None when it is not reported here (members is None)."""
    row: Row = {f"{count}_pop": None, f"{count}_unwpop": None}
    counted = np.empty(0, dtype=np.intp)
    if members is not None:
        counted = members[~np.isnan(z[members]) | swollen[members]]
        row = _counts(count, sample, counted)
    measured = counted[~np.isnan(z[counted])]
    for suffix, cut in _CUTS:
        beyond = (z[counted] < cut) | swollen[counted] if cut < 0 else z[counted] > cut
        row |= _share(f"{prefix}{suffix}", beyond, sample, counted)
    # WHO's program corrects the deviation by the children of the group, measured or not, once there are clusters or strata.
    size = len(measured) if sample.simple or members is None else len(members)
    return row | _mean(prefix, z[measured], sample, measured, size)


def _both(length: Floats, wasting: Floats, swollen: NDArray[np.bool_], sample: _Sample, members: Codes) -> Row:
    """Stunted children who are wasted, or overweight."""
    counted = members[~np.isnan(length[members]) & (~np.isnan(wasting[members]) | swollen[members])]
    stunted = length[counted] < -2
    row = _counts("HA_2_WH_2", sample, counted)
    row |= _share("HA_2_WH_2", stunted & ((wasting[counted] < -2) | swollen[counted]), sample, counted)
    return row | _share("HA_2_WH2", stunted & (wasting[counted] > 2), sample, counted)


def _counts(name: str, sample: _Sample, counted: Codes) -> Row:
    return {f"{name}_pop": float(sample.weight[counted].sum()), f"{name}_unwpop": len(counted)}


def _share(name: str, beyond: NDArray[np.bool_], sample: _Sample, counted: Codes) -> Row:
    """A share in % with its limits on the logit scale."""
    if not len(counted):
        return _row(name, None, None, None, None)
    if beyond.all() or not beyond.any():
        share = 100.0 * beyond[0]
        return _row(name, share, 0.0, share, share)
    share, error = _ratio(beyond.astype(np.float64), sample, counted)
    half = _t(sample.freedom) * error / (share * (1 - share))
    odds = share / (1 - share)
    low, high = (100 / (1 + 1 / (odds * factor)) if factor else 0.0 for factor in (np.exp(-half), np.exp(half)))
    return _row(name, 100 * share, 100 * error, low, high)


def _mean(prefix: str, z: Floats, sample: _Sample, measured: Codes, size: int) -> Row:
    """Mean of z with its limits, and the deviation of z in the population, corrected for so many children."""
    if not len(measured):
        return _row(prefix, None, None, None, None) | {f"{prefix}_stdev": None}
    mean, error = _ratio(z, sample, measured)
    half = _t(sample.freedom) * error
    weight = sample.weight[measured]
    variance = float((weight * (z - mean) ** 2).sum() / weight.sum())
    deviation = (variance * size / (size - 1)) ** 0.5 if size > 1 else None
    return _row(prefix, mean, error, mean - half, mean + half) | {f"{prefix}_stdev": deviation}


def _row(name: str, *values: float | None) -> Row:
    shown = (None if value is None or not np.isfinite(value) else float(value) for value in values)
    return dict(zip((f"{name}_r", f"{name}_se", f"{name}_ll", f"{name}_ul"), shown, strict=True))


def _ratio(x: Floats, sample: _Sample, counted: Codes) -> tuple[float, float]:
    """The weighted mean of x over some children of the sample, and its standard error."""
    weight = sample.weight[counted]
    total = weight.sum()
    mean = float((weight * x).sum() / total)
    # What each child, or each cluster, pulls the mean by; those without such children pull nothing but are counted.
    pull = weight * (x - mean) / total
    if sample.cluster is None:
        stratum = sample.stratum[counted]
    else:
        pull = np.bincount(sample.cluster[counted], pull, minlength=len(sample.stratum))
        stratum = sample.stratum
    sizes, strata = sample.sizes, len(sample.sizes)
    squares = np.bincount(stratum, pull**2, minlength=strata)
    sums = np.bincount(stratum, pull, minlength=strata)
    alone = sizes < 2
    spread = np.where(alone, squares, (squares - sums**2 / sizes) * sizes / np.where(alone, 1, sizes - 1))
    return mean, float(np.sqrt(max(spread.sum(), 0.0)))


@cache
def _t(freedom: int) -> float:
    """Student's t that 2.5 % exceed; infinite without a degree of freedom.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4 (solved by halving), 26.7.5.
    """
    if freedom < 1:
        return float("inf")
    x = 1.959963984540054
    if freedom > 200:
        terms = (x, (x**3 + x) / 4, (5 * x**5 + 16 * x**3 + 3 * x) / 96, (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384)
        return float(sum(term / freedom**power for power, term in enumerate(terms)))
    low, high = x, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(middle, freedom) < 0.95 else (low, middle)
    return high


def _inside(t: float, freedom: int) -> float:
    """The probability of a Student's t between -t and t."""
    angle = np.arctan2(t, freedom**0.5)
    sine, cosine = np.sin(angle), np.cos(angle)
    odd = freedom % 2
    term, total = (cosine if odd else 1.0), 0.0
    for step in range(1 + odd, freedom, 2):
        total += term
        term *= cosine**2 * step / (step + 1)
    return float(2 / np.pi * (angle + sine * total)) if odd else float(sine * total)
