"""The one-page summary for the chairman: A4, black on white, Inter, totals only."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tramyte.engine.documents import paper as model
from tramyte.engine.documents.paper import Bold, Figure, Text
from tramyte.engine.documents.pdf_reading import count_pages
from tramyte.engine.documents.typesetting import printable, typeset

_SIZES = (10.0, 9.5, 9.0)


@dataclass(frozen=True)
class Grid:
    """A table of a summary: as `paper.Table`, with the indexes of rows that need attention (grey, with a bar
    at the left).

    A state is written as sign and word: "✕ Khó đạt", "▲ Nguy cơ", "↗ Dự báo đạt", "✓ Đã đạt".
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    align: str = ""
    widths: tuple[float, ...] = ()
    marked: tuple[int, ...] = ()
    total: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Points:
    """A list with bullets."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Decisions:
    """What waits for a decision: a text and boxes to tick on paper.

    `remark` adds a dotted line with that label.
    """

    items: tuple[Text, ...]
    choices: tuple[str, ...] = ("Đồng ý", "Không", "Hỏi thêm")
    remark: str = "Ý kiến khác:"


@dataclass(frozen=True)
class Section:
    """A titled part of the page; two neighbours with `half` stand side by side."""

    title: str
    content: Grid | Points | Decisions
    half: bool = False


@dataclass(frozen=True)
class Summary:
    """The page: `issuer` and `prepared_by` at the top left, `day` and `basis` at the top right, then title
    and `lead`.

    as_of: the moment the figures were computed; it is also the file's creation time. check_code: a code to
    compare the sheet with the system.
    """

    issuer: str
    title: str
    sections: tuple[Section, ...]
    as_of: dt.datetime
    check_code: str
    prepared_by: str = ""
    day: str = ""
    basis: str = ""
    lead: Text = ""


def render_page(summary: Summary) -> bytes:
    """The summary as PDF: one A4 page if it fits at 10, 9.5 or 9 points, else more pages at 9.

    Same input, same bytes.
    """
    data = _data(summary)
    pdf = b""
    for size in _SIZES:
        pdf = typeset("page.typ", {**data, "size": size}, made_at=summary.as_of)
        if count_pages(pdf) == 1:
            break
    return pdf


def _data(summary: Summary) -> dict[str, Any]:
    rows: list[list[dict[str, Any]]] = []
    for section in summary.sections:
        shown = {"title": printable(section.title), **_content(section.content)}
        if section.half and rows and len(rows[-1]) == 1 and rows[-1][0]["half"]:
            rows[-1].append({**shown, "half": True})
        else:
            rows.append([{**shown, "half": section.half}])
    return {
        "issuer": printable(summary.issuer),
        "prepared_by": printable(summary.prepared_by),
        "day": printable(summary.day),
        "basis": printable(summary.basis),
        "title": printable(summary.title),
        "lead": _runs(summary.lead),
        "rows": rows,
        "foot": "Chỉ có số tổng hợp, không có thông tin cá nhân. "
        f"Tính đến {summary.as_of:%H:%M} ngày {summary.as_of:%d/%m/%Y}. "
        f"Mã đối chiếu: {printable(summary.check_code)}",
    }


def _content(content: Grid | Points | Decisions) -> dict[str, Any]:
    match content:
        case Points(items):
            return {"type": "points", "items": [_runs(item) for item in items]}
        case Decisions(items, choices, remark):
            boxes = "  ".join(f"☐ {choice}" for choice in choices)
            return {
                "type": "decisions",
                "items": [_runs(item) for item in items],
                "choices": "\u2002".join(printable(part) for part in boxes.split("  ")),
                "remark": printable(remark),
            }
        case Grid():
            return _grid(content)


def _grid(grid: Grid) -> dict[str, Any]:
    table = model.Table(grid.columns, grid.rows, grid.widths, grid.align, grid.total)
    return {
        "type": "grid",
        "columns": [printable(column) for column in table.columns],
        "rows": [[_runs(cell) for cell in row] for row in table.rows],
        "total": [_runs(cell) for cell in table.total],
        "align": list(table.align or "l" * len(table.columns)),
        "widths": list(table.widths),
        "marked": list(grid.marked),
    }


def _runs(text: Text) -> list[list[str]]:
    out = []
    for run in model.runs_of(text):
        words = run.text if isinstance(run, Bold | Figure) else run
        inner = printable(words)
        after = " " if inner and words[-1:].isspace() else ""
        out.append(
            ["b" if isinstance(run, Bold) else "t", (" " if words[:1].isspace() else "") + inner + after]
        )
    return out
