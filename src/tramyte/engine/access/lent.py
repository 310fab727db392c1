"""Permissions lent by a colleague, as rights read them beside a user's own assignments."""

import datetime
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from tramyte.engine.access.beyond_models import Delegation
from tramyte.engine.access.roles import ROLES
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import valid_on

if TYPE_CHECKING:
    from tramyte.engine.access.models import Assignment, User


@dataclass(frozen=True)
class Lent:
    """Permissions of another's assignment: it stands where an `Assignment` stands. `giver` is named in the audit."""

    place: Place
    permissions: frozenset[str]
    figures_only: bool
    role: str
    unit: OrgUnit | None
    giver: "User"
    until: datetime.date

    @property
    def place_id(self) -> uuid.UUID:
        """The place's id."""
        return self.place.pk

    @property
    def unit_id(self) -> uuid.UUID | None:
        """The unit's id."""
        return self.unit.pk if self.unit else None


def in_force(on: datetime.date) -> QuerySet[Delegation]:
    """The delegations that hold on a day: not taken back, and the giver still has an account in use."""
    return Delegation.objects.filter(valid_on(on), entered_in_error=False, assignment__user__is_active=True)


def lent_to(user: "User", assignments: "list[Assignment]", own: "list[Assignment]", on: datetime.date) -> list[Lent]:
    """What these assignments of others lend to the user on a day. Who sees only figures by every own role sees no person by a lent one."""
    figures_only = all(one.figures_only for one in own)
    held = {one.pk: one for one in assignments}
    rows = in_force(on).filter(taker=user, assignment__in=held).select_related("assignment__user")
    return [
        Lent(source.place, frozenset(row.permissions) & ROLES[source.role].permissions, figures_only or source.figures_only, source.role, source.unit,
             row.assignment.user, row.valid_to)
        for row in rows if (source := held.get(row.assignment_id))]
