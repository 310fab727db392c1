"""Where a child stands in a group: the dates of the next dose, the day, and what was recorded besides doses."""

from collections.abc import Sequence
from datetime import date, timedelta

from tramyte.rules.forecast import reasons
from tramyte.rules.forecast.child import Event, GroupForecast
from tramyte.rules.forecast.durations import add
from tramyte.rules.forecast.evaluation import Walk
from tramyte.rules.forecast.model import Group
from tramyte.rules.forecast.projection import Projection

# "trước đẻ tối thiểu 2-4 tuần": the last day for a tetanus dose before a birth (not checked against the text).
BEFORE_BIRTH = timedelta(weeks=2)


def stand(group: Group, walk: Walk, projection: Projection, events: Sequence[Event], as_of: date) -> GroupForecast:
    """The forecast of a group as of a day."""
    found = GroupForecast(group.code, group.name, group.antigens, walk.series.name, projection.state, projection.state)
    if projection.state == reasons.COMPLETE:
        return found
    found.rule, found.number = projection.rule, projection.number
    if found.rule and found.rule.target_before:
        found.target_before = date.fromordinal(add(walk.facts.born, found.rule.target_before))
    if projection.state == reasons.AGED_OUT:
        return found
    found.earliest = date.fromordinal(projection.earliest)
    found.recommended = date.fromordinal(projection.recommended)
    found.past_due = date.fromordinal(projection.past_due) if projection.past_due is not None else None
    told = [event for event in events if event.day <= as_of] if events else ()
    if group.needs == "pregnancy":
        _fit_pregnancy(found, told)
    _judge_day(found, as_of)
    for event in sorted(told, key=lambda one: one.day):
        if _is_about(event, group, found) and (walk.last is None or event.day.toordinal() >= walk.last):
            _apply(found, event, as_of)
    return found


def _judge_day(found: GroupForecast, as_of: date) -> None:
    """due from the first day on which the dose may be given, overdue after the last day that is in time."""
    if found.earliest and as_of < found.earliest:
        found.status = reasons.NOT_DUE
    else:
        found.status = reasons.OVERDUE if found.past_due and as_of > found.past_due else reasons.DUE
    found.reason = found.status


def _is_about(event: Event, group: Group, found: GroupForecast) -> bool:
    if event.product in ("", group.code) or not found.rule:
        return event.product in ("", group.code)
    rule = found.rule
    return event.product in ((rule.product, rule.code) if rule.product else rule.products)


def _apply(found: GroupForecast, event: Event, as_of: date) -> None:
    if event.kind == "pregnancy":
        return
    over = event.until is not None and event.until <= as_of
    if event.kind == reasons.CONTRAINDICATED and not over:
        found.status = reasons.CONTRAINDICATED
    if event.until and event.kind != reasons.REFUSED:
        _put_off(found, event.until)
        if found.status != reasons.CONTRAINDICATED:
            _judge_day(found, as_of)
    elif event.kind == reasons.CONTRAINDICATED:
        found.earliest = found.recommended = found.past_due = None
    if not over and (event.kind == reasons.CONTRAINDICATED or found.status != reasons.CONTRAINDICATED):
        found.reason, found.event_day = event.kind, event.day


def _put_off(found: GroupForecast, day: date) -> None:
    for name in ("earliest", "recommended", "past_due"):
        value = getattr(found, name)
        if value is not None and value < day:
            setattr(found, name, day)


def _fit_pregnancy(found: GroupForecast, told: Sequence[Event]) -> None:
    """A dose is asked for from the day the pregnancy is known, whenever the one before was; those before a birth end two weeks before it."""
    pregnancies = [event for event in told if event.kind == "pregnancy"]
    if not pregnancies:
        return
    current = max(pregnancies, key=lambda event: event.day)
    asked = current.known_on or current.day
    if found.earliest and found.earliest < asked:
        late = found.past_due - found.recommended if found.past_due and found.recommended else None
        found.earliest = found.recommended = asked
        found.past_due = asked + late if late is not None else None
    due = current.due_on
    if due and found.number and found.number <= 2 and found.earliest and found.past_due:
        found.past_due = max(found.earliest, min(found.past_due, due - BEFORE_BIRTH))
