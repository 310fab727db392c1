"""Asking an engine for figures and lists of any period and place: what the command line prints."""

import datetime
from collections import defaultdict

from tramyte.engine.indicators.declaring import BY_PLACE, FORMER, GROUP_TITLES, INDICATORS, Indicator
from tramyte.engine.indicators.figures import Atlas, Figure
from tramyte.engine.indicators.measuring import Count, Engine, Row
from tramyte.engine.indicators.periods import begun
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import Period

EVERYWHERE = "Toàn bộ dữ liệu"


def known(code: str) -> Indicator:
    """The indicator with a code; raises Refused with the codes there are."""
    if code not in INDICATORS:
        raise Refused("no_indicator", f"Không có chỉ tiêu mã {code}. Các mã đang có: {', '.join(sorted(INDICATORS))}.")
    return INDICATORS[code]


def period_of(code: str, as_of: datetime.date) -> Period:
    """The period of a code; raises Refused when it is none or has not begun."""
    try:
        return begun(Period.parse(code), as_of)
    except ValueError as error:
        raise Refused("bad_period", str(error)) from error


def whereabouts(atlas: Atlas, place: str | None) -> str:
    """The code of the place meant; without one the only commune that has hamlets, else "" for everything."""
    if place is None:
        home = {spot.parent for spot in atlas.by_code.values() if spot.kind == "hamlet" and spot.parent}
        return next(iter(home)) if len(home) == 1 else ""
    if place not in atlas.by_code:
        raise Refused("no_place", f"Không có địa bàn mã {place}. Hãy xem lại mã xã (5 chữ số) hoặc mã thôn (như 00001.01).")
    return place


def figures(engine: Engine, one: Indicator, period: Period, as_of: datetime.date, atlas: Atlas, place: str, by: str = "") -> list[Figure]:
    """One figure of a place, or with `by` one for each value of a group that occurs; they sum to the place's.

    place: a code, "" for everything. Raises Refused for a group this indicator does not have.
    """
    if by and by not in one.groups:
        had = ", ".join(one.groups)
        raise Refused("no_group", f"Chỉ tiêu {one.code} không chia được theo {GROUP_TITLES.get(by, by)} ({by}). Các cách chia: {had}.")
    within = atlas.below(place) if place else None
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    if not by:
        sums[""] = [0, 0, 0]
    for count in engine.counts(one, [period], as_of, by=by):
        if within is None or count.place in within:
            total = sums[_group(count, by, atlas)]
            for at, number in enumerate((count.numerator, count.denominator, count.unknown)):
                total[at] += int(number)
    return [
        Figure(one.code, place, period.code, met, counted, unsure, as_of, one.version, one.unit, group, _title(one, by, group, atlas))
        for group, (met, counted, unsure) in sorted(sums.items())
    ]


def listed(engine: Engine, one: Indicator, period: Period, as_of: datetime.date, atlas: Atlas, place: str) -> list[Row]:
    """Everybody who counts, by place, then the most urgent first, then by id."""
    within = atlas.below(place) if place else None
    rows = engine.rows(one, [period], as_of)
    kept = [row for row in rows if within is None or row.place in within]
    return sorted(kept, key=lambda row: (row.place, row.due_on or datetime.date.max, row.subject))


def _group(count: Count, by: str, atlas: Atlas) -> str:
    if by not in BY_PLACE:
        return count.group or ""
    spot = atlas.by_code.get(count.place)
    if by == FORMER:
        return spot.origin if spot else ""
    return count.place if spot and spot.kind == "hamlet" else ""


def _title(one: Indicator, by: str, group: str, atlas: Atlas) -> str:
    if not by:
        return ""
    if by in BY_PLACE:
        return atlas.name(group) if group else f"Chưa rõ {GROUP_TITLES[by]}"
    return one.groups[by].get(group, group or "chưa rõ")
