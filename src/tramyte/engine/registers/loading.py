"""Writing a judged file in short chunks, going on after an interruption, and taking it back."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from tramyte.engine.access.models import User
from tramyte.engine.access.operator import operator
from tramyte.engine.access.rights import require
from tramyte.engine.actions.bulk import hex_of, know_sizes, tuples, update_values
from tramyte.engine.actions.writing import store
from tramyte.engine.audit import origin
from tramyte.engine.facts import following
from tramyte.engine.indicators.storing import ready
from tramyte.engine.jobs.work import Progress, job, start
from tramyte.engine.refused import Refused
from tramyte.engine.registers import registry
from tramyte.engine.registers.cells import Line
from tramyte.engine.registers.fields import UNSEEN
from tramyte.engine.registers.models import Import, ImportFile, ImportRow
from tramyte.engine.registers.register import Register
from tramyte.engine.registers.staging import changes, judge, seen_before

IN_BACKGROUND = 500  # lines; more than these are written by the job worker
LONGEST = 0.15  # seconds a chunk should take; the limit is 0.2
SMALLEST, FIRST, BIGGEST = 25, 100, 2000
FEWEST = 200  # of a chunk that one statement for each table takes back: fewer would take nearly as long
JUDGED = 8000  # lines judged again at once: only reads, so it may take longer than a chunk

Tell = Callable[[int], None]


@dataclass(slots=True)
class Waiting:
    """An `ImportRow` to be written, with what is known of it afterwards."""

    pk: int
    number: int
    cells: dict[str, str]
    verdict: str
    reason: str
    object_id: uuid.UUID | None
    version: int | None = None
    before: dict[str, Any] | None = None


class Written(NamedTuple):
    """What an `ImportRow` says of what it wrote: the row, its version, and what it was before."""

    number: int
    verdict: str
    object_id: uuid.UUID
    version: int
    before: dict[str, Any] | None


class Pace:
    """How many lines the next chunk takes, so that it lasts about LONGEST; never fewer than `least`."""

    def __init__(self, least: int = SMALLEST) -> None:
        self.size, self.least = FIRST, least

    @contextmanager
    def chunk(self) -> Iterator[None]:
        """Around one chunk of `size` lines: the next ones are as many as it was quick."""
        began = time.perf_counter()
        yield
        if (took := time.perf_counter() - began) > 0:
            self.size = max(self.least, min(BIGGEST, int(self.size * min(2.0, LONGEST / took))))


def begin(register: Register, user: User, load: Import) -> None:
    """Write the accepted lines: at once when they are few, else as a job with its progress. Raises Refused."""
    _require(register, user)
    waiting = load.rows.filter(verdict__in=["created", "updated"], done=False).count()
    if load.state not in {"staged", "running"} and not (load.state == "finished" and waiting):  # lines corrected since are waiting
        raise Refused("not_staged", f"Lần nhập này {load.get_state_display()} rồi. Hãy tải lại tệp nếu muốn nhập lại.", status=409)
    if waiting > IN_BACKGROUND:
        _start(load, "running", "register-import", f"Nhập {waiting} dòng vào {register.title}")
    else:
        apply(register, user, load)
    load.refresh_from_db()


def begin_undo(register: Register, user: User, load: Import) -> tuple[int, int] | None:
    """Take a whole import back: at once when its lines are few, else as a job. How many went and stayed; None for a job."""
    _require(register, user)
    _require_written(load)
    if (written := load.rows.filter(done=True).count()) <= IN_BACKGROUND:
        return undo(register, user, load)
    _start(load, "undoing", "register-import-undo", f"Hoàn tác {written} dòng của {register.title}")
    load.refresh_from_db()
    return None


def begin_redo(register: Register, user: User, load: Import) -> None:
    """Write an import again that was taken back, judged against what the book holds now. Raises Refused."""
    _require(register, user)
    if load.state != "undone":
        raise Refused("not_undone", f"Lần nhập này {load.get_state_display()}, chỉ nhập lại được sau khi hoàn tác.", status=409)
    if (waiting := load.rows.filter(done=False).count()) > IN_BACKGROUND:
        _start(load, "running", "register-import-redo", f"Nhập lại {waiting} dòng vào {register.title}")
    else:
        redo(register, user, load)
    load.refresh_from_db()


def redo(register: Register, user: User, load: Import, tell: Tell | None = None) -> None:
    """Judge every line that is not written anew, then write the accepted ones. May be run again after any interruption."""
    _require(register, user)
    Import.objects.filter(pk=load.pk).update(state="running")
    load.state = "running"
    letters = {path: letter for letter, path, _ in load.headings}
    rows = list(load.rows.filter(done=False))
    lines = [Line(row.number, dict(row.cells), letters) for row in rows]
    load.fresh.forget()
    for row, line in zip(rows, lines, strict=True):
        if row.reason == UNSEEN and row.path not in row.original:
            line.refuse(UNSEEN, row.path)
    judge(register, user, lines, seen=seen_before(load))
    for row, line in zip(rows, lines, strict=True):
        if (row.verdict, row.reason, line.row_id or row.object_id) != (line.verdict, line.reason[:500], row.object_id):
            row.object_id = line.row_id
            _keep(row, line)
    apply(register, user, load, tell)


def _start(load: Import, state: str, task: str, title: str) -> None:
    with transaction.atomic():
        made = start(task, by=load.by, title=title, import_id=str(load.pk))
        Import.objects.filter(pk=load.pk).update(state=state, job=made.pk)


@origin.through("import")
def apply(register: Register, user: User, load: Import, tell: Tell | None = None) -> None:
    """Write every accepted line that is not written yet. May be run again after any interruption."""
    _require(register, user)
    Import.objects.filter(pk=load.pk).update(state="running")
    ready()  # not within the first chunk, which would keep the station from writing for seconds
    if load.rows.exclude(original={}).exists():  # a cell was corrected since
        load.fresh.forget()
    pace, done = Pace(), load.rows.filter(done=True).count()
    numbers = list(load.rows.filter(verdict__in=["created", "updated"], done=False).values_list("number", flat=True))
    for begin in range(0, len(numbers), JUDGED):
        lines = _judged(register, user, load, numbers[begin:begin + JUDGED])
        foreseen = _foresee(register, lines)
        while lines:
            chunk, lines = lines[:pace.size], lines[pace.size:]
            with pace.chunk():
                _write(register, user, load, chunk)
            done += len(chunk)
            if tell:
                tell(done)
        if foreseen:
            following.settle()
    following.settle()
    if done > IN_BACKGROUND:
        know_sizes()
    with transaction.atomic():
        Import.objects.filter(pk=load.pk).update(state="finished", layout={**load.layout, "top": []} if load.layout else {})
        ImportFile.objects.filter(load=load).delete()  # the lines are in the book: the list of people need not stay


def _judged(register: Register, user: User, load: Import, numbers: Sequence[int]) -> list[tuple[Waiting, Line]]:
    """These lines as this process judged them just now, else judged once more: what was stored since the preview counts."""
    rows = load.rows.filter(number__range=(numbers[0], numbers[-1]), verdict__in=["created", "updated"], done=False)
    if (fresh := load.fresh.take(load.pk, numbers)) is None:
        return _again(register, user, load, _waiting(rows))
    lines = [(key, fresh[number]) for key, number in tuples(rows, "pk", "number")]
    stored = register.base(user).in_bulk([line.row_id for _, line in lines if line.row is not None])
    for _, line in lines:
        if line.row is not None:  # a register's own `match` may answer less than the whole row
            line.row = stored[line.row_id]
    return [
        (Waiting(key, line.number, line.cells, line.verdict, line.reason[:500], line.row_id), line) for key, line in lines]


def _waiting(rows: QuerySet[ImportRow]) -> list[Waiting]:
    """Lines that nobody has written or refused meanwhile, in the order of the file."""
    found = tuples(rows, "pk", "number", "verdict", "reason", "object_id", "cells")
    cells = json.loads(f"[{','.join([row[-1] for row in found])}]")  # one text is read much quicker than thousands
    return [
        Waiting(key, number, read, verdict, reason, uuid.UUID(hex_of(row)) if row else None)
        for (key, number, verdict, reason, row, _), read in zip(found, cells, strict=True)]


def _require(register: Register, user: User) -> None:
    require(user, register.write)
    require(user, register.load)


def _again(register: Register, user: User, load: Import, rows: Sequence[Waiting]) -> list[tuple[Waiting, Line]]:
    """The lines judged once more."""
    letters = {path: letter for letter, path, _ in load.headings}
    lines = [Line(row.number, row.cells, letters) for row in rows]
    stored = None
    if type(register).match is not None:  # matching by likeness is dear: the preview's answer holds
        known = register.base(user).in_bulk([row.object_id for row in rows if row.object_id])
        stored = [known.get(row.object_id) for row in rows]
    judge(register, user, lines, stored, load.memo)
    for row, line in zip(rows, lines, strict=True):
        if stored is not None and line.verdict == row.verdict == "created":
            line.reason = row.reason  # what the preview remarked
    return list(zip(rows, lines, strict=True))


def _foresee(register: Register, lines: Sequence[tuple[Waiting, Line]]) -> bool:
    """Add to new lines what follows from them, where the register knows; whether its followers settle once they are written."""
    foresee = type(register).foresee
    return foresee is not None and bool(foresee([line.fields for _, line in lines if line.verdict == "created"]))


def _write(register: Register, user: User, load: Import, lines: Sequence[tuple[Waiting, Line]]) -> None:
    """One chunk in one transaction; when the book refuses it as a whole, line by line."""
    try:
        _write_chunk(register, user, load, lines)
    except (Refused, IntegrityError) as error:
        if len(lines) > 1:
            for pair in lines:
                _write(register, user, load, [pair])
            return
        row, line = lines[0]
        line.refuse(error.message if isinstance(error, Refused) else "Sổ đã có dòng như thế. Hãy mở dòng đã có để sửa.")
        _keep(row, line)


def _write_chunk(register: Register, user: User, load: Import, lines: Sequence[tuple[Waiting, Line]]) -> None:
    with transaction.atomic():
        list(Import.objects.select_for_update().filter(pk=load.pk).values_list("pk"))  # one writer of its lines at a time
        open_rows = set(load.rows.filter(number__range=(lines[0][0].number, lines[-1][0].number), done=False).values_list("pk", flat=True))
        lines = [(row, line) for row, line in lines if row.pk in open_rows]
        wanted = [(row, line) for row, line in lines if line.verdict in {"created", "updated"}]
        for row, line in wanted:
            row.before = line.row.plain() if line.row is not None else None
        many = type(register).record_many
        assert many is not None
        items = [(line.row_id, _fields(register, line)) for _, line in wanted]
        for (row, _), written in zip(wanted, many(items, by=user, import_id=load.pk) if items else [], strict=True):
            row.object_id, row.version = written.pk, written.version
        for row, line in lines:
            if row.before is not None or (row.verdict, row.reason) != (line.verdict, line.reason[:500]):
                _keep(row, line)
        update_values(ImportRow, ("object_id", "version", "done"), [(row.pk, row.object_id, row.version, True) for row, _ in wanted])


def _fields(register: Register, line: Line) -> dict[str, Any]:
    """All fields of a new row; of a stored one only those that the line changes."""
    if line.row is None:
        return line.fields
    changed = {column.path for column in register.own if changes(column, line, line.row)}
    return {path: value for path, value in line.fields.items() if path in changed}


def _keep(row: Waiting | ImportRow, line: Line) -> None:
    ImportRow.objects.filter(pk=row.pk).update(
        verdict=line.verdict, reason=line.reason[:500], warning=line.warning, cell=line.cell, path=line.path, before=row.before, object_id=row.object_id)


def undo(register: Register, user: User, load: Import, tell: Tell | None = None) -> tuple[int, int]:
    """Take a whole import back: new rows are marked as entered in error, changed ones get their former values.

    In short chunks, the last line first; may be run again after any interruption. Rows that somebody changed since stay
    as they are. Returns how many were taken back and how many stayed.
    """
    _require(register, user)
    _require_written(load)
    load.fresh.forget()
    Import.objects.filter(pk=load.pk).update(state="undoing")
    ready()
    pace, last, back, seen = Pace(SMALLEST if type(register).undo is None else FEWEST), load.rows.aggregate(last=Max("number"))["last"] or 0, 0, 0
    while True:
        with pace.chunk(), transaction.atomic():
            lines = _done(load, last, pace.size)
            back += _take_back(register, user, load, lines)
        if not lines:
            break
        last, seen = lines[-1].number - 1, seen + len(lines)
        if tell:
            tell(seen)
    following.settle()
    Import.objects.filter(pk=load.pk).update(state="undone")
    load.refresh_from_db()
    return back, seen - back


def _done(load: Import, last: int, most: int) -> list[Written]:
    """The last written lines up to this number, locked, the last one first."""
    rows = load.rows.select_for_update().filter(done=True, number__lte=last).order_by("-number")[:most]
    return [
        Written(number, verdict, uuid.UUID(hex_of(key)), version, json.loads(before) if before else None)
        for number, verdict, key, version, before in tuples(rows, "number", "verdict", "object_id", "version", "before")]


def _require_written(load: Import) -> None:
    if load.state not in {"finished", "running", "undoing"}:
        raise Refused("not_written", "Lần nhập này chưa ghi gì hoặc đã hoàn tác rồi.", status=409)


def _take_back(register: Register, user: User, load: Import, lines: Sequence[Written]) -> int:
    """Take these lines back, in the open transaction; how many went. What they wrote beside their rows goes with them."""
    own, reason = type(register).undo, f"Hoàn tác lần nhập {load.file_name}"[:200]
    whole = [line for line in lines if own is not None and line.verdict == "created"]
    single = [line for line in lines if own is None or line.verdict != "created"]
    stored = register.base(user).in_bulk([line.object_id for line in single])
    gone = [line for line in single if _take_one_back(register, user, load, line, stored.get(line.object_id), reason)]
    if own is not None and (whole or gone):
        taken = own([line.object_id for line in (*whole, *gone)], by=user, import_id=load.pk, reason=reason)
        gone += [line for line in whole if line.object_id in taken]
    whole_chunk = {"number__range": (lines[-1].number, lines[0].number), "done": True} if len(gone) == len(lines) > 0 else {}
    load.rows.filter(**whole_chunk or {"number__in": [line.number for line in gone]}).update(done=False)
    return len(gone)


def _take_one_back(register: Register, user: User, load: Import, line: Written, row: Any, reason: str) -> bool:
    """Whether the row went: it stays when somebody changed it since, or when the book says that something stands on it."""
    if row is None or row.version != line.version:
        return False
    cancel = type(register).cancel
    if line.verdict != "created" or cancel is None:
        _restore(register, user, load, line, row)
        return True
    try:
        with transaction.atomic():
            cancel(by=user, id=row.pk, seen_version=row.version, reason=reason)
    except Refused:
        return False
    return True


def _restore(register: Register, user: User, load: Import, line: Written, row: Any) -> None:
    before = row.plain()
    if line.verdict == "created":
        row.entered_in_error, row.error_reason = True, f"Hoàn tác lần nhập {load.file_name}"[:200]
    for name, value in (line.before or {}).items():
        field = next(f for f in row._meta.concrete_fields if f.attname == name)
        setattr(row, name, field.to_python(value) if not field.is_relation else value)
    store(row, by=user, permission=register.write, action="undo_import", before=before, note=f"hoàn tác lần nhập {load.pk}")
    if (follow := type(register).restored) is not None:
        follow(row, by=user)


@job("register-import")
def import_job(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """The background form of `apply`; begins where an interrupted one stopped."""
    return _written_by_job(apply, progress, arguments)


@job("register-import-redo")
def redo_job(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """The background form of `redo`."""
    return _written_by_job(redo, progress, arguments)


def _written_by_job(work: Callable[..., None], progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    load, register, user = _of_job(arguments)
    progress.of(load.rows.filter(verdict__in=["created", "updated"]).count())
    work(register, user, load, progress.step)
    return {"import": str(load.pk), "register": load.register}


@job("register-import-undo")
def undo_job(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """The background form of `undo`; begins where an interrupted one stopped."""
    load, register, user = _of_job(arguments)
    if load.state != "undoing":
        return {}
    progress.of(load.rows.filter(done=True).count())
    back, kept = undo(register, user, load, progress.step)
    return {"import": str(load.pk), "register": load.register, "back": back, "kept": kept}


def _of_job(arguments: dict[str, Any]) -> tuple[Import, Register, User]:
    load = Import.objects.select_related("by").get(pk=uuid.UUID(arguments["import_id"]))
    return load, registry.get(load.register), load.by or operator()
