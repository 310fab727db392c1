"""A line of a file while it is judged: its cells become values and related rows."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.engine.registers.columns import Column, words_of
from tramyte.engine.registers.fields import cleaned, field_for, required_words
from tramyte.engine.registers.register import Register
from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.text import name_key

LONGEST_CELL = 1000

Fault = tuple[str, str]  # a sentence and the path of the cell
Answers = dict[tuple[Any, ...], tuple[Any, Fault | None]]  # the cells that name a related row -> the row, or what is wrong


@dataclass(slots=True)
class Line:
    """One line while it is judged. `cells` by path; `cell` is the address of the first wrong one, as in D18."""

    number: int
    cells: dict[str, str]
    letters: dict[str, str]
    fields: dict[str, Any] = field(default_factory=dict)
    row: Any = None
    verdict: str = "created"
    reason: str = ""
    warning: str = ""
    path: str = ""
    original: dict[str, str] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        """The address of the cell at fault."""
        letter = self.letters.get(self.path, "") if self.path else ""
        return f"{letter}{self.number}" if letter else ""

    @property
    def row_id(self) -> Any:
        """The key of the stored row that the line means; None for a new one."""
        return self.row.pk if self.row is not None else None

    def refuse(self, reason: str, path: str = "") -> None:
        """Keep the first reason."""
        if self.verdict != "refused":
            self.verdict, self.reason, self.path = "refused", reason, path


class Parsed(dict[str, tuple[Any, str]]):
    """What the cells of one column say, value and fault by text: they repeat, so that each text is read once."""

    def __init__(self, parser: Any) -> None:
        super().__init__()
        self.parser = parser

    def __missing__(self, text: str) -> tuple[Any, str]:
        try:
            found = cleaned(self.parser, text), ""
        except ValueError as error:
            found = None, str(error)
        self[text] = found
        return found


def parse(line: Line, readers: Sequence[tuple[str, dict[str, tuple[Any, str]]]], harmless: set[str]) -> None:
    """Give the line the values of its own columns. readers: path and `Parsed`; harmless: texts that were looked through."""
    cells = line.cells
    if not harmless.issuperset(cells.values()):
        _look_through(line, harmless)
    if line.verdict == "refused":
        return
    for path, parsed in readers:
        line.fields[path], fault = parsed[cells.get(path, "")]
        if fault:
            line.refuse(fault, path)


def _look_through(line: Line, harmless: set[str]) -> None:
    """Refuse formulas and cells that are too long; what is neither is remembered."""
    for path, text in line.cells.items():
        if text.startswith("="):
            line.refuse("Ô này là công thức, không phải dữ liệu. Hãy chép rồi dán dạng giá trị.", path)
        elif len(text) > LONGEST_CELL:
            line.cells[path] = f"{text[:80]}…"
            line.refuse(f"Ô này dài {len(text)} ký tự. Hãy kiểm tra xem có dán nhầm không.", path)
        else:
            harmless.add(text)


def resolve(register: Register, user: User, column: Column, lines: Sequence[Line], needed: bool, known: Answers) -> None:
    """Find the related rows that the cells of these lines name; what was asked for earlier lines is not asked again."""
    path, prefix = column.path, f"{column.path}."
    beside = [other for other in register.by_path if other.startswith(prefix)]
    asked: list[tuple[Line, tuple[Any, ...]]] = []
    fresh: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        mark = (line.fields.get(path, ""), *map(line.cells.get, beside))
        if line.verdict == "refused" or not any(mark):
            line.fields[path] = None
            if needed and not any(mark):
                line.refuse(required_words(field_for(column)), path)
        elif (found := known.get(mark)) is not None:
            _answer(line, path, found)
        else:
            asked.append((line, mark))
            fresh.setdefault(mark, line)
    names = ["", *(other.removeprefix(prefix) for other in beside)]
    typed_cells = [{name: text for name, text in zip(names, mark, strict=True) if text is not None} for mark in fresh]
    for (mark, line), found in zip(fresh.items(), column.key.find(user, register.write, typed_cells) if fresh else (), strict=True):
        if isinstance(found, Refused):
            known[mark] = found, (found.message, f"{prefix}{found.field}" if found.field else path)
        else:
            known[mark] = found, _disagreement(register, line, found, prefix)
    for line, mark in asked:
        _answer(line, path, known[mark])


def _answer(line: Line, path: str, found: tuple[Any, Fault | None]) -> None:
    line.fields[path], fault = found
    if fault:
        line.refuse(*fault)


def _disagreement(register: Register, line: Line, found: Any, prefix: str) -> Fault | None:
    """Why a number belongs to somebody else than the line says, and the path of the cell; None when it does not."""
    for path, text in line.cells.items():
        column = register.by_path[path]
        if not (column.agree and path.startswith(prefix)):
            continue
        stored: Any = found
        for name in path.removeprefix(prefix).split("."):
            stored = getattr(stored, name)
        if not _agrees(stored, text):
            return f"Trong sổ, “{column.label}” của dòng này là {words_of(stored)}, khác tệp ({text[:60]}). Hãy kiểm tra số hoặc sửa ô này.", path
    return None


def _agrees(stored: Any, text: str) -> bool:
    if not isinstance(stored, datetime.date):
        return name_key(str(stored)) == name_key(text)
    try:
        day, precision = parse_partial_date(text)
    except ValueError:
        return False
    return stored == day or (precision != "day" and stored.year == day.year) or (stored.day, stored.month, stored.year) == (1, 1, day.year)
