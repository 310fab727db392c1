"""A report on paper: the model that Word and PDF print, and its figures as a spreadsheet."""

from collections.abc import Callable, Iterator
from typing import Any

from tramyte.engine import clock
from tramyte.engine.documents.paper import Block, Bullets, Figure, Heading, Paper, Paragraph, Run, Table, Text
from tramyte.governance.reports.figures import TABLE, References, pieces
from tramyte.governance.reports.immunization import WORDS
from tramyte.governance.reports.models import Report
from tramyte.governance.reports.offices import letterhead, place_line, signer
from tramyte.rules.text import fold


def paper_of(report: Report) -> Paper:
    """The report as an administrative document; a draft until it is approved."""
    parent, body = letterhead(report.unit, report.place)
    authority, title, name = signer(report.unit, report.issued_on or clock.today())
    to = tuple(report.period.duty.to) or ("Ủy ban nhân dân xã",)
    return Paper(
        issuing_parent=parent, issuing_body=body, symbol=report.symbol, number=report.number, place=place_line(report.place),
        date=report.issued_on, dated_in=clock.today(), title=report.title, body=tuple(blocks(report)),
        recipients=(*(f"{one} (để báo cáo)" for one in to), f"Lưu: VT, {report.symbol.removeprefix('BC-')}"),
        signer_authority=authority, signer_title=title, signer_name=name, draft=report.state not in (Report.APPROVED, Report.LOCKED),
    )


def blocks(report: Report) -> Iterator[Block]:
    """The body: a heading for each section, its lines as paragraphs, items and tables."""
    for section in report.sections:
        yield Heading(1, section["title"])
        yield from _lines(section["text"], report.figures, report.tables)


def _lines(text: str, figures: References, tables: dict[str, Any]) -> Iterator[Block]:
    items: list[Text] = []
    for line in text.split("\n"):
        if line.startswith("- "):
            items.append(runs(line[2:], figures))
            continue
        if items:
            yield Bullets(tuple(items))
            items = []
        table = TABLE.fullmatch(line.strip())
        if table and table[1] in tables:
            yield _table(tables[table[1]], figures)
        elif line.strip():
            yield Paragraph(runs(line, figures))
    if items:
        yield Bullets(tuple(items))


def _table(table: dict[str, Any], figures: References) -> Table:
    once: set[str] | None = set() if table.get("once") else None  # all rows of one source: it is referred to in the first
    return Table(
        columns=tuple(table["columns"]), rows=tuple(_row(row, figures, once) for row in table["rows"]),
        widths=tuple(table["widths"]), align=table["align"], total=_row(table.get("total") or [], figures),
    )


def _row(cells: list[str], figures: References, said: set[str] | None = None) -> tuple[Text, ...]:
    said = set() if said is None else said
    return tuple(runs(cell, figures, said) for cell in cells)


def runs(text: str, figures: References, said: set[str] | None = None) -> Text:
    """A text as runs of words and figures with the sentences of their sources.

    A source is referred to once in a paragraph or row (`said` are those named before in it): the first time, but after
    the whole of a fraction such as 158/171.
    """
    known = set() if said is None else said
    found: list[Run] = []
    parts = list(pieces(text, figures))
    for at, piece in enumerate(parts):
        if isinstance(piece, str):
            found.append(piece)
            continue
        source = piece.reference["source"]
        over = parts[at + 2] if parts[at + 1:at + 2] == ["/"] and len(parts) > at + 2 else None
        if source in known or (not isinstance(over, str | None) and over.reference["source"] == source):
            found.append(piece.text)
        else:
            found.append(Figure(piece.text, source))
            known.add(source)
    return found[0] if len(found) == 1 and isinstance(found[0], str) else tuple(found)


def docx_of(report: Report) -> bytes:
    """The report as .docx."""
    from tramyte.engine.documents.word import render_docx

    return render_docx(paper_of(report))


def pdf_of(report: Report) -> bytes:
    """The report as PDF."""
    from tramyte.engine.documents.pdf import render_pdf

    return render_pdf(paper_of(report))


def xlsx_of(report: Report) -> bytes:
    """The figures of the report as .xlsx: one row each, with the list, the day and the definition behind it."""
    from tramyte.engine.documents.spreadsheet import SheetColumn, write_xlsx

    columns = [
        SheetColumn("Mã", width=16), SheetColumn("Số liệu", width=44), SheetColumn("Địa bàn, đơn vị", width=26), SheetColumn("Kỳ", width=10),
        SheetColumn("Tử số", "number", 12), SheetColumn("Mẫu số", "number", 12), SheetColumn("Giá trị", "number", 12), SheetColumn("Đơn vị tính", width=12),
        SheetColumn("Tính đến", width=12), SheetColumn("Bản cách tính", "number", 12), SheetColumn("Danh sách", width=50),
    ]
    notes = (f"{report.period.calendar.title}, {report.place}, số liệu tính đến {report.as_of:%d/%m/%Y}", report.get_state_display())
    return write_xlsx(columns, list(_rows(report)), title=f"{report.title}", sheet="Số liệu", notes=notes)


COUNTS = {"total": "tổng số", "done": "xong đúng hạn", "late": "xong trễ hạn", "overdue": "quá hạn", "going": "đang làm", "units": "đơn vị chủ trì",
          "received": "tiếp nhận", **WORDS, "measured": "đo được", "reached": "đã đạt", "behind": "chưa đạt", "unrecorded": "chưa ghi nhận"}


def _rows(report: Report) -> Iterator[list[object]]:
    for key, one in report.figures.items():
        if one["kind"] == "indicator":
            value = None if one["value"] is None else round(one["value"], 4)
            yield [key, one["title"], one["place_name"], one["period"], one["numerator"], one["denominator"], value, one["unit"], _day(one), one["definition_version"], one["list"]]
            continue
        for part, count in one["counts"].items():
            yield [f"{key}.{part}", f"{one['title']}: {COUNTS[part]}", one.get("place_name", ""), report.period.period, None, None, count, "", _day(one), None, one["source"]]


def _day(reference: dict[str, Any]) -> str:
    year, month, day = reference["as_of"].split("-")
    return f"{day}/{month}/{year}"


MAKERS: dict[str, tuple[Callable[[Report], bytes], str]] = {
    "docx": (docx_of, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf_of, "application/pdf"),
    "xlsx": (xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def file_name(report: Report, ending: str) -> str:
    """A name for the file, plain letters: "bao-cao-2026-h1-xa-dong-van.docx"."""
    again = f"-bo-sung-{report.sequence - 1}" if report.sequence > 1 else ""
    return f"bao-cao-{report.period.period.lower()}-{fold(report.place.name).replace(' ', '-')}{again}.{ending}"
