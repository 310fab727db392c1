"""An administrative document as Word (python-docx, Times New Roman by name:
every office has it, and can edit it).
"""

import datetime as dt
import io
from typing import Any

from tramyte.engine.documents import paper as model
from tramyte.engine.documents import word_parts as parts
from tramyte.engine.documents.paper import Block, Bullets, Heading, Note, Paper, Paragraph, clean


def render_docx(paper: Paper) -> bytes:
    """The document as .docx, A4, in the layout of Nghị định 30/2020/NĐ-CP;
    the same paper gives the same bytes.
    """
    import docx

    document = docx.Document()
    _set_page(document, paper)
    _letterhead(document, paper)
    _title(document, paper)
    _addressees(document, paper)
    sources = model.sources_of(paper.body)
    for block in paper.body:
        _block(document, block, sources)
    _signature(document, paper)
    _sources(document, sources)
    buffer = io.BytesIO()
    document.save(buffer)
    return parts.with_fixed_times(buffer.getvalue())


def _set_page(document: Any, paper: Paper) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    parts.set_fonts(document.styles["Normal"], Pt(14))
    parts.page_header(section.header, document.styles["Normal"], model.DRAFT if paper.draft else "")
    day = paper.date or paper.dated_in or dt.date(2026, 1, 1)
    properties = document.core_properties
    properties.title = clean(f"{paper.kind} {paper.title}")[:250]
    properties.author = clean(paper.issuing_body)[:250]
    properties.created = properties.modified = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    properties.last_modified_by, properties.comments, properties.language = "", "", "vi-VN"


def _letterhead(document: Any, paper: Paper) -> None:
    left, right = parts.side_by_side(document, (66, 94))
    for words in model.letterhead_lines(paper.issuing_parent):
        parts.line(left, words, size=12, align="c")
    for words in model.letterhead_lines(paper.issuing_body):
        parts.line(left, words, size=12, align="c", bold=True)
    parts.rule(left, 20)
    parts.line(left, clean(paper.number_line), size=13, align="c")
    if not paper.kind:
        parts.line(left, clean(f"V/v {paper.title}"), size=12, align="c")
    if paper.draft:
        parts.boxed(parts.line(left, model.DRAFT, size=13, align="c", bold=True, before=4))
    parts.line(right, model.MOTTO_STATE, size=12, align="c", bold=True)
    parts.line(right, model.MOTTO, size=13, align="c", bold=True)
    parts.rule(right, 48)
    parts.line(right, clean(paper.date_line), size=13, align="c", italic=True)


def _title(document: Any, paper: Paper) -> None:
    if not paper.kind:
        parts.line(document, "", size=6)
        return
    parts.line(document, clean(paper.kind), align="c", bold=True, before=14, keep=True)
    parts.line(document, clean(paper.title), align="c", bold=True, keep=True)
    parts.rule(document, 30)
    parts.line(document, "", size=6)


def _addressees(document: Any, paper: Paper) -> None:
    if len(paper.addressees) == 1:
        parts.line(document, f"Kính gửi: {clean(paper.addressees[0])}", align="c", before=6, after=8)
    elif paper.addressees:
        parts.line(document, "Kính gửi:", left=30, before=6)
        for at, one in enumerate(paper.addressees, 1):
            parts.line(document, f"- {clean(one)}", left=30, after=8 if at == len(paper.addressees) else 0)


def _block(document: Any, block: Block, sources: dict[str, int]) -> None:
    match block:
        case Heading(level, text):
            parts.line(
                document,
                clean(text),
                bold=True,
                italic=level == 3,
                indent=0 if level == 1 else parts.INDENT,
                before=8,
                after=6,
                keep=True,
            )
        case Paragraph(text):
            parts.text(document, text, sources, indent=parts.INDENT)
        case Bullets(items):
            for item in items:
                parts.text(document, ("- ", *model.runs_of(item)), sources, indent=parts.INDENT)
        case Note(text):
            parts.text(document, text, sources, size=12, italic=True)
        case _:
            parts.table(document, block, sources)


def _signature(document: Any, paper: Paper) -> None:
    # The signature never stands alone on a page: the last paragraph goes with it.
    if document.paragraphs:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    parts.line(document, "", size=6, keep=True)
    left, right = parts.side_by_side(document, (74, 86), whole=True)
    parts.line(left, "Nơi nhận:", size=12, bold=True, italic=True)
    for recipient in paper.recipient_lines:
        parts.line(left, recipient, size=11)
    for authority in paper.signer_authority:
        parts.line(right, clean(authority), align="c", bold=True)
    if paper.signer_title:
        parts.line(right, clean(paper.signer_title), align="c", bold=True)
    if paper.signer_name:
        parts.line(right, clean(paper.signer_name), align="c", bold=True, before=80)


def _sources(document: Any, sources: dict[str, int]) -> None:
    if not sources:
        return
    parts.line(document, f"{model.SOURCES_TITLE}:", size=11, bold=True, before=14, keep=True)
    for source, number in sources.items():
        parts.line(document, f"[{number}] {source}", size=11)
