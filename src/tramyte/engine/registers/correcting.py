"""Cells of an import corrected in its preview: the lines are judged again, what the file said is kept."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers.cells import LONGEST_CELL, Line, Parsed
from tramyte.engine.registers.fields import UNSEEN, RelationField, TextField, field_for
from tramyte.engine.registers.models import Import, ImportRow
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.staging import judge, seen_before

MOST = 200  # lines that one text may have in common before it says nothing of who is who
STEP = 500
LOST_ZEROS = "số 0 ở đầu"  # in the sentences of rules.identity and rules.calendar
KEPT = ["cells", "original", "verdict", "reason", "warning", "cell", "path", "object_id"]


def row_of(load: Import, number: int) -> ImportRow:
    """A line of an import by its number in the file. Raises Refused (404)."""
    found = load.rows.filter(number=number).first()
    if found is None:
        raise not_found(f"dòng {number}")
    return found


def correct(register: Register, user: User, load: Import, number: int, typed: Mapping[str, str], *, alike: bool = False) -> list[ImportRow]:
    """Write what was typed into cells of a line, by path, and judge it again, with the lines it may be the same as.

    alike: do so in every refused line whose cell says the same. Answers the lines corrected. Raises Refused when the
    import is being written, or the line already is.
    """
    _require_correctable(load)
    row = row_of(load, number)
    changes = {path: text.strip() for path, text in typed.items() if path in register.by_path and text.strip() != row.cells.get(path, "")}
    if row.done:
        raise Refused("written", f"Dòng {number} đã được ghi vào sổ. Hãy mở {register.unit} đó trong sổ để sửa.", status=409)
    if too_long := next((path for path, text in changes.items() if len(text) > LONGEST_CELL), None):
        raise Refused("too_long", f"“{register.by_path[too_long].label}” dài quá {LONGEST_CELL} ký tự. Hãy kiểm tra xem có dán nhầm không.")
    rows = list(_alike(load, row, changes)) if alike and len(changes) == 1 else [row]
    before = [dict(one.cells) for one in rows]
    for one in rows:
        for path, text in changes.items():
            _put(one, path, text)
    _judge_again(register, user, load, rows, before)
    return rows


def lacking_zeros(load: Import) -> "QuerySet[ImportRow]":
    """The refused lines whose number, by the word of its own rule, may have lost zeros at its beginning to a spreadsheet."""
    return load.rows.filter(verdict="refused", done=False, reason__contains=LOST_ZEROS)


def give_zeros(register: Register, load: Import) -> int:
    """Write the lost zeros before those numbers that are right with them, without judging yet; how many lines."""
    _require_correctable(load)
    parsers = {column.path: Parsed(field_for(column)) for column in register.own}
    found = []
    for row in lacking_zeros(load):
        whole = {path: _with_zeros(parsers[path], text) for path, text in row.cells.items() if path in parsers}
        for path, text in whole.items():
            if text:
                _put(row, path, text)
        if any(whole.values()):
            found.append(row)
    ImportRow.objects.bulk_update(found, ["cells", "original"], batch_size=STEP)
    return len(found)


def _with_zeros(parsed: Parsed, text: str) -> str:
    """The number with its lost zeros; empty for what lost none, or is not right with them."""
    if LOST_ZEROS not in parsed[text][1]:
        return ""
    return next((zeros + text for zeros in ("0", "00") if not parsed[zeros + text][1]), "")


def take_back(register: Register, user: User, load: Import, number: int) -> ImportRow:
    """Give the line back what the file says, and judge it again."""
    _require_correctable(load)
    row = row_of(load, number)
    correct(register, user, load, number, dict(row.original))
    return row_of(load, number)


def alike_counts(rows: Sequence[ImportRow], load: Import) -> dict[int, int]:
    """For these refused lines, how many refused lines of the import say the same in the same cell; by number, from 2 on."""
    faulty = [row for row in rows if row.verdict == "refused" and row.path and row.cells.get(row.path)]
    if not faulty:
        return {}
    kinds = {(row.path, row.cells[row.path]): row for row in faulty}
    counts = load.rows.filter(verdict="refused").aggregate(**{
        f"kind_{n}": Count("pk", filter=_says(path, text)) for n, (path, text) in enumerate(kinds)})
    found = {kind: counts[f"kind_{n}"] for n, kind in enumerate(kinds)}
    return {row.number: count for row in faulty if (count := found[(row.path, row.cells[row.path])]) > 1}


def _says(path: str, text: str) -> Q:
    return Q(path=path) & Q(**{f"cells__{path}": text})


def _alike(load: Import, row: ImportRow, changes: Mapping[str, str]) -> "QuerySet[ImportRow]":
    path = next(iter(changes))
    return load.rows.filter(_says(path, row.cells.get(path, "")), verdict="refused", done=False)


def _put(row: ImportRow, path: str, text: str) -> None:
    first = row.original.get(path, row.cells.get(path, ""))
    if text == first:
        row.original.pop(path, None)
    else:
        row.original[path] = first
    if text:
        row.cells[path] = text
    else:
        row.cells.pop(path, None)


def _judge_again(register: Register, user: User, load: Import, rows: Sequence[ImportRow], before: Sequence[Mapping[str, str]]) -> None:
    """Judge these lines together with those that said, or now say, the same who or what, so that doubles are found and freed."""
    touched = {row.number: row for row in rows}
    others = {row.number: row for row in _neighbours(register, load, [*(row.cells for row in rows), *before]) if row.number not in touched and not row.done}
    every = sorted([*touched.values(), *others.values()], key=lambda row: row.number)
    letters = {path: letter for letter, path, _ in load.headings}
    lines = [Line(row.number, dict(row.cells), letters) for row in every]
    for row, line in zip(every, lines, strict=True):
        if row.reason == UNSEEN and row.path not in row.original:
            line.refuse(UNSEEN, row.path)
    judge(register, user, lines, seen=seen_before(load))
    changed = []
    for row, line in zip(every, lines, strict=True):
        values = (line.verdict, line.reason[:500], line.warning, line.cell, line.path, line.row_id)
        if row.number in touched or values[:3] != (row.verdict, row.reason, row.warning):
            row.verdict, row.reason, row.warning, row.cell, row.path, row.object_id = values
            changed.append(row)
    for begin in range(0, len(changed), STEP):
        with transaction.atomic():
            for row in changed[begin:begin + STEP]:
                row.save(update_fields=KEPT)


def _neighbours(register: Register, load: Import, cells: Iterable[Mapping[str, str]]) -> list[ImportRow]:
    """The lines of the import that share a telling text with one of these: a name, a number, but not a sex or a hamlet."""
    paths = [path for path in register.identity if path in register.by_path and _tells(register, path)]
    texts = sorted({(path, line[path]) for line in cells for path in paths if line.get(path)})[:100]
    if not texts:
        return []
    counts: dict[str, Any] = load.rows.aggregate(**{f"text_{n}": Count("pk", filter=Q(**{f"cells__{path}": text})) for n, (path, text) in enumerate(texts)})
    asked = Q()
    for n, (path, text) in enumerate(texts):
        if counts[f"text_{n}"] <= MOST:
            asked |= Q(**{f"cells__{path}": text})
    return list(load.rows.filter(asked, done=False)) if asked else []


def _tells(register: Register, path: str) -> bool:
    made = field_for(register.by_path[path])
    return isinstance(made, TextField | RelationField)


def _require_correctable(load: Import) -> None:
    if load.state not in {"staged", "finished"}:
        raise Refused("not_open", f"Lần nhập này {load.get_state_display()} nên chưa sửa được. Hãy đợi xong rồi sửa.", status=409)
