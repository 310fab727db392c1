"""Two records of one person made one, and parted again: nothing is lost on either way."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from tramyte.care.people import search
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.deaths import DIED
from tramyte.care.people.actions.moving import TWICE, Changes, move, move_back, reached
from tramyte.care.people.actions.pairs import settle_pair
from tramyte.care.people.actions.residences import follow_residence
from tramyte.care.people.comparing import OWN, PARTS, fuller_parts
from tramyte.care.people.merged import merged
from tramyte.care.people.merges import WITHIN
from tramyte.care.people.models import Coverage, Death, Identifier, Merge, Person, Residence
from tramyte.care.people.queries import merged_into, present_residence
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.indicators import storing
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused

DAY = datetime.timedelta(days=1)


@transaction.atomic
def merge_persons(
    *, by: User, survivor: Person | uuid.UUID, lesser: Person | uuid.UUID, take: Collection[str] | None = None, confirmed: bool = False,
    seen_version: int | None = None, lesser_version: int | None = None,
) -> Merge:
    """Merge the lesser record into the survivor; everything that points at it moves, it stays as an alias.

    take: names of the parts (`comparing.PARTS`) whose value is the lesser's; None: the fuller one of each. confirmed:
    somebody looked at what contradicts. Raises Refused: `same`, `merged`, `other_commune`, `mother`, `contradiction`.
    """
    kept = _a_record(survivor, by, seen_version)
    gone = _a_record(lesser, by, lesser_version)
    _may_merge(kept, gone, confirmed)
    taken = fuller_parts(kept, gone) if take is None else set(take) & {part.name for part in PARTS}
    changes = Changes(by, "merge_persons")
    merge = Merge(id=new_id(), survivor=kept, lesser=gone, made_by=by.username)
    with storing.entry(*reached(kept, gone)):
        values = {name: getattr(gone, name) for part in OWN if part.name in taken for name in part.fields}
        changes.set(gone, entered_in_error=True, error_reason=f"gộp vào hồ sơ {kept.pk}")
        _one_death(kept if "died_on" in taken else gone, changes)
        merge.moved = move(gone, kept, changes)
        _one_number_each(kept, merge.moved.get("people.Identifier.person", []), taken, changes)
        _one_card_a_day(kept, changes)
        _one_stay_each(kept, values.get("died_on", kept.died_on), merge.moved.get("people.Residence.person", []), changes)
        _give(kept, values, changes)
        merged([kept.pk, gone.pk])
    merge.changed = changes.made
    store(merge, by=by, permission=WRITE, action="merge_persons", note=f"{gone} gộp vào {kept}")
    settle_pair(kept, gone, "merged", by=by)
    search.refresh([kept.pk, gone.pk])
    _still_theirs(by, kept)
    return merge


@transaction.atomic
def unmerge_persons(*, by: User, id: uuid.UUID | str) -> Merge:
    """Part two records as they were before their merge. What was added to the survivor since then stays with it."""
    merge = fetch(Merge, id, by=by, permission=WRITE)
    if merge.undone_at:
        raise Refused("parted", "Lần gộp này đã được tách. Hãy mở lại hai hồ sơ để xem.")
    kept, gone = (Person.objects.select_for_update().get(pk=key) for key in (merge.survivor_id, merge.lesser_id))
    _last_one(merge, kept)
    changes = Changes(by, "unmerge_persons")
    with storing.entry(*reached(kept, gone)):
        move_back(merge.moved, gone, kept)
        changes.take_back(merge.changed)
        merged([kept.pk, gone.pk])
    before, merge.undone_at = merge.plain(), clock.now()
    store(merge, by=by, permission=WRITE, action="unmerge_persons", before=before, note=f"tách {gone} khỏi {kept}")
    settle_pair(kept, gone, "dismissed", by=by)
    if kept.residences.filter(created_at__gt=merge.created_at).exists():
        follow_residence(Person.objects.get(pk=kept.pk), by)
    search.refresh([kept.pk, gone.pk])
    _still_theirs(by, kept, gone)
    return merge


def contradictions(kept: Person, gone: Person) -> list[str]:
    """What speaks against one person so strongly that somebody must confirm it, in words."""
    found = []
    if kept.sex != gone.sex:
        found.append("hai hồ sơ khác giới tính")
    if kept.is_alive != gone.is_alive:
        found.append("một hồ sơ ghi đã mất, một hồ sơ ghi còn sống")
    return found


def _a_record(person: Person | uuid.UUID, by: User, seen_version: int | None) -> Person:
    row = fetch(Person, person.pk if isinstance(person, Person) else person, by=by, permission=WRITE, seen_version=seen_version)
    if row.entered_in_error:
        into = merged_into(row.pk)
        said = f"đã được gộp vào hồ sơ của {into}" if into else "đã bị đánh dấu ghi nhầm"
        raise Refused("merged", f"Hồ sơ của {row} {said}, không gộp được nữa. Hãy mở lại danh sách nghi trùng.")
    return row


def _may_merge(kept: Person, gone: Person, confirmed: bool) -> None:
    if kept.pk == gone.pk:
        raise Refused("same", "Hai bên là cùng một hồ sơ. Hãy chọn hồ sơ khác để gộp.")
    if commune_of(kept.hamlet) != commune_of(gone.hamlet):
        raise Refused("other_commune", f"{kept} ở {commune_of(kept.hamlet)}, {gone} ở {commune_of(gone.hamlet)}: chỉ gộp hồ sơ trong một xã. Hãy ghi chuyển nơi ở trước.")
    if gone.pk == kept.mother_id or kept.pk == gone.mother_id:
        raise Refused("mother", "Một hồ sơ đang ghi là mẹ của hồ sơ kia nên không phải một người. Hãy sửa mục mẹ trước nếu ghi sai.")
    if (found := contradictions(kept, gone)) and not confirmed:
        raise Refused("contradiction", f"Chưa gộp: {'; '.join(found)}. Hãy xem lại, rồi đánh dấu xác nhận nếu đúng là một người.", field="confirmed")


def _give(kept: Person, values: dict[str, Any], changes: Changes) -> None:
    """Give the survivor the chosen values and the hamlet where the one person stays now."""
    present = present_residence(kept, clock.today())
    for name, value in {**values, **({"hamlet_id": present.place_id} if present else {})}.items():
        setattr(kept, name, value)
    try:
        kept.full_clean(validate_unique=False)
    except ValidationError as error:
        raise Refused("invalid", " ".join(error.messages)) from error
    wanted = {field.attname: getattr(kept, field.attname) for field in Person._meta.concrete_fields if field.name not in {"id", "version"}}
    changes.set(Person.objects.get(pk=kept.pk), **wanted)


def _one_death(other: Person, changes: Changes) -> None:
    """Whether and when somebody died is said by one of the two records; the death in the other counts no more."""
    for row in Death.objects.filter(person=other, entered_in_error=False):
        changes.set(row, entered_in_error=True, error_reason=TWICE)


def _one_number_each(kept: Person, moved: Collection[str], taken: Collection[str], changes: Changes) -> None:
    """Of two present numbers of a kind the chosen one goes on, the other ends yesterday and stays findable."""
    for kind, _ in Identifier.KINDS:
        present = list(kept.identifiers.filter(kind=kind, valid_to=None, entered_in_error=False).order_by("pk"))
        chosen = next((row for row in present if (str(row.pk) in moved) == (kind in taken)), present[0] if present else None)
        for row in present if chosen else ():
            if row.pk != chosen.pk:
                changes.end(row, valid_to=max(filter(None, (clock.today() - DAY, row.valid_from))), ended_by=chosen.pk)


def _one_card_a_day(kept: Person, changes: Changes) -> None:
    """No day is insured twice: a card ends when the next begins, and one that lies within another counts no more; no insured day is lost."""
    held: Coverage | None = None
    for card in sorted(kept.coverages.filter(entered_in_error=False), key=lambda row: (row.start, -row.end.toordinal(), row.pk)):
        if held is None or card.start > held.end:
            held = card
        elif card.end <= held.end:
            changes.set(card, entered_in_error=True, error_reason=WITHIN)
        else:
            changes.set(held, end=card.start - DAY)
            held = card


def _one_stay_each(kept: Person, died_on: datetime.date | None, moved: Collection[str], changes: Changes) -> None:
    """Two open stays of a kind: in one place the earlier goes on, else it ends when the later begins; who died stays nowhere."""
    for kind in ("permanent", "temporary"):
        rows = sorted(kept.residences.filter(kind=kind, end=None, entered_in_error=False), key=lambda row: (row.start, str(row.pk) in moved))
        open_row: Residence | None = None
        for row in rows:
            if open_row and (row.start == open_row.start or row.place_id == open_row.place_id):
                changes.set(row, entered_in_error=True, error_reason=TWICE)
                continue
            if open_row:
                changes.end(open_row, end=row.start - DAY, ended_by=row.pk)
            open_row = row
    if died_on:
        death = Death.objects.filter(person=kept, entered_in_error=False).first()
        for row in kept.residences.filter(Q(end=None), start__lte=died_on, entered_in_error=False):
            changes.end(row, end=died_on, reason=DIED, ended_by=death and death.pk)


def _last_one(merge: Merge, kept: Person) -> None:
    """Merges are undone in the turn opposite to that in which they were made."""
    if kept.entered_in_error:
        raise Refused("later_merge", f"Hồ sơ của {kept} đã được gộp tiếp vào hồ sơ khác. Hãy tách lần gộp đó trước.")
    later = Merge.objects.filter(survivor=kept, undone_at=None, created_at__gt=merge.created_at).select_related("lesser").first()
    if later:
        raise Refused("later_merge", f"Sau lần này còn gộp hồ sơ của {later.lesser} vào đây. Hãy tách lần gộp đó trước.")


def _still_theirs(by: User, *people: Person) -> None:
    require(by, WRITE)
    ids = [person.pk for person in people]
    if visible(by, Person.objects.filter(pk__in=ids), WRITE).count() != len(ids):
        raise Refused("foreign_place", "Sau việc này có hồ sơ nằm ngoài địa bàn của bạn nên chưa ghi gì. Hãy nhờ trạm y tế làm.", status=403)
