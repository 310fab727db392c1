"""An administrative document as PDF (typst, Tinos)."""

import datetime as dt
from typing import Any

from tramyte.engine.documents import paper as model
from tramyte.engine.documents.paper import (
    Block,
    Bold,
    Bullets,
    Figure,
    Heading,
    Note,
    Paper,
    Paragraph,
    Table,
    Text,
)
from tramyte.engine.documents.typesetting import printable, typeset


def render_pdf(paper: Paper) -> bytes:
    """The document as PDF, A4, in the layout of Nghị định 30/2020/NĐ-CP;
    the same paper gives the same bytes.
    """
    day = paper.date or paper.dated_in
    made_at = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) if day else None
    return typeset("paper.typ", _data(paper), made_at=made_at)


def _data(paper: Paper) -> dict[str, Any]:
    sources = model.sources_of(paper.body)
    return {
        "heading": printable(f"{paper.kind} {paper.title}"),
        "author": printable(paper.issuing_body),
        "issuing_parent": [printable(line) for line in model.letterhead_lines(paper.issuing_parent)],
        "issuing_body": [printable(line) for line in model.letterhead_lines(paper.issuing_body)],
        "number_line": printable(paper.number_line),
        "about": "" if paper.kind else printable(f"V/v {paper.title}"),
        "date_line": printable(paper.date_line),
        "motto_state": model.MOTTO_STATE,
        "motto": model.MOTTO,
        "kind": printable(paper.kind),
        "title": printable(paper.title),
        "addressees": [printable(one) for one in paper.addressees],
        "body": [_block(block, sources) for block in paper.body],
        "sources_title": model.SOURCES_TITLE,
        "sources": [printable(source) for source in sources],
        "recipients": [printable(line) for line in paper.recipient_lines],
        "signer_authority": [printable(line) for line in paper.signer_authority],
        "signer_title": printable(paper.signer_title),
        "signer_name": printable(paper.signer_name),
        "draft": model.DRAFT if paper.draft else "",
    }


def _block(block: Block, sources: dict[str, int]) -> dict[str, Any]:
    match block:
        case Heading(level, text):
            return {"type": "heading", "level": level, "text": printable(text)}
        case Paragraph(text):
            return {"type": "paragraph", "text": _runs(text, sources)}
        case Bullets(items):
            return {"type": "bullets", "items": [_runs(item, sources) for item in items]}
        case Note(text):
            return {"type": "note", "text": _runs(text, sources)}
        case Table():
            return _table(block, sources)


def _table(table: Table, sources: dict[str, int]) -> dict[str, Any]:
    return {
        "type": "table",
        "columns": [printable(column) for column in table.columns],
        "cells": [_runs(cell, sources) for row in table.rows for cell in row],
        "total": [_runs(cell, sources) for cell in table.total],
        "widths": list(table.widths) or [1.0] * len(table.columns),
        "align": list(table.align or "l" * len(table.columns)),
        "caption": printable(table.caption),
        "note": _runs(table.note, sources) if table.note else [],
    }


def _runs(text: Text, sources: dict[str, int]) -> list[list[str]]:
    """Runs as typst gets them: ["t", text], ["b", bold text] or ["f", figure, reference number]."""
    out = []
    for run in model.runs_of(text):
        if isinstance(run, Figure):
            out.append(["f", printable(run.text), str(sources[model.clean(run.source)])])
        elif isinstance(run, Bold):
            out.append(["b", _spaced(run.text)])
        else:
            out.append(["t", _spaced(run)])
    return out


def _spaced(text: str) -> str:
    """Printable text that keeps one blank at its ends, so that runs join as written."""
    inner = printable(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return before + inner + after
