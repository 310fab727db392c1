"""What the columns of a file say about the columns of a register, and the cells of a line put together by that."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django import forms

from tramyte.engine.documents.spreadsheet import Row, Sheet
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import TextField, field_for, offered
from tramyte.engine.registers.register import Register
from tramyte.rules.text import fold

TOP, TRIED = 8, 3  # first lines that are kept, and of which the page shows what the book would take
PARTS = {"day": "phần ngày", "month": "phần tháng", "year": "phần năm"}


@dataclass(frozen=True)
class Target:
    """What one column of a file says.

    path: the register's column that its cells fill ("" for none); part: day, month or year of a date in three columns.
    marks: (path, code): a filled cell says this choice, as the columns Nam and Nữ of a paper list do.
    Written "birth", "birth#year", "sex=M", "birth&sex=M"; "" is a column that is left out.
    """

    path: str = ""
    part: str = ""
    marks: tuple[str, str] | None = None

    @classmethod
    def read(cls, text: str) -> "Target":
        """From its written form."""
        head, _, mark = text.partition("&") if "&" in text or "=" not in text else ("", "", text)
        path, _, part = head.partition("#")
        name, equals, code = mark.partition("=")
        return cls(path, part, (name, code) if equals else None)

    @property
    def paths(self) -> list[str]:
        """The register's columns that it speaks of."""
        return [path for path in (self.path, self.marks[0] if self.marks else "") if path]

    def known_to(self, register: Register) -> bool:
        """Whether the register has these columns, and the parts and choices fit them."""
        if any(path not in register.by_path for path in self.paths) or (self.part and self.part not in PARTS):
            return False
        return self.marks is None or bool(choice_words(register.by_path[self.marks[0]]).get(self.marks[1]))

    def words(self, register: Register) -> str:
        """For the page: the label, the part, the choice."""
        said = register.by_path[self.path].label if self.path else ""
        if self.part:
            said += f": {PARTS[self.part]}"
        if self.marks:
            column = register.by_path[self.marks[0]]
            said = f"{said + ' của ' if said else column.label + ': ô có ghi là '}{choice_words(column)[self.marks[1]]}"
        return said


def choice_words(column: Column) -> dict[str, str]:
    """Code -> words of a column of few choices; empty for another column."""
    made = field_for(column) if column.own else None
    if not isinstance(made, forms.ChoiceField):
        return {}
    return {code: words for code, words in offered(made) if code}


@dataclass
class Layout:
    """Where the table of a file stands and what its columns say.

    row: number of the first heading row; depth: over how many rows the headings stand; targets: letter -> Target as
    written; how: letter -> how it was found (name, like, example, sender, hand); heads: letter -> heading; height: rows of the
    sheet; top: its first lines, letter -> text; alike: other sheets look the same, so somebody must choose. Columns that
    are left out have an empty target.
    """

    sheet: str = ""
    row: int = 0
    depth: int = 1
    targets: dict[str, str] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    height: int = 0
    top: list[dict[str, str]] = field(default_factory=list)
    alike: bool = False

    @property
    def stored(self) -> dict[str, Any]:
        """As it is kept with the import."""
        return asdict(self)

    def examples(self, letter: str) -> list[str]:
        """Up to three different values of a column."""
        return list(dict.fromkeys(text for line in self.top if (text := line.get(letter, ""))))[:3]

    def tried(self, register: Register) -> list[tuple[str, list[str]]]:
        """What the book would take of the first lines: label and texts of each column that is matched."""
        heads, letters = list(self.heads.values()), list(self.heads)
        lines = [Row(at, {head: line.get(letter, "") for letter, head in self.heads.items()}) for at, line in enumerate(self.top[:TRIED])]
        composer = Composer(register, Sheet(heads, lines, self.row, letters=letters), self.targets)
        cells = [composer.cells(line) for line in lines]
        return [(column.label, [one.get(column.path, "") for one in cells]) for column in register.all_columns if column.path in composer.letters]

    @property
    def heading(self) -> tuple[int, int] | None:
        """For `read_table`."""
        return (self.row, self.depth) if self.row else None


def fingerprint(headings: Sequence[str]) -> str:
    """SHA-256 of the headings in their order, without tones and case, in hex.

    The reader's own additions, the names of columns without heading and the numbers of repeated ones, do not count.
    """
    named = [re.sub(r" \(\d+\)$", "", text) for text in headings if not re.fullmatch(r"Cột [A-Z]+", text)]
    return hashlib.sha256("\n".join(map(fold, named)).encode()).hexdigest()


class Composer:
    """Puts the cells of a line together by path: as they are, joined, the first filled one, or from parts."""

    def __init__(self, register: Register, sheet: Sheet, targets: Mapping[str, str]) -> None:
        named = list(zip(sheet.headings, sheet.letters, strict=True))
        read = {letter: Target.read(text) for letter, text in targets.items() if text}
        read = {letter: target for letter, target in read.items() if target.known_to(register)}
        users: dict[str, list[tuple[str, str, Target]]] = {}
        for heading, letter in named:
            for path in read[letter].paths if letter in read else []:
                users.setdefault(path, []).append((heading, letter, read[letter]))
        self.letters = {path: found[0][1] for path, found in users.items()}
        self.headings = [
            [found[0][1], path, found[0][0] if len(found) == 1 and found[0][2] == Target(path) else register.by_path[path].label]
            for path, found in users.items()]
        self.plain = {heading: target.path for heading, letter in named if (target := read.get(letter)) and users[target.path or target.paths[0]] and (
            target == Target(target.path) and len(users[target.path]) == 1)}
        self.made = {path: found for path, found in users.items() if path not in self.plain.values()}
        self.blank = {path for path in self.made if joins(register.by_path[path])}
        self.words = {path: choice_words(register.by_path[path]) for path in self.made}

    def cells(self, row: Row) -> dict[str, str]:
        """The texts of a line by path; empty ones are left out."""
        found = {path: text for heading, path in self.plain.items() if (text := row.cells[heading]).strip()}
        for path, users in self.made.items():
            if text := self._made(path, users, row).strip():
                found[path] = text
        return found

    def letters_of(self, row: Row) -> dict[str, str]:
        """The column letters of a line's cells: where several columns say the same, that of the first filled one."""
        filled = {path: next((letter for heading, letter, _ in users if row.cells[heading].strip()), self.letters[path]) for path, users in self.made.items()}
        return self.letters | filled if filled else self.letters

    def lost(self, row: Row) -> list[str]:
        """The paths whose cells held control characters."""
        if not row.lost:
            return []
        made = [path for path, users in self.made.items() if any(heading in row.lost for heading, _, _ in users)]
        return [path for heading, path in self.plain.items() if heading in row.lost] + made

    def _made(self, path: str, users: Iterable[tuple[str, str, Target]], row: Row) -> str:
        filled = [(target, row.cells[heading].strip()) for heading, _, target in users if row.cells[heading].strip()]
        for target, _ in filled:
            if target.marks and target.marks[0] == path:
                return self.words[path].get(target.marks[1], "")
        parts = {target.part: text for target, text in filled if target.part}
        if parts:
            return _date(parts)
        texts = [text for target, text in filled]
        return " ".join(dict.fromkeys(texts)) if path in self.blank else texts[0] if texts else ""


def joins(column: Column) -> bool:
    """Whether two columns of a file for this one are joined with a blank (names, addresses); else the first filled one counts."""
    made = field_for(column) if column.own else None
    return type(made) is TextField or (isinstance(made, TextField) and not column.masked and "ten" in fold(column.label).split())


def _date(parts: Mapping[str, str]) -> str:
    """A day in three cells as one text; a part that is missing or 0 is left out."""
    known = [parts.get(name, "") for name in ("day", "month", "year")]
    return "/".join(text.zfill(2) for text in known if text.strip("0 .-"))
