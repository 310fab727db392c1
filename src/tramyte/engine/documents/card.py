"""A card that a person keeps (typst, Tinos, A5 upright): particulars with a QR code, and a table in groups."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tramyte.engine.documents.qr import qr_file
from tramyte.engine.documents.typesetting import printable, typeset


@dataclass(frozen=True)
class CardGroup:
    """Rows under one heading cell at the left."""

    title: str
    rows: Sequence[Sequence[str]]


def render_card(
    title: str, *, unit: str, form_code: str, particulars: Sequence[tuple[str, str]], qr: str, qr_words: str, columns: Sequence[tuple[str, float]],
    groups: Sequence[CardGroup], notes: Sequence[str] = (), foot: str = "", as_of: dt.datetime | None = None,
) -> bytes:
    """The card as PDF. columns: heading and relative width, the first of the groups' titles; each row of a group has one cell less.

    qr: the text of the code, qr_words: what stands below it. The same input gives the same bytes: the creation time is `as_of`.
    """
    data = {
        "title": printable(title), "unit": printable(unit), "form_code": printable(form_code), "foot": printable(foot),
        "particulars": [[printable(label), printable(value)] for label, value in particulars], "qr": qr_file(qr), "qr_words": printable(qr_words),
        "columns": [printable(heading) for heading, _ in columns], "widths": [width for _, width in columns],
        "groups": [{"title": printable(group.title), "rows": [[printable(cell) for cell in row] for row in group.rows]} for group in groups],
        "notes": [printable(note) for note in notes],
    }
    return typeset("card.typ", data, made_at=as_of)
