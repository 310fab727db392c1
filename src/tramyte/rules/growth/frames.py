"""Z-scores of a polars frame of children."""

import polars as pl

from tramyte.rules.growth.scores import INDICATORS, Standard, score

# Columns that a frame may have, besides sex.
NUMBERS = {
    "who2006": ("age_days", "age_months", "weight", "lenhei", "headc", "armc", "triskin", "subskin"),
    "who2007": ("age_days", "age_months", "weight", "height"),
}
LETTERS = {"who2006": ("measure", "oedema"), "who2007": ("oedema",)}


def score_frame(frame: pl.DataFrame, standard: Standard = "who2006") -> pl.DataFrame:
    """The columns of `who2006` or `who2007` for a frame, one row a child in its order; null where there is no z-score.

    frame: sex (1 boy, 2 girl) and any of NUMBERS (numeric; units of `who2006`) and LETTERS (text); other columns are
    left aside, absent ones are missing.
    Raises polars' ColumnNotFoundError without sex.
    """
    numbers = {name: frame[name].cast(pl.Float64).to_numpy() for name in NUMBERS[standard] if name in frame.columns}
    letters = {name: frame[name].fill_null("").to_numpy() for name in LETTERS[standard] if name in frame.columns}
    sex = frame["sex"].cast(pl.Float64).to_numpy()
    scored = score(standard, sex, **numbers, **letters)
    flags = [indicator.flag for indicator in INDICATORS[standard]]
    return pl.DataFrame(scored).select(
        pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name) if name in flags else pl.col(name).fill_nan(None)
        for name in scored
    )
