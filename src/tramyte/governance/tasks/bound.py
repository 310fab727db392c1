"""Tasks that follow a figure: closed when the level is met, reopened or marked when the figure falls back.

The rule. An open task closes by itself when the figure of its place meets the level. What closed by itself is reopened
when the figure falls below the level while its own deadline (without one: the target's) has not passed; its people
are told. After that day it stays done and `fell_on` says since when the figure is below; the mark goes when the level
is met again. What a person closed, cancelled or opened again is never touched. The targets topic calls these; who met what it knows.
"""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet

from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.governance.tasks.models import Reminder, Task
from tramyte.governance.tasks.queries import people_to_remind

FOLLOWING = Q(state=Task.OPEN, kept_open=False) | Q(state=Task.DONE, closed_by_figure=True)


def followed(indicator: str, codes: Collection[str]) -> list[Place]:
    """The places with these codes, or their communes, that have tasks following an indicator; one query."""
    wanted = {*codes, *(code.split(".", 1)[0] for code in codes)}
    tasks = Task.objects.filter(FOLLOWING, indicator=indicator, entered_in_error=False)
    return list(Place.objects.filter(code__in=wanted, pk__in=tasks.values("place")).order_by("code"))


def _bound(indicator: str, place: Place, **narrowed: object) -> QuerySet[Task]:
    # A task that another writer holds is left to that writer: waiting for it here could end in a deadlock.
    rows = Task.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.filter(indicator=indicator, place=place, entered_in_error=False, **narrowed)


def _keep(row: Task, action: str, note: str, **changes: object) -> None:
    before = row.plain()
    for name, value in {**changes, "version": row.version + 1}.items():
        setattr(row, name, value)
    row.save()
    chain.record(by=None, action=action, row=row, before=before, after=row.plain(), note=note)


@transaction.atomic
def close_bound(*, indicator: str, place: Place, on: datetime.date, note: str) -> int:
    """The level is met: close the open tasks of an indicator in a place, take the marks off; answers how many were closed."""
    rows = list(_bound(indicator, place, state=Task.OPEN, kept_open=False))
    for row in rows:
        _keep(row, "close_bound", note, state=Task.DONE, done_on=on, progress=100, closed_reason=note[:300], closed_by_figure=True)
    for row in _bound(indicator, place, closed_by_figure=True, fell_on__isnull=False):
        _keep(row, "meet_again", note, fell_on=None)
    return len(rows)


@transaction.atomic
def reopen_bound(*, indicator: str, place: Place, on: datetime.date, until: datetime.date, note: str) -> int:
    """The figure is below the level: reopen what closed by itself, or mark what is past its day; answers how many were reopened.

    until: the target's deadline, which counts for tasks without a day of their own.
    """
    made = 0
    for row in _bound(indicator, place, state=Task.DONE, closed_by_figure=True):
        if on <= (row.ends_on or until):
            told = row.notes.filter(entered_in_error=False, percent__isnull=False).values_list("percent", flat=True).first() or 0
            _keep(row, "reopen_bound", note, state=Task.OPEN, done_on=None, progress=min(told, 99), closed_reason=note[:300], closed_by_figure=False)
            _remind(row, on, note)
            made += 1
        elif row.fell_on is None:
            _keep(row, "fall_back", note, fell_on=on)
    return made


def _remind(row: Task, on: datetime.date, note: str) -> None:
    text = f"{note}: {row.title}"[:300]
    for person in people_to_remind(row, on):
        Reminder.objects.create(place=row.place, task=row, user=person, text=text)
