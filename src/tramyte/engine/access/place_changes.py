"""What assignments do when their hamlet is moved or taken into another: village workers go on where their people are."""

import datetime

from django.db.models import Q

from tramyte.engine.access.models import Assignment, User
from tramyte.engine.audit import chain
from tramyte.engine.places.changes import point_back, repoint
from tramyte.engine.places.followers import follower
from tramyte.engine.places.models import PlaceChange


def follow(change: PlaceChange, by: User) -> None:
    """Assignments in force end the day before and go on in the new hamlet; later ones point at it."""
    if change.kind == PlaceChange.RENAMED:
        return
    pairs = {}
    held = Assignment.objects.filter(Q(valid_to=None) | Q(valid_to__gte=change.on), place=change.before, valid_from__lt=change.on, entered_in_error=False)
    for row in held:
        before = row.plain()
        next = Assignment.objects.create(user=row.user, role=row.role, place=change.after, unit=row.unit, valid_from=change.on, valid_to=row.valid_to)
        pairs[str(next.pk)] = str(row.pk)
        row.valid_to, row.version = change.on - datetime.timedelta(days=1), row.version + 1
        row.save()
        chain.record(by=by, action="end_assignment", row=row, before=before, after=row.plain(), note=str(change))
        chain.record(by=by, action="assign_role", row=next, after=next.plain(), note=str(change))
    change.kept["assignments"] = pairs
    repoint(change, Assignment.objects.filter(place=change.before, valid_from__gte=change.on), "place")


def back(change: PlaceChange, by: User) -> None:
    """The assignments go on in the old hamlet, until whatever end they got meanwhile."""
    for new, old in change.kept.get("assignments", {}).items():
        next, row = Assignment.objects.get(pk=new), Assignment.objects.get(pk=old)
        for one, values in ((row, {"valid_to": next.valid_to}), (next, {"entered_in_error": True, "error_reason": "hoàn tác sắp xếp thôn"})):
            before = one.plain()
            for name, value in values.items():
                setattr(one, name, value)
            one.version += 1
            one.save()
            chain.record(by=by, action="undo_place_change", row=one, before=before, after=one.plain(), note=str(change))
    point_back(change, Assignment, "place")


follower("access", follow, back)
