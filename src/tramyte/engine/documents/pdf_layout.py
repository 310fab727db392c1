"""Words with positions to lines in the order a person reads them: columns, letterhead, signature, ruled
tables.

Coordinates are points, y grows downwards (the reader of the file turns it round).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

_HEAD = re.compile(
    r"cộng h[oò][aà] xã hội|cộng hoà xã hội|độc lập\s*[-–]\s*tự do|đảng cộng sản việt nam", re.I
)
_RECIPIENTS = re.compile(r"^\W*nơi nhận", re.I | re.M)
_HEAD_END = re.compile(r"^\s*số\s*:|^\s*v/v\b|\bngày\b.*\btháng\b", re.I)
_HEAD_BANDS = 6
_MAX_BANDS = 400
_MIN_GUTTER = 8.0


@dataclass(frozen=True)
class Word:
    """A piece of text without blanks, its box, and the height of the line it is written on (0 where
    unknown).
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float = 0.0


@dataclass(frozen=True)
class Line:
    """A line as read. first: the width of its first word. base: where it is written. edge:
    the right edge of the region (column) it stands in.
    """

    text: str
    top: float
    bottom: float
    x0: float
    x1: float
    first: float
    base: float
    edge: float = 0.0


@dataclass(frozen=True)
class Gutter:
    """A column gap that the bands first to last (inclusive) of a region share."""

    x0: float
    x1: float
    first: int
    last: int


Band = list[Word]


def bands_of(words: Sequence[Word]) -> list[Band]:
    """Words grouped into bands from top to bottom:
    words whose middle parts overlap in height share a band.
    """
    bands: list[Band] = []
    bottom = float("-inf")
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        middle, half = (word.top + word.bottom) / 2, (word.bottom - word.top) * 0.25
        if bands and middle - half < bottom:
            bands[-1].append(word)
        else:
            bands.append([word])
            bottom = float("-inf")
        bottom = max(bottom, middle + half)
    return bands


def free_intervals(band: Band, left: float, right: float) -> list[tuple[float, float]]:
    """The parts of [left, right] that no word of the band covers."""
    free, at = [], left
    for word in sorted(band, key=lambda w: w.x0):
        if word.x0 > at:
            free.append((at, word.x0))
        at = max(at, word.x1)
    if right > at:
        free.append((at, right))
    return free


def lines_of(words: Sequence[Word], columns_before: bool = False, edge: float = 0.0) -> list[Line]:
    """The lines of a region in reading order.

    columns_before: an earlier page was set in columns. edge: how far right text may reach, at least as far as
    it does.
    """
    if not words:
        return []
    edge = max(edge, *(word.x1 for word in words))
    bands = bands_of(words)
    gutter = _best_gutter(bands, columns_before)
    if gutter is None:
        return [replace(_line(band), edge=edge) for band in bands]
    before = [word for band in bands[: gutter.first] for word in band]
    inside = [word for band in bands[gutter.first : gutter.last + 1] for word in band]
    after = [word for band in bands[gutter.last + 1 :] for word in band]
    middle = (gutter.x0 + gutter.x1) / 2
    left = [word for word in inside if (word.x0 + word.x1) / 2 < middle]
    right = [word for word in inside if (word.x0 + word.x1) / 2 >= middle]
    out: list[Line] = []
    for part, end in ((before, edge), (left, 0.0), (right, edge), (after, edge)):
        out += lines_of(part, columns_before, end)
    return out


def _line(band: Band) -> Line:
    words = sorted(band, key=lambda w: w.x0)
    return Line(
        " ".join(word.text for word in words),
        min(w.top for w in words),
        max(w.bottom for w in words),
        words[0].x0,
        max(w.x1 for w in words),
        words[0].x1 - words[0].x0,
        median(w.base for w in words),
    )


def _best_gutter(bands: list[Band], columns_before: bool) -> Gutter | None:
    if len(bands) > _MAX_BANDS:
        return None  # no page of a letter has so many lines, and the search grows with their square
    left = min(word.x0 for band in bands for word in band)
    right = max(word.x1 for band in bands for word in band)
    free = [free_intervals(band, left, right) for band in bands]
    # Columns whose lines stand level show a gap inside a band; others only a gap that a whole run of bands
    # shares.
    for inner in (True, False):
        for first, gaps in enumerate(free):
            wide = [gap for gap in gaps if gap[1] - gap[0] >= _MIN_GUTTER]
            found = [
                _run(free, first, gap) for gap in wide if not inner or (gap[0] > left and gap[1] < right)
            ]
            for gutter in sorted(found, key=lambda g: (g.first - g.last, g.x0 - g.x1)):
                kept = _accepted(bands, gutter, (left, right), columns_before)
                if kept is not None:
                    return kept
    return None


def _run(free: list[list[tuple[float, float]]], first: int, gap: tuple[float, float]) -> Gutter:
    """The gap followed down while the bands below leave at least the smallest gutter of it free."""
    x0, x1 = gap
    last = first
    for at in range(first + 1, len(free)):
        shared = [(max(x0, a), min(x1, b)) for a, b in free[at]]
        widest = max(shared, key=lambda pair: pair[1] - pair[0], default=(0.0, 0.0))
        if widest[1] - widest[0] < _MIN_GUTTER:
            break
        x0, x1 = widest
        last = at
    return Gutter(x0, x1, first, last)


def _accepted(
    bands: list[Band], gutter: Gutter, edges: tuple[float, float], columns_before: bool
) -> Gutter | None:
    """The gutter when it parts two columns to be read one after the other, cut to where they end;
    else nothing.
    """
    middle = (gutter.x0 + gutter.x1) / 2
    inside = bands[gutter.first : gutter.last + 1]
    left = [word for band in inside for word in band if word.x1 < middle]
    right = [word for band in inside for word in band if word.x0 > middle]
    if not left or not right:
        return None
    left_lines, right_lines = [_line(b) for b in bands_of(left)], [_line(b) for b in bands_of(right)]
    text = "\n".join(line.text for line in left_lines + right_lines)
    if _HEAD.search(text):
        return _cut(bands, gutter, middle, edges[0])
    start = _recipients_at(bands, gutter, middle)
    if start == gutter.first:
        return _cut_signature(bands, gutter, middle)
    if start > 0:
        # Running text in columns above a signature that has the same gap: first the one, then the other.
        above = _accepted(bands, replace(gutter, last=start - 1), edges, columns_before)
        return above or _cut_signature(bands, replace(gutter, first=start), middle)
    if min(len(left_lines), len(right_lines)) < (1 if columns_before else 3):
        return None
    full = _fills(left, edges[0], gutter.x0) and (columns_before or _fills(right, gutter.x1, edges[1]))
    return gutter if full and _is_wide(edges, gutter) else None


def _recipients_at(bands: list[Band], gutter: Gutter, middle: float) -> int:
    """The band of "Nơi nhận" in a gutter's run, -1 without one."""
    run = range(gutter.first, gutter.last + 1)
    return next((at for at in run if any(_RECIPIENTS.search(side) for side in _sides(bands[at], middle))), -1)


def _is_wide(edges: tuple[float, float], gutter: Gutter) -> bool:
    """Both columns take a quarter of the width or more: what stands left is no list number."""
    width = edges[1] - edges[0]
    return gutter.x0 - edges[0] > width / 4 and edges[1] - gutter.x1 > width / 4


def _fills(words: Band, x0: float, x1: float) -> bool:
    """Running text reaches across its column in the middle line; the cells of a table seldom do."""
    widths = [max(w.x1 for w in band) - min(w.x0 for w in band) for band in bands_of(words)]
    return median(widths) > 0.6 * (x1 - x0)


def _cut(bands: list[Band], gutter: Gutter, middle: float, edge: float) -> Gutter:
    """A letterhead ends with its number or its place and date:
    running text in columns may follow in the same gap.
    """
    begun, last = -1, gutter.first
    for at in range(gutter.first, gutter.last + 1):
        sides = _sides(bands[at], middle)
        if any(_HEAD.search(side) for side in sides):
            begun = at
        if begun < 0 or at - begun > _HEAD_BANDS:
            continue
        # What stands alone and centred on the left ("DỰ THẢO", "HỎA TỐC") still belongs to the letterhead.
        alone = at == last + 1 and not sides[1] and min(w.x0 for w in bands[at]) > edge + 10
        if alone or any(_HEAD.search(side) or _HEAD_END.search(side) for side in sides):
            last = at
    return replace(gutter, last=last)


def _cut_signature(bands: list[Band], gutter: Gutter, middle: float) -> Gutter:
    """A signature ends with the signer's name and the rest of the list of recipients."""
    right = [at for at in range(gutter.first, gutter.last + 1) if _sides(bands[at], middle)[1]]
    last = max(right, default=gutter.last)
    while last < gutter.last and _sides(bands[last + 1], middle)[0].startswith(("-", "–", "+", "•", "(")):
        last += 1
    return replace(gutter, last=last)


def _sides(band: Band, middle: float) -> tuple[str, str]:
    """The texts of a band left and right of a gutter."""
    left, right = [w for w in band if w.x0 < middle], [w for w in band if w.x0 >= middle]
    return _line(left).text if left else "", _line(right).text if right else ""
