"""Automatic list numbers of a Word file, counted as Word counts them (ECMA-376 part 1, 17.9)."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KEPT_BULLETS = "-–+*•"
_LEVELS = 9


@dataclass
class Level:
    """One level of a list: its format (decimal, lowerLetter, bullet, ...), its text ("%1.") and its first
    number.
    """

    form: str = "decimal"
    text: str = ""
    start: int = 1
    plain: bool = False


@dataclass
class Numbering:
    """The lists of one file and how far each has been counted.

    `label` is called once per paragraph, in order.
    """

    lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    nums: dict[str, tuple[str, dict[int, int], dict[int, Level]]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def label(self, num_id: str, level: int) -> str:
        """The visible number of the next paragraph of list `num_id` at `level` (0 to 8), "" where it shows
        none.
        """
        if num_id not in self.nums or not 0 <= level < _LEVELS:
            return ""
        list_id, starts, own = self.nums[num_id]
        levels = {**self.lists.get(list_id, {}), **own}
        counts = self.counts.setdefault(list_id, [None] * _LEVELS)
        if num_id not in self.begun:
            self.begun.add(num_id)
            for at in starts:
                counts[at] = None
        for at in range(level + 1):
            shape = levels.get(at, Level())
            if counts[at] is None:
                counts[at] = starts.get(at, shape.start)
            elif at == level:
                counts[at] = (counts[at] or 0) + 1
        for at in range(level + 1, _LEVELS):
            counts[at] = None
        return _shown(levels, counts, level)


def _shown(levels: dict[int, Level], counts: list[int | None], level: int) -> str:
    shape = levels.get(level, Level())
    if shape.form == "bullet":
        return shape.text if shape.text and shape.text in _KEPT_BULLETS else "-"
    if shape.form == "none":
        return shape.text if "%" not in shape.text else ""
    text = shape.text
    for at in range(_LEVELS):
        form = "decimal" if shape.plain else levels.get(at, Level()).form
        text = text.replace(f"%{at + 1}", spelled(counts[at] or 0, form))
    return text.strip()


def spelled(number: int, form: str) -> str:
    """A number in a Word number format: 3 is "3", "03", "III", "iii", "C" or "c"."""
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    return str(number)


def _roman(number: int) -> str:
    out = ""
    for value, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        out += sign * (number // value)
        number %= value
    return out


def value_of(element: Element | None, default: str = "") -> str:
    """The `w:val` of an element, `default` where the element or its value is absent."""
    return default if element is None else element.get(W + "val", default)


def whole(text: str, default: int) -> int:
    """A whole number of the file, `default` where it is none or absurd."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default


def read_numbering(root: Element | None) -> Numbering:
    """The lists of `word/numbering.xml`; without it, none."""
    found = Numbering()
    if root is None:
        return found
    styles: dict[str, str] = {}
    for item in root.findall(W + "abstractNum"):
        list_id = item.get(W + "abstractNumId", "")
        found.lists[list_id] = _levels(item)
        style = value_of(item.find(W + "styleLink"))
        if style:
            styles[style] = list_id
    for item in root.findall(W + "abstractNum"):
        style = value_of(item.find(W + "numStyleLink"))
        if style in styles:
            found.lists[item.get(W + "abstractNumId", "")] = found.lists[styles[style]]
    for item in root.findall(W + "num"):
        found.nums[item.get(W + "numId", "")] = _num(item)
    return found


def _num(item: Element) -> tuple[str, dict[int, int], dict[int, Level]]:
    starts: dict[int, int] = {}
    own: dict[int, Level] = {}
    for override in item.findall(W + "lvlOverride"):
        level = whole(override.get(W + "ilvl", ""), 0)
        start = override.find(W + "startOverride")
        if start is not None and level < _LEVELS:
            starts[level] = whole(value_of(start), 1)
        own.update(_levels(override))
    return value_of(item.find(W + "abstractNumId")), starts, own


def _levels(parent: Element) -> dict[int, Level]:
    levels = {}
    for item in parent.findall(W + "lvl"):
        levels[whole(item.get(W + "ilvl", ""), 0)] = Level(
            form=value_of(item.find(W + "numFmt"), "decimal"),
            text=value_of(item.find(W + "lvlText")),
            start=whole(value_of(item.find(W + "start")), 1),
            plain=item.find(W + "isLgl") is not None,
        )
    return levels
