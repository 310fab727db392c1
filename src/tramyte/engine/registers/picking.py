"""The rows that a user has ticked in a book, and the list, count and exports of these alone.

They stay ticked over pages, orders and filters until they are let go; a row that leaves the user's sight does not count.
`picked=1` in the address of a list means the ticked rows and nothing else: filters do not apply to them.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict

from tramyte.engine.access.models import User
from tramyte.engine.actions.bulk import insert_values
from tramyte.engine.refused import Refused
from tramyte.engine.registers import ordering
from tramyte.engine.registers.models import Picked
from tramyte.engine.registers.register import Register

ONLY = "picked"
MOST = 50_000

Params = QueryDict | Mapping[str, str]


def ticks(register: Register, user: User) -> "QuerySet[Picked]":
    """The user's ticks in a book."""
    return Picked.objects.filter(register=register.slug, owner=user)


def chosen(register: Register, user: User) -> "QuerySet[Any]":
    """The ticked rows that the user may see, in no order."""
    return register.base(user).order_by().filter(pk__in=ticks(register, user).values("object_id"))


def count(register: Register, user: User) -> int:
    """How many rows are ticked."""
    return chosen(register, user).count() if register.facts and ticks(register, user).exists() else 0


def only(params: Params) -> bool:
    """Whether an address asks for the ticked rows alone."""
    return str(params.get(ONLY, "")) == "1"


def rows(register: Register, user: User, params: Params) -> "QuerySet[Any]":
    """What a list shows: the ticked rows when only these are asked for, else what the book finds. Raises Refused."""
    if only(params) and register.facts:
        return chosen(register, user).order_by(*ordering.order(register, str(params.get("sort", ""))))
    return register.rows(user, params)


def rows_count(register: Register, user: User, params: Params) -> int:
    """How many `rows` gives."""
    return count(register, user) if only(params) and register.facts else register.count(user, params)


def on_page(register: Register, user: User, ids: Iterable[Any]) -> set[uuid.UUID]:
    """Which of these rows are ticked."""
    return set(ticks(register, user).filter(object_id__in=list(ids)).values_list("object_id", flat=True))


def tick(register: Register, user: User, found: "QuerySet[Any]") -> None:
    """Tick all these rows beside those that are ticked already. Raises Refused above 50,000."""
    with transaction.atomic():
        known = set(ticks(register, user).values_list("object_id", flat=True))
        new = [key for key in found.order_by().values_list("pk", flat=True) if key not in known]
        if len(known) + len(new) > MOST:
            raise Refused("too_many", "Không chọn quá 50.000 dòng một lần. Hãy lọc theo thôn hoặc theo kỳ rồi chọn.")
        insert_values(Picked, ("register", "owner_id", "object_id"), [(register.slug, user.pk, key) for key in new])


def tick_page(register: Register, user: User, shown: Iterable[uuid.UUID], ticked: Iterable[uuid.UUID]) -> None:
    """Of the rows shown on a page exactly these are ticked; rows elsewhere stay as they are."""
    wanted = set(ticked)
    ticks(register, user).filter(object_id__in=set(shown) - wanted).delete()
    tick(register, user, register.base(user).filter(pk__in=wanted))


def let_go(register: Register, user: User) -> None:
    """Untick everything."""
    ticks(register, user).delete()
