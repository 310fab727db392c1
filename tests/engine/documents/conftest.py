"""Makers of small files for the tests of documents: Word packages from raw XML, PDF in columns, office containers."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONTS = Path(__file__).parents[3] / "src/tramyte/engine/documents/fonts"
COLUMNS = """
#set page(paper: "a4", margin: (top: 2cm, bottom: 2cm, left: 3cm, right: 2cm), numbering: "1",
  number-align: top + center)
#set text(font: "Tinos", size: 11pt, lang: "vi", hyphenate: false)
#let d = json(bytes(sys.inputs.data))
#let lines(text) = text.split("\\n").map(x => [#x]).join(linebreak())
#set par(justify: true, spacing: 1em)
#if d.head.len() > 0 {
  grid(columns: (1fr, 1.3fr), column-gutter: 5mm, align: center, ..d.head.map(c => par(justify: false, lines(c))))
}
#columns(2)[#for p in d.body [#par(lines(p))]]
#let foot = grid(columns: (1fr, 1fr), column-gutter: 5mm, ..d.foot.map(c => par(justify: false, lines(c))))
#if d.foot.len() > 0 { block(breakable: false, foot) }
"""


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def paragraph(text: str, properties: str = "") -> str:
    """The XML of a paragraph; "\\n" becomes a line break."""
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{_escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r>{runs}</w:r></w:p>"


def table(rows: list[list[str]], *, bordered: bool = False) -> str:
    """The XML of a table whose cells hold one paragraph a line."""
    edge = '<w:top w:val="single"/>' if bordered else '<w:top w:val="none"/>'
    body = "".join(
        "<w:tr>"
        + "".join(f"<w:tc>{''.join(paragraph(line) for line in cell.split(chr(10)))}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr><w:tblBorders>{edge}</w:tblBorders></w:tblPr>{body}</w:tbl>"


def package(body: str, **parts: str) -> bytes:
    """A .docx with this body; other parts by name: numbering, styles, footnotes, header1."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def in_columns(head: list[str], body: list[str], foot: list[str]) -> bytes:
    """A PDF with a letterhead and a signature in two cells and a body in two columns."""
    import typst

    return typst.compile(
        COLUMNS.encode(),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({"head": head, "body": body, "foot": foot})},
    )


class Maker:
    """The makers, for tests that ask for the fixture `make`."""

    paragraph = staticmethod(paragraph)
    table = staticmethod(table)
    package = staticmethod(package)
    in_columns = staticmethod(in_columns)


@pytest.fixture
def make() -> type[Maker]:
    """Makers of small files."""
    return Maker


@pytest.fixture
def refusal() -> Callable[..., tuple[str, str]]:
    """Calls a function that must refuse, and gives the code and the sentence."""
    from tramyte.engine.refused import Refused

    def call(function: Callable[..., object], *args: object, **kwargs: object) -> tuple[str, str]:
        with pytest.raises(Refused) as caught:
            function(*args, **kwargs)
        return caught.value.code, caught.value.message

    return call
