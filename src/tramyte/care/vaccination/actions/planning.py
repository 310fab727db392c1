"""Planning a session: day, site, hamlets, vaccines, the list of people; moving it and calling it off."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tramyte.care.immunization.actions.checks import check_person
from tramyte.care.people.models import Person
from tramyte.care.people.queries import merged_into
from tramyte.care.vaccination.models import Attendee, Session, SessionHamlet
from tramyte.care.vaccination.queries import carried, expected, hamlets_of, next_number
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import change_many, fetch, store, store_many
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.text import clean

WRITE = "care.write"
AHEAD = 366  # days: nobody is invited for a later day, and what is due by then is not known
NOT_DUE = "không còn mũi đến hạn trong buổi"
LISTED = ("due", "carried")  # origins that follow the due list; who was added by hand stays


def plan_session(*, by: User, hamlets: Sequence[Place], id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> Session:
    """Write a session with its hamlets and the list of who is due, or plan one anew that has not begun.

    Fields: facility, on, starts, site, vaccines (codes), tables. Raises Refused: `past`, `too_far`, `no_hamlet`, `foreign_hamlet`, `foreign_site`, `begun`.
    """
    with transaction.atomic():
        known = bool(id) and Session.objects.filter(pk=id).exists()
        row = fetch(Session, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else Session(id=id or new_id())
        if row.state != Session.PLANNED:
            raise Refused("begun", f"Buổi tiêm này {row.get_state_display()}, không sửa kế hoạch được nữa. Người đến thêm hãy ghi ở trang tiếp nhận.")
        before, was = (row.plain(), row.on) if known else (None, None)
        for name, value in fields.items():
            setattr(row, name, " ".join(value) if name == "vaccines" else clean(value) if isinstance(value, str) else value)
        row.place = _commune(row, hamlets)
        row.site = row.site or row.facility.name
        if row.on != was:
            _near(row.on)
        store(row, by=by, permission=WRITE, action="plan_vaccination", before=before)
        _hamlets(row, hamlets, by)
        _list(row, by)
        return row


def refresh_list(*, by: User, id: uuid.UUID | str) -> tuple[int, int]:
    """Bring the list up to date with who is due: answers how many came onto it and how many left it."""
    with transaction.atomic():
        row = _planned(id, by)
        return _list(row, by)


def move_session(*, by: User, id: uuid.UUID | str, on: datetime.date, reason: str, seen_version: int | None = None) -> Session:
    """Hold a session that has not begun on another day; the list follows. Raises Refused: `no_reason`, `past`, `too_far`, `same_day`, `begun`."""
    with transaction.atomic():
        row = _planned(id, by, seen_version)
        said = _reason(reason, "vì sao đổi ngày, ví dụ “trùng ngày họp xã”")
        if on == row.on:
            raise Refused("same_day", f"Buổi này đang hẹn đúng ngày {on:%d/%m/%Y}. Hãy ghi ngày khác.", field="on")
        _near(on)
        before = row.plain()
        row.moved_from, row.on, row.reason = row.moved_from or row.on, on, said
        store(row, by=by, permission=WRITE, action="move_vaccination", before=before, note=said)
        _list(row, by)
        return row


def cancel_session(*, by: User, id: uuid.UUID | str, reason: str, seen_version: int | None = None) -> Session:
    """Call a session off before a dose was given; its people stay due. Raises Refused: `no_reason`, `begun`."""
    with transaction.atomic():
        row = fetch(Session, id, by=by, permission=WRITE, seen_version=seen_version)
        said = _reason(reason, "vì sao hủy, ví dụ “mưa lũ, chưa có vắc xin”")
        if row.state not in (Session.PLANNED, Session.OPEN) or row.people.filter(given__isnull=False, entered_in_error=False).exists():
            raise Refused("begun", "Buổi này đã có người được tiêm hoặc đã đóng nên không hủy được. Hãy đóng buổi; người chưa đến sẽ vào danh sách vắng.")
        before = row.plain()
        row.state, row.reason = Session.CANCELLED, said
        return store(row, by=by, permission=WRITE, action="cancel_vaccination", before=before, note=said)


def add_person(*, by: User, session: uuid.UUID | str, person: Person | uuid.UUID, origin: str = "added") -> Attendee:
    """Put somebody on the list by hand. Raises Refused: `merged`, `after_death`, `before_birth`, `listed`, `closed`."""
    with transaction.atomic():
        row = fetch(Session, session, by=by, permission=WRITE)
        if row.state not in (Session.PLANNED, Session.OPEN):
            raise Refused("closed", f"Buổi này {row.get_state_display()} nên không thêm người được. Hãy thêm vào buổi tới.")
        who = _whole(person.pk if isinstance(person, Person) else person, by)
        check_person(who, row.on)
        held = Attendee.objects.filter(session=row, person=who, entered_in_error=False).first()
        if held is not None:
            raise Refused("listed", f"{who} đã có trong danh sách, số {held.number}. Hãy tìm theo tên hoặc số {held.number}.", field="person")
        return store(Attendee(session=row, person=who, number=next_number(row), origin=origin), by=by, permission=WRITE, action="add_attendee")


def remove_person(*, by: User, id: uuid.UUID | str, reason: str) -> Attendee:
    """Take somebody off the list who has not come."""
    with transaction.atomic():
        row = fetch(Attendee, id, by=by, permission=WRITE)
        if row.came or row.outcome:
            raise Refused("came", f"{row.person} đã đến buổi tiêm nên không bỏ khỏi danh sách được. Hãy ghi kết quả khám sàng lọc.")
        before = row.plain()
        row.entered_in_error, row.error_reason = True, _reason(reason, "vì sao bỏ khỏi danh sách")
        return store(row, by=by, permission=WRITE, action="remove_attendee", before=before)


def _planned(id: uuid.UUID | str, by: User, seen_version: int | None = None) -> Session:
    row = fetch(Session, id, by=by, permission=WRITE, seen_version=seen_version)
    if row.state != Session.PLANNED:
        raise Refused("begun", f"Buổi tiêm này {row.get_state_display()}, không đổi kế hoạch được nữa. Hãy lập buổi khác.")
    return row


def _reason(text: str, example: str) -> str:
    if not (said := clean(text)):
        raise Refused("no_reason", f"Chưa ghi lý do. Hãy ghi {example}.", field="reason")
    return said[:200]


def _near(on: datetime.date) -> None:
    if on > clock.today() + datetime.timedelta(days=AHEAD):
        raise Refused("too_far", f"Ngày {on:%d/%m/%Y} còn hơn một năm nữa; hôm nay là {clock.today():%d/%m/%Y}. Hãy xem lại năm.", field="on")
    if on < clock.today():
        raise Refused("past", f"Ngày {on:%d/%m/%Y} đã qua; hôm nay là {clock.today():%d/%m/%Y}. Buổi đã tiêm ngoài máy thì ghi từng mũi ở Sổ mũi tiêm chủng.", field="on")


def _commune(row: Session, hamlets: Sequence[Place]) -> Place:
    """The commune of the site, proved to be that of every hamlet."""
    here = row.facility.place
    commune = here.parent if here.kind == Place.HAMLET and here.parent else here
    if not hamlets:
        raise Refused("no_hamlet", "Chưa chọn thôn nào. Hãy đánh dấu ít nhất một thôn mời đến buổi tiêm.", field="hamlets")
    if foreign := [one for one in hamlets if one.parent_id != commune.pk]:
        raise Refused("foreign_hamlet", f"{foreign[0]} không thuộc {commune}. Hãy chọn thôn của xã.", field="hamlets")
    return commune


def _whole(id: uuid.UUID, by: User) -> Person:
    """Somebody within the user's places; a merged record is refused with the name of the one that stands for it."""
    found = visible(by, Person.objects.select_related("hamlet", "household"), WRITE).filter(pk=id).first()
    if found is None:
        into = merged_into(id)
        raise not_found("người này") if into is None else Refused("merged", f"Hồ sơ này đã gộp vào hồ sơ của {into}. Hãy tìm {into}.")
    return found


def _hamlets(session: Session, wanted: Sequence[Place], by: User) -> None:
    held = {one.hamlet_id: one for one in SessionHamlet.objects.select_for_update(of=("self",)).filter(session=session, entered_in_error=False)}
    fresh = [SessionHamlet(session=session, hamlet=hamlet) for hamlet in wanted if held.pop(hamlet.pk, None) is None]
    store_many(fresh, by=by, permission=WRITE, action="plan_vaccination_hamlets")
    changes = [(one, one.plain()) for one in held.values()]
    for one, _ in changes:
        one.entered_in_error, one.error_reason = True, "bỏ khỏi kế hoạch"
    change_many(changes, ("entered_in_error", "error_reason"), by=by, permission=WRITE, action="plan_vaccination_hamlets")


def _list(session: Session, by: User) -> tuple[int, int]:
    """Who is due in the hamlets comes onto the list, unless somebody took them off by hand; who is due no more and did not come leaves it."""
    missed = carried(session)
    taken_off = set(Attendee.objects.filter(session=session, entered_in_error=True).exclude(error_reason=NOT_DUE).values_list("person", flat=True))
    wanted = {person.pk: person for person in expected(by, session.on, hamlets_of(session), session.wanted, missed)}
    held = {one.person_id: one for one in Attendee.objects.select_for_update(of=("self",)).filter(session=session, entered_in_error=False)}
    number = next_number(session)
    fresh = [
        Attendee(session=session, person=person, number=number + n, origin="carried" if key in missed else "due")
        for n, (key, person) in enumerate((key, person) for key, person in wanted.items() if key not in held and key not in taken_off)]
    store_many(fresh, by=by, permission=WRITE, action="list_attendees")
    gone = [(one, one.plain()) for key, one in held.items() if key not in wanted and one.origin in LISTED and not one.came and not one.outcome]
    for one, _ in gone:
        one.entered_in_error, one.error_reason = True, NOT_DUE
    change_many(gone, ("entered_in_error", "error_reason"), by=by, permission=WRITE, action="list_attendees")
    return len(fresh), len(gone)
