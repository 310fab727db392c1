"""The way of an import from the file to the verdicts: which sheet, which heading row, which column is what."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tramyte.engine.access.models import User
from tramyte.engine.documents.spreadsheet import Peek, Sheet, peek, read_table
from tramyte.engine.jobs.work import Progress, job, start
from tramyte.engine.refused import Refused
from tramyte.engine.registers import correcting, guessing, registry, senders, staging, synonyms, taking
from tramyte.engine.registers.layout import Layout, Target
from tramyte.engine.registers.models import Import, ImportFile
from tramyte.engine.registers.register import Register
from tramyte.rules.text import clean

IN_BACKGROUND = 2000  # rows of a sheet; more than these are judged by the job worker
SURE = {"name", "sender", "hand", ""}


@dataclass
class Proposal:
    """What the file seems to hold: its sheets, the table read by the layout, and what its columns seem to say."""

    peeks: list[Peek]
    sheet: Sheet
    guesses: list[guessing.Guess]
    layout: Layout
    sender: str = ""

    def open_questions(self, register: Register) -> bool:
        """Whether somebody should look before the lines are judged: several sheets alike, guesses, missing columns."""
        return self.layout.alike or any(one.how not in SURE for one in self.guesses) or bool(guessing.missing(register, self.layout.targets.values()))


def begin(register: Register, user: User, name: str, content: bytes, sender: str = "") -> Import:
    """Take a file in. When its headings leave no question it is judged at once, else it waits for answers.

    The same file that is under way is opened again with everything done to it so far. Raises Refused for a file that
    cannot be read.
    """
    taking.check_size(content)
    digest = hashlib.sha256(content).hexdigest()
    under_way = Import.objects.filter(register=register.slug, by=user, digest=digest, state__in=Import.UNFINISHED, file__isnull=False).first()
    if under_way is not None:
        return under_way
    found = propose(register, user, name, content, sender := clean(sender)[:100])
    load = Import(register=register.slug, by=user, file_name=name[-200:], digest=digest, state="choosing", sender=sender or found.sender)
    load.layout, load.sheet = found.layout.stored, found.layout.sheet
    with transaction.atomic():
        load.save(force_insert=True)
        ImportFile.objects.create(load=load, content=content)
    if not found.open_questions(register):
        judge(register, user, load)
    return load


def propose(register: Register, user: User, name: str, content: bytes, sender: str = "", layout: Layout | None = None) -> Proposal:
    """What the file seems to hold; by what is remembered of the sender when it fits, or by the place that a layout names."""
    peeks = peek(name, content, known=synonyms.known_headings(register))
    remembered = senders.recall(register, user, sender, peeks) if layout is None else None
    best = remembered[1] if remembered else max(peeks, key=lambda one: one.score)
    place = remembered[2] if remembered else (best.heading_row, best.depth)
    at, heading = (layout.sheet, layout.heading) if layout else (best.name, place)
    sheet = read_table(name, content, sheet=at or None, heading=heading, limit=guessing.LOOKED)
    if not sheet.rows or len(sheet.headings) < 2:
        raise Refused("no_table", "Không thấy bảng nào: cần một dòng tên các cột và ít nhất một dòng dưới nó. Hãy mở tệp xem có đúng danh sách cần nhập không.")
    guesses = guessing.guess(register, user, sheet)
    if remembered:
        senders.answer(remembered[0], register, guesses)
    made = guessing.layout_of(sheet, guesses)
    made.alike = layout is None and remembered is None and _alike(peeks)
    made.height = next((one.height for one in peeks if one.name == made.sheet), 0)
    return Proposal(peeks, sheet, guesses, made, remembered[0].sender if remembered else "")


def _alike(peeks: list[Peek]) -> bool:
    """Several sheets hold as many known headings, or none of several holds any."""
    best = max(one.score for one in peeks)
    return sum(one.score == best for one in peeks) > 1


def content_of(load: Import) -> bytes:
    """The file of an import that is not written yet. Raises Refused when it is gone."""
    kept = ImportFile.objects.filter(load=load).values_list("content", flat=True).first()
    if kept is None:
        raise Refused("no_file", "Tệp của lần nhập này không còn được giữ. Hãy chọn lại tệp từ đầu.", status=409)
    return bytes(kept)


def place(register: Register, user: User, load: Import, sheet: str, row: int, depth: int) -> None:
    """Say where the table stands; what its columns say is guessed anew."""
    _require_open(load)
    found = propose(register, user, load.file_name, content_of(load), layout=Layout(sheet, row, depth))
    _keep_layout(load, found.layout)


def answers(load: Import, register: Register, posted: Mapping[str, str]) -> Layout:
    """The layout with what somebody chose for each column; an unknown choice leaves the column out."""
    layout = Layout(**load.layout)
    for letter in layout.heads:
        if (text := posted.get(f"cot-{letter}")) is not None and text != layout.targets.get(letter, ""):
            known = not text or Target.read(text).known_to(register)
            layout.targets[letter] = text if known else ""
            layout.how[letter] = "hand"
    return layout


def match(register: Register, user: User, load: Import, layout: Layout) -> None:
    """Keep what somebody said of the columns, without judging yet."""
    _require_open(load)
    _keep_layout(load, layout)


def confirm(register: Register, user: User, load: Import, layout: Layout) -> None:
    """What the columns say is settled: remember it for the sender and judge the lines.

    Raises Refused when a column that must be there is missing.
    """
    _require_open(load)
    for letter, target in layout.targets.items():
        if target:
            known = layout.how.get(letter, "")
            layout.how[letter] = known if known in SURE - {""} else "hand"
        else:
            layout.how.pop(letter, None)
    _keep_layout(load, layout)
    if labels := guessing.missing(register, layout.targets.values()):
        raise Refused("missing_heading", f"Chưa có cột nào cho: {', '.join(labels)}. Hãy chọn cột của tệp ghi mục đó, hoặc bổ sung vào tệp rồi nhập lại.")
    senders.remember(register, user, load.sender, layout)
    judge(register, user, load)


def judge(register: Register, user: User, load: Import) -> None:
    """Judge the lines: at once when they are few, else as a job with its progress."""
    layout = Layout(**load.layout)
    if layout.height <= IN_BACKGROUND:
        staging.stage_as(register, user, load, content_of(load), layout)
        return
    with transaction.atomic():
        made = start("register-import-judge", by=user, title=f"Xét {load.file_name}"[:200], import_id=str(load.pk))
        Import.objects.filter(pk=load.pk).update(state="judging", job=made.pk)
    load.refresh_from_db()


def give_zeros(register: Register, user: User, load: Import) -> int:
    """Give numbers their lost zeros back in all lines and judge the list again; how many lines. Raises Refused when writing has begun."""
    _require_open(load)
    with transaction.atomic():
        if found := correcting.give_zeros(register, load):
            judge(register, user, load)
    return found


@job("register-import-judge")
def judge_job(progress: Progress, /, **arguments: Any) -> dict[str, Any]:
    """The background form of judging; may be run again after any interruption."""
    load = Import.objects.select_related("by").get(pk=uuid.UUID(arguments["import_id"]))
    if load.state != "judging" or load.by is None:
        return {}
    register = registry.get(load.register)
    try:
        layout = Layout(**load.layout)
        progress.of(layout.height)
        staging.stage_as(register, load.by, load, content_of(load), layout, progress.step)
    except Refused:
        Import.objects.filter(pk=load.pk).update(state="choosing", job=None)
        raise
    Import.objects.filter(pk=load.pk).update(job=None)
    return {"import": str(load.pk), "register": register.slug}


def drop(load: Import) -> None:
    """Give an unfinished import up: the file, the lines and what was remembered of its columns go, that it was begun stays listed nowhere."""
    _require_open(load, judging=True)
    with transaction.atomic():
        senders.unlearn(registry.get(load.register), load)
        load.rows.filter(done=False).delete()
        ImportFile.objects.filter(load=load).delete()
        Import.objects.filter(pk=load.pk).update(state="dropped", job=None)


def _keep_layout(load: Import, layout: Layout) -> None:
    load.layout, load.sheet, load.state = layout.stored, layout.sheet, "choosing"
    load.save(update_fields=["layout", "sheet", "state", "updated_at"])


def _require_open(load: Import, *, judging: bool = False) -> None:
    if load.state not in {"choosing", "staged", *(["judging"] if judging else [])} or load.rows.filter(done=True).exists():
        raise Refused("not_open", f"Lần nhập này {load.get_state_display()} rồi nên không đổi được cách đọc tệp.", status=409)
