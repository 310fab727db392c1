"""Spreadsheets and CSV read into named cells; `write_xlsx` and `write_csv` are in `spreadsheet_writing`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from operator import itemgetter
from typing import NamedTuple

from tramyte.engine.documents import letters, sniffing
from tramyte.engine.documents.spreadsheet_cells import Cell, Grid, RawRow, read_grid, read_grids
from tramyte.engine.documents.spreadsheet_writing import SheetColumn, write_csv, write_xlsx
from tramyte.engine.refused import Refused
from tramyte.rules.text import fold

__all__ = ["Peek", "Row", "Sheet", "SheetColumn", "letters_of", "peek", "read_table", "write_csv", "write_xlsx"]

MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELL = 32_767
_HEADING_DEPTH = 30
_SAMPLE = 200  # rows that tell the letters of a sheet
_EMPTY = Cell("")
_NONE: frozenset[str] = frozenset()
_TEXT, _IS_DATE, _LOST = map(itemgetter, range(3))  # of a cell


class Row(NamedTuple):
    """A row with data. number_in_file: as Excel shows it, from 1. cells: every heading of the sheet, "" where
    empty.

    dates: the headings whose cells were real dates of the spreadsheet (their text is ISO, so 05/03 is not in
    doubt). lost: the headings whose cells held control characters. wide: a cell merged over three columns or more.
    """

    number_in_file: int
    cells: dict[str, str]
    dates: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    wide: bool = False


@dataclass(frozen=True)
class Peek:
    """The top of a sheet: its first rows with text as (number in file, texts), and where the headings seem to stand.

    heading_row: the number of the first heading row; depth: over how many rows (1 or 2) they stand; score: how many
    known headings are among them, 0 for a mere guess. height: rows of the sheet, blank ones too. names: the headings
    that stand in a row and, joined, in it and the next: (number of the row, 1 or 2) -> texts.
    """

    name: str
    rows: list[tuple[int, list[str]]]
    heading_row: int
    depth: int
    score: int
    height: int
    names: dict[tuple[int, int], list[str]]


@dataclass(frozen=True)
class Sheet:
    """A table as read. heading_row: the number of the (last) heading row in the file. sheets: the names of
    all sheets.

    letters: the column letters of the headings, in their order. depth: over how many rows the headings stand.
    """

    headings: list[str]
    rows: list[Row]
    heading_row: int
    name: str = ""
    sheets: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    depth: int = 1


def peek(name: str, content: bytes, *, known: Sequence[str] = ()) -> list[Peek]:
    """The top of every visible sheet with text, for a person to choose from. Refused codes: as `read_table`."""
    sniffing.check_size(name, content)
    wanted = {fold(heading) for heading in known if fold(heading)}
    found = []
    for grid in read_grids(name, content):
        if top := list(islice(_with_text(name, grid), _HEADING_DEPTH)):
            at, depth, score = _guess_headings(top, grid, wanted)
            rows = [(row.number, [cell.text for cell in row.cells]) for row in top]
            names = {(top[n].number, deep): [text for _, text in sorted(_names(top[n : n + deep], grid).items())] for n in range(len(top)) for deep in (1, 2)}
            found.append(Peek(grid.name, rows, top[at].number, depth, score, grid.height, names))
    if not found:
        raise _blank(name)
    return found


def read_table(
    name: str, content: bytes, *, sheet: str | None = None, known: Sequence[str] = (), heading: tuple[int, int] | None = None,
    limit: int | None = None,
) -> Sheet:
    """The table in a .xlsx, .xls, .ods or .csv file, told apart by content.

    sheet: the sheet to read, the first visible one with text without it. known: headings to look for; the row
    with most of them (compared without tones and case) is the heading row, titles above it are skipped.
    heading: the number of the first heading row in the file and over how many rows they stand, when somebody said so.
    limit: so many rows are read, for a look at the top.
    Without `known`, it is the first row with two texts. Headings over two rows are joined ("Địa chỉ / Thôn"),
    columns without heading are "Cột C", repeated headings get "(2)". Cells: whole numbers without ".0", dates
    ISO, formulas their values, an apostrophe before = + - @ taken off. Refused codes: file_empty,
    file_too_large, file_wrong_type, file_password, file_damaged, file_bomb, file_old_letters, sheet_missing,
    sheet_empty, sheet_no_headings, sheet_too_long, sheet_cell_too_long.
    """
    sniffing.check_size(name, content)
    grid = read_grid(name, content, sheet)
    rows = list(islice(_with_text(name, grid), (limit or MAX_ROWS) + _HEADING_DEPTH + 1))
    if limit is None and len(rows) > MAX_ROWS + _HEADING_DEPTH:
        raise Refused(
            "sheet_too_long",
            f"Tệp {sniffing.short(name)} có hơn 200.000 dòng. Hãy tách thành nhiều tệp rồi tải lần lượt.",
        )
    if not rows:
        raise _blank(name)
    letters.refuse_old_letters("\n".join(cell.text for row in rows[:_SAMPLE] for cell in row.cells), sniffing.short(name))
    at, depth = _told(name, rows, heading) if heading else _find_headings(name, rows[:_HEADING_DEPTH], grid, known)
    data = rows[at + depth :]
    headings = _headings(rows[at : at + depth], grid, data)
    if data and _is_numbering(data[0]):
        data = data[1:]
    wide = {top + 1 for (top, left), (bottom, right) in grid.merged if top == bottom and right - left >= 2}
    out = [_row(headings, row, row.number in wide) for row in data]
    columns = [letters_of(at) for at in headings]
    return Sheet(list(headings.values()), out, rows[at + depth - 1].number, grid.name, grid.sheets, columns, depth)


def _blank(name: str) -> Refused:
    return Refused("sheet_empty", f"Tệp {sniffing.short(name)} không có dòng nào. Hãy kiểm tra lại trang tính rồi tải lại.")


def _told(name: str, rows: list[RawRow], heading: tuple[int, int]) -> tuple[int, int]:
    """Where the heading rows that somebody named stand among the rows with text."""
    number, depth = heading
    at = next((at for at, row in enumerate(rows) if row.number == number), None)
    if at is None:
        raise Refused("sheet_no_headings", f"Dòng {number} của tệp {sniffing.short(name)} trống, không phải dòng tiêu đề. Hãy chọn dòng khác.")
    return at, min(depth, 2, len(rows) - at)


def _with_text(name: str, grid: Grid) -> Iterator[RawRow]:
    """The rows that are not blank; refuses cells and rows beyond what a table of people can hold."""
    for row in grid.rows:
        longest = max(map(len, map(_TEXT, row.cells)), default=0)
        if not longest:
            continue
        if longest <= MAX_CELL and len(row.cells) <= MAX_COLUMNS:
            yield row
            continue
        filled = [at for at, cell in enumerate(row.cells) if cell.text]
        if filled[-1] >= MAX_COLUMNS:
            raise Refused(
                "sheet_too_wide",
                f"Tệp {sniffing.short(name)} dòng {row.number} có chữ ở tận cột {letters_of(filled[-1])}. "
                f"Hãy xóa các cột thừa (giữ không quá {MAX_COLUMNS} cột) rồi tải lại.",
            )
        for at in filled:
            if len(row.cells[at].text) > MAX_CELL:
                raise Refused(
                    "sheet_cell_too_long",
                    f"Tệp {sniffing.short(name)} ô {letters_of(at)}{row.number} dài hơn 32.767 ký tự. "
                    "Hãy rút ngắn ô đó rồi tải lại; với tệp CSV, hãy xem có thiếu dấu nháy kép không.",
                )
        yield row


def letters_of(column: int) -> str:
    """The letters of a column counted from 0: 0 is "A", 27 is "AB"."""
    out, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        out = chr(ord("A") + digit) + out
    return out


def _find_headings(name: str, top: list[RawRow], grid: Grid, known: Sequence[str]) -> tuple[int, int]:
    """Where in `top` the headings begin and over how many rows (1 or 2) they stand."""
    wanted = {fold(heading) for heading in known if fold(heading)}
    at, depth, score = _guess_headings(top, grid, wanted)
    if wanted and not score:
        raise Refused(
            "sheet_no_headings",
            f"Tệp {sniffing.short(name)} không có dòng tiêu đề cột nào quen thuộc. "
            f"Hãy đặt tên cột ở một dòng, ví dụ: {', '.join(list(known)[:4])}; hoặc tải tệp mẫu về để điền.",
        )
    return at, depth


def _guess_headings(top: list[RawRow], grid: Grid, wanted: set[str]) -> tuple[int, int, int]:
    """Where the headings begin, over how many rows, how many are known; without known ones the first row with two texts."""
    best = (0, 0, 1)
    for at, row in enumerate(top):
        for depth in (1, 2) if at + 1 < len(top) else (1,):
            if depth == 2 and not _is_double(row, top[at + 1], grid, wanted):
                continue
            found = _names(top[at : at + depth], grid)
            score = len({fold(part) for text in found.values() for part in _readings(text)} & wanted)
            if score > best[0] or (score and (score, at) == best[:2]):  # two rows that merged cells join say as much together
                best = (score, at, depth)
    if best[0]:
        return best[1], best[2], best[0]
    at = next((at for at, row in enumerate(top) if sum(1 for cell in row.cells if cell.text) > 1), 0)
    double = at + 1 < len(top) and _is_double(top[at], top[at + 1], grid, wanted)
    return at, 2 if double else 1, 0


def _readings(text: str) -> tuple[str, str, str]:
    """A joined heading is known by its whole, by its last or by its first part."""
    return text, text.rsplit(" / ", 1)[-1], text.split(" / ", 1)[0]


def _is_double(upper: RawRow, lower: RawRow, grid: Grid, wanted: set[str]) -> bool:
    """Headings stand over two rows: merged cells show it, or known headings in both rows that fill each
    other's gaps.
    """
    if lower.number != upper.number + 1:
        return False
    row = upper.number - 1
    for (top, left), (bottom, right) in grid.merged:
        if top == row and bottom == row + 1 and left == right:
            return True
        if top == bottom == row and right > left:
            below = [cell.text for cell in lower.cells[left : right + 1]]
            return all(below) and len(below) > 1 and _partly_empty(upper)
    if not wanted:
        return False
    in_lower = [at for at, cell in enumerate(lower.cells) if fold(cell.text) in wanted]
    return bool(in_lower) and all(not cell.text or fold(cell.text) in wanted for cell in lower.cells)


def _partly_empty(row: RawRow) -> bool:
    return any(not cell.text for cell in row.cells)


def _names(rows: list[RawRow], grid: Grid) -> dict[int, str]:
    """The text over each column: one row's, or both rows' joined;
    a merged cell stands for all its columns.
    """
    parts: dict[int, list[str]] = {}
    for row in rows:
        for at, cell in enumerate(row.cells):
            text = " ".join((cell.text or _merged_text(row, at, grid)).split())
            if text and text not in parts.get(at, []):
                parts.setdefault(at, []).append(text)
    return {at: " / ".join(texts) for at, texts in parts.items()}


def _merged_text(row: RawRow, column: int, grid: Grid) -> str:
    for (top, left), (bottom, right) in grid.merged:
        if top <= row.number - 1 <= bottom and left < column <= right and top == row.number - 1:
            return row.cells[left].text if left < len(row.cells) else ""
    return ""


def _headings(rows: list[RawRow], grid: Grid, below: list[RawRow]) -> dict[int, str]:
    """Column index to heading, in order; columns without heading but with data are "Cột C"."""
    names = _names(rows, grid)
    width = max((len(row.cells) for row in [*rows, *below]), default=0)
    out: dict[int, str] = {}
    for at in range(width):
        text = names.get(at, "")
        if not text and not any(at < len(row.cells) and row.cells[at].text for row in below):
            continue
        heading = text or f"Cột {letters_of(at)}"
        times = 2
        while heading in out.values():
            heading = f"{text or letters_of(at)} ({times})"
            times += 1
        out[at] = heading
    return out


def _is_numbering(row: RawRow) -> bool:
    """The row of column numbers of a paper form: (1) (2) (3), or A B 1 2 3 4 5;
    a few bare numbers may be data.
    """
    texts = [cell.text for cell in row.cells if cell.text]
    numbers = [int(found.group()) for text in texts if (found := re.search(r"\d+", text))]
    shaped = all(re.fullmatch(r"\(?\d{1,3}\)?|[A-ZĐ]", text) for text in texts)
    least = 3 if texts and texts[-1].startswith("(") else 5
    return len(numbers) >= least and shaped and numbers == list(range(1, len(numbers) + 1))


def _row(headings: dict[int, str], row: RawRow, wide: bool) -> Row:
    names, cells = headings.values(), row.cells
    if len(cells) != len(headings) or next(reversed(headings), -1) >= len(cells):  # columns that are not read, or a short row
        cells = [cells[at] if at < len(cells) else _EMPTY for at in headings]
    dates, lost = (frozenset(compress(names, map(told, cells))) if any(map(told, cells)) else _NONE for told in (_IS_DATE, _LOST))
    return Row(row.number, dict(zip(names, map(_TEXT, cells), strict=True)), dates, lost, wide)
