"""The next dose of a series: from when, recommended when, overdue after when."""

from typing import NamedTuple

from tramyte.rules.forecast import reasons
from tramyte.rules.forecast.durations import add
from tramyte.rules.forecast.evaluation import Walk, interval_day, origin_day, pass_over
from tramyte.rules.forecast.model import DoseRule


class Projection(NamedTuple):
    """Days as ordinals. state: COMPLETE, AGED_OUT, or "" with a next dose.

    number: how many valid doses there will be with the next one. past_due: the last day that is in time.
    """

    state: str
    number: int = 0
    rule: DoseRule | None = None
    earliest: int = 0
    recommended: int = 0
    past_due: int | None = None


_COMPLETE = Projection(reasons.COMPLETE)


def project(walk: Walk, as_of: int) -> Projection:
    """What is next after a walk, seen from a day.

    Moves the walk past doses that would be skipped on the day they could first be given.
    """
    doses, born = walk.series.doses, walk.facts.born
    while walk.at < len(doses):
        rule = doses[walk.at]
        earliest = _earliest(walk, rule)
        if not rule.skips or not pass_over(walk, max(as_of, earliest), judging=False):
            break
    else:
        return _COMPLETE
    if rule.max_age and max(as_of, earliest) >= add(born, rule.max_age):
        return Projection(reasons.AGED_OUT, walk.valid_count + 1, rule)
    recommended = max(earliest, _recommended(walk, rule))
    past_due = _past_due(walk, rule, recommended)
    if past_due is not None:
        past_due = max(past_due, earliest)
    return Projection("", walk.valid_count + 1, rule, earliest, recommended, past_due)


def _earliest(walk: Walk, rule: DoseRule) -> int:
    facts = walk.facts
    days = [walk.inadvertent, add(facts.born, rule.min_age) if rule.min_age else facts.born]
    days += [interval_day(walk, interval, interval.least) for interval in rule.intervals]
    if facts.live_shots and not rule.products.isdisjoint(facts.live.products):
        days += [add(shot.day, facts.live.floor) for shot in facts.live_shots]
    return max(days)


def _recommended(walk: Walk, rule: DoseRule) -> int:
    """By the recommended age when the schedule states one, else by the recommended intervals."""
    if rule.rec_earliest:
        return add(walk.facts.born, rule.rec_earliest)
    return max(_ends(walk, rule, "rec_earliest"), default=0)


def _past_due(walk: Walk, rule: DoseRule, recommended: int) -> int | None:
    if rule.rec_latest:
        return add(walk.facts.born, rule.rec_latest) - 1
    if ends := _ends(walk, rule, "rec_latest"):
        return max(ends) - 1
    return add(recommended, rule.rec_after) - 1 if rule.rec_after else None


def _ends(walk: Walk, rule: DoseRule, which: str) -> list[int]:
    """The days at which the intervals of a dose reach a recommended length."""
    return [
        add(origin, length)
        for interval in rule.intervals
        if (length := getattr(interval, which)) is not None and (origin := origin_day(walk, interval)) is not None
    ]
