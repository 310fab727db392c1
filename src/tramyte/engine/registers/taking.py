"""The lines of a file by its layout: the one way from a spreadsheet to cells by path."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tramyte.engine.refused import Refused
from tramyte.engine.registers import guessing, set_aside, synonyms
from tramyte.engine.registers.layout import Composer, Layout
from tramyte.engine.registers.register import Register

LARGEST = 20 * 1024 * 1024
Corrections = Mapping[int, Mapping[str, str]]  # number of a line -> path -> what somebody wrote in place of the file's cell


@dataclass(slots=True)
class TakenLine:
    """One line as taken: its number in the file, its cells and their column letters by path, the paths with unseen characters.

    original: what the file says where somebody corrected it.
    """

    number: int
    cells: dict[str, str]
    letters: dict[str, str]
    lost: list[str]
    original: dict[str, str]


@dataclass
class Taken:
    """A file as taken. headings: [letter, path, heading] of the matched columns; aside: [number, sentence, text]."""

    lines: list[TakenLine]
    headings: list[list[str]]
    layout: Layout
    aside: list[list[Any]] = field(default_factory=list)


def take(register: Register, name: str, content: bytes, layout: Layout | None = None, corrected: Corrections | None = None) -> Taken:
    """The lines of a file. Without a layout its headings must say it all: Refused names what is missing or double.

    Totals, titles of groups and the signature block are set aside, each with a sentence.
    """
    from tramyte.engine.documents.spreadsheet import read_table

    check_size(content)
    if layout is None:
        sheet = _best_sheet(register, name, content)
        layout = settled(register, guessing.by_heading(register, sheet), sheet)
    else:
        sheet = read_table(name, content, sheet=layout.sheet or None, heading=layout.heading)
    composer = Composer(register, sheet, layout.targets)
    found = {row.number_in_file: composer.cells(row) for row in sheet.rows}
    reasons = set_aside.told_apart(sheet.rows, {number: len(cells) for number, cells in found.items()})
    lines = []
    for row in sheet.rows:
        number, cells = row.number_in_file, found[row.number_in_file]
        if cells and number not in reasons:
            lines.append(TakenLine(number, cells, composer.letters_of(row), composer.lost(row), _correct(cells, (corrected or {}).get(number, {}))))
    aside = [[row.number_in_file, reasons[row.number_in_file], set_aside.shown(row)] for row in sheet.rows if row.number_in_file in reasons]
    if not lines:
        raise Refused("no_rows", "Tệp không có dòng nào dưới dòng tiêu đề. Hãy kiểm tra lại tệp đã chọn.")
    return Taken(lines, composer.headings, layout, aside)


def check_size(content: bytes) -> None:
    """Raises Refused for a file beyond the limit."""
    if len(content) > LARGEST:
        raise Refused("too_large", f"Tệp lớn hơn {LARGEST // 1024 // 1024} MB. Hãy chia thành nhiều tệp theo thôn rồi nhập từng tệp.")


def _correct(cells: dict[str, str], corrected: Mapping[str, str]) -> dict[str, str]:
    """Put what somebody wrote into the cells; what the file says there."""
    original = {path: cells.get(path, "") for path in corrected}
    for path, text in corrected.items():
        if text:
            cells[path] = text
        else:
            cells.pop(path, None)
    return original


def _best_sheet(register: Register, name: str, content: bytes) -> Any:
    """The sheet with most known headings, the first of equal ones."""
    from tramyte.engine.documents.spreadsheet import peek, read_table

    known = synonyms.known_headings(register)
    try:
        sheet = read_table(name, content, known=known)
        if len(sheet.sheets) < 2:
            return sheet
    except Refused as refused:
        if refused.code != "sheet_no_headings":
            raise
    best = max(peek(name, content, known=known), key=lambda one: one.score)
    return read_table(name, content, sheet=best.name or None, known=known)


def settled(register: Register, guesses: Sequence[guessing.Guess], sheet: Any) -> Layout:
    """The layout of headings that need nobody's answer. Raises Refused, naming the headings that are missing or double."""
    for one in guesses:
        if one.how == "double":
            plain = re.sub(r" \(\d+\)$", "", one.heading)
            raise Refused("double_heading", f"Tệp có hai cột “{plain}”. Hãy xóa hoặc đổi tên một cột rồi nhập lại.")
        if one.how == "like":  # somebody would have to say yes
            one.target = one.how = ""
    if labels := guessing.missing(register, [one.target for one in guesses]):
        raise Refused(
            "missing_heading", f"Tệp thiếu cột: {', '.join(labels)}. Hãy tải tệp mẫu của sổ này, chép dữ liệu vào rồi nhập lại;"
            " hoặc nhập trên trang Nhập từ Excel để chỉ cột.")
    return guessing.layout_of(sheet, guesses)
