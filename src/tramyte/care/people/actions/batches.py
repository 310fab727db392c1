"""Many new rows at once, for imports and the demo: already judged, written in chunks, one audit entry each."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tramyte.care.people import search
from tramyte.care.people.actions.corrections import reopen
from tramyte.care.people.actions.moving import pointers
from tramyte.care.people.models import Coverage, Household, Identifier, Person, RecordEntry, Residence
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, require, visible
from tramyte.engine.actions.bulk import hex_of, tuples
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import retract_many, store_lists
from tramyte.engine.facts import following
from tramyte.engine.facts.declaring import written
from tramyte.engine.refused import Refused
from tramyte.rules.text import fold

IMPORT = "people.import"
FACTS = (RecordEntry, Coverage, Residence, Identifier)


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


@transaction.atomic
def undo_import(ids: Collection[uuid.UUID], *, by: User, import_id: uuid.UUID, reason: str) -> set[uuid.UUID]:
    """Mark what an import wrote about these people as entered in error, the people too that it made; answers those that went.

    One short transaction: keep it to some hundred people. A person about whom somebody wrote or changed anything since stays
    with all that the import wrote; so does a household that others have joined.
    """
    require(by, IMPORT)
    undoing = Undoing(by, import_id, reason[:200])
    reached = visible(by, Person.objects.filter(pk__in=ids), IMPORT)
    made, others = _parted(tuples(reached.order_by(), "pk", "import_id"), import_id)
    going = undoing.take(Person, _untouched(made, import_id))
    for model in FACTS:
        undoing.take(model, model._default_manager.filter(person__in=going | others))
    following.many_written({table for model in (Person, *FACTS) for table in written(model)}, going | others)
    homes = Household.objects.filter(import_id=import_id) if others else Household.objects.filter(members__in=going).distinct()
    undoing.take(Household, homes.exclude(Exists(Person.objects.filter(household=OuterRef("pk"), entered_in_error=False))))
    search.leave(going)
    search.refresh(others)
    return going


@dataclass(frozen=True)
class Undoing:
    """One import being taken back: by whom, and why."""

    by: User
    import_id: uuid.UUID
    reason: str

    def take(self, model: type[Fact], rows: "QuerySet[Any]") -> set[uuid.UUID]:
        """Mark those of the rows that this import made and nobody changed; answers them."""
        unchanged = rows.filter(entered_in_error=False, version=1).order_by()
        ids, _ = _parted(tuples(unchanged, "pk", "import_id"), self.import_id)
        retract_many(model, ids, by=self.by, permission=IMPORT, action="undo_import", reason=self.reason, import_id=self.import_id)
        if ids and issubclass(model, Residence | Identifier):
            reopen(model, ids, by=self.by, permission=IMPORT, note=self.reason)
        return ids


def _parted(rows: Iterable[tuple[Any, Any]], import_id: uuid.UUID) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """The keys of rows of this import, and of others. Asked of the database, it would walk through the whole import each time."""
    keys: dict[bool, set[uuid.UUID]] = {True: set(), False: set()}
    for key, load in rows:
        keys[bool(load) and hex_of(load) == import_id.hex].add(uuid.UUID(hex_of(key)))
    return keys[True], keys[False]


def _untouched(made: Collection[uuid.UUID], import_id: uuid.UUID) -> "QuerySet[Person]":
    """Those of these new people about whom only this import wrote, and nobody changed it since."""
    since, found = ~Q(import_id=import_id) | Q(import_id=None) | Q(version__gt=1), Person.objects.filter(pk__in=made)
    for pointer in pointers():
        if issubclass(pointer.model, Fact):
            said = pointer.model._default_manager.filter(since, **{pointer.name: OuterRef("pk")}, entered_in_error=False)
            found = found.exclude(Exists(said))
    return found
