"""Pieces of a Word page: lines, side-by-side cells, rules, ruled tables, page numbers.

Sizes in points, widths in mm.
"""

import io
import zipfile
from typing import Any

from tramyte.engine.documents import paper as model
from tramyte.engine.documents.paper import Bold, Figure, Table, Text, clean

FONT = "Times New Roman"
INDENT = 12.7
TEXT_WIDTH = 160.0
_ALIGN = {"l": 0, "c": 1, "r": 2, "j": 3}


def set_fonts(style: Any, size: Any) -> None:
    """Gives a style the statutory font for every script, single spacing and no space around."""
    from docx.oxml.ns import qn

    style.font.name = FONT
    style.font.size = size
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = 0


def line(
    container: Any,
    words: str,
    *,
    size: float = 14,
    align: str = "l",
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    left: float = 0,
    keep: bool = False,
) -> Any:
    """A paragraph of one style in a document or a cell; `keep` holds it together with the next one."""
    from docx.shared import Mm, Pt

    paragraph = _next_paragraph(container)
    shape = paragraph.paragraph_format
    paragraph.alignment = _ALIGN[align]
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.first_line_indent, shape.left_indent = Mm(indent), Mm(left)
    shape.keep_with_next = keep
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def _next_paragraph(container: Any) -> Any:
    """A cell is born with one empty paragraph: that one is used first."""
    first = container.paragraphs[0] if hasattr(container, "_tc") else None
    if first is not None and len(container.paragraphs) == 1 and not first.runs:
        return first
    return container.add_paragraph()


def text(
    container: Any,
    content: Text,
    sources: dict[str, int],
    *,
    size: float = 14,
    italic: bool = False,
    indent: float = 0,
) -> Any:
    """A justified paragraph of runs; a figure is followed by its reference in small raised type."""
    paragraph = line(container, "", size=size, align="j", after=6, indent=indent)
    fill(paragraph, content, sources, size=size, italic=italic)
    return paragraph


def fill(
    paragraph: Any,
    content: Text,
    sources: dict[str, int],
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
) -> None:
    """Adds the runs of a text to a paragraph."""
    from docx.shared import Pt

    for part in model.runs_of(content):
        words = part if isinstance(part, str) else part.text
        run = paragraph.add_run(_spaced(words))
        run.font.size, run.italic = Pt(size), italic
        run.bold = bold or isinstance(part, Bold)
        if isinstance(part, Figure):
            mark = paragraph.add_run(f"[{sources[clean(part.source)]}]")
            mark.font.size, mark.font.superscript = Pt(size), True


def _spaced(words: str) -> str:
    inner = clean(words)
    after = " " if inner and words[-1:].isspace() else ""
    return (" " if words[:1].isspace() else "") + inner + after


def side_by_side(document: Any, widths: tuple[float, float], *, whole: bool = False) -> tuple[Any, Any]:
    """Two cells of a borderless table; `whole` keeps the row on one page."""
    grid = document.add_table(rows=1, cols=2)
    _fix_widths(grid, list(widths))
    if whole:
        _add(grid.rows[0]._tr.get_or_add_trPr(), "w:cantSplit")
    return grid.rows[0].cells[0], grid.rows[0].cells[1]


def _fix_widths(grid: Any, widths: list[float]) -> None:
    from docx.shared import Mm

    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def rule(container: Any, width: float) -> None:
    """A thin centred line `width` mm long: the upper border of an empty narrow paragraph."""
    from docx.shared import Mm, Pt

    room = _room(container)
    paragraph = line(container, "", size=3, before=2)
    side = Mm(max((room - width) / 2, 0))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    paragraph.paragraph_format.line_spacing = Pt(5)
    _borders(paragraph, ("top",))


def _room(container: Any) -> float:
    width = getattr(container, "width", None)
    return TEXT_WIDTH if width is None else float(width.mm) - 3.8


def boxed(paragraph: Any) -> None:
    """Draws a box around a centred paragraph."""
    from docx.shared import Mm

    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(15)
    _borders(paragraph, ("top", "left", "bottom", "right"))


def _borders(paragraph: Any, sides: tuple[str, ...]) -> None:
    borders = _add(paragraph._p.get_or_add_pPr(), "w:pBdr")
    for side in sides:
        _add(borders, f"w:{side}", val="single", sz="6", space="1", color="000000")


def _add(parent: Any, tag: str, **values: str) -> Any:
    """Adds an element where the schema wants it: pPr's children have an order that Word insists on."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    if tag == "w:pBdr":
        later = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
        parent.insert_element_before(element, *later)
    else:
        parent.append(element)
    return element


def table(document: Any, block: Table, sources: dict[str, int]) -> None:
    """A ruled table with a repeated row of headings, its caption above and its note below."""
    if block.caption:
        line(document, clean(block.caption), size=13, italic=True, align="c", before=4, after=4, keep=True)
    rows = [*block.rows, *([block.total] if block.total else [])]
    grid = document.add_table(rows=1 + len(rows), cols=len(block.columns))
    grid.style = "Table Grid"
    grid.alignment = 1  # centred: else the frame hangs out to the left by the cell's margin
    total = sum(block.widths) or float(len(block.columns))
    _fix_widths(grid, [TEXT_WIDTH * width / total for width in block.widths or [1.0] * len(block.columns)])
    _add(grid.rows[0]._tr.get_or_add_trPr(), "w:cantSplit")
    _add(grid.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for cell, heading in zip(grid.rows[0].cells, block.columns, strict=True):
        line(cell, clean(heading), size=12, bold=True, align="c", before=2, after=2)
    sides = block.align or "l" * len(block.columns)
    for at, row in enumerate(rows):
        for cell, content, side in zip(grid.rows[at + 1].cells, row, sides, strict=True):
            paragraph = line(cell, "", size=12, align=side, before=2, after=2)
            fill(paragraph, content, sources, size=12, bold=at == len(block.rows))
    if block.note:
        text(document, block.note, sources, size=11, italic=True)
    else:
        line(document, "", size=6)


def page_header(header: Any, style: Any, mark: str) -> None:
    """The page number in the middle of the top margin and, at the right, the mark of a draft."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm, Pt

    paragraph = header.paragraphs[0]
    paragraph.style = style  # the style "Header" has tab stops of its own
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(TEXT_WIDTH / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("\t").font.size = Pt(13)
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind in ("begin", "instr", "end"):
        if kind == "instr":
            _add(run._r, "w:instrText").text = "PAGE"
        else:
            _add(run._r, "w:fldChar", fldCharType=kind)
    if mark:
        end = paragraph.add_run(f"\t{mark}")
        end.font.size, end.bold = Pt(10), True


def with_fixed_times(content: bytes) -> bytes:
    """The same package with one fixed time on every part: the same document gives the same bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
