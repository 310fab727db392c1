"""One value for one field of many rows: judged row by row before anything is written, written by sets, undone as a whole.

It is kept as an import is: an `Import` whose register is named `edit:` and the slug, with a line for each row; the line's
`version` is what was seen when it was judged, and once it is written what an undo must find.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.actions.bulk import insert_values
from tramyte.engine.actions.writing import change_many, conflict
from tramyte.engine.audit import chain
from tramyte.engine.jobs.work import Progress, job, start
from tramyte.engine.refused import Refused, not_found
from tramyte.engine.registers import picking, registry
from tramyte.engine.registers.columns import Column, words_of
from tramyte.engine.registers.fields import cleaned, field_for, same
from tramyte.engine.registers.loading import Tell
from tramyte.engine.registers.models import Import, ImportRow
from tramyte.engine.registers.register import Register

MOST = 20_000  # rows of one edit
IN_BACKGROUND = 2_000
CHUNK = 250  # written in one transaction, well below the 200 ms that the station may wait
LINE = ("load_id", "number", "cells", "verdict", "reason", "path", "object_id", "version", "before")
FOREIGN = "Dòng này nằm ngoài địa bàn mà bạn được ghi."
ALIKE = "Đã có giá trị này, không đổi gì."


def name_of(register: Register) -> str:
    """What an edit of many rows bears in place of the slug, so that it is never taken for a file."""
    return f"edit:{register.slug}"


def stage(register: Register, user: User, path: str, text: str) -> Import:
    """Judge one value for every ticked row and keep the verdicts. Writes nothing into the book.

    Raises Refused: no right, a field that is not given to many, a value that cannot be read, no rows or too many.
    """
    require(user, register.write)
    column = next((one for one in register.bulk_columns if one.path == path), None)
    if column is None:
        raise Refused("bad_field", "Mục này không sửa hàng loạt được. Hãy chọn một mục trong danh sách.", field="field")
    value = value_of(column, text)
    held = picking.count(register, user)
    if not 0 < held <= MOST:
        raise Refused("no_rows", "Chưa chọn dòng nào. Hãy đánh dấu các dòng trong sổ rồi sửa." if not held else
                      f"Đã chọn {held} dòng, quá {MOST} dòng một lần sửa. Hãy chọn ít hơn.")
    load = Import(register=name_of(register), by=user, file_name=f"Sửa hàng loạt: {column.label}", headings=[["", path, text]])
    rows = list(picking.chosen(register, user).prefetch_related(None).order_by("pk"))  # only columns with `read` look at more
    verdicts = judged(register, user, column, value, rows)
    with transaction.atomic():
        load.save(force_insert=True)
        insert_values(ImportRow, LINE, [
            (load.pk, number, {path: text}, verdict, reason[:500], path, row.pk, row.version, row.plain())
            for number, (row, (verdict, reason)) in enumerate(zip(rows, verdicts, strict=True), 1)])
    return load


def value_of(column: Column, text: str) -> Any:
    """The value that a typed text gives. Raises Refused with the field's own sentence."""
    try:
        return cleaned(field_for(column), text)
    except ValueError as error:
        raise Refused("bad_value", str(error), field=column.path) from None


def judged(register: Register, user: User, column: Column, value: Any, rows: Sequence[Any]) -> list[tuple[str, str]]:
    """For each row updated, duplicate (alike already) or refused, with the reason. Leaves the rows as they are."""
    mine = set(_writable(register, user, [row.pk for row in rows]).values_list("pk", flat=True))
    return [_verdict(register, user, column, value, row) if row.pk in mine else ("refused", FOREIGN) for row in rows]


def _writable(register: Register, user: User, ids: Sequence[Any]) -> "QuerySet[Any]":
    rows = register.model._default_manager.filter(entered_in_error=False, pk__in=ids)
    return visible(user, rows, register.write)


def _verdict(register: Register, user: User, column: Column, value: Any, row: Any) -> tuple[str, str]:
    was = getattr(row, column.path)
    if same(was, value):
        return "duplicate", ALIKE
    fields = {one.path: one.value(row) for one in register.own if one.read is None}
    setattr(row, column.path, value)
    try:
        if (rule := type(register).check) is not None:
            rule(fields | {column.path: value}, by=user)
        row.clean_fields(exclude={one.name for one in row._meta.concrete_fields if one.name != column.path})
        row.clean()
    except Refused as refused:
        return "refused", refused.message
    except ValidationError as error:
        return "refused", " ".join(error.messages)
    finally:
        setattr(row, column.path, was)
    return "updated", f"{words_of(column.cell(row)) or '(trống)'} → {_in_words(column, value) or '(trống)'}"


def _in_words(column: Column, value: Any) -> str:
    return words_of(dict(getattr(column.source, "flatchoices", None) or []).get(value, value))


def column_of(register: Register, load: Import) -> tuple[Column, str]:
    """The field of an edit and the typed text. Raises Refused when the book no longer gives it to many."""
    [[_, path, text]] = load.headings
    found = register.by_path.get(path)
    if found is None or not found.bulk:
        raise Refused("bad_field", "Sổ này không còn sửa hàng loạt mục đó. Hãy chọn lại mục cần sửa.", status=409)
    return found, text


def said(column: Column, load: Import) -> str:
    """The new value of an edit in words."""
    return _in_words(column, value_of(column, load.headings[0][2])) or "(trống)"


def find(register: Register, user: User, id: Any) -> Import:
    """An edit of this user. Raises Refused (404)."""
    found = Import.objects.filter(register=name_of(register), by=user, pk=id).first()
    if found is None:
        raise not_found("lần sửa hàng loạt này")
    return found


def counts(load: Import) -> Counter[str]:
    """How many lines there are of each verdict."""
    return Counter(load.rows.values_list("verdict", flat=True))


def begin(register: Register, user: User, load: Import) -> None:
    """Write the sound lines: at once, or as a job when they are more than some thousands. Raises Refused."""
    require(user, register.write)
    if load.state not in {"staged", "running"}:
        raise Refused("not_staged", f"Lần sửa này {load.get_state_display()} rồi. Hãy chọn lại các dòng nếu muốn sửa nữa.", status=409)
    waiting = load.rows.filter(verdict="updated", done=False).count()
    if waiting > IN_BACKGROUND:
        made = start("register-edit", by=user, title=f"Sửa {waiting} dòng của {register.title}", import_id=str(load.pk))
        Import.objects.filter(pk=load.pk).update(state="running", job=made.pk)
    else:
        apply(register, user, load)
    load.refresh_from_db()


def apply(register: Register, user: User, load: Import, tell: Tell | None = None) -> None:
    """Write every sound line that is not written yet, chunk by chunk. May be run again after any interruption."""
    require(user, register.write)
    column, text = column_of(register, load)
    value = value_of(column, text)
    Import.objects.filter(pk=load.pk).update(state="running")
    done = 0
    for lines in _chunks(load.rows.filter(verdict="updated", done=False)):
        _write(register, user, load, column, value, lines)
        done += len(lines)
        if tell:
            tell(done)
    with transaction.atomic():
        Import.objects.filter(pk=load.pk).update(state="finished")
        told = {"column": column.label, "value": text, "count": load.rows.filter(done=True).count()}
        chain.record(by=user, action="bulk_edit", model=register.model._meta.label_lower, object_id=str(load.pk), after=told, note=load.file_name)


def _chunks(rows: "QuerySet[ImportRow]") -> Iterator[list[ImportRow]]:
    last = 0
    while lines := list(rows.filter(number__gt=last).order_by("number")[:CHUNK]):
        yield lines
        last = lines[-1].number


def _write(register: Register, user: User, load: Import, column: Column, value: Any, lines: Sequence[ImportRow]) -> None:
    """One chunk in one transaction; when the database refuses it as a whole, line by line."""
    try:
        with transaction.atomic():
            _write_chunk(register, user, load, column, value, lines)
    except IntegrityError:
        if len(lines) > 1:
            for line in lines:
                _write(register, user, load, column, value, [line])
            return
        _keep(lines, "refused", "Sổ không nhận giá trị này ở dòng này. Hãy mở dòng để sửa riêng.")


def _write_chunk(register: Register, user: User, load: Import, column: Column, value: Any, lines: Sequence[ImportRow]) -> None:
    rows = _locked(register, user, lines)
    known = [(line, rows[line.object_id]) for line in lines if line.object_id in rows]
    verdicts = judged(register, user, column, value, [row for _, row in known])
    changes, written, source = [], [], column.source
    assert source is not None
    for (line, row), (verdict, reason) in zip(known, verdicts, strict=True):
        if row.version != line.version:
            _keep([line], "refused", conflict(chain.last_writer(row)).message)
        elif verdict != "updated":
            _keep([line], verdict, reason)
        else:
            before = row.plain()
            setattr(row, column.path, value)
            changes.append((row, before))
            written.append(line.pk)
    _keep([line for line in lines if line.object_id not in rows], "refused", FOREIGN)
    change_many(changes, [source.attname], by=user, permission=register.write, action="bulk_edit", note=f"{load.file_name}, {load.pk}")
    ImportRow.objects.filter(pk__in=written).update(version=F("version") + 1, done=True)


def _locked(register: Register, user: User, lines: Sequence[ImportRow]) -> dict[uuid.UUID, Any]:
    """The rows of these lines, locked, with what the rules read, by id; those that are gone or out of reach left out."""
    ids = list(_writable(register, user, [line.object_id for line in lines]).select_for_update(of=("self",)).values_list("pk", flat=True))
    return {row.pk: row for row in register.base(user).prefetch_related(None).filter(pk__in=ids)}


def _keep(lines: Sequence[ImportRow], verdict: str, reason: str) -> None:
    ImportRow.objects.filter(pk__in=[line.pk for line in lines]).update(verdict=verdict, reason=reason)


def undo(register: Register, user: User, load: Import, tell: Tell | None = None) -> tuple[int, int]:
    """Give every row its former value; rows changed by anybody since stay. Answers how many went back and how many stayed."""
    require(user, register.write)
    if load.state not in {"finished", "running", "undoing"}:
        raise Refused("not_written", "Lần sửa này chưa ghi gì hoặc đã hoàn tác rồi.", status=409)
    column, _ = column_of(register, load)
    Import.objects.filter(pk=load.pk).update(state="undoing")
    back = kept = 0
    for lines in _chunks(load.rows.filter(done=True)):
        with transaction.atomic():
            taken = _take_back(register, user, load, column, lines)
        back, kept = back + taken, kept + len(lines) - taken
        if tell:
            tell(back + kept)
    Import.objects.filter(pk=load.pk).update(state="undone")
    load.refresh_from_db()
    return back, kept


def _take_back(register: Register, user: User, load: Import, column: Column, lines: Sequence[ImportRow]) -> int:
    rows, changes, source = _locked(register, user, lines), [], column.source
    assert source is not None
    taken = []
    for line in lines:
        row = rows.get(line.object_id) if line.object_id else None
        if row is not None and row.version == line.version:
            before = row.plain()
            setattr(row, source.attname, source.to_python((line.before or {}).get(source.attname)))
            changes.append((row, before))
            taken.append(line.pk)
    change_many(changes, [source.attname], by=user, permission=register.write, action="undo_bulk_edit", note=f"{load.file_name}, {load.pk}")
    ImportRow.objects.filter(pk__in=taken).update(done=False)
    return len(taken)


@job("register-edit")
def edit_job(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """The background form of `apply`; begins where an interrupted one stopped."""
    load = Import.objects.get(pk=uuid.UUID(arguments["import_id"]))
    register = registry.get(load.register.removeprefix("edit:"))
    assert load.by is not None
    progress.of(load.rows.filter(verdict="updated", done=False).count())
    apply(register, load.by, load, progress.step)
    return {"edit": str(load.pk), "register": register.slug}
