"""`tramyte growth IN.csv OUT.csv`: z-scores of children, or with `--prevalence` what a survey found; without a database."""

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tramyte.web.commands.tables import Table, read_parts, tell, whole, write_table

if TYPE_CHECKING:
    import polars as pl

    from tramyte.rules.growth import Standard

# What a cell may say -> what the rules understand.
SEXES = {
    1: ("1", "1.0", "m", "male", "boy", "nam", "trai"),
    2: ("2", "2.0", "f", "female", "girl", "nữ", "nu", "gái", "gai"),
}
CHOICES = {
    "measure": {"l": ("l", "nằm", "nam"), "h": ("h", "đứng", "dung")},
    "oedema": {"y": ("y", "yes", "có", "co"), "n": ("n", "no", "không", "khong")},
}
MISSING = ("", "na", "nan")
DESIGN = {"weight": "trọng số không âm", "cluster": "mã cụm", "strata": "mã tầng"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `tramyte growth`."""
    parser.add_argument("source", metavar="IN.csv", type=Path)
    parser.add_argument("target", metavar="OUT.csv", type=Path)
    parser.add_argument("--standard", choices=("who2006", "who2007"), default="who2006", help="who2006: dưới 5 tuổi; who2007: 5–19 tuổi")
    parser.add_argument("--prevalence", action="store_true", help="tính tỷ lệ của cuộc điều tra thay cho điểm z của từng trẻ")
    parser.add_argument("--by", metavar="COLUMN,...", help="tỷ lệ theo từng giá trị của cột; age_group: nhóm tuổi; a+b: hai cột cùng lúc")
    parser.add_argument("--weight", metavar="COLUMN", help="cột trọng số mẫu")
    parser.add_argument("--cluster", metavar="COLUMN", help="cột cụm mẫu")
    parser.add_argument("--strata", metavar="COLUMN", help="cột tầng mẫu")


def run(options: argparse.Namespace) -> int:
    """Write OUT.csv; 1 when a row was refused (the others are written), 2 for options that do not go together."""
    idle = [f"--{name}" for name in (*DESIGN, "by") if getattr(options, name) and not options.prevalence]
    if idle:
        print(f"{', '.join(idle)} chỉ dùng cùng --prevalence.", file=sys.stderr)
        return 2
    source = _Source(options.source, options.standard)
    if options.prevalence:
        _write_prevalence(options, source)
    else:
        _write_scores(options.target, source)
    if source.impossible:
        others = f" và {len(source.impossible) - 1} dòng khác" if source.impossible[1:] else ""
        print(f"{options.source}, dòng {source.impossible[0]}{others}: có số đo bằng 0 hoặc âm, hoặc tuổi âm; không có điểm z ở đó.", file=sys.stderr)
    return tell(source.complaints)


@dataclass
class _Source:
    """The file of children: its complaints, and the lines whose numbers cannot be true, as they are found."""

    path: Path
    standard: "Standard"
    complaints: list[str] = field(default_factory=list)
    impossible: list[int] = field(default_factory=list)

    def parts(self, columns: Sequence[str] = (), design: Mapping[str, str] | None = None) -> Iterator[tuple[Table, "pl.DataFrame"]]:
        """Rows without the refused ones, and what the rules need of them; `by:NAME` and `design:NAME` as texts and weights.

        columns: kept as texts. design: weight, cluster, strata -> column.
        """
        for part in read_parts(self.path, ("sex", *columns, *(design or {}).values())):
            children, faults = _children(part, self.standard, columns, design or {})
            for at, reason in sorted(faults.items()):
                part.complain(at, reason)
            if faults:
                good = [at not in faults for at in range(len(part.rows))]
                part.keep(good)
                children = children.filter(good)
            self.complaints += part.complaints
            self.impossible += [part.lines[at] for at in _impossible(children)]
            yield part, children


def _children(part: Table, standard: "Standard", columns: Sequence[str], design: Mapping[str, str]) -> tuple["pl.DataFrame", dict[int, str]]:
    """What the rules need, and by row why it is refused."""
    import polars as pl

    from tramyte.rules.growth import LETTERS, NUMBERS

    faults: dict[int, str] = {}
    found = [_chosen(part, "sex", SEXES, pl.Float64, faults)]
    found += [_chosen(part, name, CHOICES[name], pl.String, faults) for name in LETTERS[standard] if name in part.names]
    for name in NUMBERS[standard]:
        column = "lenhei" if name == "height" and "height" not in part.names else name
        if column in part.names:
            found.append(_numbers(part, column, faults).alias(name))
    found += [pl.Series(f"by:{name}", part.column(name), dtype=pl.String) for name in columns]
    for name, column in design.items():
        values = _numbers(part, column, faults) if name == "weight" else pl.Series(part.column(column), dtype=pl.String)
        found.append(values.alias(f"design:{name}"))
        for at in ((values.is_null() | (values < 0)) if name == "weight" else values == "").arg_true():
            faults.setdefault(at, f"cột {column}: phải có {DESIGN[name]}.")
    return pl.DataFrame(found), faults


def _numbers(part: Table, name: str, faults: dict[int, str]) -> "pl.Series":
    """A column of numbers, null where missing."""
    import polars as pl

    texts = pl.Series(name, part.column(name), dtype=pl.String)
    numbers = texts.cast(pl.Float64, strict=False)
    finite = numbers.is_finite().fill_null(False)
    for at in (~finite & ~texts.str.to_lowercase().is_in(MISSING)).arg_true():
        faults.setdefault(at, f"cột {name}: “{texts[at]}” không phải số. Hãy ghi số với dấu chấm, hoặc để trống.")
    return pl.select(pl.when(finite).then(numbers).alias(name)).to_series()


def _chosen(part: Table, name: str, choices: Mapping[Any, Sequence[str]], dtype: Any, faults: dict[int, str]) -> "pl.Series":
    """A column of which only some texts are understood, as what they mean; null where missing."""
    import polars as pl

    texts = pl.Series(name, part.column(name), dtype=pl.String)
    meanings = {text: meaning for meaning, written in choices.items() for text in written}
    small = texts.str.to_lowercase()
    values = small.replace_strict(meanings, default=None, return_dtype=dtype)
    for at in (values.is_null() & ~small.is_in(MISSING)).arg_true():
        known = ", ".join(written[0] for written in choices.values())
        faults.setdefault(at, f"cột {name}: không hiểu “{texts[at]}”. Hãy ghi {known}, hoặc để trống.")
    return values


def _impossible(children: "pl.DataFrame") -> list[int]:
    import polars as pl

    from tramyte.rules.growth import NUMBERS

    ages = ("age_days", "age_months")
    measured = [name for name in children.columns if name in {*NUMBERS["who2006"], *NUMBERS["who2007"]}]
    if not measured:
        return []
    wrong = [pl.col(name) < 0 if name in ages else pl.col(name) <= 0 for name in measured]
    return children.select(pl.any_horizontal(wrong).fill_null(False)).to_series().arg_true().to_list()


def _write_scores(target: Path, source: _Source) -> None:
    header = False
    with whole(target) as file:
        for part, children in source.parts():
            _write_part(file, part, children, source.standard, header=not header)
            header = True


def _write_part(file: IO[bytes], part: Table, children: "pl.DataFrame", standard: "Standard", *, header: bool) -> None:
    """The given columns as they came, but for those that are computed, then the computed ones."""
    import polars as pl

    from tramyte.rules.growth import score_frame

    scores = score_frame(children, standard)
    given = [at for at, name in enumerate(part.names) if name not in scores.columns]
    if header:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=part.delimiter, lineterminator="\n").writerow([*(part.names[at] for at in given), *scores.columns])
        file.write(text.getvalue().encode())
    # Numbers as names, because several columns may have none; None, because an empty text would be written as two quotes.
    texts = [pl.Series(str(at), [row[at] or None for row in part.rows], dtype=pl.String) for at in given]
    rounded = scores.with_columns(pl.col("^(clenhei|cbmi)$").round(9))
    # By way of a text, so that a full disk is an OSError and not one of polars.
    file.write(pl.DataFrame([*texts, *rounded]).write_csv(include_header=False, separator=part.delimiter).encode())


def _write_prevalence(options: argparse.Namespace, source: _Source) -> None:
    import polars as pl

    from tramyte.rules.growth import DAYS_PER_MONTH, Design, prevalence, score_frame

    names = [name for name in (options.by or "").split(",") if name]
    columns = list(dict.fromkeys(column for name in names for column in name.split("+") if column != "age_group"))
    design = {name: getattr(options, name) for name in DESIGN if getattr(options, name)}
    children = pl.concat([part for _, part in source.parts(columns, design)])
    months = pl.Series([None] * children.height, dtype=pl.Float64)
    for name, days in (("age_days", DAYS_PER_MONTH), ("age_months", 1)):
        if name in children.columns:
            months = months.fill_null(children[name] / days)
    swollen = children["oedema"] == "y" if "oedema" in children.columns else pl.Series([False] * children.height, dtype=pl.Boolean)
    scores = score_frame(children, source.standard)
    rows = prevalence(
        {name: scores[name].fill_null(-1 if name.startswith("f") else nan).to_numpy() for name in scores.columns},
        months=months.fill_null(nan).to_numpy(),
        oedema=swollen.fill_null(False).to_numpy(),
        groups={name: _labels(children, name, months, source.standard) for name in names},
        design=Design(**{name: children[f"design:{name}"].to_numpy() for name in design}),
        standard=source.standard,
    )
    cells = [["" if value is None else str(value) for value in row.values()] for row in rows]
    write_table(options.target, list(rows[0]), cells)


def _labels(children: "pl.DataFrame", name: str, months: "pl.Series", standard: "Standard") -> list[str]:
    """The group of each child by one column, or by several joined with "+"; "" where one of them is unknown."""
    from tramyte.rules.growth import age_groups

    ages = age_groups(months.fill_null(nan).to_numpy(), standard).tolist()
    parts = [ages if column == "age_group" else children[f"by:{column}"].to_list() for column in name.split("+")]
    return [".".join(labels) if all(labels) else "" for labels in zip(*parts, strict=True)]
