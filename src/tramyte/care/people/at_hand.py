"""The people a user has at hand before typing anything: those pinned, then those whose records were opened last."""

from dataclasses import dataclass

from tramyte.care.people.models import Person, Pin
from tramyte.care.people.queries import people, presence
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.audit.models import AuditEntry

RECENT, LOOKED_AT = 8, 60


@dataclass(frozen=True, slots=True)
class AtHand:
    """Pinned people, the last pinned first, and recent ones who are not pinned, the last opened first; each with `presence`."""

    pinned: list[Person]
    recent: list[Person]


def at_hand(user: User) -> AtHand:
    """Whom this user has pinned or opened last and may still see. Three queries."""
    pinned = list(Pin.objects.filter(owner=user).values_list("person_id", flat=True))
    seen = AuditEntry.objects.filter(username=user.username, action="view", model="people.person").values_list("object_id", flat=True)[:LOOKED_AT]
    opened = [id for id in dict.fromkeys(seen) if id not in set(map(str, pinned))]
    rows = visible(user, people()).filter(pk__in=[*pinned, *opened]).select_related("hamlet", "household").annotate(presence=presence(clock.today()))
    known = {str(row.pk): row for row in rows}
    return AtHand([known[str(id)] for id in pinned if str(id) in known], [known[id] for id in opened if id in known][:RECENT])


def recent(user: User) -> list[Person]:
    """The people this user opened last and may still see, pinned or not."""
    seen = AuditEntry.objects.filter(username=user.username, action="view", model="people.person").values_list("object_id", flat=True)[:LOOKED_AT]
    ids = list(dict.fromkeys(seen))[:RECENT]
    rows = {str(row.pk): row for row in visible(user, people()).filter(pk__in=ids).select_related("hamlet")}
    return [rows[id] for id in ids if id in rows]

