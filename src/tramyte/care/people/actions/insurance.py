"""Health insurance periods."""

import datetime
import uuid

from django.db import transaction

from tramyte.care.people import search
from tramyte.care.people.actions import checks
from tramyte.care.people.actions.checks import WRITE
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

    card_number: 15 characters, or the 10-digit code that cards since 2021 show, then with `group` (two letters).
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
    end: datetime.date | None = None, months: int = 12, id: uuid.UUID | None = None,
) -> Coverage:
    """Record the next period: from the day after the last one ends, or today when that has passed, for `months`.

    Card number, group and place of registration are the last card's unless a number is given.
    """
    owner = checks.a_person(person, by)
    last = owner.coverages.filter(entered_in_error=False).first()
    number = clean(card_number) or (last.card_number if last else "")
    if not number:
        raise Refused("no_card", "Người này chưa từng có thẻ BHYT trong sổ. Hãy nhập số thẻ.", field="card_number")
    begins = start or next_start(last, clock.today())
    return record_coverage(
        by=by, id=id, person=owner, card_number=number, group=last.group if last else "", start=begins,
        end=end or next_end(begins, months), facility_code=last.facility_code if last else "")


def next_start(last: Coverage | None, today: datetime.date) -> datetime.date:
    """The first day of the next period: the day after the last one, or today when that has passed."""
    return max(last.end + datetime.timedelta(days=1), today) if last else today


def next_end(start: datetime.date, months: int = 12) -> datetime.date:
    """The last day of a period of so many months."""
    return add_months(start, months) - datetime.timedelta(days=1)


def _check_group(number: str, letters: str, given: str) -> None:
    if given and given != letters:
        raise Refused("invalid", f"Nhóm đối tượng {given} khác hai chữ đầu của số thẻ {number}. Hãy sửa một trong hai.", field="group")
    if len(letters) != 2 or not (letters.isascii() and letters.isalpha()):
        raise Refused("invalid", "Mã BHXH 10 chữ số cần kèm nhóm đối tượng là hai chữ cái, ví dụ GD, HN, TE. Hãy nhập nhóm.", field="group")


def _check_period(owner: Person, start: datetime.date, end: datetime.date, id: uuid.UUID | None) -> None:
    checks.in_order(start, end)
    if end > add_months(start, 12 * LONGEST_YEARS):
        raise Refused("too_long", f"Thẻ dài hơn {LONGEST_YEARS} năm ({start:%d/%m/%Y} đến {end:%d/%m/%Y}). Hãy kiểm tra lại năm.", field="end")
    if owner.died_on and start > owner.died_on:
        raise Refused("died", f"Người này đã mất ngày {owner.died_on:%d/%m/%Y}: không ghi thẻ bắt đầu sau ngày đó.", field="start")
    other = owner.coverages.filter(start__lte=end, end__gte=start, entered_in_error=False).exclude(pk=id).first()
    if other:
        free = other.end + datetime.timedelta(days=1)
        raise Refused("overlap", f"Đã có thẻ {other.card_number} có giá trị từ {other.start:%d/%m/%Y} đến {other.end:%d/%m/%Y}. "
                      f"Kỳ mới phải bắt đầu từ {free:%d/%m/%Y}, hoặc sửa kỳ đã ghi.", field="start")


def _keep_code(owner: Person, number: str, by: User) -> None:
    """Keep the 10-digit code as the person's number when none is known."""
    if not owner.identifiers.filter(kind="insurance", entered_in_error=False).exists():
        store(Identifier(person=owner, kind="insurance", value=insurance_code(number)), by=by, permission=WRITE, action="record_identifier")
