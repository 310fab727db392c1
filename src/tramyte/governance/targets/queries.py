"""Named reads of targets: whose they are, which level is in force, where each stands."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import assignments, may, places
from tramyte.engine.indicators import INDICATORS, Indicator, results
from tramyte.engine.indicators.figures import Figure
from tramyte.engine.indicators.targets import Goal
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.standing import Level, Standing, standing
from tramyte.governance.targets.words import LESS

VIEW = "figures.view"
MONTHS = 24  # what is stored at most: this year's months and last year's


def targets_of(user: User) -> QuerySet[Target]:
    """The targets a user may see: of the own places, and of the commune for whoever works in one of its hamlets."""
    if not may(user, VIEW):
        return Target.objects.none()
    allowed = places(user, VIEW) | {commune_of(held.place).pk for held in assignments(user) if held.place_id in places(user, VIEW)}
    return Target.objects.filter(place__in=allowed, entered_in_error=False).select_related("directive", "place", "place__parent")


def level_of(target: Target) -> Level:
    """What the target asks for."""
    return Level(target.comparator, target.value, target.unit, target.deadline)


def indicator_of(target: Target) -> Indicator | None:
    """What measures the target; None while nothing in the system does."""
    return INDICATORS.get(target.indicator)


def measured_place(user: User, target: Target) -> Place:
    """Whose figures the user sees for a target: the target's place, or the own hamlet for whoever sees no more of it."""
    allowed = places(user, VIEW)
    if target.place_id in allowed:
        return target.place
    own = [held.place for held in assignments(user) if held.place_id in allowed and commune_of(held.place).pk == target.place_id]
    return own[0] if own else target.place


def in_force(targets: Iterable[Target]) -> dict[uuid.UUID, Target]:
    """For each active bound target, by id, the one that is in force for its place, indicator and year of deadline.

    Several directives may set the same: the one of the later day is in force, of one day the stricter, then the
    one entered later. The others are shown as "đã có mức mới hơn". Levels for different years stand side by side.
    """
    heads: dict[tuple[object, ...], Target] = {}
    active = [target for target in targets if target.state == Target.ACTIVE and target.indicator]
    for target in active:
        key = _key(target)
        if key not in heads or _weight(target) > _weight(heads[key]):
            heads[key] = target
    return {target.pk: heads[_key(target)] for target in active}


def _key(target: Target) -> tuple[object, ...]:
    return target.place_id, target.indicator, target.deadline.year


def _weight(target: Target) -> tuple[datetime.date, float, str]:
    value = target.value if target.value is not None else float("-inf")
    return target.set_on, -value if target.comparator in LESS else value, str(target.pk)


def standings(targets: Sequence[Target], place: Place | None = None) -> list[Standing]:
    """Where each target stands in its place (or in another: a hamlet); two queries for each place, however many targets."""
    today = clock.today()
    kept: dict[uuid.UUID, dict[str, list[Figure]]] = {}
    found = []
    for target in targets:
        where = place or target.place
        if where.pk not in kept:
            codes = sorted({one.indicator for one in targets if one.indicator in INDICATORS})
            kept[where.pk] = results.series(codes, where, MONTHS) if codes else {}
        found.append(standing(level_of(target), indicator_of(target), kept[where.pk].get(target.indicator, []), today))
    return found


@dataclass(frozen=True)
class Row:
    """A target with where it stands; `newer` is the target in force when it is another one."""

    target: Target
    standing: Standing
    newer: Target | None = None

    @property
    def indicator(self) -> Indicator | None:
        """What measures it."""
        return indicator_of(self.target)


def rows_for(user: User) -> list[Row]:
    """All active targets a user may see, as printed order of their directives, newest directive first."""
    targets = list(targets_of(user).filter(state=Target.ACTIVE).select_related("obligation"))
    targets.sort(key=lambda one: (-one.set_on.toordinal(), str(one.directive_id or ""), one.obligation.order if one.obligation else 0, one.pk))
    heads = in_force(targets)
    by_place: dict[uuid.UUID, list[Target]] = {}
    wheres: dict[uuid.UUID, Place] = {}
    for target in targets:
        where = measured_place(user, target)
        wheres[where.pk] = where
        by_place.setdefault(where.pk, []).append(target)
    stood = {target.pk: one for key, group in by_place.items() for target, one in zip(group, standings(group, wheres[key]), strict=True)}
    rows = []
    for target in targets:
        head = heads.get(target.pk)
        rows.append(Row(target, stood[target.pk], head if head is not None and head.pk != target.pk else None))
    return rows


def worst_first(rows: Sequence[Row]) -> list[Row]:
    """By state, the worst first, then by the share of people still missing."""
    def weight(row: Row) -> tuple[int, float]:
        figure = row.standing.figure
        share = (row.standing.gap or 0) / figure.denominator if figure and figure.denominator else 0.0
        return row.standing.state.order, -share
    return sorted(rows, key=weight)


def pursued(code: str, place_code: str, year: int) -> Target | None:
    """The target in force on an indicator in a place for a year; else the next later year's. A hamlet has its commune's."""
    commune = place_code.split(".", 1)[0]
    found = Target.objects.filter(
        indicator=code, place__code=commune, state=Target.ACTIVE, entered_in_error=False).select_related("directive", "place")
    heads = {head.pk: head for head in in_force(found).values()}
    ahead = [head for head in heads.values() if head.deadline.year >= year and head.value is not None and head.comparator != "reduce"]
    return min(ahead, key=lambda head: head.deadline, default=None)


def goal_of(code: str, place_code: str, year: int) -> Goal | None:
    """The level an indicator is measured against, for the command line and reports; "~" counts as at least."""
    target = pursued(code, place_code, year)
    if target is None or target.value is None:
        return None
    return Goal(">=" if target.comparator == "~" else target.comparator, target.value, target.source, target.deadline)
