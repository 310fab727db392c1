"""What a user may do and see: permissions, places, and the one narrowing of every query."""

import uuid
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from tramyte.engine import clock
from tramyte.engine.access.guard import Guard
from tramyte.engine.access.lent import Lent
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import ids_below
from tramyte.engine.refused import no_right

__all__ = ["Guard", "assignments", "home_place", "may", "own_place", "places", "require", "sees_people", "unit_of", "visible"]

M = TypeVar("M", bound=Model)


def assignments(user: User) -> list[Assignment | Lent]:
    """The user's assignments in force today and what colleagues lend, read once per user object."""
    held: list[Assignment | Lent] | None = getattr(user, "_held", None)
    if held is None:
        held = Assignment.held(user, clock.today()) if user.is_active else []
        user._held = held  # type: ignore[attr-defined]  # kept for the length of one request
    return held


def may(user: User, permission: str) -> bool:
    """Whether any of the user's roles gives the permission."""
    return any(permission in held.permissions for held in assignments(user))


def require(user: User, permission: str) -> None:
    """Raise Refused (403) unless the user holds the permission somewhere. A permission that is only lent is named in the audit."""
    if not may(user, permission):
        raise no_right()
    _name_givers(user, permission)


def _name_givers(user: User, permission: str) -> None:
    """Remember for the audit on whose behalf the user acts: whoever lends the permission for a place where it is not the user's own."""
    lent = [held for held in assignments(user) if isinstance(held, Lent) and permission in held.permissions]
    if not lent:
        return
    own = ids_below([held.place for held in assignments(user) if not isinstance(held, Lent) and permission in held.permissions])
    named: dict[str, str] = user.__dict__.setdefault("_on_behalf_of", {})
    named.update({held.giver.username: held.giver.full_name for held in lent if held.place_id not in own})


def places(user: User, permission: str, *, personal: bool = False) -> set[uuid.UUID]:
    """The ids of all places where the user holds a permission, with everything under them.

    personal: leave out roles that may only see figures.
    """
    key = (permission, personal)
    cache: dict[tuple[str, bool], set[uuid.UUID]] = user.__dict__.setdefault("_places", {})
    if key not in cache:
        roles = [held for held in assignments(user) if permission in held.permissions]
        cache[key] = ids_below([held.place for held in roles if not (personal and held.figures_only)])
    return cache[key]


def visible(user: User, rows: QuerySet[M], permission: str | None = None) -> QuerySet[M]:
    """The rows of a query that this user may see (or, with a permission, act upon).

    Raises TypeError for a model without a `guard`: nothing is open by being forgotten.
    """
    guard = getattr(rows.model, "guard", None)
    if not isinstance(guard, Guard):
        raise TypeError(f"{rows.model.__name__} has no guard; name one, see engine.access.rights.Guard")
    wanted = permission or guard.view
    if not may(user, wanted):
        return rows.none()
    if permission:
        _name_givers(user, permission)
    if not guard.place:
        return rows
    allowed = places(user, wanted, personal=guard.personal)
    return rows.filter(Q(**{f"{guard.place}__in": allowed})) if allowed else rows.none()


def sees_people(user: User) -> bool:
    """Whether any role of the user may reach persons at all."""
    return bool(places(user, "people.view", personal=True))


def unit_of(user: User) -> OrgUnit | None:
    """The organisational unit the user works for, if any."""
    return next((held.unit for held in assignments(user) if held.unit), None)


def home_place(user: User) -> Place | None:
    """The place of the user's first assignment: what pages begin with."""
    held = assignments(user)
    return held[0].place if held else None


def own_place(user: User) -> Place:
    """As `home_place`; raises Refused (403) for somebody without any."""
    place = home_place(user)
    if place is None:
        raise no_right()
    return place
