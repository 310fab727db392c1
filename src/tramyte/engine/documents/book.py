"""A register printed as its paper book (typst, Tinos), and the one-page summary (`render_page`, see
`summary`).
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

from tramyte.engine.documents.summary import render_page
from tramyte.engine.documents.typesetting import printable, typeset
from tramyte.engine.refused import Refused

__all__ = ["Column", "Signature", "render_book", "render_page"]

MAX_ROWS = 20_000
_PAPERS = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210)}
_SIDE_MARGINS = 28
_BREAK = 20
_TAGGED_ROWS = 500
_EMPTY = "Chưa có dòng nào trong phạm vi này."


@dataclass(frozen=True)
class Column:
    """A column of a paper book.

    width: relative (1 is a short column such as a date). align: "l", "c" or "r". group: neighbours with the
    same group stand under one common heading. total: its numbers are summed at the foot of each page, of the page and
    since the first line; a cell that is no number counts nothing.
    """

    heading: str
    width: float = 1.0
    align: str = "l"
    group: str = ""
    total: bool = False


@dataclass(frozen=True)
class Signature:
    """Who signs at the end: (title, name) pairs from left to right, the name may be empty;
    `place_date` above the last.
    """

    signers: tuple[tuple[str, str], ...]
    place_date: str = ""


def render_book(
    title: str,
    subtitle: str,
    form_code: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    groups: Sequence[tuple[int, str]] = (),
    *,
    paper: str = "A4",
    landscape: bool = True,
    signature: Signature | None = None,
    as_of: dt.datetime | None = None,
    unit: str = "",
    over: str = "",
    repeat: int = 2,
) -> bytes:
    """The register as PDF with headings and column numbers on every page, "Trang n/m", and the sums of each page.

    unit, over: who keeps the book, and the body above it. rows: one text a column. groups: (row index, heading) puts a heading line above that row. repeat: how many
    first columns come again when the columns do not fit side by side and the book goes on in a second part.
    The same input gives the same bytes: the creation time is `as_of`. Raises Refused("book_too_long") above
    20,000 rows, ValueError for rows of another length or an unknown paper.
    """
    _check(columns, rows, paper)
    width = _PAPERS[paper][1 if landscape else 0] - _SIDE_MARGINS
    data = {
        "title": printable(title),
        "subtitle": printable(subtitle),
        "form_code": printable(form_code),
        "unit": printable(unit),
        "over": printable(over),
        "as_of": f"Số liệu tính đến {as_of:%H:%M} ngày {as_of:%d/%m/%Y}" if as_of else "",
        "paper": paper.lower(),
        "landscape": landscape,
        **_parts(columns, rows, dict(groups), width, repeat),
        "empty": "" if rows else _EMPTY,
        **_signed(signature or Signature(())),
    }
    return typeset("book.typ", data, made_at=as_of, tagged=len(rows) <= _TAGGED_ROWS)


def _check(columns: Sequence[Column], rows: Sequence[Sequence[str]], paper: str) -> None:
    if len(rows) > MAX_ROWS:
        shown = f"{len(rows):,}".replace(",", ".")
        raise Refused(
            "book_too_long",
            f"Sổ có {shown} dòng, vượt mức 20.000 dòng một lần in. Hãy lọc theo thôn hoặc tháng rồi in.",
        )
    if paper not in _PAPERS or any(len(row) != len(columns) for row in rows):
        raise ValueError("A book needs paper A3, A4 or A5, and in each row a cell for each column.")


def _signed(signature: Signature) -> dict[str, Any]:
    signers = [{"title": printable(office), "name": printable(name)} for office, name in signature.signers]
    return {"signed_at": printable(signature.place_date), "signers": signers}


def _parts(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    groups: dict[int, str],
    width: float,
    repeat: int,
) -> dict[str, Any]:
    """The parts of the book and the size of its letters in points."""
    needed = _needed(columns, rows)
    parts = []
    roomy = True
    for chosen in _split(needed, width, repeat):
        roomy = roomy and _width(needed, chosen) * 10 / 9 < width * 0.8
        widths = _widths(columns, chosen, needed, width)
        parts.append({**_part(columns, chosen, rows, groups), "widths": widths})
    return {"size": 10 if roomy else 9, "parts": parts}


def _needed(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[float]:
    """The least width in mm at which each column can be read: its longest word, and more for wide columns."""
    out = []
    for at, column in enumerate(columns):
        words = {word for row in rows for word in row[at].split()} | set(column.heading.split())
        widest = max((_word_width(word) for word in words), default=0.0)
        out.append(max(5.0 + 3.0 * min(column.width, 4.0), widest + 2.2))
    return out


def _word_width(word: str) -> float:
    """About the width in mm of a word at 9 points;
    a longer one than 20 letters is broken when it is printed.
    """
    return 1.05 * sum(2.4 if c.isupper() else 0.9 if c in "iltjf.,:;'/" else 1.6 for c in word[:_BREAK])


def _split(needed: Sequence[float], width: float, repeat: int) -> list[list[int]]:
    """Column indexes side by side on one sheet;
    what does not fit goes to a next part that begins with the first ones.
    """
    fixed = list(range(min(repeat, len(needed))))
    rest = [at for at in range(len(needed)) if at >= len(fixed)]
    used = sum(needed[at] for at in fixed)
    total = used + sum(needed[at] for at in rest)
    if total <= width or not rest:
        return [list(range(len(needed)))]
    room = max(width - used, 20.0)
    count = int((total - used) // room) + 1
    share = (total - used) / count
    parts: list[list[int]] = [[]]
    filled = 0.0
    for at in rest:
        need = needed[at]
        if parts[-1] and (filled + need / 2 > share * len(parts) or _width(needed, parts[-1]) + need > room):
            parts.append([])
        parts[-1].append(at)
        filled += need
    return [fixed + part for part in parts]


def _width(needed: Sequence[float], part: Iterable[int]) -> float:
    return sum(needed[at] for at in part)


def _widths(columns: Sequence[Column], part: list[int], needed: list[float], width: float) -> list[float]:
    """Every column gets what it needs; what is left is shared by the declared widths."""
    left = max(width - _width(needed, part), 0.0)
    total = sum(columns[at].width for at in part)
    return [round(needed[at] + left * columns[at].width / total, 2) for at in part]


def _part(
    columns: Sequence[Column], chosen: list[int], rows: Sequence[Sequence[str]], groups: dict[int, str]
) -> dict[str, Any]:
    lines: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        if at in groups:
            lines.append({"group": printable(groups[at]), "cells": []})
        lines.append({"group": "", "cells": [printable(row[column], _BREAK) for column in chosen]})
    return {
        "sums": _sums([columns[at] for at in chosen], [[row[at] for at in chosen] for row in rows]),
        "align": [columns[at].align for at in chosen],
        "numbers": [at + 1 for at in chosen],
        "heads": _heads([columns[at] for at in chosen]),
        "rows": lines,
    }


def _sums(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """For each summed column its place, how many decimals its numbers have, and the sum of the first 0, 1, 2... lines in
    units of the last decimal.
    """
    made = []
    for x, column in enumerate(columns):
        if column.total:
            numbers = [_number(row[x]) for row in rows]
            digits = max((-int(number.as_tuple().exponent) for number in numbers), default=0)
            running = accumulate((int(number.scaleb(digits)) for number in numbers), initial=0)
            made.append({"x": x, "digits": digits, "running": list(running)})
    return made


def _number(text: str) -> Decimal:
    """The number of a cell, with a decimal comma and points between thousands; nothing for any other text."""
    plain = text.replace(".", "").replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else Decimal(0)


def _heads(columns: list[Column]) -> list[dict[str, Any]]:
    """The two rows of headings: a group above its columns; a column without group takes both rows."""
    heads: list[dict[str, Any]] = []
    at = 0
    while at < len(columns):
        group = columns[at].group
        end = at + 1
        while group and end < len(columns) and columns[end].group == group:
            end += 1
        if group:
            heads.append({"x": at, "y": 0, "colspan": end - at, "rowspan": 1, "text": printable(group)})
        for x in range(at, end):
            y, rowspan = (1, 1) if group else (0, 2)
            heads.append(
                {"x": x, "y": y, "colspan": 1, "rowspan": rowspan, "text": printable(columns[x].heading)}
            )
        at = end
    return heads
