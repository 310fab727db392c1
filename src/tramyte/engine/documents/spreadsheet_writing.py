"""Tables written as .xlsx and CSV in constant memory, with cells that no spreadsheet program can run as
formulas.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tramyte.engine.documents.paper import clean

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_MAX_CELL = 32_767
_FIRST_EXCEL_DAY = dt.date(1900, 3, 1)  # before it Excel's day numbers are off by one
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_HARMLESS = re.compile(r"[+-]?\d[\d.,]*(?: ?%)?")
_PREFIX = "'"
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class SheetColumn:
    """A column to write.

    kind: "text" (also identity, card and phone numbers), "number", "date" or "moment". width: in letters.
    """

    heading: str
    kind: str = "text"
    width: float = 16


def disarmed(text: str) -> str:
    """The text with an apostrophe before a leading = + - @ tab or return, unless it is a plain number such
    as "-3,2".
    """
    if text.startswith(_RISKY) and not _HARMLESS.fullmatch(text):
        return _PREFIX + text
    return text


def write_xlsx(
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    sheet: str = "Dữ liệu",
    notes: Sequence[str] = (),
) -> bytes:
    """The table as .xlsx: title and notes above, headings frozen, numbers and dates as such, dates shown
    dd/mm/yyyy.

    rows: as many values as columns; None is an empty cell, a value that does not fit its column's kind is
    written as text. Texts above 32,767 letters are cut with "…" (Excel's limit). The same input gives the
    same bytes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    made = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - Excel has no zones
    book.set_properties({"title": clean(title), "created": made})
    page = book.add_worksheet(_sheet_name(sheet))
    row = 0
    for text, bold in [(title, True), *((note, False) for note in notes)]:
        if text:
            page.write_string(
                row, 0, disarmed(clean(text)), book.add_format({"bold": bold, "italic": not bold})
            )
            row += 1
    _write_headings(book, page, row, columns)
    last = _write_rows(book, page, row + 1, columns, rows)
    page.autofilter(row, 0, max(last, row), max(len(columns) - 1, 0))
    book.close()
    return buffer.getvalue()


def _write_headings(book: Any, page: Any, row: int, columns: Sequence[SheetColumn]) -> None:
    shape = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#EAEEF3"}
    head = book.add_format(shape)
    for at, column in enumerate(columns):
        page.set_column(at, at, column.width)
        page.write_string(row, at, disarmed(clean(column.heading)), head)
    page.freeze_panes(row + 1, 0)


def _write_rows(
    book: Any, page: Any, first: int, columns: Sequence[SheetColumn], rows: Iterable[Sequence[object]]
) -> int:
    writers = [_WRITERS[column.kind] for column in columns]
    shapes = {
        "text": book.add_format({"num_format": "@"}),
        "number": book.add_format({"num_format": "General"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
    }
    at = first - 1
    for at, values in enumerate(rows, first):
        for column, value in enumerate(values):
            if value is None or value == "":
                continue
            kind = columns[column].kind
            if not writers[column](page, at, column, value, shapes[kind]):
                page.write_string(at, column, _cell_text(value), shapes["text"])
    return at


def _write_text(page: Any, row: int, column: int, value: object, shape: Any) -> bool:
    page.write_string(row, column, _cell_text(value), shape)
    return True


def _write_number(page: Any, row: int, column: int, value: object, shape: Any) -> bool:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | Decimal)
        or not abs(float(value)) < 1e15
    ):
        return False
    page.write_number(row, column, value, shape)
    return True


def _write_date(page: Any, row: int, column: int, value: object, shape: Any) -> bool:
    day = _local(value).date() if isinstance(value, dt.datetime) else value
    if not isinstance(day, dt.date) or day < _FIRST_EXCEL_DAY:
        return False
    page.write_datetime(row, column, day, shape)
    return True


def _write_moment(page: Any, row: int, column: int, value: object, shape: Any) -> bool:
    if not isinstance(value, dt.datetime) or value.date() < _FIRST_EXCEL_DAY:
        return False
    page.write_datetime(row, column, _local(value).replace(tzinfo=None), shape)
    return True


_WRITERS: dict[str, Callable[[Any, int, int, object, Any], bool]] = {
    "text": _write_text,
    "number": _write_number,
    "date": _write_date,
    "moment": _write_moment,
}


def write_csv(columns: Sequence[SheetColumn], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as CSV that Excel opens right:
    UTF-8 with its mark, commas, dates dd/mm/yyyy, texts disarmed.
    """
    buffer = io.BytesIO()
    with io.TextIOWrapper(buffer, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([disarmed(clean(column.heading)) for column in columns])
        for row in rows:
            writer.writerow([_cell_text(value) for value in row])
        text.flush()
        return buffer.getvalue()


def _cell_text(value: object) -> str:
    """A value as the text of a cell: dates dd/mm/yyyy, yes and no in Vietnamese, disarmed, within Excel's
    limit.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, dt.datetime):
        return _local(value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, dt.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    text = disarmed(clean(str(value)))
    return text if len(text) <= _MAX_CELL else text[: _MAX_CELL - 1] + "…"


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(_ZONE) if moment.tzinfo else moment


def _sheet_name(name: str) -> str:
    """Excel's rule for names of sheets: 31 letters, none of []:*?/\\, no apostrophe at the ends."""
    return _FORBIDDEN_IN_NAMES.sub(" ", clean(name))[:31].strip(" '") or "Dữ liệu"
