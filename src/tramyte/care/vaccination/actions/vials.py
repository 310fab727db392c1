"""Vials of a session: opened with their hour, used up, thrown away; and what was brought along of each lot."""

import datetime
import uuid

from django.db import transaction

from tramyte.care.immunization.actions.checks import lot_fault
from tramyte.care.immunization.models import VaccineLot
from tramyte.care.immunization.queries import balance_of
from tramyte.care.vaccination.actions.planning import WRITE
from tramyte.care.vaccination.models import Session, SessionLot, Vial
from tramyte.care.vaccination.queries import lost_by_lot, opened_by_lot, vials_of
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

STOCK = "vaccines.write"
RECONSTITUTED = 6  # hours: NĐ 104/2016/NĐ-CP Điều 9-11; for products that do not say otherwise


def vial_for(session: Session, lot: VaccineLot, by: User) -> Vial:
    """The vial that a dose, which has left the store already, is taken from: the oldest that may still be used, else a new one.

    Raises Refused `out_of_stock` where all that the store still counts of the lot was thrown away in this session.
    """
    now, vials = clock.now(), vials_of(session)
    for one in vials:
        if one.vial.lot_id == lot.pk and one.usable(now):
            return one.vial
    if (lost := lost_by_lot(vials, now)[lot.pk]) > balance_of(lot):
        raise Refused("out_of_stock", f"Lô {lot} đã hết: {lost} liều còn trong sổ kho là của lọ đã bỏ hoặc quá giờ trong buổi này. Hãy chọn lô khác, hoặc ghi nhập thêm vào kho.", field="lot")
    return _open(session, lot, now, by)


def open_vial(*, by: User, session: uuid.UUID | str, lot: uuid.UUID | str) -> Vial:
    """Open a vial of a lot by hand. Raises Refused: `not_open`, and those of `lot_fault`."""
    with transaction.atomic():
        row = fetch(Session, session, by=by, permission=WRITE)
        if not row.is_open:
            raise Refused("not_open", f"Buổi tiêm này {row.get_state_display()}, không mở lọ được. Hãy mở buổi trước.")
        held = fetch(VaccineLot, lot, by=by, permission=STOCK)
        if fault := lot_fault(held, row.on):
            raise fault
        return _open(row, held, clock.now(), by)


def discard_vial(*, by: User, id: uuid.UUID | str, reason: str) -> Vial:
    """What is left of a vial is not used any more; it is counted as wasted at closing. Raises Refused: `no_reason`, `not_open`, `discarded`."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Hãy ghi vì sao bỏ lọ: rơi vỡ, nhiễm bẩn, quá 6 giờ sau mở.", field="reason")
    with transaction.atomic():
        row = fetch(Vial, id, by=by, permission=WRITE)
        if not Session.objects.get(pk=row.session_id).is_open:
            raise Refused("not_open", "Buổi tiêm đã đóng, không sửa lọ được nữa. Nếu đóng nhầm, hãy mở lại buổi.")
        if row.discarded:
            raise Refused("discarded", f"Lọ này đã bỏ: {row.discarded}.")
        before, row.discarded = row.plain(), said[:200]
        return store(row, by=by, permission=WRITE, action="discard_vial", before=before, note=said[:200])


def _open(session: Session, lot: VaccineLot, now: datetime.datetime, by: User) -> Vial:
    product = lot.product
    until = now + datetime.timedelta(hours=product.open_hours or RECONSTITUTED) if product.doses_per_vial > 1 else None
    made = store(Vial(session=session, lot=lot, opened=now, usable_until=until, doses=product.doses_per_vial), by=by, permission=WRITE, action="open_vial")
    _bring(session, lot, by)
    return made


def _bring(session: Session, lot: VaccineLot, by: User) -> None:
    """A vial that was opened was brought along, even when nobody wrote so before."""
    opened = opened_by_lot(session).get(lot.pk, 0)
    row = SessionLot.objects.filter(session=session, lot=lot, entered_in_error=False).first()
    if row is None:
        store(SessionLot(session=session, lot=lot, received=opened), by=by, permission=WRITE, action="bring_lot")
    elif row.received < opened:
        before, row.received = row.plain(), opened
        store(row, by=by, permission=WRITE, action="bring_lot", before=before)
