"""Health insurance periods."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tramyte.care.people import search
from tramyte.care.people.actions import checks
from tramyte.care.people.actions.batches import Batch, store_batch
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.corrections import retract
from tramyte.care.people.models import Coverage, Identifier, Person
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import add_months
from tramyte.rules.identity import check_insurance_number, insurance_code
from tramyte.rules.text import clean

LONGEST_YEARS = 10


@transaction.atomic
def record_coverage(
    *, by: User, person: Person | uuid.UUID, card_number: str, start: datetime.date, end: datetime.date, group: str = "",
    facility_code: str = "", id: uuid.UUID | None = None, seen_version: int | None = None,
) -> Coverage:
    """Record one period of insurance, both days inclusive; an `id` that is stored already is changed.

    card_number: 15 characters, or the 10-digit code that cards since 2021 show, then `group`
    (two letters) tells what the number does not; empty: not known.
    Refused when it overlaps another period of the person, ends before it begins or lasts over ten years.
    """
    owner = checks.a_person(person, by)
    number = checks.checked("card_number", check_insurance_number, card_number)
    letters = number[:2] if len(number) == 15 else clean(group).upper()
    _check_group(number, letters, clean(group).upper())
    start, end = checks.a_day(start, "start", "Ngày thẻ có giá trị"), checks.a_day(end, "end", "Ngày thẻ hết giá trị")
    _check_period(owner, start, end, id)
    known = Coverage.objects.filter(pk=id).exists() if id else False
    row = fetch(Coverage, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else Coverage(id=id or new_id())
    before = row.plain() if known else None
    row.person, row.card_number, row.group = owner, number, letters
    row.start, row.end, row.facility_code = start, end, clean(facility_code)
    store(row, by=by, permission=WRITE, action="record_coverage", before=before)
    _keep_code(owner, number, by)
    search.refresh([owner.pk])
    return row


@transaction.atomic
def renew_coverage(
    *, by: User, person: Person | uuid.UUID, card_number: str = "", start: datetime.date | None = None,
    end: datetime.date | None = None, months: int = 12, id: uuid.UUID | None = None, group: str = "", facility_code: str = "",
) -> Coverage:
    """Record the next period: from the day after the last one ends, or today when that has passed, for `months`.

    Card number, group and place of registration are the last card's unless given; of a card of 15 characters the number says the group.
    """
    owner = checks.a_person(person, by)
    last = owner.coverages.filter(entered_in_error=False).first()
    number = clean(card_number) or (last.card_number if last else "")
    if not number:
        raise Refused("no_card", "Người này chưa từng có thẻ BHYT trong sổ. Hãy nhập số thẻ.", field="card_number")
    begins = start or next_start(last, clock.today())
    return record_coverage(
        by=by, id=id, person=owner, card_number=number, group="" if _says_group(number) else group or (last.group if last else ""), start=begins,
        end=end or next_end(begins, months), facility_code=facility_code or (last.facility_code if last else ""))


def _says_group(number: str) -> bool:
    return len(number.replace(" ", "")) == 15


def record_coverages(items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID) -> list[Coverage]:
    """Write judged lines of an import: new cards in bulk, stored ones one by one; answers them in order.

    Raises Refused when a new card overlaps one of the same person, stored or in the same chunk.
    """
    new = [_new_card(line) for id, line in items if id is None]
    _no_overlap(new)
    if new:
        store_batch(by=by, batch=Batch(coverages=new), import_id=import_id)
    made, answers = iter(new), []
    stored = Coverage.objects.in_bulk([id for id, _ in items if id])
    for id, line in items:
        if id is None:
            answers.append(next(made))
            continue
        was = {name: getattr(stored[id], name) for name in ("person", "card_number", "group", "facility_code", "start", "end")}
        letters = {"group": ""} if "card_number" in line and "group" not in line else {}
        answers.append(record_coverage(by=by, id=id, **(was | letters | line)))
    return answers


def cancel_coverage(*, by: User, id: uuid.UUID | str, reason: str, seen_version: int | None = None) -> Coverage:
    """Mark a card as entered in error."""
    return retract(by=by, model=Coverage, id=id, reason=reason, seen_version=seen_version)


def _new_card(line: dict[str, Any]) -> Coverage:
    number, given = line["card_number"], clean(line.get("group") or "").upper()
    letters = number[:2] if len(number) == 15 else given
    _check_group(number, letters, given)
    _check_span(line["person"], line["start"], line["end"])
    return Coverage(
        person=line["person"], card_number=number, group=letters, facility_code=clean(line.get("facility_code") or ""), start=line["start"], end=line["end"])


def _no_overlap(new: Sequence[Coverage]) -> None:
    met: defaultdict[uuid.UUID, list[Coverage]] = defaultdict(list)
    for card in Coverage.objects.filter(person__in={card.person_id for card in new}, entered_in_error=False):
        met[card.person_id].append(card)
    for card in new:
        for other in met[card.person_id]:
            if other.start <= card.end and other.end >= card.start:
                raise _overlapping(other)
        met[card.person_id].append(card)


def next_start(last: Coverage | None, today: datetime.date) -> datetime.date:
    """The first day of the next period: the day after the last one, or today when that has passed."""
    return max(last.end + datetime.timedelta(days=1), today) if last else today


def next_end(start: datetime.date, months: int = 12) -> datetime.date:
    """The last day of a period of so many months."""
    return add_months(start, months) - datetime.timedelta(days=1)


def insurance_checked(number: str, start: datetime.date, end: datetime.date, group: str = "") -> str:
    """What speaks against a card on its own, in a sentence; empty when nothing does."""
    try:
        _check_group(number, number[:2] if len(number) == 15 else group, "")
        _check_days(start, end)
    except Refused as refused:
        return refused.message
    return ""


def _check_group(number: str, letters: str, given: str) -> None:
    if given and given != letters:
        raise Refused("invalid", f"Nhóm đối tượng {given} khác hai chữ đầu của số thẻ {number}. Hãy sửa một trong hai.", field="group")
    if letters and not (len(letters) == 2 and letters.isascii() and letters.isalpha()):
        raise Refused("invalid", "Nhóm đối tượng là hai chữ cái đầu của số thẻ, ví dụ GD, HN, TE. Hãy nhập lại hoặc để trống.", field="group")


def _check_days(start: datetime.date, end: datetime.date) -> None:
    checks.in_order(start, end)
    if end > add_months(start, 12 * LONGEST_YEARS):
        raise Refused("too_long", f"Thẻ dài hơn {LONGEST_YEARS} năm ({start:%d/%m/%Y} đến {end:%d/%m/%Y}). Hãy kiểm tra lại năm.", field="end")


def _check_span(owner: Person, start: datetime.date, end: datetime.date) -> None:
    _check_days(start, end)
    if owner.died_on and start > owner.died_on:
        raise Refused("died", f"Người này đã mất ngày {owner.died_on:%d/%m/%Y}: không ghi thẻ bắt đầu sau ngày đó.", field="start")


def _check_period(owner: Person, start: datetime.date, end: datetime.date, id: uuid.UUID | None) -> None:
    _check_span(owner, start, end)
    other = owner.coverages.filter(start__lte=end, end__gte=start, entered_in_error=False).exclude(pk=id).first()
    if other:
        raise _overlapping(other)


def _overlapping(other: Coverage) -> Refused:
    free = other.end + datetime.timedelta(days=1)
    return Refused("overlap", f"Đã có thẻ {other.card_number} có giá trị từ {other.start:%d/%m/%Y} đến {other.end:%d/%m/%Y}. "
                   f"Kỳ mới phải bắt đầu từ {free:%d/%m/%Y}, hoặc sửa kỳ đã ghi.", field="start")


def _keep_code(owner: Person, number: str, by: User) -> None:
    """Keep the 10-digit code as the person's number when none is known."""
    if not owner.identifiers.filter(kind="insurance", entered_in_error=False).exists():
        store(Identifier(person=owner, kind="insurance", value=insurance_code(number)), by=by, permission=WRITE, action="record_identifier")
