"""Stored figures and worklists, as pages read them: nothing here computes an indicator."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet, Sum

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, visible
from tramyte.engine.indicators import periods as table_of_periods
from tramyte.engine.indicators.declaring import FORMER, GROUP_TITLES, INDICATORS
from tramyte.engine.indicators.figures import Figure, gap
from tramyte.engine.indicators.models import Outcome, Result, Standing
from tramyte.engine.indicators.storing import after_entry, entry, mark_stale, refresh
from tramyte.engine.places.models import Facility, Place
from tramyte.engine.places.queries import below, origins
from tramyte.rules.calendar import Period

__all__ = [
    "after_entry", "breakdown", "by_former", "entry", "figure", "gap", "history", "mark_stale", "refresh", "series", "standing", "worklist",
]


def standing(code: str) -> Standing | None:
    """When an indicator was last computed; None when it never was."""
    return Standing.objects.filter(pk=code).first()


def figure(code: str, place: Place, period: str | None = None) -> Figure | None:
    """The stored figure of a place: now, or at the end of a period ("2026-Q1": as its last month stood).

    None when it was never computed or that month is not kept (kept are this year's and last year's months).
    """
    stood = standing(code)
    month = _month(period, stood) if stood else None
    if stood is None or month is None:
        return None
    found = _sums(_rows(code, place, [month]), "indicator").first()
    counts = (found["met"], found["counted"], found["unsure"]) if found else (0, 0, 0)
    if month not in {kept.code for kept in table_of_periods.stored(stood.as_of)}:
        return None
    return _figure(code, place.code, period or month, counts, stood)


def breakdown(code: str, place: Place, by: str = "hamlet", period: str | None = None) -> list[Figure]:
    """The figures of a place by hamlet, site, sex or age group, in the order of the group's code.

    Empty when never computed. Raises KeyError for a group the indicator does not have.
    """
    words = INDICATORS[code].groups[by]
    if by == FORMER:
        return by_former(breakdown(code, place, "hamlet", period), place)
    stood = standing(code)
    month = _month(period, stood) if stood else None
    if stood is None or month is None:
        return []
    if by == "hamlet":
        found = _sums(_rows(code, place, [month]), "place__code", "place__name")
        named = [(row["place__code"], row["place__name"], row) for row in found]
    else:
        found = _sums(_rows(code, place, [month], by), "group")
        titles = _titles(words, [row["group"] for row in found])
        named = [(row["group"], titles.get(row["group"], row["group"] or "chưa rõ"), row) for row in found]
    return [
        _figure(code, place.code, period or month, (row["met"], row["counted"], row["unsure"]), stood, group, name)
        for group, name, row in named
    ]


def by_former(hamlets: Sequence[Figure], place: Place) -> list[Figure]:
    """The figures of a place's hamlets summed by the commune in which each lay before a merger, in the order of its code; one query."""
    known, parts = origins(below(place)), defaultdict[tuple[str, str], list[Figure]](list)
    for one in hamlets:
        parts[known.get(one.group, ("", f"Chưa rõ {GROUP_TITLES[FORMER]}"))].append(one)
    return [
        replace(ones[0], numerator=sum(one.numerator for one in ones), denominator=sum(one.denominator for one in ones),
                unknown=sum(one.unknown for one in ones), group=code, group_name=name)
        for (code, name), ones in sorted(parts.items())]


def history(code: str, place: Place, months: int = 13) -> list[tuple[datetime.date, float | None]]:
    """The value at the end of each of the last months (the running one: as of now), oldest first."""
    stood = standing(code)
    if stood is None:
        return []
    wanted = Period.last_months(stood.as_of, months)
    found = {row["period"]: row for row in _sums(_rows(code, place, [one.code for one in wanted]), "period")}
    return [
        (one.until(stood.as_of), _figure(code, place.code, one.code, (row["met"], row["counted"], row["unsure"]), stood).value)
        for one in wanted if (row := found.get(one.code))
    ]


def series(codes: Sequence[str], place: Place, months: int = 13) -> dict[str, list[Figure]]:
    """The figures of several indicators in a place at the end of each of the last months, oldest first, in two queries.

    The running month stands as of the day it was computed. Indicators that were never computed are absent.
    """
    stood = {row.pk: row for row in Standing.objects.filter(pk__in=codes)}
    if not stood:
        return {}
    wanted = [one.code for one in Period.last_months(max(row.as_of for row in stood.values()), months)]
    rows = Result.objects.filter(indicator__in=stood, period__in=wanted, group_kind="", place__in=below(place))
    found: dict[str, list[Figure]] = {}
    for row in _sums(rows, "indicator", "period", "definition_version"):
        code = row["indicator"]
        if row["definition_version"] == INDICATORS[code].version:
            counts = (row["met"], row["counted"], row["unsure"])
            found.setdefault(code, []).append(_figure(code, place.code, row["period"], counts, stood[code]))
    return found


def worklist(user: User, code: str, place: Place | None = None, group: tuple[str, str] | None = None) -> QuerySet[Outcome]:
    """The subjects to be looked after, the most urgent first, that this user may see: not met or unknown, where less is better met or unknown.

    group: a group column with the wanted value, as ("sex", "F"). Roles that may only see figures get no person.
    """
    one = INDICATORS[code]
    rows = Outcome.objects.filter(indicator=code).exclude(met=one.direction == "up")
    rows = visible(user, rows) if one.personal else rows.filter(place__in=places(user, "figures.view"))
    if place is not None:
        rows = rows.filter(place__in=below(place))
    if group is not None:
        kind, wanted = group
        rows = rows.filter(place__code=wanted) if kind == "hamlet" else rows.filter(**{f"groups__{kind}": wanted})
    return rows.select_related("place")


def _rows(code: str, place: Place, months: Sequence[str], kind: str = "") -> QuerySet[Result]:
    version = INDICATORS[code].version
    return Result.objects.filter(indicator=code, definition_version=version, period__in=months, group_kind=kind, place__in=below(place))


def _sums(rows: QuerySet[Result], *by: str) -> "QuerySet[Result, dict[str, Any]]":
    summed: QuerySet[Result, dict[str, Any]] = rows.order_by(*by).values(*by).annotate(met=Sum("numerator"), counted=Sum("denominator"), unsure=Sum("unknown"))
    return summed


def _month(period: str | None, stood: Standing) -> str | None:
    """The stored month by which a period is shown: its last one, or the running one while it is unfinished."""
    if period is None:
        return table_of_periods.current(stood.as_of).code
    wanted = table_of_periods.begun(Period.parse(period), stood.as_of).until(stood.as_of)
    return f"{wanted:%Y-%m}"


def _figure(
    code: str, place: str, period: str, counts: tuple[int, int, int], stood: Standing, group: str = "", name: str = "",
) -> Figure:
    met, counted, unsure = counts
    day = min(stood.as_of, Period.parse(period).end)
    return Figure(
        code, place, period, met, counted, unsure, day, stood.definition_version, INDICATORS[code].unit, group, name,
        stood.computed_at, stood.stale or stood.as_of != clock.today(),
    )


def _titles(words: Any, groups: Sequence[str]) -> dict[str, str]:
    if words:
        return dict(words)
    return dict(Facility.objects.filter(code__in=groups).order_by("valid_from").values_list("code", "name"))
