"""Have the tasks tied to an indicator follow its figure: at the entry that moves it, and in the regular pass for what time alone moves."""

import datetime
from collections.abc import Collection

from tramyte.engine import clock
from tramyte.engine.indicators import INDICATORS, results
from tramyte.engine.places.models import Place
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.queries import level_of, pursued
from tramyte.governance.targets.standing import is_met
from tramyte.governance.targets.words import number
from tramyte.governance.tasks.bound import FOLLOWING, close_bound, followed, reopen_bound
from tramyte.governance.tasks.models import Task


def follow_entry(code: str, places: Collection[str]) -> None:
    """Called with what an entry moved; without tasks on that indicator it costs one small query."""
    follow(code, followed(code, places), clock.today())


def follow_target(target: Target) -> None:
    """After a level was set, changed or withdrawn: the tasks of its place and of the hamlets in it are judged by the level now in force."""
    if target.indicator in INDICATORS:
        tasks = Task.objects.filter(FOLLOWING, indicator=target.indicator, entered_in_error=False)
        rows = Place.objects.filter(pk__in=tasks.values("place"), path__startswith=target.place.path)
        follow(target.indicator, list(rows.order_by("code")), clock.today())


def follow_all(on: datetime.date) -> int:
    """Every task tied to an indicator (a job each hour: cards end without anybody's entry); answers how many were closed."""
    tasks = Task.objects.filter(FOLLOWING, indicator__in=INDICATORS, entered_in_error=False).order_by()
    pairs = sorted(tasks.values_list("indicator", "place").distinct(), key=str)
    places = Place.objects.in_bulk({place for _, place in pairs})
    return sum(follow(code, [places[place]], on) for code, place in pairs)


def follow(code: str, places: Collection[Place], on: datetime.date) -> int:
    """Close, reopen or mark the tasks of an indicator in places by the level in force there; answers how many were closed.

    A figure that is behind the entries decides nothing: the next computing does.
    """
    closed = 0
    levels: dict[str, Target | None] = {}
    for place in places:
        commune = place.code.split(".", 1)[0]
        if commune not in levels:
            levels[commune] = pursued(code, place.code, on.year)
        target, figure = levels[commune], results.figure(code, place)
        if target is None or figure is None or figure.value is None or figure.stale:
            continue
        part = f"{number(figure.numerator)}/{number(figure.denominator)}"
        if is_met(figure, level_of(target), cumulative=INDICATORS[code].cumulative):
            closed += close_bound(indicator=code, place=place, on=on, note=f"Đã đạt mức giao: {part}")
        else:
            note = f"Lại dưới mức giao {level_of(target)}: {part}"
            reopen_bound(indicator=code, place=place, on=on, until=target.deadline, note=note)
    return closed
