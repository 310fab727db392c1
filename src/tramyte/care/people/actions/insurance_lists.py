"""Lists of the insurance agency: kept with their differences, the chosen kinds written in chunks, the whole taken back."""

import datetime
import hashlib
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from tramyte.care.people import search
from tramyte.care.people.actions.batches import IMPORT, Batch, store_batch, undo_import
from tramyte.care.people.models import (
    Coverage,
    Identifier,
    InsuranceFile,
    InsuranceLine,
    InsuranceList,
    Person,
)
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require
from tramyte.engine.actions.bulk import insert_values, know_sizes
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import change_many, fetch, store
from tramyte.engine.indicators.storing import ready
from tramyte.engine.jobs.models import Job
from tramyte.engine.jobs.work import Progress, job, start
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.rules.identity import insurance_code

JOB, COMPARE = "insurance-list", "insurance-list-compare"
WRITABLE = ("new", "changed", "lost")
CHUNK, PIECE = 200, 2000  # lines written, or only kept, in one short transaction
DAY = datetime.timedelta(days=1)
VALUES = ("card_number", "group", "facility_code", "start", "end", "entered_in_error", "error_reason")
ROW = ("number", "kind", "hamlet_id", "person_id", "name", "birth", "card_number", "group", "facility_code", "start", "end", "reason", "coverage", "version")
NOT_LISTED = "không có trong danh sách của cơ quan BHXH"
CHANGED_SINCE = "Thẻ trong sổ đã đổi sau khi so danh sách nên chưa ghi. Hãy nhập lại danh sách để so với sổ hiện nay."
Tell = Callable[[int], None]


@transaction.atomic
def keep_list(*, by: User, place: Place, file_name: str, content: bytes, on: datetime.date, whole: bool, hamlets: Sequence[str]) -> InsuranceList:
    """Keep that a list came, with its file until it is compared."""
    load = InsuranceList(
        id=new_id(), place=place, by=by, file_name=file_name[-200:], digest=hashlib.sha256(content).hexdigest(), on=on, whole=whole, hamlets=list(hamlets), state="comparing")
    store(load, by=by, permission=IMPORT, action="compare_insurance_list")
    InsuranceFile.objects.create(load=load, content=content)
    return load


@transaction.atomic
def begin_comparison(*, by: User, id: uuid.UUID | str) -> Job:
    """Queue the comparison of a list with the book; again after one that failed. Raises Refused when it was compared."""
    load = fetch(InsuranceList, id, by=by, permission=IMPORT)
    if load.state != "comparing":
        raise Refused("compared", f"Danh sách này {load.get_state_display()}, không so lại được. Hãy chọn lại tệp.", status=409)
    made = start(COMPARE, by=by, title=f"So danh sách thẻ BHYT: {load.file_name}", list=str(load.pk))
    InsuranceList.objects.filter(pk=load.pk).update(job=made.pk)
    return made


@job(COMPARE)
def compare_job(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """Compare a list and keep the differences; an interrupted comparison begins anew."""
    from tramyte.care.people.insurance_list import differences  # which asks these actions

    load = InsuranceList.objects.select_related("by", "file").get(pk=uuid.UUID(arguments["list"]))
    if load.state == "comparing":
        keep_lines(load, differences(load.by, load, bytes(load.file.content), progress))
    return {"list": str(load.pk)}


def keep_lines(load: InsuranceList, lines: Sequence[Sequence[Any]]) -> None:
    """Keep the differences of a list, whose values come in the order of ROW, in pieces; it is compared when the last one is there."""
    load.lines.all().delete()
    for begin in range(0, len(lines), PIECE):
        with transaction.atomic():
            insert_values(InsuranceLine, ("load_id", *ROW), [(load.pk, *line) for line in lines[begin:begin + PIECE]])
    with transaction.atomic():
        InsuranceList.objects.filter(pk=load.pk).update(state="compared", job=None)
        InsuranceFile.objects.filter(load=load).delete()
    load.refresh_from_db()


@transaction.atomic
def begin_list(*, by: User, id: uuid.UUID | str, kinds: Collection[str]) -> Job:
    """Queue the writing of the chosen kinds of lines. Raises Refused when the list was written already or nothing is chosen."""
    load = fetch(InsuranceList, id, by=by, permission=IMPORT)
    chosen = [kind for kind in WRITABLE if kind in kinds]
    if load.state not in {"compared", "running"}:
        raise Refused("not_compared", f"Danh sách này {load.get_state_display()} rồi. Hãy chọn lại tệp nếu muốn so và ghi lại.", status=409)
    if not chosen:
        raise Refused("none_chosen", "Chưa chọn loại nào để ghi. Hãy đánh dấu ít nhất một loại.", field="kinds")
    return _queued(load, by, "running", "Ghi danh sách thẻ BHYT", chosen)


@transaction.atomic
def begin_undo(*, by: User, id: uuid.UUID | str) -> Job:
    """Queue the taking back of a whole list."""
    load = fetch(InsuranceList, id, by=by, permission=IMPORT)
    if load.state not in {"applied", "running", "undoing"}:
        raise Refused("not_written", "Danh sách này chưa ghi gì hoặc đã hoàn tác rồi.", status=409)
    return _queued(load, by, "undoing", "Hoàn tác danh sách thẻ BHYT", load.applied)


def _queued(load: InsuranceList, by: User, state: str, title: str, kinds: Sequence[str]) -> Job:
    made = start(JOB, by=by, title=f"{title}: {load.file_name}", list=str(load.pk))
    before = load.plain()
    load.state, load.applied, load.job = state, list(kinds), made.pk
    store(load, by=by, permission=IMPORT, action=f"insurance_list_{state}", before=before)
    return made


@job(JOB)
def insurance_list_job(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """Write or take back a list; begins where an interrupted run stopped."""
    load = InsuranceList.objects.select_related("by").get(pk=uuid.UUID(arguments["list"]))
    by = progress.job.by or load.by
    if load.state == "undoing":
        progress.of(load.lines.filter(done=True).count())
        back, kept = undo_list(by=by, load=load, tell=progress.step)
        return {"list": str(load.pk), "back": back, "kept": kept}
    progress.of(load.lines.filter(kind__in=load.applied, done=False).count())
    return {"list": str(load.pk), "written": apply_list(by=by, load=load, tell=progress.step)}


def apply_list(*, by: User, load: InsuranceList, tell: Tell | None = None) -> int:
    """Write every chosen line that is not written yet, a chunk at a time; answers how many. May be run again after any interruption."""
    require(by, IMPORT)
    ready()
    seen = done = 0
    ids = list(load.lines.filter(kind__in=load.applied, done=False).order_by("number", "pk").values_list("pk", flat=True))
    for begin in range(0, len(ids), CHUNK):
        done += _write(load, by, ids[begin:begin + CHUNK])
        seen += len(ids[begin:begin + CHUNK])
        if tell:
            tell(seen)
    know_sizes()
    InsuranceList.objects.filter(pk=load.pk).update(state="applied")
    return done


@dataclass
class _Chunk:
    """What one chunk writes: new cards, changed ones with what they were, and the lines that nothing could be done for."""

    load: InsuranceList
    new: list[Coverage] = field(default_factory=list)
    changed: list[tuple[Coverage, dict[str, Any]]] = field(default_factory=list)
    written: list[InsuranceLine] = field(default_factory=list)
    doubtful: list[InsuranceLine] = field(default_factory=list)


@transaction.atomic
def _write(load: InsuranceList, by: User, ids: Sequence[int]) -> int:
    lines = list(InsuranceLine.objects.select_for_update().filter(pk__in=ids, done=False).order_by("number", "pk"))
    people = Person.objects.select_related("hamlet").in_bulk([line.person_id for line in lines if line.person_id])
    held: dict[uuid.UUID, list[Coverage]] = {}
    for card in Coverage.objects.select_for_update().filter(person__in=people, entered_in_error=False).order_by("start", "pk"):
        held.setdefault(card.person_id, []).append(card)
    chunk = _Chunk(load)
    for line in lines:
        person = people.get(line.person_id) if line.person_id else None
        if person is None or person.entered_in_error or not _settle(chunk, line, person, held.setdefault(person.pk, [])):
            line.kind, line.reason = "ambiguous", CHANGED_SINCE
            chunk.doubtful.append(line)
    change_many(chunk.changed, VALUES, by=by, permission=IMPORT, action="insurance_list", note=f"danh sách {load.pk}")
    store_batch(by=by, batch=Batch(coverages=chunk.new, identifiers=_codes(chunk.new)), import_id=load.pk)
    search.refresh({card.person_id for card, before in chunk.changed if card.card_number != before["card_number"]})
    _mark(chunk, {card.pk: card.version for card, _ in chunk.changed})
    return len(chunk.written)


def _settle(chunk: _Chunk, line: InsuranceLine, person: Person, cards: list[Coverage]) -> bool:
    """Plan what the line writes; False when what is stored is no longer what the line was compared with."""
    known = next((card for card in cards if card.pk == line.coverage), None)
    if line.coverage and (known is None or known.version != line.version):
        return False
    if line.kind != "lost" and any(card is not known and line.start and line.end and card.start <= line.end and card.end >= line.start for card in cards):
        return False
    before = known.plain() if known else None
    if line.kind == "lost":
        assert known is not None
        _end(known, chunk.load.on - DAY)
    elif known is None or (line.start and line.start > known.start):
        if known is not None and line.start:
            _end(known, line.start - DAY)
        made = Coverage(id=new_id(), person=person, card_number=line.card_number, group=line.group, facility_code=line.facility_code, start=line.start, end=line.end)
        if known is not None:
            made.group, made.facility_code = made.group or known.group, made.facility_code or known.facility_code
        cards.append(made)
        chunk.new.append(made)
        line.made = made.pk
    else:
        known.card_number = line.card_number if len(line.card_number) == 15 or line.card_number != insurance_code(known.card_number) else known.card_number
        known.group, known.facility_code = line.group or known.group, line.facility_code or known.facility_code
        assert line.start and line.end  # only a refused line lacks its days
        known.start, known.end = line.start, line.end
    if known is not None and before is not None:
        line.before = before
        chunk.changed.append((known, before))
    chunk.written.append(line)
    return True


def _end(card: Coverage, last: datetime.date) -> None:
    """Let a card end on a day; one that had not begun by then counts no more."""
    if card.start <= last:
        card.end = last
    else:
        card.entered_in_error, card.error_reason = True, NOT_LISTED


def _codes(new: Sequence[Coverage]) -> list[Identifier]:
    """The insurance code of those who had none."""
    known = set(Identifier.objects.filter(person__in={card.person_id for card in new}, kind="insurance", entered_in_error=False).values_list("person_id", flat=True))
    first = {card.person_id: card for card in reversed(new) if card.person_id not in known}
    return [Identifier(id=new_id(), person=card.person, kind="insurance", value=insurance_code(card.card_number)) for card in first.values()]


def _mark(chunk: _Chunk, versions: dict[uuid.UUID, int]) -> None:
    """Note what became of the lines, in prepared statements."""
    names = ("kind", "reason", "before", "made", "version", "done")
    for line in chunk.written:
        line.done, line.version = True, versions.get(line.coverage) if line.coverage else None
    fields = [InsuranceLine._meta.get_field(name) for name in names]
    table = connection.ops.quote_name(InsuranceLine._meta.db_table)
    settings = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in names)
    rows = [(*(f.get_db_prep_save(getattr(line, f.name), connection) for f in fields), line.pk) for line in (*chunk.written, *chunk.doubtful)]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {settings} WHERE {connection.ops.quote_name('id')} = %s", rows)


def undo_list(*, by: User, load: InsuranceList, tell: Tell | None = None) -> tuple[int, int]:
    """Take a written list back: added cards count no more, changed ones are as before. What somebody changed since stays.

    Answers how many lines were taken back and how many stayed. May be run again after any interruption.
    """
    require(by, IMPORT)
    ids = list(load.lines.filter(done=True).order_by("-number", "-pk").values_list("pk", flat=True))
    back = 0
    for begin in range(0, len(ids), CHUNK):
        back += _take_back(load, by, ids[begin:begin + CHUNK])
        if tell:
            tell(min(len(ids), begin + CHUNK))
    InsuranceList.objects.filter(pk=load.pk).update(state="undone")
    return back, len(ids) - back


@transaction.atomic
def _take_back(load: InsuranceList, by: User, ids: Sequence[int]) -> int:
    lines = list(InsuranceLine.objects.select_for_update().filter(pk__in=ids, done=True))
    undo_import({line.person_id for line in lines if line.person_id}, by=by, import_id=load.pk, reason=f"hoàn tác danh sách {load.file_name}")
    cards = Coverage.objects.select_for_update().in_bulk([line.coverage for line in lines if line.coverage])
    stayed = set(Coverage.objects.filter(pk__in=[line.made for line in lines if line.made], entered_in_error=False).values_list("pk", flat=True))
    changes, settled = [], []
    for line in lines:
        card = cards.get(line.coverage) if line.before else None
        if line.made in stayed or (card is not None and card.version != line.version):
            continue
        if card is not None:
            before = card.plain()
            for name in VALUES:
                setattr(card, name, Coverage._meta.get_field(name).to_python(line.before[name]))
            changes.append((card, before))
        settled.append(line.pk)
    change_many(changes, VALUES, by=by, permission=IMPORT, action="undo_insurance_list")
    search.refresh({card.person_id for card, before in changes if card.card_number != before["card_number"]})
    InsuranceLine.objects.filter(pk__in=settled).update(done=False)
    return len(settled)
