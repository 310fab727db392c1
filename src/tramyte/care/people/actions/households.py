"""Households and who belongs to them."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from tramyte.care.people.actions import checks
from tramyte.care.people.actions.batches import Batch, store_batch
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.corrections import retract
from tramyte.care.people.models import HEAD, Household, Person, Residence
from tramyte.care.people.queries import holding
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

Member = tuple[Person | uuid.UUID, str]


@transaction.atomic
def record_household(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, hamlet: Place, number: str, address: str = "",
) -> Household:
    """Enter a household, or change the one with this id. The number counts once in a hamlet.

    Another hamlet follows its people: refused while anybody of it lives elsewhere only.
    """
    require(by, WRITE)
    checks.check_hamlet(hamlet)
    known = bool(id) and Household.objects.filter(pk=id).exists()
    row = fetch(Household, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else Household(id=id or new_id())
    before = row.plain() if known else None
    if before and row.hamlet_id != hamlet.pk:
        _all_live_in(row, hamlet)
    row.hamlet, row.number, row.address = hamlet, clean(number), clean(address)
    return store(row, by=by, permission=WRITE, action="record_household", before=before)


def _all_live_in(home: Household, hamlet: Place) -> None:
    """Refuse while somebody of a household lives somewhere, but not in this hamlet; the dead and those who left do not count."""
    held = Residence.objects.filter(holding(clock.today()), person=OuterRef("pk"), kind__in=["permanent", "temporary"])
    rest = list(home.members.filter(Exists(held), ~Exists(held.filter(place=hamlet)), entered_in_error=False, died_on=None).values_list("full_name", flat=True))
    if rest:
        named = ", ".join(rest[:3]) + (" …" if len(rest) > 3 else "")
        raise Refused(
            "has_members", f"Hộ đang có người nên không đổi thôn: {len(rest)} người chưa ở {hamlet} ({named}). Hãy ghi chuyển nơi ở cho từng người, rồi đổi thôn của hộ.",
            field="hamlet")


@transaction.atomic
def create_household(
    *, by: User, hamlet: Place, number: str, address: str = "", members: Iterable[Member] = (), id: uuid.UUID | None = None,
) -> Household:
    """Enter a household with its members: pairs of a person and the relation to the head."""
    made = record_household(by=by, id=id, hamlet=hamlet, number=number, address=address)
    add_members(by=by, household=made, members=members)
    return made


@transaction.atomic
def add_members(*, by: User, household: Household | uuid.UUID, members: Iterable[Member]) -> list[Person]:
    """Move people into a household, each with the relation to its head; one head at most."""
    home = checks.a_household(household, by)
    moved = []
    for member, relation in members:
        person = checks.a_person(member, by)
        before = person.plain()
        person.household, person.relation = home, clean(relation)
        if person.is_head and home.members.filter(relation__iexact=HEAD, entered_in_error=False, died_on=None).exclude(pk=person.pk).exists():
            raise Refused("second_head", f"Hộ {home.number} đã có chủ hộ. Hãy sửa quan hệ của chủ hộ cũ trước.", field="relation")
        moved.append(store(person, by=by, permission=WRITE, action="add_member", before=before))
    return moved


def record_households(items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID) -> list[Household]:
    """Write judged lines of an import: new households in bulk, stored ones one by one; answers them in order."""
    new = [Household(hamlet=checks.check_hamlet(line["hamlet"]), number=line["number"], address=line.get("address") or "") for id, line in items if id is None]
    if new:
        store_batch(by=by, batch=Batch(households=new), import_id=import_id)
    made = iter(new)
    stored = Household.objects.in_bulk([id for id, _ in items if id])
    return [
        record_household(by=by, id=id, **{"hamlet": stored[id].hamlet, "number": stored[id].number, "address": stored[id].address} | line) if id else next(made)
        for id, line in items]


def cancel_household(*, by: User, id: uuid.UUID | str, reason: str, seen_version: int | None = None) -> Household:
    """Mark a household as entered in error; refused while people belong to it."""
    return retract(by=by, model=Household, id=id, reason=reason, seen_version=seen_version)
