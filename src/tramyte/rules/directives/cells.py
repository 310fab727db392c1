"""Tables that lost their columns in copying: every cell on a line of its own, rows known by their running number."""

import re
from collections.abc import Sequence

from tramyte.rules.directives import tables, units
from tramyte.rules.directives.lines import Line, Piece, join

_FIRST = re.compile(r"(?:STT|TT|Stt|Số TT)\.?$")
_ORDINAL = re.compile(r"0?(\d{1,3})\.?$")
_END = re.compile(r"(?:PHỤ LỤC|Phụ lục|Nơi nhận|NƠI NHẬN|Ghi chú\s*:|(?:TM|KT|TL|TUQ)\.|[IVX]{1,5}\.\s|Trên đây)")
_GROUP = re.compile(r"(?:[IVX]{1,5}|[A-H])\.?$")
_TIME = re.compile(r"(?:quý|tháng|năm|trước|trong|thường xuyên|hằng|hàng|ngày|đến|từ|sau|định kỳ|chậm nhất|\d{1,2}\s?/)", re.I)
_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)[-–—~(\s]*\d{1,4}[-–—~)\s.]*$")
MOST_HEADS, MOST_LINES = 12, 25


def gathered(lines: Sequence[Line]) -> list[Line]:
    """The lines with such tables put back into rows; bare numbers that count no row are page numbers and are dropped."""
    found: list[Line] = []
    i = 0
    while i < len(lines):
        head = _head(lines, i) if _FIRST.match(lines[i].piece.text) and not lines[i].table else None
        rows, end = _rows(lines, head[1], head[0]) if head else ([], i)
        if head and rows:
            found.extend((_line(head[0], lines[i].gap), *rows))
            i = end
            continue
        if lines[i].table or not _NUMBER.match(lines[i].piece.text):
            found.append(lines[i])
        i += 1
    return found


def _line(cells: Sequence[Piece], gap: bool) -> Line:
    return Line(join(cells), tuple(cells), True, gap)


def _head(lines: Sequence[Line], start: int) -> tuple[list[Piece], int] | None:
    """The heading cells from "STT" to the first row's number, and where that number stands."""
    cells = [lines[start].piece]
    for i in range(start + 1, min(len(lines), start + MOST_HEADS + 1)):
        text = lines[i].piece.text
        if _ORDINAL.match(text) or _GROUP.match(text):
            made = tables.header(cells)
            return (cells, i) if made and made.assigns and 3 <= len(cells) <= 8 else None
        if len(text) > 70 or lines[i].table:
            return None
        if text[:1].islower() and len(cells) > 1:
            cells[-1] = join((cells[-1], lines[i].piece))
        else:
            cells.append(lines[i].piece)
    return None


def _rows(lines: Sequence[Line], start: int, head: Sequence[Piece]) -> tuple[list[Line], int]:
    rows: list[Line] = []
    i, count = start, 0
    while i < len(lines):
        text = lines[i].piece.text
        if _GROUP.match(text):
            i = _next_number(lines, i + 1)
            count = 0 if i < len(lines) and _is_number(lines[i], 1) else count
            continue
        if not _is_number(lines[i], count + 1):
            break
        end = i + 1
        while end < len(lines) and end < i + MOST_LINES and not _closes(lines[end], count + 2):
            end += 1
        cells = _cells([line.piece for line in lines[i + 1:end] if not _NUMBER.match(line.piece.text)], head)
        if cells is None:
            break
        rows.append(_line((lines[i].piece, *cells), lines[i].gap))
        i, count = end, count + 1
    return rows, i


def _next_number(lines: Sequence[Line], at: int) -> int:
    """Past the title of a group of rows."""
    stop = min(len(lines), at + 4)
    return next((i for i in range(at, stop) if _ORDINAL.match(lines[i].piece.text)), stop)


def _is_number(line: Line, number: int) -> bool:
    found = _ORDINAL.match(line.piece.text)
    return bool(found and int(found[1]) == number)


def _closes(line: Line, number: int) -> bool:
    return _is_number(line, number) or bool(_GROUP.match(line.piece.text) or _END.match(line.piece.text)) or line.table


def _cells(parts: list[Piece], head: Sequence[Piece]) -> list[Piece] | None:
    """The cells of one row in the order of the heading, or None when they cannot be told apart."""
    width = len(head) - 1
    merged: list[Piece] = []
    for part in parts:
        if merged and len(parts) > width and (part.text[:1].islower() or merged[-1].text[-1:] in ",(-"):
            merged[-1] = join((merged[-1], part))
        else:
            merged.append(part)
    if len(merged) == width:
        return merged
    roles = tables.header(head)
    at = next((n for n, part in enumerate(merged) if n and units.is_heading(part.text)), None)
    if roles is None or at is None or len(merged) < 2:
        return None
    return _by_content(merged, at, roles, width)


def _by_content(parts: list[Piece], at: int, roles: tables.Columns, width: int) -> list[Piece] | None:
    """Work before the first unit; then who leads, who helps, and the time at the end."""
    empty = Piece("", ())
    cells = [empty] * width
    times = [part for part in parts[at:] if _TIME.match(part.text) and not units.is_heading(part.text)]
    names = [part for part in parts[at:] if part not in times and units.ANY_HEAD.match(part.text)]
    filled = {"work": parts[:at], "lead": names[:1], "help": names[1:], "time": times}
    for role, pieces in filled.items():
        place = roles.roles.get(role)
        if place is not None and pieces and 0 < place <= width:
            cells[place - 1] = join(pieces)
    return cells if "lead" in roles.roles and cells[roles.roles["lead"] - 1].text else None
