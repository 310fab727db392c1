"""A statutory form filled for one person or case and printed (typst, Tinos, A4): headed sections of lines, boxes and tables."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tramyte.engine.documents.book import Signature
from tramyte.engine.documents.typesetting import printable, typeset


@dataclass(frozen=True)
class Blank:
    """A label with a dotted line, filled or not. width: its share of the line."""

    label: str
    value: str = ""
    width: float = 1.0


@dataclass(frozen=True)
class Line:
    """Blanks side by side."""

    blanks: tuple[Blank, ...]


@dataclass(frozen=True)
class Boxes:
    """A question with boxes to tick: (words, ticked); `after` is a blank at the end of the line."""

    label: str
    options: tuple[tuple[str, bool], ...]
    after: Blank | None = None


@dataclass(frozen=True)
class Table:
    """Cells under headings; `widths` are relative, `size` is that of the letters in points."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    size: float = 11.0


@dataclass(frozen=True)
class Figure:
    """A drawing across the page: its SVG, made by us with our fonts, and what it says in words."""

    svg: str
    said: str


@dataclass(frozen=True)
class Remark:
    """A sentence below what it is about, such as a stated absence with its day."""

    text: str


Block = Line | Boxes | Table | Figure | Remark


@dataclass(frozen=True)
class Section:
    """A part of the form with its heading; `big` for one that others stand under."""

    title: str
    blocks: Sequence[Block] = ()
    big: bool = False


def render_form(
    title: str, sections: Sequence[Section], *, unit: str = "", form_code: str = "", subtitle: str = "", foot: str = "",
    signature: Signature | None = None, as_of: dt.datetime | None = None,
) -> bytes:
    """The form as PDF, A4 upright, "Trang n/m" on every page. The same input gives the same bytes: the creation time is `as_of`."""
    signed = signature or Signature(())
    data = {
        "title": printable(title), "subtitle": printable(subtitle), "unit": printable(unit), "form_code": printable(form_code), "foot": printable(foot),
        "sections": [{"title": printable(part.title), "big": part.big, "blocks": [_block(block) for block in part.blocks]} for part in sections],
        "signed_at": printable(signed.place_date),
        "signers": [{"title": printable(office), "name": printable(name)} for office, name in signed.signers],
    }
    return typeset("form.typ", data, made_at=as_of)


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Line(blanks):
            return {"type": "line", "blanks": [_blank(blank) for blank in blanks]}
        case Boxes(label, options, after):
            ticked = [{"text": printable(words), "on": on} for words, on in options]
            return {"type": "boxes", "label": printable(label), "options": ticked, "after": [_blank(after)] if after else []}
        case Table(columns, rows, widths, size):
            cells = [[printable(cell) for cell in row] for row in rows]
            return {"type": "table", "columns": [printable(name) for name in columns], "rows": cells, "widths": list(widths), "size": size}
        case Figure(svg, said):
            return {"type": "figure", "svg": svg, "said": printable(said)}
        case Remark(text):
            return {"type": "remark", "text": printable(text)}


def _blank(blank: Blank) -> dict[str, Any]:
    return {"label": printable(blank.label), "value": printable(blank.value), "width": blank.width}
