"""Tables with ruled lines on a PDF page, read row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tramyte.engine.documents.pdf_layout import Word, bands_of

_THIN = 3.0
_NEAR = 4.0

Rule = tuple[float, float, float]


@dataclass
class Rules:
    """Straight lines of a page. across: (y, x0, x1); down: (x, top, bottom). Points, y downwards."""

    across: list[Rule]
    down: list[Rule]

    def add(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """Takes a drawn shape in when it is a line, or a box, whose four sides are lines."""
        width, height = x1 - x0, bottom - top
        if height <= _THIN and width > 8:
            self.across.append(((top + bottom) / 2, x0, x1))
        elif width <= _THIN and height > 8:
            self.down.append(((x0 + x1) / 2, top, bottom))
        elif width > 8 and height > 8:
            self.across += [(top, x0, x1), (bottom, x0, x1)]
            self.down += [(x0, top, bottom), (x1, top, bottom)]


@dataclass
class Table:
    """A table as read: one line a row, cells parted by " | ", and the words (by id) that are in it."""

    top: float
    bottom: float
    lines: list[str]
    used: set[int] = field(default_factory=set)


def ruled_tables(words: Sequence[Word], rules: Rules) -> list[Table]:
    """The tables of a page that are drawn as a grid of at least two rows and two columns with text in
    them.
    """
    found = []
    for top, bottom in _spans(rules):
        columns = _distinct([x for x, a, b in rules.down if a < bottom + _NEAR and b > top - _NEAR])
        inside = [(y, a, b) for y, a, b in rules.across if top - _NEAR <= y <= bottom + _NEAR]
        lines = _distinct([y for y, _, _ in inside])
        if len(columns) < 3 or len(lines) < 3:
            continue
        table = _read(words, columns, lines, inside)
        if len(table.lines) >= 2:
            found.append(table)
    return found


def _spans(rules: Rules) -> list[tuple[float, float]]:
    """Heights that touching vertical lines cover: each is one table."""
    spans: list[tuple[float, float]] = []
    for _, top, bottom in sorted(rules.down, key=lambda rule: rule[1]):
        if spans and top <= spans[-1][1] + _NEAR:
            spans[-1] = (spans[-1][0], max(spans[-1][1], bottom))
        else:
            spans.append((top, bottom))
    return spans


def _distinct(values: list[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _NEAR:
            out.append(value)
    return out


def _read(words: Sequence[Word], columns: list[float], lines: list[float], across: list[Rule]) -> Table:
    cells: dict[tuple[int, int], list[Word]] = {}
    table = Table(lines[0], lines[-1], [])
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        if columns[0] < x < columns[-1] and lines[0] < y < lines[-1]:
            column = max(at for at, edge in enumerate(columns) if edge < x)
            # A cell merged over rows has no line above its lower part: the line that really closes it from
            # above counts.
            row = max(
                (at for at, edge in enumerate(lines) if edge < y and _drawn(across, edge, x)), default=0
            )
            cells.setdefault((row, column), []).append(word)
            table.used.add(id(word))
    for row in sorted({row for row, _ in cells}):
        texts = [_cell_text(cells.get((row, column), [])) for column in range(len(columns) - 1)]
        table.lines.append(" | ".join(texts))
    return table


def _drawn(across: list[Rule], y: float, x: float) -> bool:
    return any(abs(at - y) <= _NEAR and x0 - 1 <= x <= x1 + 1 for at, x0, x1 in across)


def _cell_text(words: list[Word]) -> str:
    return " ".join(w.text for band in bands_of(words) for w in sorted(band, key=lambda w: w.x0))
