"""Every row of the shared answers of WHO's own programs, within the tolerances of their README."""

import gzip

import numpy as np
import polars as pl
import pytest

from tramyte.rules.growth import Design, age_groups, prevalence, score_frame

pytestmark = pytest.mark.shared
SURVEY_2006 = {"GENDER": "sex", "age.days": "age_days", "WEIGHT": "weight", "HEIGHT": "lenhei", "HEAD": "headc", "MUAC": "armc"}
# File -> (standard, names there -> here, the last age that the packages answer: WHO's older macros go on for a month).
FILES = {
    "anthro_0_5y_A.csv.gz": ("who2006", {}, None),
    "anthro_0_5y_months_A.csv.gz": ("who2006", {}, None),
    "anthroplus_5_19y_A.csv.gz": ("who2007", {}, None),
    "MySurvey_z_st.csv": ("who2006", SURVEY_2006, {"age_days": 1826}),
    "who2007_sample_survey_expected.csv.gz": ("who2007", {"agemons": "age_months"}, {"age_months": 228}),
}
Z = ("zlen", "zwei", "zwfl", "zbmi", "zhc", "zac", "zts", "zss", "zhfa", "zwfa", "zbfa")


def read(shared, name):
    """A file of the truth: letters as text, everything else as numbers."""
    content = (shared / "truth/growth/truth_A" / name).read_bytes()
    frame = pl.read_csv(gzip.decompress(content) if name.endswith(".gz") else content, infer_schema=False)
    letters = {"measure", "oedema", "stratum", "region", "Group", "wealthq"}
    return frame.with_columns(pl.col(name).cast(pl.Float64, strict=False) for name in frame.columns if name not in letters)


@pytest.mark.parametrize("name", FILES)
def test_every_row_equals_whos_answer(shared, name):
    standard, names, last = FILES[name]
    truth = read(shared, name).rename(names)
    found = score_frame(truth, standard)
    older = truth.select(pl.any_horizontal(pl.col(age) > limit for age, limit in last.items())).to_series().fill_null(False) if last else None
    for column in set(found.columns) & set(truth.columns):
        ours, theirs = (frame[column].cast(pl.Float64).fill_null(np.nan).to_numpy() for frame in (found, truth))
        tolerance = 0.0101 if column in Z else 1e-4 if column == "clenhei" else 1e-8 * np.abs(theirs) if column == "cbmi" else 0
        equal = (np.abs(ours - theirs) <= tolerance) | (np.isnan(ours) & np.isnan(theirs)) | np.isinf(theirs)
        if last and column not in ("clenhei", "cbmi"):
            assert older.sum() == 4
            equal |= older.to_numpy()
        if column in ("zwfa", "fwfa") and last:
            # WHO's macro answers weight-for-age during month 120; the package, which made the other file, does not.
            during = truth["age_months"].is_between(120, 121, closed="none").to_numpy() & np.isnan(ours)
            equal |= during
        assert equal.all(), [(truth["id"][int(at)], ours[at], theirs[at]) for at in np.flatnonzero(~equal)[:5]]


LABELS = {
    "Age group": "age_group", "Sex": "sex", "Age + sex": "age_group+sex", "Area": "area", "Wealth quintile": "wealthq",
    "Geographical region": "region", "Age Group 1": "age_group", "Age Group 2": "age_group_wide", "Age + Sex": "age_group_sex",
}  # fmt: skip


def labels(frame, standard, months):
    """The groups of WHO's report, by our names for them."""
    ages = age_groups(months, standard)
    sex = np.where(frame["sex"].fill_null(0) == 1, "Male", np.where(frame["sex"].fill_null(0) == 2, "Female", ""))
    wide = np.array(["", "60-119 mo", "120-179 mo", "180-228 mo", ""])[np.searchsorted([60, 120, 180, 228.001], months, side="right")]
    found = {"age_group": ages, "sex": sex, "age_group+sex": _joined(ages, sex), "age_group_wide": wide, "age_group_sex": _joined(sex, wide)}
    for name in ("area", "wealthq", "region"):
        if name in frame.columns:
            values = frame[name].cast(pl.Int64) if name == "area" else frame[name]
            found[name] = values.cast(pl.String).fill_null("").to_numpy()
    return {name: values.astype(str).tolist() for name, values in found.items()}


def _joined(first, second):
    return np.array([f"{a}.{b}" if a and b else "" for a, b in zip(first, second, strict=True)])


SURVEYS = [
    ("survey_A.csv.gz", "survey_A_prevalence_design.csv", "who2006", ("sw", "cluster", "strata")),
    ("survey_A.csv.gz", "survey_A_prevalence_simple.csv", "who2006", ()),
    ("MySurvey_z_st.csv", "MySurvey_prevalence.csv", "who2006", ("SW",)),
    ("who2007_sample_survey_expected.csv.gz", "who2007_sample_survey_prevalence.csv", "who2007", ("sw", "cluster", "strata")),
]


@pytest.mark.parametrize(("data", "answer", "standard", "design"), SURVEYS)
def test_every_figure_of_a_survey_equals_whos(shared, data, answer, standard, design):
    frame = read(shared, data).rename(FILES.get(data, (0, {}))[1])
    months = (frame["age_months"] if standard == "who2007" else frame["age_days"] / 30.4375).fill_null(np.nan).to_numpy()
    found = score_frame(frame, standard)
    scores = {name: found[name].fill_null(-1 if name.startswith("f") else np.nan).to_numpy() for name in found.columns}
    drawn = Design(**{part: frame[name].to_numpy() for part, name in zip(("weight", "cluster", "strata"), design, strict=False)})
    rows = prevalence(scores, months=months, oedema=(frame["oedema"] == "y").fill_null(False), groups=labels(frame, standard, months), design=drawn, standard=standard)
    ours = {row["Group"]: row for row in rows}
    theirs = read(shared, answer)
    assert theirs.height > 20
    for row in theirs.drop("Years", "Months", strict=False).iter_rows(named=True):
        label, _, value = row.pop("Group").partition(": ")
        name = f"{LABELS[label]}: {value.split(':')[0]}" if value else label
        for column, figure in row.items():
            mine = ours[name][column]
            assert (mine is None) == (figure is None) and (figure is None or mine == pytest.approx(figure, rel=1e-12, abs=1e-6)), (name, column)
