"""What people do when their hamlet is moved or taken into another: stays, households and search words follow, and go back."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from tramyte.care.people import search
from tramyte.care.people.models import Household, Person, Residence
from tramyte.engine.access.models import User
from tramyte.engine.actions.bulk import insert
from tramyte.engine.audit import chain
from tramyte.engine.facts import following
from tramyte.engine.facts.declaring import written
from tramyte.engine.indicators import storing
from tramyte.engine.places.changes import point_back, repoint
from tramyte.engine.places.followers import follower
from tramyte.engine.places.models import Place, PlaceChange

BATCH = 200
TAKEN_BACK = "hoàn tác sắp xếp thôn"


def follow(change: PlaceChange, by: User) -> None:
    """Stays open on the day end the day before and go on in the new hamlet; later ones, households and people point at it."""
    if change.kind == PlaceChange.RENAMED:
        return
    made = _go_on(change)
    repoint(change, Residence.objects.filter(place=change.before, start__gte=change.on), "place")
    change.kept["numbers"] = _renumber(change)
    repoint(change, Household.objects.filter(hamlet=change.before), "hamlet")
    people = repoint(change, Person.objects.filter(hamlet=change.before), "hamlet")
    _tell(change, by, "follow_place_change", people, {"residences": len(made)})


def back(change: PlaceChange, by: User) -> None:
    """The stays go on in the old hamlet with whatever end they got meanwhile."""
    if change.kind == PlaceChange.RENAMED:
        return
    stays: dict[str, str] = change.kept.get("stays", {})
    new = Residence.objects.in_bulk(stays)
    old = {str(row.pk): row for row in Residence.objects.filter(pk__in=stays.values())}
    for row in new.values():
        if not row.entered_in_error:
            first = old[stays[str(row.pk)]]
            first.end, first.ended_by, first.version = row.end, row.ended_by, first.version + 1
            row.entered_in_error, row.error_reason, row.version = True, TAKEN_BACK, row.version + 1
    Residence.objects.bulk_update(old.values(), ["end", "ended_by", "version"], batch_size=BATCH)
    Residence.objects.bulk_update(new.values(), ["entered_in_error", "error_reason", "version"], batch_size=BATCH)
    point_back(change, Residence, "place")
    for house in Household.objects.filter(pk__in=change.kept.get("numbers", {}), hamlet=change.after):
        Household.objects.filter(pk=house.pk).update(number=change.kept["numbers"][str(house.pk)], hamlet=change.before, version=F("version") + 1)
    point_back(change, Household, "hamlet")
    people = point_back(change, Person, "hamlet")
    if change.kind == PlaceChange.MOVED:
        people += _leave(change)
    _tell(change, by, "undo_place_change", people, {"residences": len(new)})


def named(hamlet: Place) -> None:
    """The people of the hamlet are found by the names it has now."""
    search.refresh(Person.objects.filter(hamlet=hamlet).values_list("pk", flat=True))


def _go_on(change: PlaceChange) -> list[Residence]:
    open_then = Q(end=None) | Q(end__gte=change.on)
    old = list(Residence.objects.filter(open_then, place=change.before, start__lt=change.on, entered_in_error=False))
    made = [Residence(person_id=row.person_id, place=change.after, kind=row.kind, start=change.on, end=row.end, reason=row.reason, ended_by=row.ended_by, import_id=change.pk) for row in old]
    for row, next in zip(old, made, strict=True):
        row.end, row.ended_by, row.version = change.on - datetime.timedelta(days=1), next.pk, row.version + 1
    Residence.objects.bulk_update(old, ["end", "ended_by", "version"], batch_size=BATCH)
    insert(made)
    change.kept["stays"] = {str(next.pk): str(row.pk) for row, next in zip(old, made, strict=True)}
    return made


def _renumber(change: PlaceChange) -> dict[str, str]:
    """Households whose number the new hamlet has already get the next free one; answers their old numbers."""
    there = set(Household.objects.filter(hamlet=change.after, entered_in_error=False).values_list("number", flat=True))
    moved = list(Household.objects.filter(hamlet=change.before, entered_in_error=False))
    taken, old = there | {row.number for row in moved}, {}
    for row in moved:
        if row.number in there:
            old[str(row.pk)] = row.number
            row.number = next(number for n in range(2, 10_000) if (number := f"{row.number[:14]}-{n}") not in taken)
            taken.add(row.number)
    Household.objects.bulk_update([row for row in moved if str(row.pk) in old], ["number"], batch_size=BATCH)
    return old


def _leave(change: PlaceChange) -> list[Any]:
    """What was written in a hamlet that never was: it belongs to the old one."""
    Residence.objects.filter(place=change.after).exclude(import_id=change.pk).update(place=change.before, version=F("version") + 1)
    Household.objects.filter(hamlet=change.after).update(hamlet=change.before, version=F("version") + 1)
    late = list(Person.objects.filter(hamlet=change.after).values_list("pk", flat=True))
    Person.objects.filter(pk__in=late).update(hamlet=change.before, version=F("version") + 1)
    return late


def _tell(change: PlaceChange, by: User, action: str, people: Iterable[Any], counts: dict[str, int]) -> None:
    """Search words, figures and the audit learn of it."""
    ids = list(people)
    search.refresh(ids)
    tables = {name for model in (Residence, Person) for name in written(model)}
    storing.mark_stale(tables)
    following.many_written(tables, ids)
    moved = {where: len(rows) for where, rows in change.moved.items()}
    chain.record(by=by, action=action, row=change, after={"rows": moved | counts, "before": change.before.code, "after": change.after.code}, note=f"{len(ids)} người")


follower("people", follow, back, named)
