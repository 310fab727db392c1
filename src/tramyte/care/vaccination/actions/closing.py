"""Opening a session on its day, closing it with the balance of every lot, opening it again."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tramyte.care.immunization.actions import move_stock
from tramyte.care.immunization.models import StockMovement, VaccineLot
from tramyte.care.immunization.queries import balance_of
from tramyte.care.vaccination.actions.planning import WRITE, refresh_list
from tramyte.care.vaccination.models import Session, SessionLot
from tramyte.care.vaccination.queries import given_by_lot, lots_of, people_of
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import visible
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

NAMED = 3  # names in a refusal


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of a lot at the end: doses brought, doses of the vials that were opened, doses thrown away."""

    received: int
    used: int
    wasted: int


def open_session(*, by: User, id: uuid.UUID | str, brought: Mapping[uuid.UUID, int] | None = None, seen_version: int | None = None, **fields: Any) -> Session:
    """Begin a session on its day, with who works there and what was brought along (doses by lot); the list is brought up to date first.

    Fields: screener, injector, recorder, staff, temperature. Raises Refused: `other_day`, `opened`, `unknown_lot`, `out_of_stock`.
    """
    with transaction.atomic():
        row = fetch(Session, id, by=by, permission=WRITE, seen_version=seen_version)
        _may_open(row)
        if row.on == clock.today():
            refresh_list(by=by, id=row.pk)
            row.refresh_from_db()
        before = row.plain()
        for name, value in fields.items():
            setattr(row, name, clean(value) if isinstance(value, str) else value)
        row.state, row.began = Session.OPEN, clock.now()
        store(row, by=by, permission=WRITE, action="open_vaccination", before=before)
        for lot in _lots(by, brought or {}):
            store(SessionLot(session=row, lot=lot, received=(brought or {})[lot.pk]), by=by, permission=WRITE, action="bring_lot")
        return row


def close_session(*, by: User, id: uuid.UUID | str, counts: Mapping[uuid.UUID, Count], seen_version: int | None = None) -> Session:
    """Close a session once of every lot the doses used are those given and those thrown away; the latter leave the store.

    Raises Refused: `not_open`, `watching`, `waiting`, `uncounted`, `unbalanced`, `not_brought`, `out_of_stock`.
    """
    with transaction.atomic():
        row = fetch(Session, id, by=by, permission=WRITE, seen_version=seen_version)
        if not row.is_open:
            raise Refused("not_open", f"Buổi tiêm này {row.get_state_display()}, không đóng lần nữa. Hãy tải lại trang để xem kết quả.")
        _nobody_left(row)
        given = given_by_lot(row)
        for one in lots_of(row):
            _settle(row, one, counts.get(one.lot_id), given.get(one.lot_id, 0), by)
        before = row.plain()
        row.state, row.ended = Session.CLOSED, clock.now()
        return store(row, by=by, permission=WRITE, action="close_vaccination", before=before)


def reopen_session(*, by: User, id: uuid.UUID | str, reason: str) -> Session:
    """Open a closed session again; what was thrown away comes back into the books until it is closed anew. Raises Refused: `no_reason`, `not_closed`."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao mở lại buổi, ví dụ “đếm nhầm lọ sởi”.", field="reason")
    with transaction.atomic():
        row = fetch(Session, id, by=by, permission=WRITE)
        if row.state != Session.CLOSED:
            raise Refused("not_closed", f"Buổi tiêm này {row.get_state_display()}, không cần mở lại.")
        for one in lots_of(row):
            if one.wasted:
                move_stock(by=by, lot=one.lot, kind=StockMovement.WASTED, doses=-one.wasted, on=row.on, reason=f"mở lại buổi tiêm {row.on:%d/%m/%Y}")
            before = one.plain()
            one.used, one.wasted = None, None
            store(one, by=by, permission=WRITE, action="count_lot", before=before)
        before = row.plain()
        row.state, row.ended = Session.OPEN, None
        return store(row, by=by, permission=WRITE, action="reopen_vaccination", before=before, note=said[:200])


def _may_open(row: Session) -> None:
    if row.state != Session.PLANNED:
        raise Refused("opened", f"Buổi tiêm này {row.get_state_display()}. Hãy tải lại trang.")
    if row.on > clock.today():
        raise Refused("other_day", f"Buổi này hẹn ngày {row.on:%d/%m/%Y}, hôm nay {clock.today():%d/%m/%Y}: chưa mở được. Nếu tiêm hôm nay, hãy đổi ngày buổi tiêm trước.")


def _lots(by: User, brought: Mapping[uuid.UUID, int]) -> list[VaccineLot]:
    """The lots that were brought along, each within the user's places, none with more than the store holds."""
    wanted = [key for key, doses in brought.items() if doses]
    rows = list(visible(by, VaccineLot.objects.filter(pk__in=wanted, entered_in_error=False), "vaccines.view"))
    if len(rows) != len(wanted):
        raise Refused("unknown_lot", "Có lô không còn trong kho của xã. Hãy tải lại trang rồi mở buổi.")
    for lot in rows:
        if brought[lot.pk] > (left := balance_of(lot)):
            raise Refused("out_of_stock", f"Lô {lot}: ghi mang {brought[lot.pk]} liều, kho chỉ còn {left} liều. Hãy ghi lại số liều mang ra bàn.", field=f"nhan-{lot.pk}")
    return rows


def _nobody_left(row: Session) -> None:
    people = list(people_of(row))
    for code, rows, said in (
        ("waiting", [one for one in people if one.came and not one.is_done], "đã đến mà chưa xong. Hãy khám, tiêm, hoặc ghi tạm hoãn kèm lý do"),
        ("watching", [one for one in people if one.given and not one.left], "còn trong 30 phút theo dõi. Hãy kết thúc theo dõi từng người"),
    ):
        if rows:
            names = ", ".join(str(one.person) for one in rows[:NAMED]) + ("…" if len(rows) > NAMED else "")
            raise Refused(code, f"Chưa đóng được buổi: {len(rows)} người {said} ({names}).")


def _settle(row: Session, one: SessionLot, count: Count | None, given: int, by: User) -> None:
    """Judge what was counted of one lot, keep it, and take what was thrown away out of the store."""
    what = f"{one.lot.product}, lô {one.lot}"
    if count is None:
        raise Refused("uncounted", f"Chưa đếm {what}. Hãy ghi số liều nhận, dùng và hủy.", field=str(one.lot_id))
    if count.used != given + count.wasted:
        raise Refused("unbalanced", _unbalanced(what, count, given), field=str(one.lot_id))
    if count.used > count.received:
        raise Refused("not_brought", f"{what}: dùng {count.used} liều mà chỉ nhận {count.received} liều. Hãy đếm lại số liều nhận.", field=str(one.lot_id))
    before = one.plain()
    one.received, one.used, one.wasted = count.received, count.used, count.wasted
    store(one, by=by, permission=WRITE, action="count_lot", before=before)
    if count.wasted:
        move_stock(by=by, lot=one.lot, kind=StockMovement.WASTED, doses=count.wasted, on=row.on, reason=f"buổi tiêm {row.on:%d/%m/%Y}: còn trong lọ đã mở")


def _unbalanced(what: str, count: Count, given: int) -> str:
    apart = count.used - given - count.wasted
    said = f"{what}: mở {count.used} liều, đã tiêm {given}, hủy {count.wasted}"
    if apart > 0:
        return f"{said}; còn {apart} liều chưa rõ ở đâu. Hãy đếm lại lọ: còn mũi chưa ghi, hay số hủy thiếu {apart}?"
    return f"{said}; tiêm và hủy nhiều hơn số đã mở {-apart} liều. Hãy đếm lại vỏ lọ, hoặc bớt số hủy."
