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
from tramyte.engine.actions.bulk import insert_values
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.facts import following
from tramyte.engine.facts.declaring import showing, written
from tramyte.engine.indicators import periods as table_of_periods
from tramyte.engine.indicators.compiling import compiled, reading, warm
from tramyte.engine.indicators.declaring import INDICATORS, Indicator
from tramyte.engine.indicators.keeping import keep_outcomes, laid_outcomes
from tramyte.engine.indicators.measuring import Count, Row, own_groups
from tramyte.engine.indicators.models import Outcome, Result, Standing
from tramyte.engine.indicators.native import Native, counted_rows, dialect, laid_for, laid_rows
from tramyte.engine.indicators.telling import tell
from tramyte.engine.places.models import Place

ATTEMPTS = 3
RESULT = ("indicator", "definition_version", "place_id", "period", "as_of", "group_kind", "group", "numerator", "denominator", "unknown", "computed_at", "watermark")
RESULT = (
    "indicator", "definition_version", "place_id", "period", "as_of", "group_kind", "group", "numerator", "denominator", "unknown", "computed_at", "watermark")
FEW = 1_000  # places that are asked for one by one; a database may refuse a longer list

Progress = Callable[[int, int], None]
Cell = tuple[str, str, str, str]  # period, place code, group kind, group


def refresh(codes: Sequence[str] | None = None, progress: Progress | None = None) -> int:
    """Compute indicators anew (all, or these) as of today: figures by month and group, and everybody's outcome.

    progress: called with how many are done and how many there are. Returns the number of outcomes that stand.
    The facts are laid out once for all. Each indicator is replaced in one short transaction that writes what differs;
    a page sees the old figures or the new ones. What was written since the facts were laid out is looked at again
    without a lock; when the station keeps writing, the figures say that they are stale.
    """
    as_of = clock.today()
    warm(dialect())
    todo = list(INDICATORS) if codes is None else list(codes)
    count, done, stood = len(todo), 0, 0
    months = table_of_periods.stored(as_of)
    for attempt in range(ATTEMPTS):
        mark, left = _watermark(), []
        with laid_for(todo, months, as_of, reading=False):
            for code in todo:
                rows = _refresh_one(INDICATORS[code], as_of, mark, last=attempt == ATTEMPTS - 1)
                if rows is None:
                    left.append(code)
                    continue
                done, stood = done + 1, stood + rows
                if progress:
                    progress(done, count)
        if not left:
            break
        todo = left
    return stood


def _refresh_one(one: Indicator, as_of: date, mark: int, *, last: bool) -> int | None:
    """Compute without holding a lock, then replace; None when something was written meanwhile and it is not the last try."""
    months, engine, made = table_of_periods.stored(as_of), Native(), compiled(one.code, dialect())
    counts = [("", count) for count in engine.counts(one, months[:-1], as_of)]
    with laid_rows(one, months[-1], as_of), laid_outcomes(one, made.dated):
        counts += counted_rows(one)
        with transaction.atomic():
            moved = _watermark() != mark
            return None if moved and not last else _keep(one, as_of, mark, counts, stale=moved)


def _keep(one: Indicator, as_of: date, mark: int, counts: list[tuple[str, Count]], *, stale: bool) -> int:
    places, now = _places({count.place for _, count in counts}), clock.now()
    Result.objects.filter(indicator=one.code).delete()
    insert_values(Result, RESULT, [
        (one.code, one.version, places[count.place], count.period, as_of, kind, count.group, count.numerator, count.denominator, count.unknown, now, mark)
        for kind, count in counts])
    stood = keep_outcomes(one)
    Standing.objects.update_or_create(pk=one.code, defaults={
        "definition_version": one.version, "as_of": as_of, "computed_at": now, "watermark": mark, "stale": stale})
    return stood


def touched(row: Model, before: Mapping[str, Any] | None) -> tuple[set[str], set[Any]]:
    """The fact tables that a row changes and the subjects it is about, now and (`before`: its old values) until now.

    A changed row that shows for many subjects (a place, a facility) gives its tables and no subject.
    """
    tables = written(type(row))
    if not tables:
        return (showing(type(row)) if before is not None else set()), set()
    names = set(tables.values())
    return set(tables), {getattr(row, name) for name in names} | {value for name, value in (before or {}).items() if name in names}


def touched_by_many(rows: Sequence[Model]) -> tuple[set[str], set[Any]]:
    """The fact tables that these rows of one model change, and all the subjects they are about."""
    tables = written(type(rows[0]))
    return set(tables), {getattr(row, name) for name in set(tables.values()) for row in rows}


@contextmanager
def entry(tables: set[str], subjects: Iterable[Any]) -> Iterator[None]:
    """Around the writing of a row: afterwards the stored figures and outcomes are as a full refresh would make them.

    Only indicators that read one of these fact tables are evaluated, for these subjects only, once before and
    once after the writing, in the caller's transaction. Without subjects these indicators become stale instead.
    Whoever follows these tables is told before the figures move.
    """
    ids = {uuid.UUID(str(subject)) for subject in subjects if subject}
    stood = _stood(tables) if ids and tables else []
    before = {one.code: _states(one, as_of, ids) for one, as_of in stood}
    if not ids:
        mark_stale(tables)
    yield
    following.written(tables, ids)
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


def ready() -> None:
    """Compile what `mark_stale` and `entry` will ask for, when figures are kept; call it before a long piece of writing.

    After an upgrade the first compilation takes seconds, which must not pass within a transaction.
    """
    if Standing.objects.exists():
        warm(dialect())


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
    tell(one.code, {place for period, place, kind, _ in moved if period == month and not kind and any(moved[period, place, kind, ""].values())})


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


def _places(codes: set[str]) -> dict[str, Any]:
    """Ids of at least these places by code; where a code was used twice in time, the latest."""
    rows = Place.objects.order_by("valid_from")
    return dict((rows.filter(code__in=codes) if len(codes) <= FEW else rows).values_list("code", "pk"))


def _watermark() -> int:
    return AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
