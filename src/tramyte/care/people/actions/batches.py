"""Many new rows at once, for imports and the demo: already judged, written in chunks, one audit entry each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction

from tramyte.care.people import search
from tramyte.care.people.actions.corrections import reopen
from tramyte.care.people.models import Coverage, Household, Identifier, Person, RecordEntry, Residence
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, require, visible
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import store_lists
from tramyte.engine.audit import chain
from tramyte.engine.facts.declaring import written
from tramyte.engine.indicators import storing
from tramyte.engine.refused import Refused
from tramyte.rules.text import fold

IMPORT = "people.import"
F = TypeVar("F", bound=Fact)


@dataclass
class Batch:
    """New rows in the order they must be written. Every value is already checked by the caller."""

    households: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)
    coverages: list[Coverage] = field(default_factory=list)
    entries: list[RecordEntry] = field(default_factory=list)
    numbers: dict[uuid.UUID, list[str]] = field(default_factory=dict)  # of its new people, when they are stored already

    def lists(self) -> list[Sequence[Fact]]:
        """The rows by kind, what is referred to before what refers to it."""
        return [self.households, self.people, self.identifiers, self.residences, self.coverages, self.entries]


@transaction.atomic
def store_batch(*, by: User, batch: Batch, import_id: uuid.UUID | None = None, permission: str = IMPORT) -> None:
    """Write one batch in one short transaction (keep it to some hundred people) and make its people findable.

    Raises Refused (403) when a household, person or residence lies outside the user's places.
    """
    require(by, permission)
    allowed = places(by, permission, personal=True)
    reached = {row.hamlet_id for row in [*batch.households, *batch.people]} | {row.place_id for row in batch.residences}
    if not reached <= allowed:
        raise Refused("foreign_place", "Có dòng nằm ngoài địa bàn của bạn nên chưa dòng nào của phần này được ghi.", status=403)
    for person in batch.people:
        person.search = fold(person.full_name)
    store_lists(batch.lists(), by=by, permission=permission, action="import", import_id=import_id)
    numbers = {person.pk: list(batch.numbers.get(person.pk, ())) for person in batch.people}
    for owner, number in ((row.person_id, row.value if isinstance(row, Identifier) else row.card_number) for row in (*batch.identifiers, *batch.coverages)):
        if owner in numbers:
            numbers[owner].append(number)
    search.enter(batch.people, numbers)
    search.refresh({row.person_id for row in (*batch.identifiers, *batch.coverages)} - numbers.keys())


def undo_import(*, by: User, import_id: uuid.UUID, reason: str = "hoàn tác lần nhập") -> int:
    """Mark every row that an import made as entered in error; answers how many people. Rows changed since then stay."""
    require(by, IMPORT)
    taken = {model: _undo(model, by, import_id, reason) for model in (RecordEntry, Coverage, Residence, Identifier, Person, Household)}
    return taken[Person]


def _undo(model: type[F], by: User, import_id: uuid.UUID, reason: str) -> int:
    rows = visible(by, model._default_manager.filter(import_id=import_id, entered_in_error=False, version=1), IMPORT)
    if model is Household:  # one that other people have joined meanwhile stays
        rows = rows.exclude(members__entered_in_error=False)
    found = list(rows)
    if found:
        storing.mark_stale(set(written(model)))
    for begin in range(0, len(found), 500):
        chunk = found[begin:begin + 500]
        ids = [row.pk for row in chunk]
        with transaction.atomic():
            model._default_manager.filter(pk__in=ids).update(entered_in_error=True, error_reason=reason[:200], version=2)
            chain.record(by=by, action="undo_import", model=model._meta.label_lower, object_id=str(import_id), after={"rows": list(map(str, ids))}, note=f"{len(chunk)} dòng")
            if model in (Residence, Identifier):
                reopen(chunk, by=by, permission=IMPORT, note=reason[:200])  # type: ignore[arg-type]  # rows of the one or the other
            if model in (Residence, Coverage, Identifier):
                search.refresh({row.person_id for row in chunk})  # type: ignore[attr-defined]  # each of these has a person
            elif model is Person:
                search.refresh(ids)
    return len(found)
