"""Which series of a group a child is on."""

from collections.abc import Sequence

from tramyte.rules.forecast import reasons
from tramyte.rules.forecast.durations import add
from tramyte.rules.forecast.evaluation import Facts, Shot, Walk, walk_series
from tramyte.rules.forecast.model import Group, Series
from tramyte.rules.forecast.projection import Projection, project


def follow(group: Group, shots: Sequence[Shot], facts: Facts, sex: str, branch: str = "") -> tuple[Walk, Projection] | None:
    """The child's way through a group: the walk and what is next; None when no series is for this child.

    A complete series wins, then the one with most valid doses, then the one with fewest doses left, then the default.
    """
    if len(group.series) == 1 and not group.series[0].sexes:
        return _way(group.series[0], shots, facts)
    found = candidates(group, shots, facts, sex, branch)
    ways = [_way(series, shots, facts) for series in found]
    best = max(ways, key=lambda way: _rank(*way), default=None) if len(ways) > 1 else next(iter(ways), None)
    if best and not best[0].valid_count and not best[0].series.default:
        first_choice = next((series for series in found_for(group, sex, branch) if series.default), None)
        return _way(first_choice, shots, facts) if first_choice else best
    return best


def _way(series: Series, shots: Sequence[Shot], facts: Facts) -> tuple[Walk, Projection]:
    walk = walk_series(series, shots, facts)
    return walk, project(walk, facts.today)


def found_for(group: Group, sex: str, branch: str) -> list[Series]:
    """The series of a group for a sex and a branch."""
    return [series for series in group.series if (not series.sexes or sex in series.sexes) and series.branch == branch]


def candidates(group: Group, shots: Sequence[Shot], facts: Facts, sex: str, branch: str = "") -> list[Series]:
    """The series open to a child of this sex by the age at the first dose; without a dose the default one.

    Those for people at risk only when no other is open.
    """
    fit = found_for(group, sex, branch)
    if len(fit) < 2:
        return fit
    standard = [series for series in fit if series.standard]
    if not shots:
        return [series for series in standard if series.default][:1] or standard
    first = shots[0].day
    return _started(standard, first, facts.born) or _started(fit, first, facts.born) or standard


def _started(series: Sequence[Series], first: int, born: int) -> list[Series]:
    return [
        one for one in series
        if (not one.max_start or first < add(born, one.max_start)) and (not one.min_start or first >= add(born, one.min_start))
    ]


def _rank(walk: Walk, projection: Projection) -> tuple[int, int, int, int, int]:
    return (
        projection.state == reasons.COMPLETE and walk.valid_count > 0,
        walk.valid_count,
        projection.state != reasons.AGED_OUT,
        walk.at - len(walk.series.doses),
        walk.series.default,
    )
