"""Pages of drawings with a table below, A4 upright: charts of one subject a page (typst, Inter)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tramyte.engine.documents.typesetting import printable, typeset


@dataclass(frozen=True)
class Drawing:
    """A drawing: its title and its SVG, made by us; fonts in it must be ours."""

    title: str
    svg: str


@dataclass(frozen=True)
class DrawingPage:
    """One subject: heading, lines of what is known, drawings two by two, a table with headings (the last column wide), a note below it."""

    heading: str
    lines: Sequence[str]
    drawings: Sequence[Drawing]
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    note: str = ""


def render_drawings(title: str, pages: Sequence[DrawingPage], *, unit: str = "", foot: str = "", as_of: dt.datetime | None = None) -> bytes:
    """The pages as PDF; each subject begins on a new page. The same input gives the same bytes: the creation time is `as_of`."""
    data = {
        "title": printable(title), "unit": printable(unit), "foot": printable(foot),
        "pages": [{
            "heading": printable(page.heading), "lines": [printable(line) for line in page.lines], "note": printable(page.note),
            "drawings": [{"title": printable(one.title), "svg": one.svg} for one in page.drawings],
            "columns": [printable(name) for name in page.columns], "rows": [[printable(cell) for cell in row] for row in page.rows],
        } for page in pages],
    }
    return typeset("drawings.typ", data, made_at=as_of)
