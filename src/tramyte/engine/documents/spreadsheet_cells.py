"""The raw cells of .xlsx, .xls, .ods (calamine) and CSV as clean texts."""

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from tramyte.engine.documents import letters, sniffing
from tramyte.engine.refused import Refused

_MAX_UNPACKED_ROWS = 1_000_000
_TOLD_BY = 1_000_000  # signs of a CSV file that tell its letters
_WORDS = {
    "docx": "là văn bản Word, không phải bảng tính.",
    "doc": "là văn bản Word, không phải bảng tính.",
    "odt": "là văn bản, không phải bảng tính.",
    "rtf": "là văn bản, không phải bảng tính.",
    "pdf": "là PDF, không phải bảng tính.",
    "image": "là ảnh, không phải bảng tính.",
    "html": "là trang web đặt đuôi bảng tính. Hãy mở bằng Excel rồi lưu thành (Save As) .xlsx.",
    "archive": "là tệp nén. Hãy giải nén trước.",
    "program": "là chương trình, không phải bảng tính. Đừng mở tệp này.",
    "slides": "là bài trình chiếu, không phải bảng tính.",
}

Corner = tuple[int, int]


class Cell(NamedTuple):
    """A cell as text; is_date: the file itself says it is a date; lost: it held control characters."""

    text: str
    is_date: bool = False
    lost: bool = False


class RawRow(NamedTuple):
    """A row by its number in the file, from 1."""

    number: int
    cells: list[Cell]


@dataclass
class Grid:
    """A sheet's rows, one after the other, and its merged ranges ((top, left), (bottom, right)) counted from
    0.
    """

    rows: Iterator[RawRow]
    merged: list[tuple[Corner, Corner]] = field(default_factory=list)
    name: str = ""
    sheets: list[str] = field(default_factory=list)
    height: int = 0


def read_grid(name: str, content: bytes, sheet: str | None) -> Grid:
    """The cells of the asked sheet of a file; see `spreadsheet.read_table` for what is refused."""
    kind = _kind(name, content)
    if kind == "text":
        return _read_csv(name, content)
    with _opened(name, content, kind) as book:
        return _grid(_choose(name, book, sheet), list(book.sheet_names))


def read_grids(name: str, content: bytes) -> list[Grid]:
    """The cells of every visible sheet that is not empty; refused as `read_grid`."""
    kind = _kind(name, content)
    if kind == "text":
        return [_read_csv(name, content)]
    with _opened(name, content, kind) as book:
        sheets = [book.get_sheet_by_name(one) for one in _visible(book)]
        return [_grid(sheet, list(book.sheet_names)) for sheet in sheets if sheet.height]


def _kind(name: str, content: bytes) -> str:
    """xlsx, xls, ods or text. Refuses every other file with the sentence for its kind."""
    kind = sniffing.kind_of(content)
    if kind in ("xlsx", "xls", "ods") or (kind == "text" and not name.lower().endswith((".xlsx", ".xls", ".ods"))):
        return kind
    if kind == "locked":
        raise sniffing.locked(name)
    if kind == "empty":
        raise Refused("file_empty", f"Tệp {sniffing.short(name)} trống. Hãy chọn lại tệp có dữ liệu.")
    if kind in ("damaged", "text"):
        raise sniffing.damaged(name)
    reason = _WORDS.get(kind, "không phải bảng tính.")
    raise Refused(
        "file_wrong_type", f"Tệp {sniffing.short(name)} {reason} Máy đọc được .xlsx, .xls, .ods và .csv."
    )


@contextmanager
def _opened(name: str, content: bytes, kind: str) -> Iterator[Any]:
    """The workbook; what the reader stumbles over becomes the sentence for a damaged or locked file."""
    import python_calamine as calamine

    if kind != "xls":
        sniffing.check_unpacked(name, content, times=2)
    if kind == "xlsx":
        _check_spread(name, content)
    try:
        yield calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError as error:
        raise sniffing.locked(name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise sniffing.damaged(name) from error
    except BaseException as error:
        # A panic of the Rust reader on a broken file is no Exception in Python.
        if type(error).__name__ != "PanicException":
            raise
        raise sniffing.damaged(name) from error


def _grid(sheet: Any, names: list[str]) -> Grid:
    merged = list(sheet.merged_cell_ranges or [])
    return Grid(_rows(sheet, merged), merged, sheet.name, names, sheet.height)


def _visible(book: Any) -> list[str]:
    shown = [meta.name for meta in book.sheets_metadata if str(meta.visible).endswith("Visible")]
    return shown or list(book.sheet_names)


def _check_spread(name: str, content: bytes) -> None:
    """A single cell far out makes a dense table of billions of cells: refused before it is unfolded."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                if not part.startswith("xl/worksheets/") or not part.endswith(".xml"):
                    continue
                data = archive.read(part)
                rows = max(
                    (int(found) for found in re.findall(rb'<row [^>]*?r="(\d{6,8})"', data)), default=0
                )
                if rows > _MAX_UNPACKED_ROWS or re.search(rb'<c [^>]*?r="[A-Z]{3}\d+"', data):
                    raise Refused(
                        "sheet_too_wide",
                        f"Tệp {sniffing.short(name)} có ô nằm rất xa bảng. "
                        "Hãy chép riêng phần bảng sang một tệp mới rồi tải lại.",
                    )
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise sniffing.damaged(name) from error


def _choose(name: str, book: Any, sheet: str | None) -> Any:
    if sheet is not None:
        if sheet not in book.sheet_names:
            have = ", ".join(f"“{one}”" for one in book.sheet_names[:8])
            raise Refused(
                "sheet_missing",
                f"Tệp {sniffing.short(name)} không có trang tính {sniffing.short(sheet)}. Hãy chọn một trong: {have}.",
            )
        return book.get_sheet_by_name(sheet)
    for one in _visible(book):
        found = book.get_sheet_by_name(one)
        if found.height:
            return found
    raise Refused(
        "sheet_empty",
        f"Tệp {sniffing.short(name)} không có dòng nào. Hãy kiểm tra lại trang tính rồi tải lại.",
    )


def _rows(sheet: Any, merged: list[tuple[Corner, Corner]]) -> Iterator[RawRow]:
    """Rows from the first of the file; a cell merged over several rows of one column stands in each of
    them.
    """
    tall = [(top, bottom, left) for (top, left), (bottom, right) in merged if left == right and bottom > top]
    kept: dict[int, Cell] = {}
    written = _Written()
    for at, values in enumerate(sheet.iter_rows()):
        cells = [written[value] if type(value) is str else _cell(value) for value in values]
        for top, bottom, column in tall:
            if at == top and column < len(cells):
                kept[column] = cells[column]
            elif top < at <= bottom and column in kept and column < len(cells):
                cells[column] = kept[column]
        yield RawRow(at + 1, cells)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return _written(value)
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, float | int):
        return Cell(_number(value))
    if isinstance(value, dt.datetime):
        return Cell(value.date().isoformat() if value.time() == dt.time() else value.isoformat(), True)
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), True)
    return Cell("" if value is None else str(value))


def _number(value: float) -> str:
    """A number as a person would type it: no ".0", no exponent."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(Decimal(repr(value)), "f") if value == value and abs(value) < 1e300 else ""


class _Written(dict[str, Cell]):
    """The cells of texts met so far: the cells of a list repeat, so that each text is cleaned once."""

    def __missing__(self, text: str) -> Cell:
        cell = self[text] = _written(text)
        return cell


def _written(value: str) -> Cell:
    """Clean text on one line; the apostrophe that our own exports put before = + - @ is taken off."""
    plain = value.isprintable()  # nothing to take out: most cells
    text = " ".join((unicodedata.normalize("NFC", value) if plain else letters.clean(value)).split())
    text = text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
    return Cell(text, lost=not plain and letters.has_controls(value))


def _read_csv(name: str, content: bytes) -> Grid:
    text = letters.unix_lines(letters.decode(content))
    letters.refuse_old_letters(text[:_TOLD_BY], sniffing.short(name))
    delimiter, body = _delimiter(text)
    return Grid(_csv_rows(name, body, delimiter), height=body.count("\n") + 1)


def _delimiter(text: str) -> tuple[str, str]:
    """The sign that parts cells most evenly in the first lines; Excel may name it in a first line "sep=;"."""
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"\s*\"?sep=(.)\"?\s*", first, re.I)
    if named:
        return named.group(1), "\n" + rest  # the line stays, empty, so that rows keep their numbers
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.split("\n")[:50] if line.strip()]

    def evenness(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines if line.count(sign)]
        usual = max(set(counts), key=counts.count, default=0)
        return counts.count(usual) * bool(usual), usual

    return max(("\t", ";", ",", "|"), key=evenness), text


def _csv_rows(name: str, text: str, delimiter: str) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number, cell = 0, _Written().__getitem__
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(
                "sheet_cell_too_long",
                f"Tệp {sniffing.short(name)} dòng {number} có một ô quá dài, thường do thiếu dấu nháy kép. "
                "Hãy mở bằng Excel, sửa dòng đó, lưu thành .xlsx rồi tải lại.",
            ) from error
        yield RawRow(number, list(map(cell, cells)))
