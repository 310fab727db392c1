"""Open tasks of a hamlet follow it; closed ones stay where they were done."""

from tramyte.engine.access.models import User
from tramyte.engine.places.changes import point_back, repoint
from tramyte.engine.places.followers import follower
from tramyte.engine.places.models import PlaceChange
from tramyte.governance.tasks.models import Task


def follow(change: PlaceChange, by: User) -> None:
    """Point the open tasks at the new hamlet."""
    if change.kind == PlaceChange.RENAMED:
        return
    repoint(change, Task.objects.filter(place=change.before, state=Task.OPEN), "place")


def back(change: PlaceChange, by: User) -> None:
    """Point them at the old one again."""
    point_back(change, Task, "place")


follower("tasks", follow, back)
