"""Computing indicators into stored figures: all of them as a job, or what one entry moves."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Model

from tramyte.engine import clock
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.facts.declaring import written
from tramyte.engine.facts.laying import laid_out
from tramyte.engine.indicators import periods as table_of_periods
from tramyte.engine.indicators.compiling import compiled, reading, warm
from tramyte.engine.indicators.declaring import INDICATORS, Indicator
from tramyte.engine.indicators.measuring import Count, Row, own_groups
from tramyte.engine.indicators.models import Outcome, Result, Standing
from tramyte.engine.indicators.native import Native, dialect
from tramyte.engine.places.models import Place

Progress = Callable[[int, int], None]
Cell = tuple[str, str, str, str]  # period, place code, group kind, group


def refresh(codes: Sequence[str] | None = None, progress: Progress | None = None) -> int:
    """Compute indicators anew (all, or these) as of today: figures by month and group, and everybody's outcome.

    progress: called with how many are done and how many there are. Returns the number of outcomes written.
    Each indicator is replaced in one transaction; a page sees the old figures or the new ones.
    """
    as_of = clock.today()
    warm(dialect())
    wanted = list(INDICATORS) if codes is None else list(codes)
    written = 0
    for done, code in enumerate(wanted, 1):
        written += _refresh_one(INDICATORS[code], as_of)
        if progress:
            progress(done, len(wanted))
    return written


def _refresh_one(one: Indicator, as_of: date) -> int:
    """Compute without holding a lock; when something was written meanwhile, once more with the door closed."""
    mark = _watermark()
    computed = _compute(one, as_of)
    with transaction.atomic():
        if _watermark() != mark:
            mark, computed = _watermark(), _compute(one, as_of)
        _keep(one, as_of, mark, *computed)
    return len(computed[1])


def _compute(one: Indicator, as_of: date) -> tuple[list[tuple[str, Count]], list[Row]]:
    months, engine = table_of_periods.stored(as_of), Native()
    with laid_out(compiled(one.code, dialect()).tables):
        counts = [("", count) for count in engine.counts(one, months, as_of)]
        for kind in own_groups(one):
            counts += [(kind, count) for count in engine.counts(one, months[-1:], as_of, by=kind)]
        return counts, engine.rows(one, months[-1:], as_of)


def _keep(one: Indicator, as_of: date, mark: int, counts: list[tuple[str, Count]], rows: list[Row]) -> None:
    places, now = _places(), clock.now()
    Result.objects.filter(indicator=one.code).delete()
    Result.objects.bulk_create([
        Result(
            indicator=one.code, definition_version=one.version, place_id=places[count.place], period=count.period, as_of=as_of,
            group_kind=kind, group=count.group, numerator=count.numerator, denominator=count.denominator,
            unknown=count.unknown, computed_at=now, watermark=mark)
        for kind, count in counts], batch_size=500)
    Outcome.objects.filter(indicator=one.code).delete()
    Outcome.objects.bulk_create([_outcome(one, row, places) for row in rows], batch_size=2000)
    Standing.objects.update_or_create(pk=one.code, defaults={
        "definition_version": one.version, "as_of": as_of, "computed_at": now, "watermark": mark, "stale": False})


def touched(row: Model, before: Mapping[str, Any] | None) -> tuple[set[str], set[Any]]:
    """The fact tables that a row changes and the subjects it is about, now and (`before`: its old values) until now."""
    tables = written(type(row))
    names = set(tables.values())
    return set(tables), {getattr(row, name) for name in names} | {value for name, value in (before or {}).items() if name in names}


@contextmanager
def entry(tables: set[str], subjects: Iterable[Any]) -> Iterator[None]:
    """Around the writing of a row: afterwards the stored figures and outcomes are as a full refresh would make them.

    Only indicators that read one of these fact tables are evaluated, for these subjects only, once before and
    once after the writing, in the caller's transaction.
    """
    ids = {uuid.UUID(str(subject)) for subject in subjects if subject}
    stood = _stood(tables) if ids and tables else []
    before = {one.code: _states(one, as_of, ids) for one, as_of in stood}
    yield
    for one, as_of in stood:
        _move(one, as_of, ids, before[one.code])


def after_entry(tables: set[str], subjects: Iterable[Any]) -> None:
    """After facts of a few subjects changed: replace their outcomes and move the figures of the running month.

    What they were before is taken from their stored outcomes. Earlier months, which may have changed too, are not
    known any more: use `entry` around the writing where that matters.
    """
    ids = {uuid.UUID(str(subject)) for subject in subjects if subject}
    for one, as_of in _stood(tables) if ids else []:
        month = table_of_periods.current(as_of).code
        known = Outcome.objects.filter(indicator=one.code, subject__in=ids).select_related("place")
        before = [
            Row(month, str(row.subject), row.place.code, row.met, "", None, tuple(row.groups[name] for name in own_groups(one)))
            for row in known]
        _move(one, as_of, ids, before, only=month)


def mark_stale(tables: set[str]) -> None:
    """Say that the indicators reading these fact tables no longer know everything; pages then tell their time."""
    if tables and Standing.objects.exists():
        Standing.objects.filter(pk__in=[one.code for one in reading(tables, dialect())]).update(stale=True)


def _stood(tables: set[str]) -> list[tuple[Indicator, date]]:
    """The indicators that read these tables and have been computed in their present version, with their day."""
    held = {row.pk: row for row in Standing.objects.all()}
    found = reading(tables, dialect()) if held else []
    return [(one, held[one.code].as_of) for one in found if one.code in held and held[one.code].definition_version == one.version]


def _states(one: Indicator, as_of: date, subjects: set[uuid.UUID]) -> list[Row]:
    return Native().rows(one, table_of_periods.stored(as_of), as_of, subjects=subjects)


def _move(one: Indicator, as_of: date, subjects: set[uuid.UUID], before: Sequence[Row], only: str = "") -> None:
    month = table_of_periods.current(as_of).code
    after = [row for row in _states(one, as_of, subjects) if not only or row.period == only]
    moved = _cells(one, after, month)
    for cell, was in _cells(one, before, month).items():
        moved.setdefault(cell, Counter()).subtract(was)
    places = _places({place for _, place, _, _ in moved} | {row.place for row in after})
    now = {"computed_at": clock.now(), "watermark": _watermark()}
    for cell, change in moved.items():
        if any(change.values()):
            _add(one, cell, change, places[cell[1]], {**now, "as_of": as_of})
    Outcome.objects.filter(indicator=one.code, subject__in=subjects).delete()
    Outcome.objects.bulk_create([_outcome(one, row, places) for row in after if row.period == month])
    Standing.objects.filter(pk=one.code).update(**now)


def _cells(one: Indicator, rows: Iterable[Row], month: str) -> dict[Cell, Counter[str]]:
    """What rows add to each stored figure: the place's in every month, the groups' in the running one."""
    cells: dict[Cell, Counter[str]] = {}
    for row in rows:
        kinds = list(zip(own_groups(one), row.groups, strict=True)) if row.period == month else []
        for kind, group in [("", ""), *kinds]:
            cell = cells.setdefault((row.period, row.place, kind, group), Counter())
            cell.update(denominator=1, numerator=int(row.met is True), unknown=int(row.met is None))
    return cells


def _add(one: Indicator, cell: Cell, change: Mapping[str, int], place: Any, now: Mapping[str, Any]) -> None:
    period, _, kind, group = cell
    where = {"indicator": one.code, "period": period, "group_kind": kind, "group": group, "place_id": place}
    names = ("numerator", "denominator", "unknown")
    if not Result.objects.filter(**where).update(**{name: F(name) + change[name] for name in names}, **now):
        Result.objects.create(**where, **{name: change[name] for name in names}, **now, definition_version=one.version)


def _outcome(one: Indicator, row: Row, places: Mapping[str, Any]) -> Outcome:
    return Outcome(
        indicator=one.code, subject=uuid.UUID(row.subject), subject_type=one.subject_type, place_id=places[row.place], met=row.met,
        reason=row.reason, due_on=row.due_on, groups=dict(zip(own_groups(one), row.groups, strict=True)))


def _places(codes: set[str] | None = None) -> dict[str, Any]:
    """Ids of places by code; where a code was used twice in time, the latest."""
    rows = Place.objects.order_by("valid_from")
    return dict((rows if codes is None else rows.filter(code__in=codes)).values_list("code", "pk"))


def _watermark() -> int:
    return AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
