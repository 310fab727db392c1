"""Reading and judging a file for a register: every line gets its verdict before anything is written."""

import datetime
import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.bulk import insert_values
from tramyte.engine.refused import Refused
from tramyte.engine.registers import taking
from tramyte.engine.registers.cells import Answers, Line, Parsed, parse, resolve
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.fields import UNSEEN, RelationField, field_for, same, typed
from tramyte.engine.registers.layout import Layout
from tramyte.engine.registers.models import Import, ImportRow, Memo
from tramyte.engine.registers.register import Register

LARGEST = taking.LARGEST
CHUNK = 8000  # lines whose related rows are asked for at once
ROW = ("load_id", "number", "cells", "verdict", "reason", "warning", "cell", "path", "object_id")
PIECE = 5000  # lines of a file that are kept in one transaction

Seen = dict[int, datetime.datetime]
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Match:
    """What a register's own `match` found for a line: the row it means, or why a person must look; remark: of a new row, what is to be known."""

    row: Any = None
    doubt: str = ""
    remark: str = ""


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
    load.fresh.begin()
    judge(register, user, lines, memo=load.memo, seen=seen_before(load), tell=tell)
    _keep(load, lines)
    load.fresh.keep(lines)
    return load


def _keep(load: Import, lines: Sequence[Line]) -> None:
    """Store the verdicts in pieces; the import is ready when the last one is there."""
    goes_on = load.state == "running"
    with transaction.atomic():
        load.state = load.state if goes_on else "judging"
        load.save(force_insert=load._state.adding)
        load.rows.filter(done=False).delete()
        done = set(load.rows.values_list("number", flat=True))
    left = [line for line in lines if line.number not in done]
    for begin in range(0, len(left), PIECE):
        with transaction.atomic():
            _insert(load, left[begin:begin + PIECE])
    load.state = load.state if goes_on else "staged"
    Import.objects.filter(pk=load.pk).update(state=load.state)


def _insert(load: Import, lines: Sequence[Line]) -> None:
    rows: list[tuple[Any, ...]] = [
        (load.pk, line.number, line.cells, line.verdict, line.reason[:500], line.warning, line.cell, line.path, line.row_id)
        for line in lines]
    names: tuple[str, ...] = ROW
    if any(line.original for line in lines):
        names, rows = (*ROW, "original"), [(*row, line.original) for row, line in zip(rows, lines, strict=True)]
    insert_values(ImportRow, names, rows)


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
        lines.append(Line(one.number, one.cells, one.letters, original=one.original))
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
    readers = [(column.path, memo.setdefault(column.path, Parsed(parsers[column.path]))) for column in columns]
    harmless: set[str] = set()
    answers: dict[str, Answers] = {column.path: {} for column in columns if isinstance(parsers[column.path], RelationField)}
    for start in range(0, len(lines), CHUNK):
        part = lines[start : start + CHUNK]
        for line in part:
            parse(line, readers, harmless)
        for path, known in answers.items():
            resolve(register, user, register.by_path[path], part, path in needed, known)
        _check(register, user, [line for line in part if line.verdict != "refused"])
        if tell:
            tell(start + len(part))
    sound = [line for line in lines if line.verdict != "refused"]
    open_lines = [line for line in sound if not _written(line, seen or {})]
    _match(open_lines, [line.row for line in open_lines] if stored is not None else matches(register, user, open_lines), register)
    keys = {id(row): str(row.pk) for known in answers.values() for row, fault in known.values() if fault is None}
    numbers: dict[Any, int] = {}
    for line in sound:
        _twice(register, line, keys, numbers)
        _warn(register, line)


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


def _twice(register: Register, line: Line, keys: Mapping[int, str], numbers: dict[Any, int]) -> None:
    """A second line about the same thing in the same file. keys: of the related rows, by the identity of the object."""
    names = register.identity or [column.path for column in register.own]
    mark = tuple([keys.get(id(value), value) for value in map(line.fields.get, names)])
    first = numbers.setdefault(mark, line.number)
    if first != line.number and line.verdict != "duplicate":
        line.verdict, line.reason = "duplicate", f"Trùng với dòng {first} của tệp này."


def _warn(register: Register, line: Line) -> None:
    """What is doubtful in a line that is taken all the same."""
    if type(register).warn is not None and line.verdict in {"created", "updated"}:
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
