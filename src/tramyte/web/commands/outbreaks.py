"""`tramyte outbreaks IN.csv OUT.csv --params FILE`: thresholds and alarms of series of counts, without a database."""

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tramyte.engine.refused import Refused
from tramyte.web.commands.tables import Table, read_table, read_text, tell, write_table

if TYPE_CHECKING:
    from tramyte.rules.outbreak import Settings

STATUTORY = "vn_tt15"
# A count or a t above this is a slip of the keyboard.
MOST = 1_000_000_000
# Columns of the input that are understood, and of the output beside series, algorithm and t (or date).
READ = ("series", "freq", "t", "observed")
READ_DAILY = ("series", "date", "observed")
WRITTEN = ("upper", "alarm")
WRITTEN_DAILY = ("cumulative_week", "cumulative_month", "upper_alert", "upper_outbreak", "alarm")
# The columns of numbers and their least value.
LEAST = {"observed": 0, "linked": 0, "population": 1}


@dataclass
class Row:
    """A row of the input whose series and place are readable; `counted` is false when a number in it was refused."""

    index: int
    series: str
    freq: int
    point: int
    numbers: dict[str, float]
    counted: bool = True


@dataclass
class Series:
    """Consecutive time points: `first` is the first t, or the ordinal of the first day; numbers are NaN where unknown."""

    name: str
    freq: int
    first: int
    numbers: dict[str, list[float]]
    rows: list[Row]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words after `tramyte outbreaks`."""
    parser.add_argument("source", metavar="IN.csv", type=Path, help="các cột series, freq (365, 52, 12), t, observed; với vn_tt15: series, date, observed, linked")
    parser.add_argument("target", metavar="OUT.csv", type=Path)
    parser.add_argument("--params", metavar="FILE", type=Path, required=True, help="JSON: tên thuật toán (earsC_..., farringtonFlexible_... hoặc vn_tt15) -> các tham số")


def run(options: argparse.Namespace) -> int:
    """Write OUT.csv; 1 when a row, a series or an algorithm was refused (the rest is written)."""
    complaints: list[str] = []
    algorithms = _algorithms(options.params, complaints)
    daily = STATUTORY in algorithms
    needed, written, point = (READ_DAILY, WRITTEN_DAILY, "date") if daily else (READ, WRITTEN, "t")
    with_people = any(getattr(settings, "populationOffset", False) for settings in algorithms.values())
    table = read_table(options.source, needed)
    if not table.rows:
        table.complaints.append(f"{table.path}: không có dòng số liệu nào.")
    used = {*needed, *(["linked"] if daily else []), *(["population"] if with_people else [])}
    numbers = [name for name in LEAST if name in used and name in table.names]
    series = list(_series(table, list(_rows(table, daily, numbers)), daily, numbers))
    passed = [place for place, name in enumerate(table.names) if name not in {*used, *written, "algorithm"}]
    names, points = table.column("series"), table.column(point)
    made = []
    for name, settings in algorithms.items():
        cells = dict(_answered(name, settings, series, complaints))
        for index in sorted(cells):
            made.append([names[index], name, points[index], *cells[index], *(table.rows[index][place] for place in passed)])
    write_table(options.target, ["series", "algorithm", point, *written, *(table.names[place] for place in passed)], made, table.delimiter)
    return tell(complaints + table.complaints)


def _algorithms(path: Path, complaints: list[str]) -> "dict[str, Settings]":
    """The algorithms of the file; one that is refused becomes a complaint. Refused when none is left."""
    from tramyte.rules.outbreak import Settings, read_settings

    try:
        given = json.loads(read_text(path), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Refused("bad_params", f"Tệp tham số {path} không phải JSON đúng, sai ở dòng {error.lineno}. Hãy sửa lại tệp.") from error
    except (ValueError, RecursionError) as error:
        reason = "lồng quá sâu" if isinstance(error, RecursionError) else error
        raise Refused("bad_params", f"Tệp tham số {path} không dùng được: {reason}. Hãy sửa lại tệp.") from error
    if not isinstance(given, dict):
        raise Refused("bad_params", f"Tệp tham số {path} phải là một đối tượng JSON: tên thuật toán -> các tham số.")
    found: dict[str, Settings] = {}
    for name, settings in given.items():
        try:
            found[name] = read_settings(name, settings)
        except ValueError as error:
            complaints.append(f"{path}, {name}: {error}")
    if not found:
        tell(complaints)
        raise Refused("no_algorithm", f"Tệp tham số {path} không có thuật toán nào dùng được, nên không ghi kết quả.")
    if STATUTORY in found and len(found) > 1:
        raise Refused("mixed", f"{path}: {STATUTORY} cần số liệu theo ngày. Hãy để nó riêng một tệp tham số và chạy riêng.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"tên lặp lại {', '.join(twice)}")
    return dict(pairs)


def _rows(table: Table, daily: bool, numbers: Sequence[str]) -> Iterator[Row]:
    """The rows whose place in a series is readable; what is not becomes a complaint."""
    for index, cells in enumerate(table.rows):
        texts = {name: cell.strip() for name, cell in zip(table.names, cells, strict=True)}
        try:
            if not texts["series"]:
                raise ValueError("series để trống. Hãy ghi tên chuỗi.")
            point = _day(texts["date"]) if daily else _whole("t", texts["t"], 1)
            row = Row(index, texts["series"], 365 if daily else _frequency(texts["freq"]), point, {})
        except ValueError as error:
            table.complain(index, str(error))
            continue
        try:
            row.numbers = _numbers(texts, numbers)
        except ValueError as error:
            table.complain(index, str(error))
            row.counted = False
        yield row


def _numbers(texts: dict[str, str], names: Sequence[str]) -> dict[str, float]:
    """The numbers of a row by column; an empty cell is unknown."""
    found = {name: float(_whole(name, texts[name], LEAST[name])) for name in names if texts[name]}
    if found.get("linked", 0) > found.get("observed", math.inf):
        raise ValueError(f"linked = {texts['linked']} nhiều hơn observed = {texts['observed']}. Hãy kiểm tra lại hai số.")
    return found


def _whole(name: str, text: str, least: int) -> int:
    """A whole number, also as 5.0; ValueError with a sentence."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not number.is_integer() or "_" in text or not least <= number <= MOST:
        raise ValueError(f"{name} = {text[:30]!r} phải là số nguyên từ {least} đến {MOST}. Hãy sửa lại số này.")
    return int(number)


def _frequency(text: str) -> int:
    from tramyte.rules.outbreak import FREQUENCIES

    found = _whole("freq", text, 1)
    if found not in FREQUENCIES:
        raise ValueError(f"freq = {text[:30]!r} không có. Hãy ghi 365 (ngày), 52 (tuần) hoặc 12 (tháng).")
    return found


def _day(text: str) -> int:
    from tramyte.rules.calendar.dates import parse_date

    return parse_date(text).toordinal()


def _series(table: Table, rows: Iterable[Row], daily: bool, numbers: Sequence[str]) -> Iterator[Series]:
    """The series in the order of their first rows; rows and series that are refused become complaints."""
    by_name: dict[str, dict[int, Row]] = {}
    frequencies: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        frequencies[row.series].add(row.freq)
        earlier = by_name.setdefault(row.series, {}).setdefault(row.point, row)
        if earlier is not row:
            table.complain(row.index, f"chuỗi {row.series} đã có {_shown(row.point, daily)} ở dòng {table.lines[earlier.index]}. Hãy bỏ một dòng.")
    for name, points in by_name.items():
        first, last = min(points), max(points)
        lacking = last - first + 1 - len(points)
        if len(frequencies[name]) > 1:
            table.complaints.append(f"{table.path}, chuỗi {name}: có nhiều freq {sorted(frequencies[name])}, nên cả chuỗi bị bỏ. Hãy để mỗi chuỗi một freq.")
        elif lacking > len(points):
            table.complaints.append(f"{table.path}, chuỗi {name}: thiếu {lacking} kỳ giữa {_shown(first, daily)} và {_shown(last, daily)}, nên cả chuỗi bị bỏ. Hãy thêm đủ các kỳ.")
        else:
            if lacking:
                table.complaints.append(f"{table.path}, chuỗi {name}: {_gap(points, daily)}")
            yield _assembled(name, points, numbers)


def _gap(points: dict[int, Row], daily: bool) -> str:
    absent = sorted(set(range(min(points), max(points))) - set(points))
    shown = ", ".join(_shown(point, daily) for point in absent[:5]) + (", …" if len(absent) > 5 else "")
    return f"thiếu {len(absent)} kỳ ({shown}), được coi là chưa biết. Kỳ không có ca thì hãy thêm dòng có observed là 0."


def _shown(point: int, daily: bool) -> str:
    return f"ngày {date.fromordinal(point):%d/%m/%Y}" if daily else f"t = {point}"


def _assembled(name: str, points: dict[int, Row], columns: Sequence[str]) -> Series:
    first, last = min(points), max(points)
    numbers = {column: [math.nan] * (last - first + 1) for column in columns}
    for point, row in points.items():
        for column, number in row.numbers.items():
            numbers[column][point - first] = number
    return Series(name, points[first].freq, first, numbers, [row for row in points.values() if row.counted])


def _answered(name: str, settings: "Settings", series: Sequence[Series], complaints: list[str]) -> Iterator[tuple[int, list[str]]]:
    """(index of the row, cells) of each row that the algorithm has an answer for; series of one length go together."""
    groups: dict[tuple[int, ...], list[Series]] = defaultdict(list)
    for one in series:
        groups[len(one.numbers["observed"]), one.freq, one.first if name == STATUTORY else 0].append(one)
    told = set()
    for together in groups.values():
        try:
            first, columns = _computed(settings, together)
        except ValueError as error:
            if str(error) not in told:
                complaints.append(f"{name}, freq {together[0].freq}: {error}")
            told.add(str(error))
            continue
        for place, one in enumerate(together):
            for row in one.rows:
                at = row.point - one.first - first
                if at >= 0:
                    yield row.index, [_cell(float(column[place, at])) for column in columns]


def _computed(settings: "Settings", series: Sequence[Series]) -> tuple[int, tuple[Any, ...]]:
    """The index of the first point answered, and per output column the numbers of each series at each point."""
    import numpy as np

    from tramyte.rules.outbreak import EarsC, VnTt15, ears, farrington_flexible, vn_tt15

    numbers = {column: np.array([one.numbers[column] for one in series]) for column in series[0].numbers}
    observed = numbers["observed"]
    if isinstance(settings, VnTt15):
        counted = observed if settings.endemic else numbers.get("linked", observed)
        verdict = vn_tt15(date.fromordinal(series[0].first), counted, settings)
        return 0, (verdict.cumulative_week, verdict.cumulative_month, verdict.upper_alert, verdict.upper_outbreak, verdict.alarm)
    if isinstance(settings, EarsC):
        found = ears(observed, settings)
    else:
        found = farrington_flexible(observed, series[0].freq, settings, population=numbers.get("population"))
    return found.first, (found.upper, found.alarm)


def _cell(number: float) -> str:
    return "" if math.isnan(number) else f"{number:.10g}"
