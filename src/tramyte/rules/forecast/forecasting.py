"""One question: which doses of this child count, and what is next, on this day, by this schedule?"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tramyte.rules.forecast import reasons
from tramyte.rules.forecast.birth_dose import judge_hours
from tramyte.rules.forecast.child import Child, DoseVerdict, GroupForecast, GroupVerdict, Plan
from tramyte.rules.forecast.durations import add
from tramyte.rules.forecast.evaluation import Facts, Shot, Verdict, Walk
from tramyte.rules.forecast.model import DoseRule, Group, Schedule
from tramyte.rules.forecast.selection import follow
from tramyte.rules.forecast.standing import stand

ELSEWHERE = "elsewhere"
BASIC = {1, 2, 3}
_BEST = {reasons.VALID: 0, reasons.EXTRANEOUS: 1, reasons.NOT_VALID: 2}


@dataclass(slots=True)
class _Case:
    """A child as the engine sees it on a day: the shots of each group, and what the walks say of them."""

    child: Child
    schedule: Schedule
    as_of: date
    facts: Facts
    shots: dict[str, list[Shot]]
    verdicts: list[list[GroupVerdict]]
    walks: dict[str, Walk] = field(default_factory=dict)


def forecast(child: Child, schedule: Schedule, as_of: date, *, group: str = "", series: str = "") -> Plan:
    """Judge a child's doses and say what is next in each group.

    Doses and events after as_of are left out, so a past day shows what was known then. group: forecast only this group
    (doses of other products are still judged, in their own groups). series: follow this series of the group, whatever
    fits best. KeyError for a group or a series that the schedule does not have.
    Method: CDC's CDSi logic specification (evaluation and forecasting), with the values of the schedule given.
    """
    if group:
        schedule = replace(schedule, groups={**schedule.groups, group: _only(schedule.groups[group], series)})
    case = _begin(child, schedule, as_of, group)
    found = []
    for code, one in schedule.groups.items():
        wanted = not group or code == group
        if wanted or case.shots.get(code):
            forecasted = _follow(case, one)
            if wanted and forecasted:
                found.append(forecasted)
    doses = [_sum_up(case, place) for place, given in enumerate(child.doses) if given.day <= as_of]
    return Plan(as_of, schedule.version, doses, found)


def _only(group: Group, series: str) -> Group:
    if not series:
        return group
    kept = tuple(one for one in group.series if one.name == series)
    if not kept:
        raise KeyError(series)
    return replace(group, series=tuple(replace(one, sexes=frozenset(), default=True) for one in kept))


def _begin(child: Child, schedule: Schedule, as_of: date, wanted: str) -> _Case:
    today, born = as_of.toordinal(), child.born.toordinal()
    shots = sorted([Shot(given.day.toordinal(), given.product, place) for place, given in enumerate(child.doses) if given.day <= as_of])
    live = [shot for shot in shots if shot.product in schedule.live.products]
    pregnancies = [event.day.toordinal() for event in child.events if event.kind == "pregnancy" and event.day <= as_of]
    by_group: dict[str, list[Shot]] = {}
    for shot in shots:
        for code in _groups_of(schedule, shot, born, wanted):
            by_group.setdefault(code, []).append(shot)
    return _Case(child, schedule, as_of, Facts(born, today, schedule.live, live, pregnancies), by_group, [[] for _ in child.doses])


def _groups_of(schedule: Schedule, shot: Shot, born: int, wanted: str) -> Sequence[str]:
    """The groups a shot speaks for; the wanted group when nobody knows the product."""
    codes = schedule.takers.get(shot.product)
    if codes is None:
        return (wanted,) if wanted and shot.product not in schedule.other_antigens else ()
    if wanted in codes:
        return (wanted,)
    if shot.product not in schedule.windowed:
        return codes
    windows = [schedule.groups[code].counts.get(shot.product) for code in codes]
    return [code for code, window in zip(codes, windows, strict=True) if window is None or (
        (not window[0] or shot.day >= add(born, window[0])) and (not window[1] or shot.day < add(born, window[1])))]


def _follow(case: _Case, group: Group) -> GroupForecast | None:
    """Walk a group, keep the verdicts, and say where the child stands; None when the group is not for this child."""
    child, shots = case.child, case.shots.get(group.code, ())
    if not shots and not _needed(case, group):
        return None
    way = follow(group, shots, case.facts, child.sex, _branch(case, group, shots) if group.branched else "")
    if way is None:
        return None
    walk, projection = way
    if group.asked_before and projection.state != reasons.COMPLETE and case.facts.today >= add(case.facts.born, group.asked_before):
        projection = projection._replace(state=reasons.AGED_OUT)
    case.walks[group.code] = walk
    for shot, rule, verdict in walk.verdicts:
        case.verdicts[shot.place].append(_verdict(case, group.code, shot, rule, verdict))
    return stand(group, walk, projection, child.events, case.as_of)


def _needed(case: _Case, group: Group) -> bool:
    if group.needs == "activation":
        return group.code in case.child.activated
    return group.needs != "pregnancy" or bool(case.facts.pregnancies)


def _branch(case: _Case, group: Group, shots: Sequence[Shot]) -> str:
    """Which of the branches of a group is this child's: by where the doses were given, or by a woman's earlier doses."""
    if group.needs == "pregnancy":
        stated = [event for event in case.child.events if event.kind == "pregnancy" and event.history and event.day <= case.as_of]
        return max(stated, key=lambda event: event.day).history if stated else _history(case, group)
    if any(case.child.doses[shot.place].elsewhere for shot in shots):
        return ELSEWHERE
    return ""


def _history(case: _Case, group: Group) -> str:
    """A: fewer than three recorded valid doses of childhood; B: three; C: three and a booster."""
    walk = case.walks.get(group.history)
    valid = set(walk.valid) if walk else set()
    if not valid >= BASIC:
        return "A"
    return "C" if valid - BASIC else "B"


def _verdict(case: _Case, group: str, shot: Shot, rule: DoseRule | None, verdict: Verdict) -> GroupVerdict:
    status, reason, limit = verdict
    if rule and rule.hours and not reason:
        reason = judge_hours(case.child, case.child.doses[shot.place], rule.hours)
    return GroupVerdict(group, status, reason, rule, date.fromordinal(limit) if limit else None)


def _sum_up(case: _Case, place: int) -> DoseVerdict:
    given, groups = case.child.doses[place], case.verdicts[place]
    if not groups:
        return DoseVerdict(given, reasons.VALID, reasons.OTHER_ANTIGEN, [])
    best = groups[0]
    if best.status != reasons.VALID and len(groups) > 1:
        best = min(groups, key=lambda one: _BEST[one.status])
    return DoseVerdict(given, best.status, best.reason, groups)
