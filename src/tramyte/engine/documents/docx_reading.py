"""The text of a Word file in the order a person reads it:
paragraphs, list numbers, tables, text boxes, footnotes.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, fromstring

from tramyte.engine.documents import sniffing
from tramyte.engine.documents.docx_numbering import Numbering, W, read_numbering, value_of, whole

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HIDDEN = {
    W + tag for tag in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "sectPr", "tblPr", "trPr")
}
_PLAIN = {W + "tab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "br": "\n"}
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_LETTERHEAD = re.compile(
    r"cộng h[oò][aà] xã hội|cộng hoà xã hội|độc lập\s*[-–]\s*tự do|đảng cộng sản việt nam", re.I
)
_SIGNATURE = re.compile(
    r"^\W*nơi nhận|^\s*(?:TM|KT|TL|TUQ|Q)\.\s*\S|^\s*(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG TRẠM)", re.I | re.M
)
_HEADING_CELL = re.compile(
    r"^(?:stt|tt|số tt|nội dung|nhiệm vụ|chỉ tiêu|đơn vị|công việc|hoạt động|thời gian|thời hạn|người|cơ quan|tên|ghi chú)\b",
    re.I,
)


@dataclass
class Style:
    """What a paragraph style gives its paragraphs: capital letters and a list number."""

    caps: bool = False
    num_id: str = ""
    level: int = 0
    bordered: bool = False


@dataclass
class Reader:
    """One file being read: its styles, its lists and the notes met so far."""

    styles: dict[str, Style]
    numbering: Numbering
    notes: dict[str, dict[str, Element]]
    met: list[str] = field(default_factory=list)


def read_docx(name: str, content: bytes) -> str:
    """The text of a .docx file, one paragraph a block, blocks parted by an empty line.

    Tables that only lay out (letterhead, signature) are read column by column, data tables with a row of
    headings row by row with " | " between cells. Raises Refused for files that are damaged, locked or unpack
    too large.
    """
    sniffing.check_unpacked(name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part: archive.read(part) for part in archive.namelist() if _wanted(part)}
        roots = {part: _parse(data) for part, data in parts.items()}
    except (
        zipfile.BadZipFile,
        ParseError,
        OSError,
        ValueError,
        EOFError,
        zlib.error,
        NotImplementedError,  # of zipfile: packed in a way that it does not know
    ) as error:
        raise sniffing.damaged(name) from error
    document = roots.get("word/document.xml")
    body = None if document is None else document.find(W + "body")
    if body is None:
        raise sniffing.damaged(name)
    try:
        return _whole_text(body, roots)
    except RecursionError as error:
        raise sniffing.damaged(name) from error


def _wanted(part: str) -> bool:
    return (
        re.fullmatch(r"word/(?:document|styles|numbering|footnotes|endnotes|header\d*)\.xml", part)
        is not None
    )


def _parse(data: bytes) -> Element:
    if b"<!DOCTYPE" in data[:2048] or b"<!ENTITY" in data:
        raise ValueError("A Word part never declares a document type or entities.")
    return fromstring(data)


def _whole_text(body: Element, roots: dict[str, Element]) -> str:
    notes = {
        kind: {item.get(W + "id", ""): item for item in roots.get(f"word/{kind}.xml", Element("none"))}
        for kind in ("footnotes", "endnotes")
    }
    numbering = read_numbering(roots.get("word/numbering.xml"))
    reader = Reader(_styles(roots.get("word/styles.xml")), numbering, notes)
    blocks = list(_blocks(reader, body))
    text = "\n\n".join(blocks)
    if not _LETTERHEAD.search(text):
        # Some offices keep the letterhead in the page header of the first page.
        for part in sorted(part for part in roots if part.startswith("word/header")):
            head = "\n\n".join(_blocks(reader, roots[part]))
            if _LETTERHEAD.search(head):
                text = head + "\n\n" + text
                break
    if reader.met:
        text += "\n\n" + "\n".join(f"[{at}] {note}" for at, note in enumerate(reader.met, 1))
    return re.sub(r"\n{3,}", "\n\n", text)


def _styles(root: Element | None) -> dict[str, Style]:
    found: dict[str, Style] = {}
    items = {} if root is None else {item.get(W + "styleId", ""): item for item in root.findall(W + "style")}

    def resolve(name: str, depth: int) -> Style:
        if name in found or name not in items or depth > 20:
            return found.get(name, Style())
        item = items[name]
        base = resolve(value_of(item.find(W + "basedOn")), depth + 1)
        caps = item.find(f"{W}rPr/{W}caps")
        number = item.find(f"{W}pPr/{W}numPr")
        style = Style(
            caps=base.caps if caps is None else _on(caps),
            num_id=base.num_id if number is None else value_of(number.find(W + "numId"), base.num_id),
            level=base.level if number is None else whole(value_of(number.find(W + "ilvl")), 0),
            bordered=base.bordered or _draws(item.find(f"{W}tblPr/{W}tblBorders")),
        )
        found[name] = style
        return style

    for name in items:
        resolve(name, 0)
    return found


def _on(element: Element | None) -> bool:
    return element is not None and value_of(element, "true") not in ("0", "false", "none")


def _draws(borders: Element | None) -> bool:
    return borders is not None and any(value_of(side, "none") not in ("none", "nil") for side in borders)


def _blocks(reader: Reader, parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag == W + "p":
            yield from _paragraph(reader, child)
        elif child.tag == W + "tbl":
            yield from _table(reader, child)
        elif child.tag == _MC + "AlternateContent":
            yield from _blocks(reader, _alternative(child))
        elif child.tag not in _HIDDEN:
            yield from _blocks(reader, child)


def _alternative(element: Element) -> Element:
    """Word keeps a text box twice, for new and old programs: one of the two is read."""
    options = list(element)
    return options[0] if options else element


def _paragraph(reader: Reader, element: Element) -> Iterator[str]:
    properties = element.find(W + "pPr")
    style_name = "" if properties is None else value_of(properties.find(W + "pStyle"))
    style = reader.styles.get(style_name, Style())
    boxes: list[Element] = []
    text = "".join(_runs(reader, element, style.caps, boxes)).strip(" \t")
    label = _label(reader, properties, style) if text.strip() else ""
    yield f"{label} {text}".strip(" ") if label else text
    for box in boxes:
        yield from _blocks(reader, box)


def _label(reader: Reader, properties: Element | None, style: Style) -> str:
    number = None if properties is None else properties.find(W + "numPr")
    if number is None:
        return reader.numbering.label(style.num_id, style.level) if style.num_id else ""
    num_id = value_of(number.find(W + "numId"), style.num_id)
    return reader.numbering.label(num_id, whole(value_of(number.find(W + "ilvl")), 0))


def _runs(reader: Reader, element: Element, caps: bool, boxes: list[Element]) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == W + "r":
            yield from _run(reader, child, caps, boxes)
        elif tag == W + "txbxContent":
            boxes.append(child)
        elif tag == _MC + "AlternateContent":
            yield from _runs(reader, _alternative(child), caps, boxes)
        elif tag not in _HIDDEN:
            yield from _runs(reader, child, caps, boxes)


def _run(reader: Reader, run: Element, caps: bool, boxes: list[Element]) -> Iterator[str]:
    properties = run.find(W + "rPr")
    if properties is not None:
        if _on(properties.find(W + "vanish")):
            return
        own = properties.find(W + "caps")
        style = reader.styles.get(value_of(properties.find(W + "rStyle")), Style())
        caps = _on(own) if own is not None else caps or style.caps
    for child in run:
        if child.tag == W + "t":
            text = child.text or ""
            yield text.upper() if caps else text
        elif child.tag in _PLAIN:
            yield _PLAIN[child.tag]
        elif child.tag in _NOTES:
            yield _note(reader, _NOTES[child.tag], child.get(W + "id", ""))
        elif child.tag not in _HIDDEN:
            yield from _runs(
                reader, child if child.tag != _MC + "AlternateContent" else _alternative(child), caps, boxes
            )


def _note(reader: Reader, kind: str, number: str) -> str:
    item = reader.notes.get(kind, {}).get(number)
    if item is None:
        return ""
    reader.met.append(" ".join(" ".join(_blocks(reader, item)).split()))
    return f"[{len(reader.met)}]"


def _table(reader: Reader, element: Element) -> Iterator[str]:
    rows = [_cells(reader, row) for row in _rows(element)]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return
    plain = "\n".join(cell for row in rows for cell in row)
    laid_out = not _is_bordered(reader, element)
    if max(len(row) for row in rows) == 1:
        yield from (row[0] for row in rows)
    elif _LETTERHEAD.search(plain) or (laid_out and _SIGNATURE.search(plain)):
        yield from _by_columns(rows)
    elif laid_out and not _has_headings(element, rows[0]):
        yield from (cell for row in rows for cell in row if cell.strip())
    else:
        yield "\n".join(" | ".join(" ".join(cell.split()) for cell in row) for row in rows)


def _by_columns(rows: list[list[str]]) -> Iterator[str]:
    for column in range(max(len(row) for row in rows)):
        cells = [row[column] for row in rows if column < len(row) and row[column].strip()]
        yield "\n".join(cells)


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == W + "tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag not in _HIDDEN and child.tag != W + "tblGrid":
            yield from _rows(child)


def _cells(reader: Reader, row: Element) -> list[str]:
    cells = []
    for child in row.iter(W + "tc") if row.find(W + "sdt") is not None else row.findall(W + "tc"):
        lines = [line.strip() for line in "\n".join(_blocks(reader, child)).split("\n")]
        cells.append("\n".join(line for line in lines if line))
    return cells


def _is_bordered(reader: Reader, table: Element) -> bool:
    own = table.find(f"{W}tblPr/{W}tblBorders")
    if own is not None:
        return _draws(own)
    cells = table.findall(f"{W}tr/{W}tc/{W}tcPr/{W}tcBorders")
    style = reader.styles.get(value_of(table.find(f"{W}tblPr/{W}tblStyle")), Style())
    return style.bordered or sum(1 for borders in cells if _draws(borders)) > 1


def _has_headings(table: Element, first: list[str]) -> bool:
    if table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None:
        return True
    short = all(0 < len(cell) <= 60 and not cell.endswith((":", ";", ".")) for cell in first)
    return short and any(_HEADING_CELL.match(cell) for cell in first)
