"""Where people live, with dates."""

import datetime
import uuid

from django.db import transaction
from django.db.models import F, Q

from tramyte.care.people import search
from tramyte.care.people.actions import checks
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.models import Person, Residence
from tramyte.care.people.queries import place_of_stay, present_residence, staying
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean


@transaction.atomic
def record_residence(
    *, by: User, person: Person | uuid.UUID, place: Place, kind: str, start: datetime.date, end: datetime.date | None = None,
    reason: str = "", id: uuid.UUID | None = None,
) -> Residence:
    """Record that a person lives in a hamlet, or is away from it, from a day on; `end` is the last day, when known.

    A new permanent (temporary) residence ends the open one of its kind the day before: that is a move. The person's
    hamlet follows: the temporary residence of today before the permanent one.
    """
    owner = checks.a_person(person, by)
    if owner.died_on:
        raise Refused("died", f"Người này đã mất ngày {owner.died_on:%d/%m/%Y} nên không ghi nơi ở mới.", field="person")
    checks.check_hamlet(place)
    checks.in_order(checks.a_day(start, "start", "Ngày bắt đầu ở"), end)
    if start < owner.birth_date:
        raise Refused("invalid", f"Ngày bắt đầu ở {start:%d/%m/%Y} đứng trước ngày sinh. Hãy kiểm tra lại.", field="start")
    row = Residence(id=id or new_id(), person=owner, place=place, kind=kind, start=start, end=end, reason=clean(reason))
    if kind != "absent":
        _end_open(row, by)
    store(row, by=by, permission=WRITE, action="record_residence")
    follow_residence(owner, by)
    return row


@transaction.atomic
def end_residence(
    *, by: User, id: uuid.UUID | str, end: datetime.date, reason: str = "", seen_version: int | None = None,
) -> Residence:
    """End a residence on its last day: the person left. Without another one the hamlet stays the last known."""
    row = fetch(Residence, id, by=by, permission=WRITE, seen_version=seen_version)
    checks.in_order(row.start, checks.a_day(end, "end", "Ngày cuối"))
    if row.end is not None and row.end <= clock.today():
        raise Refused("ended", f"Cư trú này đã kết thúc ngày {row.end:%d/%m/%Y}. Nếu ngày đó sai, hãy ghi nhầm rồi ghi lại.", field="end")
    close_residence(row, end, clean(reason), by)
    follow_residence(checks.a_person(row.person_id, by), by)
    return row


def follow_residences(*, by: User) -> int:
    """Set the hamlet of everybody whose place of stay today is another: a stay has begun or ended by its date alone.

    Answers how many people it moved; run once a day. Figures do not wait for it: they follow the residences.
    """
    today = clock.today()
    moved = staying(today).annotate(stay=place_of_stay(today)).exclude(hamlet=F("stay"))
    rows = list(moved)
    for person in rows:
        with transaction.atomic():
            follow_residence(person, by)
    return len(rows)


def follow_residence(person: Person, by: User) -> None:
    """Set the person's hamlet to the present place of stay, if there is one, and the words to be found by."""
    present = present_residence(person, clock.today())
    if present is not None and present.place_id != person.hamlet_id:
        before = person.plain()
        person.hamlet = present.place
        store(person, by=by, permission=WRITE, action="follow_residence", before=before)
    search.refresh([person.pk])


def _end_open(new: Residence, by: User) -> None:
    held = Q(end=None) | Q(end__gte=new.start)
    for row in new.person.residences.filter(held, kind=new.kind, entered_in_error=False).select_related("place"):
        if row.start >= new.start:
            raise Refused("overlap", f"Đã có nơi {row.get_kind_display()} tại {row.place} từ {row.start:%d/%m/%Y}. "
                          "Ngày bắt đầu nơi ở mới phải sau ngày đó; nếu nơi ở cũ ghi sai, hãy ghi nhầm nó trước.", field="start")
        close_residence(row, new.start - datetime.timedelta(days=1), row.reason, by, new.pk)


def close_residence(row: Residence, end: datetime.date, reason: str, by: User, ended_by: uuid.UUID | None = None) -> None:
    """Give a residence its last day. ended_by: the residence or death that ends it, which can be taken back."""
    before = row.plain()
    row.end, row.reason, row.ended_by = end, reason or row.reason, ended_by
    store(row, by=by, permission=WRITE, action="end_residence", before=before)
