"""Illnesses of an import: a chunk of judged lines written at once, and taken back with the reviews and entries that came with them."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from tramyte.care.health_record.actions import check_day, record_condition
from tramyte.care.health_record.judging import checked_since
from tramyte.care.health_record.models import Condition, PartReview
from tramyte.care.people.actions.batches import IMPORT, Undoing
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.models import Person, RecordEntry
from tramyte.care.people.record import FROM_PARTS
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import store_lists
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.text import clean, fold

ILLNESS = "illness"
FOLLOWING: tuple[type[PartReview] | type[RecordEntry], ...] = (PartReview, RecordEntry)
Fields = dict[str, Any]


@transaction.atomic
def record_conditions(items: Sequence[tuple[uuid.UUID | None, Fields]], *, by: User, import_id: uuid.UUID | None = None) -> list[Condition]:
    """Write a chunk of judged lines, each a saving of its part: new ones at once, changed ones one by one. Rows in the order of the items.

    Raises Refused when a line contradicts its person or says what the record says already.
    """
    made = iter(_enter([fields for id, fields in items if id is None], by, import_id))
    return [next(made) if id is None else record_condition(by=by, id=id, **fields) for id, fields in items]


def undo_conditions(ids: Collection[uuid.UUID], *, by: User, import_id: uuid.UUID, reason: str) -> set[uuid.UUID]:
    """Take these new lines of an import back; answers those that went.

    The reviews and record entries that came with a person's lines go with the last of them: a line that somebody changed
    since stays, with what came with it.
    """
    require(by, IMPORT)
    undoing = Undoing(by, import_id, reason[:200])
    gone = undoing.take(Condition, visible(by, Condition.objects.filter(pk__in=ids), IMPORT))
    owners = Condition.objects.filter(pk__in=gone).order_by().values("person")
    left = Condition.objects.filter(person=OuterRef("person"), import_id=import_id, entered_in_error=False)
    for model in FOLLOWING:
        undoing.take(model, model._default_manager.filter(~Exists(left), person__in=owners))
    return gone


def _enter(lines: Sequence[Fields], by: User, import_id: uuid.UUID | None) -> list[Condition]:
    """New lines with a review each, as if the part were saved for each, and the entry by which the record counts as opened or updated."""
    if not lines:
        return []
    day, people = clock.today(), _people(lines, by)
    known = {(owner, code, fold(detail)) for owner, code, detail in Condition.objects.filter(
        person__in=people, category=ILLNESS, entered_in_error=False).values_list("person", "code", "detail")}
    numbers = dict(PartReview.objects.filter(person__in=people, part=ILLNESS).order_by().values_list("person").annotate(Max("number")))
    rows, reviews = [], []
    for line in lines:
        row = _made(line, people[line["person"].pk], day, alone=len(lines) == 1)
        if (mark := (row.person_id, row.code, fold(row.detail))) in known:
            raise Refused("twice", f"“{row.detail or row.get_code_display()}” đã có trong phần này. Hãy sửa dòng đã có.", field="detail")
        known.add(mark)
        numbers[row.person_id] = numbers.get(row.person_id, 0) + 1
        rows.append(row)
        reviews.append(PartReview(id=new_id(), person=row.person, part=ILLNESS, on=day, finding="present", number=numbers[row.person_id]))
    store_lists([rows, reviews, _entries(people, day)], by=by, permission=WRITE, action="import", import_id=import_id)
    return rows


def _people(lines: Sequence[Fields], by: User) -> dict[uuid.UUID, Person]:
    """Whom the lines are about, locked and within the user's rights."""
    ids = {line["person"].pk for line in lines if line.get("person")}
    found = visible(by, Person.objects.select_for_update(of=("self",)), WRITE).in_bulk(ids)
    if len(found) < len(ids) or not all(line.get("person") for line in lines):
        raise not_found("người dân")
    return found


def _made(line: Fields, person: Person, day: datetime.date, *, alone: bool) -> Condition:
    """A new row. The constraints of the table are asked for a line alone, each by a query: a chunk that breaks one comes again line by line."""
    check_day(person, day)
    row = Condition(id=new_id(), person=person, category=ILLNESS, code=line.get("code") or "", detail=clean(line.get("detail") or ""), on=day)
    row.status = line.get("status") or row.status
    row.onset, row.onset_precision = checked_since(person, str(line.get("since") or ""), day)
    try:
        row.full_clean(exclude=["person"], validate_unique=False, validate_constraints=alone)
    except ValidationError as error:
        raise Refused("invalid", " ".join(error.messages)) from error
    return row


def _entries(people: dict[uuid.UUID, Person], day: datetime.date) -> list[RecordEntry]:
    """One for each record that was never opened, or not written to on that day."""
    held = RecordEntry.objects.filter(person__in=people, entered_in_error=False)
    opened = set(held.filter(kind="opened").values_list("person", flat=True))
    told = opened & set(held.filter(on=day).values_list("person", flat=True))
    return [
        RecordEntry(id=new_id(), person=person, kind="updated" if id in opened else "opened", on=day, source=FROM_PARTS)
        for id, person in people.items() if id not in told]
