"""Reading and judging a file for a register: every line gets its verdict before anything is written."""

import datetime
import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.bulk import insert_values
from tramyte.engine.refused import Refused
from tramyte.engine.registers import taking
from tramyte.engine.registers.columns import Column, words_of
from tramyte.engine.registers.fields import (
    UNSEEN,
    RelationField,
    cleaned,
    field_for,
    required_words,
    same,
    typed,
)
from tramyte.engine.registers.layout import Layout
from tramyte.engine.registers.models import Import, ImportRow, Memo
from tramyte.engine.registers.register import Register
from tramyte.rules.calendar import parse_partial_date
from tramyte.rules.text import name_key

LARGEST = taking.LARGEST
LONGEST_CELL = 1000
CHUNK = 1000
ROW = ("load_id", "number", "cells", "verdict", "reason", "warning", "cell", "path", "object_id", "original")
PIECE = 5000  # lines of a file that are kept in one transaction

Cells = tuple[Any, ...]  # the path of a relation and the cells that name its row
Answers = dict[Cells, Any]
Seen = dict[int, datetime.datetime]
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Match:
    """What a register's own `match` found for a line: the row it means, or why a person must look; remark: of a new row, what is to be known."""

    row: Any = None
    doubt: str = ""
    remark: str = ""


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
        letter = self.letters.get(self.path, "")
        return f"{letter}{self.number}" if letter else ""

    def refuse(self, reason: str, path: str = "") -> None:
        """Keep the first reason."""
        if self.verdict != "refused":
            self.verdict, self.reason, self.path = "refused", reason, path


def stage(register: Register, user: User, name: str, content: bytes) -> Import:
    """Read and judge a file and keep the verdicts, ready to be applied. Writes nothing into the book.

    An import of this very file that was cut off, and that no job goes on with, is taken up again: what it wrote stays,
    the rest is judged anew. Raises Refused when the file as a whole cannot be taken.
    """
    return stage_as(register, user, _begun(register, user, name, content), content)


def stage_as(register: Register, user: User, load: Import, content: bytes, layout: Layout | None = None, tell: Tell | None = None) -> Import:
    """Read and judge a file as one import and keep the verdicts; corrections made by hand are kept.

    layout: where the table stands and what its columns say; without it the headings must say it all. Raises Refused.
    """
    corrected = {number: {path: cells.get(path, "") for path in original} for number, cells, original in load.rows.exclude(original={}).values_list(
        "number", "cells", "original")} if not load._state.adding else {}
    taken = taking.take(register, load.file_name, content, layout, corrected)
    load.headings, load.sheet, load.aside, load.layout = taken.headings, taken.layout.sheet, taken.aside, taken.layout.stored
    lines = _lines(taken)
    judge(register, user, lines, memo=load.memo, seen=seen_before(load), tell=tell)
    _keep(load, lines)
    return load


def _keep(load: Import, lines: Sequence[Line]) -> None:
    """Store the verdicts in pieces; the import is ready when the last one is there."""
    goes_on = load.state == "running"
    with transaction.atomic():
        load.state = load.state if goes_on else "judging"
        load.save(force_insert=load._state.adding)
        load.rows.filter(done=False).delete()
        done = set(load.rows.values_list("number", flat=True))
    rows = [
        (load.pk, line.number, line.cells, line.verdict, line.reason[:500], line.warning, line.cell, line.path, line.row.pk if line.row is not None else None, line.original)
        for line in lines if line.number not in done]
    for begin in range(0, len(rows), PIECE):
        with transaction.atomic():
            insert_values(ImportRow, ROW, rows[begin:begin + PIECE])
    load.state = load.state if goes_on else "staged"
    Import.objects.filter(pk=load.pk).update(state=load.state)


def _begun(register: Register, user: User, name: str, content: bytes) -> Import:
    """The import of this file that was cut off, else a new one."""
    digest, by = hashlib.sha256(content).hexdigest(), None if user._state.adding else user
    cut_off = Import.objects.filter(register=register.slug, by=by, digest=digest, state__in=["running", "judging"], job=None).first()
    return cut_off or Import(register=register.slug, by=by, file_name=name[-200:], digest=digest)


def try_out(register: Register, user: User, name: str, content: bytes) -> list[Line]:
    """The verdicts alone: a dry run that stores nothing at all. Raises Refused as `stage`."""
    taken = taking.take(register, name, content)
    lines = _lines(taken)
    load = Import(register=register.slug, digest=hashlib.sha256(content).hexdigest(), headings=taken.headings, sheet=taken.layout.sheet)
    judge(register, user, lines, seen=seen_before(load))
    return lines


def read(register: Register, name: str, content: bytes) -> tuple[list[Line], list[list[str]], str]:
    """The lines of a file, its headings as [letter, path, heading], and the sheet's name. Raises Refused."""
    taken = taking.take(register, name, content)
    return _lines(taken), taken.headings, taken.layout.sheet


def _lines(taken: taking.Taken) -> list[Line]:
    lines = []
    for one in taken.lines:
        lines.append(Line(one.number, one.cells, taken.letters, original=one.original))
        for path in one.lost:
            if path not in one.original:
                lines[-1].refuse(UNSEEN, path)
    return lines


def told(import_id: str, rows: Sequence[tuple[int, str, str, str, str]]) -> dict[str, Any]:
    """Verdicts in the shape of the command line's contract, from (number, verdict, reason, warning, cell)."""
    counts = Counter(verdict for _, verdict, *_ in rows)
    listed = [
        {"row": number, "verdict": verdict, "reason": " ".join(filter(None, (reason, warning))), "cell": cell}
        for number, verdict, reason, warning, cell in rows]
    return {"import_id": import_id, "rows": listed, **{verdict: counts[verdict] for verdict, _ in ImportRow.VERDICTS}}


def judge(
    register: Register, user: User, lines: Sequence[Line], stored: Sequence[Any] | None = None, memo: Memo | None = None, seen: Seen | None = None,
    tell: Tell | None = None,
) -> None:
    """Give every line its fields, its row and its verdict; queries go by chunks, not by lines.

    stored: the rows that an earlier judgement matched, in the order of the lines; without it they are looked for.
    memo: what the cells of an earlier judgement gave. seen: see `seen_before`; such lines are not looked for.
    tell: is told how many lines have been read.
    """
    if stored is not None:
        for line, row in zip(lines, stored, strict=True):
            line.row = row
    parsers = {column.path: field_for(column) for column in register.own}
    needed = {path for path, parser in parsers.items() if parser.required and isinstance(parser, RelationField)}
    for path in needed:
        parsers[path].required = False  # the cells beside it may name the row: `_resolve` has the last word
    given = {path for line in lines for path in line.cells} | {path for line in lines[:1] for path in line.letters}
    columns = [column for column in register.own if column.path in given]
    memo = {} if memo is None else memo
    answers: Answers = {}
    for start in range(0, len(lines), CHUNK):
        part = lines[start : start + CHUNK]
        for line in part:
            _parse(line, columns, parsers, memo)
        for column in columns:
            if isinstance(parsers[column.path], RelationField):
                _resolve(register, user, column, part, column.path in needed, answers)
        _check(register, user, [line for line in part if line.verdict != "refused"])
        if tell:
            tell(start + len(part))
    sound = [line for line in lines if line.verdict != "refused"]
    open_lines = [line for line in sound if not _written(line, seen or {})]
    _match(open_lines, [line.row for line in open_lines] if stored is not None else matches(register, user, open_lines), register)
    known: dict[Any, int] = {}
    for line in sound:
        _twice(register, line, known)
        _warn(register, line)


def _parse(line: Line, columns: Sequence[Column], parsers: dict[str, Any], memo: Memo) -> None:
    for path, text in line.cells.items():
        if text.startswith("="):
            line.refuse("Ô này là công thức, không phải dữ liệu. Hãy chép rồi dán dạng giá trị.", path)
        if len(text) > LONGEST_CELL:
            line.cells[path] = f"{text[:80]}…"
            line.refuse(f"Ô này dài {len(text)} ký tự. Hãy kiểm tra xem có dán nhầm không.", path)
    if line.verdict == "refused":
        return
    for column in columns:
        mark = (column.path, line.cells.get(column.path, ""))
        if mark not in memo:  # the cells of a column repeat: one parse for all
            memo[mark] = _value(parsers[column.path], mark[1])
        line.fields[column.path], fault = memo[mark]
        if fault:
            line.refuse(fault, column.path)


def _value(parser: Any, text: str) -> tuple[Any, str]:
    try:
        return cleaned(parser, text), ""
    except ValueError as error:
        return None, str(error)


def _resolve(register: Register, user: User, column: Column, lines: Sequence[Line], needed: bool, answers: Answers) -> None:
    """Find the related rows that the cells of this chunk name; what was asked for earlier lines is not asked again."""
    prefix = f"{column.path}."
    beside = [(path, path.removeprefix(prefix)) for path in register.by_path if path.startswith(prefix)]
    asked: list[tuple[Line, Cells]] = []
    fresh: dict[Cells, dict[str, str]] = {}
    for line in lines:
        below = {name: line.cells[path] for path, name in beside if path in line.cells}
        text = line.fields.get(column.path, "")
        if line.verdict == "refused" or not (text or below):
            line.fields[column.path] = None
            if needed and not (text or below):
                line.refuse(required_words(field_for(column)), column.path)
        else:
            cells = {"": text, **below}
            asked.append((line, (column.path, *sorted(cells.items()))))
            if asked[-1][1] not in answers:
                fresh[asked[-1][1]] = cells
    if fresh:
        answers.update(zip(fresh, column.key.find(user, register.write, list(fresh.values())), strict=True))
    faults: dict[Cells, tuple[str, str] | None] = {}  # lines with the same cells are judged alike
    for line, mark in asked:
        found = answers[mark]
        if mark not in faults:
            refused = isinstance(found, Refused)
            faults[mark] = (found.message, f"{prefix}{found.field}" if found.field else column.path) if refused else _disagreement(register, line, found, prefix)
        if fault := faults[mark]:
            line.refuse(*fault)
        line.fields[column.path] = found


def _disagreement(register: Register, line: Line, found: Any, prefix: str) -> tuple[str, str] | None:
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


def _check(register: Register, user: User, lines: Sequence[Line]) -> None:
    rule = type(register).check
    if rule is None:
        return
    for line in lines:
        try:
            rule(line.fields, by=user)
        except Refused as refused:
            line.refuse(refused.message, refused.field)


def _match(lines: Sequence[Line], found_rows: Sequence[Any], register: Register) -> None:
    """Tell what each line would change in what is stored already."""
    for line, found in zip(lines, found_rows, strict=True):
        if isinstance(found, Match):
            if found.doubt:
                line.verdict, line.reason = "duplicate", found.doubt
                continue
            line.reason = found.remark
            found = found.row
        if found is None:
            continue
        line.row = found
        changed = [column for column in register.own if changes(column, line, found)]
        line.verdict = "updated" if changed else "duplicate"
        line.reason = "; ".join(f"{c.label}: {typed_words(c, found)} → {line.cells[c.path][:60]}" for c in changed) or "Đã có trong sổ, không đổi gì."


def changes(column: Column, line: Line, row: Any) -> bool:
    """Whether the line says something else than the row; an empty cell says nothing."""
    return bool(line.cells.get(column.path)) and not same(column.value(row), line.fields.get(column.path))


def typed_words(column: Column, row: Any) -> str:
    """What is stored, in words; a dash for nothing."""
    return column.words(row) or typed(column, row) or "–"


def matches(register: Register, user: User, lines: Sequence[Line]) -> list[Any]:
    """The stored row of each line: by the register's own `match`, else by its `identity`."""
    own = type(register).match
    if own is not None:
        return list(own(user, [line.fields for line in lines]))
    if not register.identity:
        return [None] * len(lines)
    first, *rest = register.identity
    values = [line.fields.get(first) for line in lines]
    known: dict[tuple[Any, ...], Any] = {}
    for start in range(0, len(values), 500):
        for row in register.base(user).filter(**{f"{first}__in": values[start : start + 500]}):
            known[tuple(getattr(row, name) for name in register.identity)] = row
    return [known.get((line.fields.get(first), *(line.fields.get(name) for name in rest))) for line in lines]


def _twice(register: Register, line: Line, known: dict[Any, int]) -> None:
    """A second line about the same thing in the same file."""
    if line.verdict == "refused":
        return
    names = register.identity or tuple(column.path for column in register.own)
    mark = tuple(getattr(value, "pk", value) for name in names for value in (line.fields.get(name),))
    if mark in known and line.verdict != "duplicate":
        line.verdict, line.reason = "duplicate", f"Trùng với dòng {known[mark]} của tệp này."
    known.setdefault(mark, line.number)


def _warn(register: Register, line: Line) -> None:
    """What is doubtful in a line that is taken all the same."""
    if line.verdict in {"created", "updated"}:
        line.warning = " ".join(register.warnings(line.fields, line.row))[:500]


def seen_before(load: Import) -> Seen:
    """The lines of the same sheet of the same file, matched alike, that were written and that nobody took back: number -> when their import began."""
    same_sheet = Import.objects.filter(digest=load.digest, register=load.register, sheet=load.sheet).exclude(state__in=["undoing", "undone", "dropped"])
    alike = [pk for pk, headings in same_sheet.values_list("pk", "headings") if headings == load.headings]
    return dict(ImportRow.objects.filter(load__in=alike, done=True).values_list("number", "load__created_at")) if alike else {}


def _written(line: Line, seen: Seen) -> bool:
    """Whether an earlier import of the file wrote the line; the line then says when."""
    if line.number not in seen:
        return False
    at = seen[line.number].astimezone(clock.ZONE)
    line.verdict, line.reason = "duplicate", f"Dòng này của chính tệp này đã được ghi lúc {at:%H:%M ngày %d/%m/%Y}."
    return True


def summary(load: Import) -> dict[str, int]:
    """How many lines of each verdict."""
    from django.db.models import Count

    counts = dict(load.rows.order_by().values_list("verdict").annotate(Count("pk")))
    return {verdict: counts.get(verdict, 0) for verdict, _ in ImportRow.VERDICTS}


def find(register: Register, user: User, id: uuid.UUID) -> Import:
    """An import of this register that this user began. Raises Refused (404) for another's."""
    from tramyte.engine.refused import not_found

    found = Import.objects.filter(pk=id, register=register.slug, by=None if user._state.adding else user).first()
    if found is None:
        raise not_found("lần nhập này")
    return found
