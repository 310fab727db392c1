"""The named state of a task on a day."""

import datetime
from dataclasses import dataclass

SOON = 7


@dataclass(frozen=True)
class TaskState:
    """A state: its slug, its words, and the kind and icon of its chip (never colour alone)."""

    slug: str
    words: str
    kind: str
    icon: str


ON_TIME = TaskState("on_time", "đúng hạn", "off", "calendar")
DUE_SOON = TaskState("due_soon", "sắp đến hạn", "due", "clock")
OVERDUE = TaskState("overdue", "quá hạn", "late", "alert-triangle")
DONE = TaskState("done", "hoàn thành", "ok", "check")
DONE_LATE = TaskState("done_late", "trễ hạn", "due", "checks")
CANCELLED = TaskState("cancelled", "đã hủy", "off", "ban")
UNDATED = TaskState("undated", "chưa có hạn", "unk", "help")
STATES = {state.slug: state for state in (OVERDUE, DUE_SOON, ON_TIME, UNDATED, DONE, DONE_LATE, CANCELLED)}


def task_state(state: str, ends_on: datetime.date | None, done_on: datetime.date | None, on: datetime.date) -> TaskState:
    """What a task is called on a day.

    state: "open", "done" or "cancelled".  ends_on: the last day in time (None: no deadline).  done_on: when it was done.
    Done on the last day is in time; open on the last day is due soon; due soon begins `SOON` days before.
    """
    if state == "cancelled":
        return CANCELLED
    if state == "done":
        return DONE_LATE if ends_on and done_on and done_on > ends_on else DONE
    if ends_on is None:
        return UNDATED
    left = (ends_on - on).days
    if left < 0:
        return OVERDUE
    return DUE_SOON if left <= SOON else ON_TIME


def days_words(state: TaskState, ends_on: datetime.date | None, on: datetime.date) -> str:
    """The words of the chip: "Trễ 9 ngày", "Còn 6 ngày", "Hôm nay", or the state itself."""
    if ends_on and state in (OVERDUE, DUE_SOON):
        left = (ends_on - on).days
        return f"Quá hạn {-left}\u00a0ngày" if left < 0 else (f"Còn {left}\u00a0ngày" if left else "Hết hạn hôm nay")
    return state.words[:1].upper() + state.words[1:]
