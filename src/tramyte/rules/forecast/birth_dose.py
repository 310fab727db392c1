"""The window of a birth dose in hours."""

from datetime import timedelta

from tramyte.rules.forecast import reasons
from tramyte.rules.forecast.child import Child, Given


def judge_hours(child: Child, given: Given, hours: int) -> str:
    """Whether a dose was given within so many hours after birth: a reason code.

    With both moments by the clock; else by the days, where a day that lies wholly in the window is surely in time and one that
    the window cannot reach is surely late. Moments without a zone are compared as they stand.
    """
    if child.born_at and given.at and (child.born_at.tzinfo is None) == (given.at.tzinfo is None):
        passed = given.at - child.born_at
        if passed < timedelta(0):
            return reasons.BIRTH_BEFORE
        return reasons.BIRTH_ON_TIME if passed <= timedelta(hours=hours) else reasons.BIRTH_LATE
    days = (given.day - child.born).days
    if (days + 1) * 24 <= hours:
        return reasons.BIRTH_ON_TIME
    return reasons.BIRTH_LATE if (days - 1) * 24 >= hours else reasons.BIRTH_UNKNOWN
