"""`tramyte clusters`: where, and when, cases lie closer together than chance would put them; without a database."""

import argparse
import datetime
import json
import math
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tramyte.engine.refused import Refused
from tramyte.web.commands.tables import Table, read_table, tell, write_whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tramyte.rules.clusters import Cluster, Study

POISSON, EXPECTATION, SPACE_TIME, PERMUTATION = "poisson", "expectation-poisson", "space-time-poisson", "space-time-permutation"
TIMED = (SPACE_TIME, PERMUTATION)
MOST_CASES, MOST_PEOPLE, FARTHEST, MOST_CELLS = 1e7, 1e12, 1e9, 20_000_000
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
STEP = re.compile(r"[+-]?\d{1,7}", re.ASCII)
DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})|(\d{4})(\d\d)(\d\d)", re.ASCII)
MONTH = re.compile(r"(\d{4})-(\d\d?)", re.ASCII)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("source", metavar="IN.csv", type=Path, help="các cột id, x, y, cases, population[, expected][, time]")
    parser.add_argument("target", metavar="OUT.json", type=Path)
    parser.add_argument("--model", required=True, choices=(POISSON, EXPECTATION, SPACE_TIME, PERMUTATION))
    parser.add_argument("--max-share", type=float, metavar="S", help="phần dân số nhiều nhất trong một cụm (0.5 khi không có --nearest, --max-distance)")
    parser.add_argument("--nearest", type=int, metavar="K", help="số nơi nhiều nhất trong một cụm")
    parser.add_argument("--max-distance", type=float, metavar="D", help="bán kính lớn nhất: km khi có --longlat, nếu không thì đơn vị của x, y")
    parser.add_argument("--max-duration", type=int, metavar="T", help="thời gian dài nhất: ngày, tháng hoặc đơn vị của cột time")
    parser.add_argument("--prospective", action="store_true", help="chỉ tìm cụm còn kéo dài đến thời điểm cuối")
    parser.add_argument("--longlat", action="store_true", help="x là kinh độ, y là vĩ độ")
    parser.add_argument("--simulations", type=int, default=999, metavar="N", help="số lần mô phỏng (999)")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống của mô phỏng (1)")


def run(options: argparse.Namespace) -> int:
    """Write the clusters; 1 when a row was refused (the rest is used), 2 for options that do not go together."""
    if wrong := _wrong(options):
        print(wrong, file=sys.stderr)
        return 2
    table = read_table(options.source, _needed(options.model))
    if not {"population", "expected"} & {*table.names} and options.model != PERMUTATION:
        raise Refused("no_column", f"Tệp {table.path} thiếu cột population hoặc expected, mô hình {options.model} cần một trong hai.")
    try:
        found = _found(table, options)
    except Refused:
        tell(table.complaints)
        raise
    write_whole(options.target, (json.dumps({"clusters": found}, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    return tell(table.complaints)


def _wrong(options: argparse.Namespace) -> str:
    if options.nearest is not None and options.max_distance is not None:
        return "--nearest và --max-distance không đi cùng nhau. Hãy chọn một."
    if options.model == POISSON and (options.prospective or options.max_duration is not None):
        return f"Mô hình {POISSON} không xét thời gian nên không nhận --prospective, --max-duration. Hãy dùng {SPACE_TIME}."
    bounds: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
        ("max_share", lambda n: 0 < n <= 1, "phải lớn hơn 0 và không quá 1"),
        ("nearest", lambda n: n >= 1, "phải từ 1 trở lên"),
        ("max_distance", lambda n: 0 < n < math.inf, "phải là số lớn hơn 0"),
        ("max_duration", lambda n: 1 <= n < 10**9, "phải từ 1 trở lên"),
        ("simulations", lambda n: 1 <= n <= 10**6, "phải từ 1 đến 1000000"),
        ("seed", lambda n: n >= 0, "phải từ 0 trở lên"),
    )
    for name, good, must in bounds:
        value = getattr(options, name)
        if value is not None and not good(value):
            return f"--{name.replace('_', '-')} {value}: {must}."
    return ""


def _needed(model: str) -> list[str]:
    return ["id", "x", "y", "cases", *(["time"] if model in TIMED else [])]


@dataclass(slots=True)
class _Row:
    """One line: where it stood, and what it says. Missing figures are nan; time None: a place without cases."""

    index: int
    id: str
    x: float
    y: float
    cases: float
    population: float
    expected: float
    time: int | None = None


class _Reader:
    """Reads rows one by one; refuses (ValueError with the sentence) what cannot be or does not fit the rows before."""

    def __init__(self, table: Table, options: argparse.Namespace) -> None:
        self.names = ("id", "x", "y", "cases", "population", "expected", "time")
        self.columns = [table.column(name) for name in self.names]
        self.options = options
        self.timed = any(self.columns[-1])
        self.with_expected = any(self.columns[-2]) and options.model != PERMUTATION
        self.kind = ""
        self.places: dict[str, tuple[float, float]] = {}
        self.cells: dict[tuple[str, int | None], tuple[float, ...]] = {}

    def read(self, index: int) -> _Row:
        """The row at an index."""
        id, x, y, cases, population, expected, time = (column[index] for column in self.columns)
        if not id:
            raise ValueError("thiếu id của nơi")
        row = _Row(index, id, *self._point(x, y), _number("cases", cases, 0, MOST_CASES), math.nan, math.nan)
        if self.options.model == PERMUTATION and row.cases % 1:
            raise ValueError(f"cases = {cases}: mô hình {PERMUTATION} cần số ca nguyên")
        if population:
            row.population = _number("population", population, 0, MOST_PEOPLE)
        if self.with_expected:
            row.expected = _number("expected", expected, 0, MOST_CASES)
        if self.timed and (time or row.cases):
            row.time = self._step(time)
        self._fits(row)
        return row

    def _point(self, x: str, y: str) -> tuple[float, float]:
        if not self.options.longlat:
            return _number("x", x, -FARTHEST, FARTHEST), _number("y", y, -FARTHEST, FARTHEST)
        try:
            return _number("x", x, -180, 180), _number("y", y, -90, 90)
        except ValueError as error:
            raise ValueError(f"{error} (--longlat: x là kinh độ, y là vĩ độ)") from error

    def _step(self, text: str) -> int:
        kind, step = _time(text)
        if self.kind and kind != self.kind:
            raise ValueError(f"time = '{text}' khác kiểu với các dòng trước. Hãy dùng một kiểu: số nguyên, ngày 2026-06-03 hoặc tháng 2026-06")
        self.kind = kind
        return step

    def _fits(self, row: _Row) -> None:
        """A place has one point; a place at a time has one population and one expected number. Cases of equal rows add up."""
        if self.places.get(row.id, (row.x, row.y)) != (row.x, row.y):
            raise ValueError(f"nơi {row.id} có tọa độ khác với dòng trước. Hãy sửa cho giống nhau")
        said = row.population, row.expected
        before = self.cells.get((row.id, row.time), said)
        if any(a != b and a == a and b == b for a, b in zip(before, said, strict=True)):
            raise ValueError(f"nơi {row.id} cùng thời gian đã có với population hoặc expected khác. Hãy gộp thành một dòng")
        self.places[row.id] = row.x, row.y
        self.cells[row.id, row.time] = tuple(b if a != a else a for a, b in zip(before, said, strict=True))


def _number(name: str, text: str, low: float, high: float) -> float:
    if not text:
        raise ValueError(f"thiếu {name}")
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{name} = '{text}' không phải số (dùng dấu chấm cho phần lẻ)")
    number = float(text)
    if not low <= number <= high:
        raise ValueError(f"{name} = {text} phải từ {low:.0f} đến {high:.0f}")
    return number


def _time(text: str) -> tuple[str, int]:
    """The kind of a time (number, day, month) and its place on the axis of that kind."""
    if not text:
        raise ValueError("thiếu time")
    if STEP.fullmatch(text):
        return "number", int(text)
    try:
        if day := DAY.fullmatch(text):
            return "day", datetime.date(*(int(part) for part in day.groups() if part)).toordinal()
        if month := MONTH.fullmatch(text):
            return "month", datetime.date(int(month[1]), int(month[2]), 1).year * 12 + int(month[2]) - 1
    except ValueError:
        pass
    raise ValueError(f"time = '{text}' không phải số nguyên, ngày 2026-06-03 hay tháng 2026-06")


def _shown(kind: str, step: int) -> int | str:
    if kind == "day":
        return datetime.date.fromordinal(step).isoformat()
    return f"{step // 12:04d}-{step % 12 + 1:02d}" if kind == "month" else step


def _read(table: Table, reader: _Reader) -> list[_Row]:
    rows = []
    for index in range(len(table.rows)):
        try:
            rows.append(reader.read(index))
        except ValueError as error:
            table.complain(index, f"{error}.")
    if reader.with_expected or reader.options.model == PERMUTATION:
        return rows
    peopled = {row.id for row in rows if row.population == row.population}
    for row in rows:
        if row.id not in peopled:
            table.complain(row.index, f"nơi {row.id} không có population ở dòng nào.")
    return [row for row in rows if row.id in peopled]


@dataclass(slots=True)
class _Cells:
    """The rows as arrays: ids (L), steps (T), and (L, T) cases, population (nan: unknown), expected; `of` says each row's cell."""

    ids: list[str]
    steps: "NDArray[np.int64]"
    cases: "NDArray[np.float64]"
    population: "NDArray[np.float64]"
    expected: "NDArray[np.float64]"
    of: list[tuple[int, int]]


def _cells(rows: list[_Row], *, one_step: bool) -> _Cells:
    import numpy as np

    from tramyte.rules.clusters import people_between, time_steps

    ids = list(dict.fromkeys(row.id for row in rows))
    place = {id: at for at, id in enumerate(ids)}
    times = [row.time for row in rows if row.time is not None] or [0]
    with _time_that_fits():
        steps = time_steps(np.array(times, dtype=np.int64))
    if len(ids) * len(steps) > MOST_CELLS:
        raise Refused("too_many", f"{len(ids)} nơi x {len(steps)} thời điểm là quá nhiều. Hãy gộp theo tuần hoặc tháng, hoặc chia tệp theo vùng.")
    cases, expected = np.zeros((2, len(ids), len(steps)))
    population = np.full(cases.shape, np.nan)
    of = [(place[row.id], 0 if row.time is None else int(np.searchsorted(steps, row.time))) for row in rows]
    for row, at in zip(rows, of, strict=True):
        cases[at] += row.cases
        if row.expected == row.expected:
            expected[at] = row.expected
        if row.population == row.population and (row.time is not None or population[at] != population[at]):
            population[at] = row.population
    population = people_between(population, steps)
    if one_step:
        cases, population, expected = (part.sum(axis=1, keepdims=True) for part in (cases, population, expected))
        steps, of = steps[:1], [(at, 0) for at, _ in of]
    return _Cells(ids, steps, cases, population, expected, of)


def _refuse_impossible(table: Table, rows: list[_Row], cells: _Cells, risk: "NDArray[np.float64]", named: str) -> None:
    """Cases where nobody is at risk: the rows are told and do not count."""
    for row, at in zip(rows, cells.of, strict=True):
        if row.cases and not risk[at] > 0:
            table.complain(row.index, f"nơi {row.id} có ca bệnh nhưng {named} bằng 0.")
    cells.cases[~(risk > 0)] = 0


def _study(table: Table, rows: list[_Row], cells: _Cells, reader: _Reader) -> "Study":
    from tramyte.rules.clusters import expectation_study, permutation_study, poisson_study

    model = reader.options.model
    if max(cells.cases.sum(), cells.expected.sum()) > MOST_CASES:
        raise Refused("too_many", f"Tổng số ca hoặc tổng expected vượt quá {MOST_CASES:.0f}. Hãy kiểm tra cột cases, expected.")
    if model == PERMUTATION:
        return permutation_study(cells.cases)
    population = cells.population if (cells.population == cells.population).all() else None
    expected = cells.expected if reader.with_expected else None
    risk = expected if expected is not None else cells.population
    _refuse_impossible(table, rows, cells, risk, "expected" if reader.with_expected else "population")
    if model == EXPECTATION:
        return expectation_study(cells.cases, expected, population)
    return poisson_study(cells.cases, population, expected)


def _found(table: Table, options: argparse.Namespace) -> list[dict[str, Any]]:
    reader = _Reader(table, options)
    rows = _read(table, reader)
    if not rows:
        raise Refused("no_rows", f"Tệp {table.path} không có dòng nào dùng được.")
    if not reader.kind and (options.model in TIMED or options.prospective or options.max_duration is not None):
        raise Refused("no_time", f"Tệp {table.path} không có thời gian nào trong cột time, mô hình và tùy chọn đã chọn cần thời gian.")
    return _scanned(table, rows, reader)


@contextmanager
def _time_that_fits() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise Refused("too_many", "Cột time trải quá rộng. Hãy đặt --max-duration nhỏ hơn, hoặc gộp theo tuần, tháng.") from error


def _scanned(table: Table, rows: list[_Row], reader: _Reader) -> list[dict[str, Any]]:
    import numpy as np

    from tramyte.rules.clusters import draw_circles, scan, time_windows

    options = reader.options
    cells = _cells(rows, one_step=options.model == POISSON)
    study = _study(table, rows, cells, reader)
    weight = cells.population.mean(axis=1)
    if np.isnan(weight).any():
        weight = study.cases.sum(axis=1) if options.model == PERMUTATION else study.expected.sum(axis=1)
    x, y = np.array([reader.places[id] for id in cells.ids]).T
    free = options.nearest is not None or options.max_distance is not None
    circles = draw_circles(
        x, y, weight=weight, max_share=options.max_share or (1.0 if free else 0.5), nearest=options.nearest,
        max_distance=options.max_distance, longlat=options.longlat,
    )  # fmt: skip
    with _time_that_fits():
        windows = time_windows(cells.steps, max_duration=options.max_duration, prospective=options.prospective)
    kind = reader.kind if options.model != POISSON else ""
    return [_told(one, cells, kind) for one in scan(study, circles, windows, simulations=options.simulations, seed=options.seed)]


def _told(one: "Cluster", cells: _Cells, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "members": [cells.ids[at] for at in one.members],
        "centre": cells.ids[one.centre],
        "radius": one.radius,
        "cases": one.cases if one.cases % 1 else int(one.cases),
        "expected": one.expected,
        "rr": one.relative_risk,
    }
    if one.adjusted_risk is not None:
        found["rr_adjusted"] = one.adjusted_risk
    found |= {"llr": one.llr, "p_mc": one.p}
    if kind:
        found |= {"start": _shown(kind, int(cells.steps[one.first])), "end": _shown(kind, int(cells.steps[one.last]))}
    return found
