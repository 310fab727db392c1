"""The only writers of tasks: giving them, telling how far they are, closing, reminding."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import may, own_place, places, require
from tramyte.engine.actions.models import id_in
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused, no_right
from tramyte.governance.directives.fields import chosen, names_of, typed_day, typed_number
from tramyte.governance.directives.models import Directive
from tramyte.governance.directives.receiving import a_day, a_unit
from tramyte.governance.tasks.coordinating import tie_units
from tramyte.governance.tasks.evidence import Evidence, kept
from tramyte.governance.tasks.models import Milestone, ProgressNote, Reminder, Task
from tramyte.governance.tasks.queries import is_own, people_to_remind, state_of
from tramyte.governance.tasks.series import occurrence_days
from tramyte.governance.tasks.states import DUE_SOON, OVERDUE, days_words
from tramyte.rules.text import clean

ASSIGN, PROGRESS = "tasks.assign", "tasks.progress"
Id = uuid.UUID | str


# ---- giving tasks


@transaction.atomic
def assign_task(*, by: User, id: Id | None = None, seen_version: int | None = None, **fields: Any) -> Task:
    """Give a new task, or change one: title, text, unit, assignee, coordinating, starts_on, due_on, time_phrase,
    recurrence, indicator, place, directive, obligation.

    Raises Refused for a unit or person of another place, a deadline before the start, and for whoever may not assign.
    """
    require(by, ASSIGN)
    if id is None:
        row, before = Task(place=commune_of(fields.pop("place", None) or own_place(by))), None
        fields.setdefault("title", "")
    else:
        row = fetch(Task, id, by=by, permission=ASSIGN, seen_version=seen_version)
        _must_be_open(row)
        before = row.plain()
    for name, value in fields.items():
        _SET[name](row, value)
    if not row.unit and not row.assignee:
        raise Refused("nobody", "Hãy chọn đơn vị hoặc người nhận nhiệm vụ.", field="unit")
    if row.starts_on and row.due_on and row.due_on < row.starts_on:
        raise Refused("before", f"Hạn {row.due_on:%d/%m/%Y} ở trước ngày bắt đầu {row.starts_on:%d/%m/%Y}. Hãy kiểm tra lại.", field="due_on")
    stored = store(row, by=by, permission=ASSIGN, action="assign_task", before=before)
    tie_units(stored, by)
    if stored.assignee and stored.assignee != by and (before is None or before["assignee_id"] != str(stored.assignee_id)):
        _tell(stored, [stored.assignee], by, f"Bạn được giao: {stored.title}")
    if stored.is_head:
        lay_out(stored, clock.today(), by)
    return stored


def _set_title(row: Task, value: Any) -> None:
    row.title = clean(str(value or ""))
    if not row.title:
        raise Refused("empty", "Hãy ghi tên nhiệm vụ, ví dụ: Lập danh sách người chưa có thẻ BHYT.", field="title")


def _set_assignee(row: Task, value: Any) -> None:
    if not value:
        row.assignee = None
        return
    person = value if isinstance(value, User) else User.objects.filter(pk=id_in(str(value)), is_active=True).first()
    if person is None or row.place_id not in places(person, "tasks.view"):
        raise Refused("unknown_person", "Người này không làm việc ở địa bàn của nhiệm vụ. Hãy chọn người khác.", field="assignee")
    row.assignee = person


def _day_setter(name: str, label: str) -> Any:
    def put(row: Task, value: Any) -> None:
        setattr(row, name, value if isinstance(value, datetime.date) else a_day(typed_day(value, name, label)))
    return put


def _setter(name: str, made: Any = lambda value: value) -> Any:
    return lambda row, value: setattr(row, name, made(value))


_SET = {
    "title": _set_title, "assignee": _set_assignee,
    "place": _setter("place"), "text": _setter("text", lambda v: str(v or "").replace("\r\n", "\n").strip()),
    "unit": lambda row, value: setattr(row, "unit", a_unit(row.place, value, "unit")),
    "coordinating": _setter("coordinating", names_of), "time_phrase": _setter("time_phrase", lambda v: clean(str(v or ""))[:200]),
    "starts_on": _day_setter("starts_on", "Bắt đầu"), "due_on": _day_setter("due_on", "Hạn"),
    "recurrence": _setter("recurrence", lambda v: chosen(v, Task.RECURRENCES, "recurrence", "Lặp lại") if v else ""),
    "indicator": _setter("indicator", lambda v: clean(str(v or ""))), "directive": _setter("directive"), "obligation": _setter("obligation"),
}


@transaction.atomic
def assign_part(*, by: User, indicator: str, place: Place, assignee: User | None, due_on: datetime.date | None, title: str = "", text: str = "") -> Task:
    """Give a hamlet's part of an indicator's worklist to a person (a village health worker), as a task in that place.

    The open task for the same indicator and place is changed instead of doubled. The task closes with `close_bound`.
    """
    if place.pk not in places(by, ASSIGN):
        raise no_right("Địa bàn này không thuộc xã của bạn nên không giao việc được.")
    if assignee is None:
        raise Refused("nobody", f"Hãy chọn người nhận phần việc của {place}.", field="assignee")
    row = Task.objects.filter(indicator=indicator, place=place, state=Task.OPEN, entered_in_error=False, series=None).first()
    before = row.plain() if row else None
    row = row or Task(place=place, indicator=indicator)
    row.title, row.text, row.due_on = clean(title)[:200] or f"Phần việc của {place}: {indicator}", text, due_on
    _set_assignee(row, assignee)
    stored = store(row, by=by, permission=ASSIGN, action="assign_part", before=before)
    _tell(stored, [assignee], by, f"Bạn được giao: {stored.title}")
    return stored


@transaction.atomic
def cancel_task(*, by: User, id: Id, reason: str, seen_version: int | None = None) -> Task:
    """Take a task back, with the reason; its open occurrences go with it."""
    row = fetch(Task, id, by=by, permission=ASSIGN, seen_version=seen_version)
    if not clean(reason):
        raise Refused("reason", "Hãy ghi lý do hủy nhiệm vụ.", field="reason")
    _must_be_open(row)
    return _cancel(row, by, clean(reason)[:300])


def _cancel(row: Task, by: User, reason: str) -> Task:
    for part in row.occurrences.filter(state=Task.OPEN):
        _cancel(part, by, reason)
    before = row.plain()
    row.state, row.closed_reason = Task.CANCELLED, reason
    return store(row, by=by, permission=ASSIGN, action="cancel_task", before=before)


def cancel_of_directive(directive: Directive, by: User) -> None:
    """Cancel the open tasks of a directive that is no longer in force (called inside its revoking)."""
    rows = Task.objects.filter(directive=directive, state=Task.OPEN, series=None, entered_in_error=False)
    for row in rows:
        before = row.plain()
        parts = list(row.occurrences.filter(state=Task.OPEN))
        row.state, row.closed_reason = Task.CANCELLED, f"Văn bản hết hiệu lực: {directive.revoked_reason}"[:300]
        store(row, by=by, permission="directives.write", action="cancel_task", before=before)
        for part in parts:
            was = part.plain()
            part.state, part.closed_reason = Task.CANCELLED, row.closed_reason
            store(part, by=by, permission="directives.write", action="cancel_task", before=was)


# ---- progress


def _for_progress(id: Id, by: User, seen_version: int | None) -> Task:
    """The task whose progress is told: by its person, its unit, or whoever may assign tasks there."""
    row = fetch(Task, id, by=by, permission=PROGRESS, seen_version=seen_version)
    if not is_own(by, row) and not (may(by, ASSIGN) and row.place_id in places(by, ASSIGN)):
        raise no_right(f"Nhiệm vụ này giao cho {row.assignee or row.unit}. Chỉ bên nhận hoặc người giao mới báo tiến độ được.")
    return row


def _must_be_open(row: Task) -> None:
    if row.state != Task.OPEN:
        raise Refused("closed", f"Nhiệm vụ này {row.get_state_display()}. Hãy mở lại nhiệm vụ trước khi sửa.", status=409)


@transaction.atomic
def report_progress(
    *, by: User, id: Id, text: str = "", percent: Any = None, evidence: Evidence | None = None, link: str = "", seen_version: int | None = None,
) -> Task:
    """Note what was done on a task (`id`), how far it is in percent, and the proof: (file name, bytes) or a link.

    100 percent completes the task. Raises Refused for strangers, closed tasks, an empty note, and files that prove nothing.
    """
    row = _for_progress(id, by, seen_version)
    _must_be_open(row)
    share = typed_number(percent, "Tiến độ", "percent")
    if share is not None and (not isinstance(share, int) or not 0 <= share <= 100):
        raise Refused("bad_number", "Tiến độ là số nguyên từ 0 đến 100.", field="percent")
    if not clean(text) and share is None and not evidence and not link:
        raise Refused("empty", "Hãy ghi đã làm được gì, hoặc tiến độ, hoặc gửi minh chứng.", field="text")
    _note(row, by, text, share, evidence, link)
    before = row.plain()
    if share is not None:
        row.progress = share
    if share == 100:
        row.state, row.done_on, row.kept_open = Task.DONE, clock.today(), False
    return store(row, by=by, permission=PROGRESS, action="complete_task" if share == 100 else "report_progress", before=before)


def _note(row: Task, by: User, text: str, percent: int | None, evidence: Evidence | None, link: str) -> None:
    note = ProgressNote(task=row, author=by, on=clock.today(), text=str(text or "").replace("\r\n", "\n").strip(), percent=percent, link=clean(link))
    if evidence:
        note.evidence_name, note.evidence_digest = kept(*evidence)
    store(note, by=by, permission=PROGRESS, action="note_progress")


def complete_task(*, by: User, id: Id, text: str = "", evidence: Evidence | None = None, link: str = "", seen_version: int | None = None) -> Task:
    """Say that a task is done, today."""
    return report_progress(by=by, id=id, text=text, percent=100, evidence=evidence, link=link, seen_version=seen_version)


@transaction.atomic
def reopen_task(*, by: User, id: Id, reason: str, seen_version: int | None = None) -> Task:
    """Open a done or cancelled task again, with the reason; its notes stay."""
    row = fetch(Task, id, by=by, permission=ASSIGN, seen_version=seen_version)
    if row.state == Task.OPEN:
        raise Refused("open", "Nhiệm vụ này đang mở sẵn.")
    if not clean(reason):
        raise Refused("reason", "Hãy ghi lý do mở lại nhiệm vụ.", field="reason")
    before = row.plain()
    row.state, row.done_on, row.closed_reason = Task.OPEN, None, clean(reason)[:300]
    row.progress, row.closed_by_figure, row.fell_on, row.kept_open = min(row.progress, 99), False, None, bool(row.indicator)
    return store(row, by=by, permission=ASSIGN, action="reopen_task", before=before)


@transaction.atomic
def set_milestone(*, by: User, task: Id, title: str, due_on: Any = None) -> Milestone:
    """Add a step to a task, by its person, its unit or whoever assigns."""
    row = _for_progress(task, by, None)
    _must_be_open(row)
    if not clean(title):
        raise Refused("empty", "Hãy ghi tên mốc.", field="title")
    day = a_day(typed_day(due_on, "due_on", "Hạn của mốc"))
    return store(Milestone(task=row, title=clean(title)[:200], due_on=day), by=by, permission=PROGRESS, action="set_milestone")


@transaction.atomic
def finish_milestone(*, by: User, id: Id, done: bool = True, seen_version: int | None = None) -> Milestone:
    """Tick a step of a task off, or take that back."""
    row = fetch(Milestone, id, by=by, permission=PROGRESS, seen_version=seen_version)
    _must_be_open(_for_progress(row.task_id, by, None))
    before = row.plain()
    row.done_on = clock.today() if done else None
    return store(row, by=by, permission=PROGRESS, action="finish_milestone", before=before)


# ---- reminders


@transaction.atomic
def remind(*, by: User, id: Id, text: str = "") -> list[Reminder]:
    """Remind whoever has a task, inside the product. Refused when nobody of the unit has an account."""
    row = fetch(Task, id, by=by, permission=ASSIGN)
    _must_be_open(row)
    people = people_to_remind(row, clock.today())
    if not people:
        raise Refused("nobody", f"{row.unit} chưa có tài khoản nào để nhận lời nhắc. Hãy giao cho một người, hoặc nhắc qua điện thoại.")
    words = days_words(state_of(row, clock.today()), row.ends_on, clock.today())
    return _tell(row, people, by, clean(text) or f"{words}: {row.title}")


def _tell(row: Task, people: list[User], by: User, text: str) -> list[Reminder]:
    made = [Reminder(place=row.place, task=row, user=person, author=by, text=text[:300]) for person in people]
    return [store(reminder, by=by, permission=ASSIGN, action="remind") for reminder in made]


@transaction.atomic
def read_reminders(*, by: User, ids: list[Id] | None = None) -> int:
    """Mark the user's own reminders as read (all of them without ids); answers how many were unread."""
    rows = Reminder.objects.filter(user=by, read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    count = rows.update(read_at=timezone.now())
    if count:
        chain.record(by=by, action="read_reminders", note=f"{count} lời nhắc")
    return count


# ---- what the house does by itself


def lay_out(head: Task, on: datetime.date, by: User | None) -> int:
    """Make the missing occurrences of a series up to its horizon; answers how many."""
    first = head.starts_on or on
    there = set(head.occurrences.values_list("due_on", flat=True))
    made = 0
    for day, words in occurrence_days(head.recurrence, first, head.due_on, on):
        if day in there:
            continue
        part = Task(
            place=head.place, directive=head.directive, obligation=head.obligation, title=f"{head.title[:150]} ({words})", text=head.text,
            unit=head.unit, coordinating=head.coordinating, assignee=head.assignee, due_on=day, time_phrase=head.time_phrase,
            indicator=head.indicator, series=head,
        )
        part.save(force_insert=True)
        chain.record(by=by, action="open_occurrence", row=part, after=part.plain())
        tie_units(part, by)
        made += 1
    return made


@transaction.atomic
def continue_series(*, on: datetime.date) -> int:
    """Lay out the coming occurrences of every open series (a daily job); answers how many were made."""
    heads = Task.objects.filter(series=None, recurrence__in=Task.DATED, state=Task.OPEN, entered_in_error=False)
    return sum(lay_out(head, on, None) for head in heads.select_related("place", "unit", "assignee"))


@transaction.atomic
def remind_due(*, on: datetime.date) -> int:
    """Remind of tasks that became due soon or overdue (a daily job); once for each task, person and state."""
    made = 0
    rows = Task.objects.filter(state=Task.OPEN, ends_on__isnull=False, entered_in_error=False)
    for task in rows.exclude(series=None, recurrence__in=Task.DATED).select_related("unit", "assignee", "place"):
        state = state_of(task, on)
        if state not in (DUE_SOON, OVERDUE):
            continue
        text = f"{'Quá hạn' if state is OVERDUE else 'Sắp đến hạn'} {task.ends_on:%d/%m/%Y}: {task.title}"[:300]
        told = set(Reminder.objects.filter(task=task, text=text).values_list("user_id", flat=True))
        for person in people_to_remind(task, on):
            if person.pk not in told:
                Reminder.objects.create(place=task.place, task=task, user=person, text=text)
                made += 1
    return made
