"""Keeping a person at hand: each user for themselves."""

import uuid

from django.db import transaction

from tramyte.care.people.models import Person, Pin
from tramyte.care.people.queries import people
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.refused import Refused, not_found

MOST = 20


@transaction.atomic
def pin_person(*, by: User, person: Person | uuid.UUID) -> Pin:
    """Pin somebody whom the user may see; a person who is pinned already comes first again. Raises Refused `too_many`, `not_found`."""
    found = visible(by, people()).filter(pk=person.pk if isinstance(person, Person) else person).first()
    if found is None:
        raise not_found("người này")
    unpin_person(by=by, person=found)
    if visible(by, Pin.objects.filter(owner=by, person__entered_in_error=False)).count() >= MOST:
        raise Refused("too_many", f"Đã ghim {MOST} người, nhiều nhất được {MOST}. Hãy bỏ ghim bớt người không cần nữa.")
    return Pin.objects.create(owner=by, person=found)


def unpin_person(*, by: User, person: Person | uuid.UUID) -> None:
    """Pin somebody no longer; nothing happens when nobody was pinned."""
    Pin.objects.filter(owner=by, person=person.pk if isinstance(person, Person) else person).delete()
