"""The only writers of targets: tying them to indicators, giving their work to villages, closing what is met."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import below
from tramyte.engine.refused import Refused
from tramyte.governance.targets.binding import unit_fits
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.queries import level_of, pursued
from tramyte.governance.targets.standing import is_met
from tramyte.governance.targets.words import number, subject_of
from tramyte.governance.tasks.actions import assign_part, close_bound
from tramyte.governance.tasks.models import Task

WRITE = "targets.write"
Id = uuid.UUID | str


@transaction.atomic
def bind_target(*, by: User, id: Id, indicator: str, seen_version: int | None = None) -> Target:
    """Tie a target to what measures it, confirmed by a person; an empty code unties it.

    Raises Refused for an unknown indicator, one in another unit, and an ended target.
    """
    row = fetch(Target, id, by=by, permission=WRITE, seen_version=seen_version)
    if row.state != Target.ACTIVE:
        raise Refused("ended", "Chỉ tiêu này đã hết hiệu lực, không gắn lại được.", status=409)
    if indicator and indicator not in INDICATORS:
        raise Refused("no_indicator", "Chỉ tiêu này không còn trong hệ thống. Hãy chọn một chỉ tiêu trong danh sách.", field="indicator")
    if indicator and not unit_fits(row.unit, INDICATORS[indicator].unit):
        one = INDICATORS[indicator]
        raise Refused(
            "other_unit", f"{one.title} tính bằng {one.unit}, văn bản giao bằng “{row.unit}” nên không so được. Hãy chọn chỉ tiêu khác.",
            field="indicator")
    before = row.plain()
    row.indicator = indicator
    row.confirmed_by, row.confirmed_on = (by, clock.today()) if indicator else (None, None)
    return store(row, by=by, permission=WRITE, action="bind_target", before=before)


@transaction.atomic
def assign_hamlets(
    *, by: User, id: Id, parts: Sequence[tuple[Place, User | None]], due_on: datetime.date | None,
) -> list[Task]:
    """Give each hamlet's part of a target's worklist to a person there, as tasks that close when the hamlet reaches the level.

    The open task of a hamlet for the same indicator is changed instead of doubled. Raises Refused for a target
    that nothing measures, one without any part, a day in the past, and for whoever may not assign.
    """
    row = fetch(Target, id, by=by, permission="tasks.assign")
    if row.indicator not in INDICATORS or row.state != Target.ACTIVE:
        raise Refused("unrecorded", "Chỉ tiêu này chưa ghi nhận trong hệ thống nên chưa có phần việc để giao.", status=409)
    if not parts:
        raise Refused("nobody", "Hãy chọn ít nhất một thôn và người làm.", field="assignee")
    if due_on is not None and due_on < clock.today():
        raise Refused("past", f"Hạn {due_on:%d/%m/%Y} đã qua. Hãy chọn hạn từ hôm nay trở đi.", field="due_on")
    missing = {one.group: one.missing for one in results.breakdown(row.indicator, row.place, "hamlet")}
    return [_assign(by, row, hamlet, person, due_on, missing) for hamlet, person in parts]


def _assign(by: User, row: Target, hamlet: Place, person: User | None, due_on: Any, missing: dict[str, int]) -> Task:
    words = subject_of(row.indicator)
    return assign_part(
        by=by, indicator=row.indicator, place=hamlet, assignee=person, due_on=due_on,
        title=f"{hamlet}: {number(missing.get(hamlet.code, 0))} {words.missing}",
        text=f"Chỉ tiêu: {row.phrase}\nMở danh sách ở trang Chỉ tiêu. Việc tự đóng khi thôn đạt mức giao.")


@transaction.atomic
def close_met(*, on: datetime.date) -> int:
    """Close the open tasks bound to indicators whose level is met in their place; answers how many (a daily job).

    A commune's task closes when the commune reaches the level, a hamlet's part when the hamlet does. What was closed
    stays closed when the figure falls again: the target then shows its new state, and new work is given anew.
    """
    closed = 0
    waiting = Task.objects.filter(state=Task.OPEN, entered_in_error=False, indicator__in=INDICATORS).order_by()
    for code, place_id in list(waiting.values_list("indicator", "place").distinct()):
        place = Place.objects.select_related("parent").get(pk=place_id)
        target, figure = pursued(code, place.code, on.year), results.figure(code, place)
        if target is None or figure is None or not is_met(figure, level_of(target), cumulative=INDICATORS[code].cumulative):
            continue
        note = f"Đã đạt mức giao: {number(figure.numerator)}/{number(figure.denominator)}"
        closed += close_bound(indicator=code, place=place, on=on, note=note)
    return closed


def hamlets_of_target(target: Target) -> dict[str, Place]:
    """The hamlets of a target's place by code, those that exist today."""
    return {place.code: place for place in below(target.place).filter(kind=Place.HAMLET, valid_to=None)}
