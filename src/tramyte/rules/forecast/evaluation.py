"""The doses of one child walked through one series: which of them count, and which dose is next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tramyte.rules.forecast import reasons
from tramyte.rules.forecast.durations import Duration, add
from tramyte.rules.forecast.model import Condition, DoseRule, Interval, Live, Series, Skip


class Shot(NamedTuple):
    """A dose given: its day (ordinal), product and place in the child's list."""

    day: int
    product: str
    place: int


class Verdict(NamedTuple):
    """What became of a shot in a series: status, reason and the day that decided (ordinal, None: no day)."""

    status: str
    reason: str
    limit: int | None = None


_VALID = Verdict(reasons.VALID, "")
_DONE = Verdict(reasons.EXTRANEOUS, reasons.ALREADY_COMPLETE)
_BY_MISTAKE = Verdict(reasons.NOT_VALID, reasons.INADVERTENT)
_WRONG = Verdict(reasons.NOT_VALID, reasons.WRONG_PRODUCT)


@dataclass(slots=True)
class Facts:
    """What a walk may look at besides the shots of the series: ordinals."""

    born: int
    today: int
    live: Live
    live_shots: Sequence[Shot] = ()
    pregnancies: Sequence[int] = ()


@dataclass(slots=True)
class Walk:
    """Where the shots have led. at: index of the next dose of the series, its length when the series is done.

    valid: dose number -> day. counted: the shots with whether each was valid. verdicts: each shot with the dose it was
    taken for. last: day of the last dose that was valid or not valid. inadvertent: day of the last dose by mistake.
    """

    series: Series
    facts: Facts
    at: int = 0
    valid: dict[int, int] = field(default_factory=dict)
    counted: list[tuple[Shot, bool]] = field(default_factory=list)
    verdicts: list[tuple[Shot, DoseRule | None, Verdict]] = field(default_factory=list)
    last: int | None = None
    inadvertent: int = 0
    valid_count: int = 0


def walk_series(series: Series, shots: Sequence[Shot], facts: Facts) -> Walk:
    """Judge the shots (in order of day) against a series."""
    walk, doses = Walk(series, facts), series.doses
    for shot in shots:
        while walk.at < len(doses) and doses[walk.at].skips and pass_over(walk, shot.day, judging=True):
            pass
        if walk.at >= len(doses):
            walk.verdicts.append((shot, None, _DONE))
            continue
        rule = doses[walk.at]
        verdict = _judge(walk, shot, rule)
        walk.verdicts.append((shot, rule, verdict))
        _move(walk, shot, rule, verdict)
    return walk


def _move(walk: Walk, shot: Shot, rule: DoseRule, verdict: Verdict) -> None:
    if verdict is _VALID:
        walk.counted.append((shot, True))
        walk.last = walk.valid[rule.number] = shot.day
        walk.valid_count += 1
        if not rule.recurring and (not rule.done_by or shot.product in rule.done_by):
            walk.at += 1
    elif verdict is _BY_MISTAKE:
        walk.inadvertent = shot.day
    else:
        walk.counted.append((shot, False))
        if verdict.status == reasons.NOT_VALID:
            walk.last = shot.day


def _judge(walk: Walk, shot: Shot, rule: DoseRule) -> Verdict:
    facts, day = walk.facts, shot.day
    if rule.inadvertent and _by_mistake(rule, shot, facts.born):
        return _BY_MISTAKE
    floor = rule.floor_age if rule.former_until is None else _floor(rule, day)
    if floor and day < (limit := add(facts.born, floor)):
        return Verdict(reasons.NOT_VALID, reasons.TOO_YOUNG, limit)
    if rule.max_age and day >= (limit := add(facts.born, rule.max_age)):
        return Verdict(reasons.EXTRANEOUS, reasons.TOO_OLD, limit)
    for interval in rule.intervals:
        limit = interval_day(walk, interval, interval.floor)
        if day < limit and _in_force(interval, day):
            return Verdict(reasons.NOT_VALID, reasons.TOO_SOON, limit)
    if facts.live_shots and shot.product in facts.live.products and day < (limit := _live_day(facts, shot)):
        return Verdict(reasons.NOT_VALID, reasons.LIVE_CONFLICT, limit)
    return _VALID if shot.product in rule.products else _WRONG


def _floor(rule: DoseRule, day: int) -> Duration | None:
    former = rule.former_until is not None and day < rule.former_until.toordinal()
    return rule.former_floor if former else rule.floor_age


def _by_mistake(rule: DoseRule, shot: Shot, born: int) -> bool:
    return any(
        shot.product in products and (not start or shot.day >= add(born, start)) and (not end or shot.day < add(born, end))
        for products, start, end in rule.inadvertent
    )


def origin_day(walk: Walk, interval: Interval) -> int | None:
    """The day from which an interval runs, None when there is no such dose."""
    if interval.from_previous:
        return walk.last
    if interval.from_dose is not None:
        return walk.valid.get(interval.from_dose)
    days = [shot.day for shot, _ in walk.counted if shot.product in interval.from_recent]
    return max(days, default=None)


def interval_day(walk: Walk, interval: Interval, length: Duration | None) -> int:
    """The first day on which an interval is kept; 0 when it says nothing."""
    origin = walk.last if interval.from_previous else origin_day(walk, interval)
    if length is None or origin is None:
        return 0
    limit = add(origin, length)
    if interval.next_pregnancy:
        limit = min([limit, *(begun for begun in walk.facts.pregnancies if begun > origin)])
    return limit


def _in_force(interval: Interval, day: int) -> bool:
    first, last = interval.first, interval.last
    return (first is None or first.toordinal() <= day) and (last is None or day <= last.toordinal())


def _live_day(facts: Facts, shot: Shot) -> int:
    """The first day that keeps the distance from other live vaccines given before a shot's own day; 0: no such dose."""
    live = facts.live
    return max((add(other.day, live.floor) for other in facts.live_shots if other.day < shot.day and clash(live, other.product, shot.product)), default=0)


def clash(live: Live, earlier: str, later: str) -> bool:
    """Whether two live products must keep a distance: not a product with itself, whose series has its own interval."""
    return earlier != later or later in live.repeats


def pass_over(walk: Walk, day: int, *, judging: bool) -> bool:
    """Move past the next dose, if it is skipped on a day (of a shot when judging, else of the forecast)."""
    if not any(_skips(walk, skip, day, judging) for skip in walk.series.doses[walk.at].skips):
        return False
    walk.at += 1
    return True


def _skips(walk: Walk, skip: Skip, day: int, judging: bool) -> bool:
    if not (skip.judging if judging else skip.forecasting):
        return False
    return all(_holds(walk, condition, day) for condition in skip.conditions)


def _holds(walk: Walk, condition: Condition, day: int) -> bool:
    born = walk.facts.born
    if condition.age_from and day < add(born, condition.age_from):
        return False
    if condition.age_before and day >= add(born, condition.age_before):
        return False
    if condition.since_previous and (walk.last is None or day < add(walk.last, condition.since_previous)):
        return False
    if condition.more_than is None and condition.fewer_than is None:
        return True
    count = sum(_counts(condition, shot, valid, born) for shot, valid in walk.counted)
    return (condition.more_than is None or count > condition.more_than) and (condition.fewer_than is None or count < condition.fewer_than)


def _counts(condition: Condition, shot: Shot, valid: bool, born: int) -> bool:
    return (
        (valid or not condition.valid_only)
        and (not condition.products or shot.product in condition.products)
        and (not condition.counted_from or shot.day >= add(born, condition.counted_from))
        and (not condition.counted_before or shot.day < add(born, condition.counted_before))
    )
