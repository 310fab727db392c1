"""Writing the vaccine stock: products, lots, what came and went, the stop of a lot."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tramyte.care.immunization.models import Immunization, StockMovement, VaccineLot, VaccineProduct
from tramyte.care.immunization.queries import balance_of
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.text import clean

WRITE, GIVE = "vaccines.write", "care.write"


def record_product(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> VaccineProduct:
    """Write what a maker sells of a vaccine, or change it; fields are those of `VaccineProduct`. Raises Refused."""
    with transaction.atomic():
        known = bool(id) and VaccineProduct.objects.filter(pk=id).exists()
        row = fetch(VaccineProduct, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else VaccineProduct(id=id or new_id())
        before = row.plain() if known else None
        for name, value in fields.items():
            setattr(row, name, clean(value) if isinstance(value, str) else value)
        return store(row, by=by, permission=WRITE, action="record_vaccine_product", before=before)


def check_lot(fields: dict[str, Any], *, by: User) -> None:
    """The rules of a lot that need no query. Raises Refused."""
    received, expires, doses = fields.get("received_on"), fields.get("expires_on"), fields.get("received")
    if received and received > clock.today():
        raise Refused("future", f"Ngày nhập {received:%d/%m/%Y} chưa đến; hôm nay là {clock.today():%d/%m/%Y}. Chỉ ghi lô đã về kho.", field="received_on")
    if received and expires and expires < received:
        raise Refused("expired", f"Lô này hết hạn {expires:%d/%m/%Y}, trước ngày nhập {received:%d/%m/%Y}. Hãy đọc lại hạn dùng trên lọ, không nhận lô quá hạn.", field="expires_on")
    if doses is not None and doses <= 0:
        raise Refused("bad_doses", "Số liều nhập phải lớn hơn 0. Hãy đếm theo liều, không theo lọ.", field="received")


def record_lot(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, received: int | None = None, received_on: datetime.date | None = None, **fields: Any,
) -> VaccineLot:
    """Write a lot with the doses that came first (`received`, on `received_on`), or change what a lot says of itself.

    Of a lot that is there already only its own fields change: what comes later is written by `move_stock`. Raises Refused.
    """
    with transaction.atomic():
        known = bool(id) and VaccineLot.objects.filter(pk=id).exists()
        row = fetch(VaccineLot, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else VaccineLot(id=id or new_id())
        before = row.plain() if known else None
        for name, value in fields.items():
            setattr(row, name, clean(value) if isinstance(value, str) else value)
        if before is not None:
            _keep_first(row, received, received_on)
        check_lot({"received_on": received_on, "expires_on": row.expires_on, "received": received}, by=by)
        store(row, by=by, permission=WRITE, action="record_vaccine_lot", before=before)
        if before is None:
            if received is None or received_on is None:
                raise Refused("missing", "Chưa ghi số liều nhập hoặc ngày nhập kho. Hãy ghi theo phiếu xuất của tuyến trên.", field="received" if received is None else "received_on")
            move_stock(by=by, lot=row, kind=StockMovement.RECEIVED, doses=received, on=received_on)
        return row


def _keep_first(row: VaccineLot, received: int | None, received_on: datetime.date | None) -> None:
    """What came first stays as it was written: a count that was wrong is put right by another line."""
    first = StockMovement.objects.filter(lot=row, kind=StockMovement.RECEIVED, entered_in_error=False).order_by("on", "pk").first()
    if first and ((received or first.doses, received_on or first.on) != (first.doses, first.on)):
        raise Refused(
            "written", f"Lô {row} đã ghi nhập {first.doses} liều ngày {first.on:%d/%m/%Y}. Nhập thêm hoặc đếm sai thì ghi một dòng kho mới, không sửa dòng cũ.", field="received")


def receive_lots(items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None) -> list[VaccineLot]:
    """Write judged lines of an import one by one: they are few."""
    with transaction.atomic():
        return [record_lot(by=by, id=id, **({"import_id": import_id} if id is None else {}), **fields) for id, fields in items]


def move_stock(
    *, by: User, lot: VaccineLot | uuid.UUID, kind: str, doses: int, on: datetime.date, reason: str = "", id: uuid.UUID | None = None,
) -> StockMovement:
    """Append that doses of a lot came, were thrown away or went back; `doses` below zero takes so many of an earlier line back.

    What is given to people is written by `record_immunization`. Raises Refused: `not_found`, `future`, `given_elsewhere`,
    `no_reason`, `out_of_stock`.
    """
    with transaction.atomic():
        held = fetch(VaccineLot, lot.pk if isinstance(lot, VaccineLot) else lot, by=by, permission=WRITE)
        if held.entered_in_error:
            raise not_found("lô vắc xin")
        if kind == StockMovement.USED:
            raise Refused("given_elsewhere", "Liều đã tiêm được trừ kho khi ghi mũi tiêm. Hãy ghi mũi tiêm của từng người.", field="kind")
        if on > clock.today():
            raise Refused("future", f"Ngày {on:%d/%m/%Y} chưa đến; hôm nay là {clock.today():%d/%m/%Y}.", field="on")
        if not doses:
            raise Refused("bad_doses", "Hãy ghi số liều, khác 0.", field="doses")
        if kind == StockMovement.WASTED and not clean(reason):
            raise Refused("no_reason", "Hãy ghi vì sao bỏ: vỡ lọ, quá giờ sau mở, quá hạn, hỏng dây chuyền lạnh.", field="reason")
        left = balance_of(held)
        if left + StockMovement.SIGN.get(kind, 0) * doses < 0:
            raise Refused("out_of_stock", f"Lô {held} chỉ còn {left} liều, không bớt được {abs(doses)} liều. Hãy đếm lại rồi ghi.", field="doses")
        row = StockMovement(id=id or new_id(), lot=held, kind=kind, doses=doses, on=on, reason=clean(reason))
        return store(row, by=by, permission=WRITE, action="move_vaccine_stock")


def stop_lot(*, by: User, id: uuid.UUID | str, on: datetime.date, reason: str, seen_version: int | None = None) -> VaccineLot:
    """No dose of the lot may be given from a day on. Raises Refused without a reason."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Hãy ghi vì sao dừng lô, ví dụ “phản ứng nặng, chờ kết luận của CDC”.", field="reason")
    return _stop(by, id, seen_version, on, said)


def resume_lot(*, by: User, id: uuid.UUID | str, reason: str, seen_version: int | None = None) -> VaccineLot:
    """A stopped lot may be given again; the reason stays in the audit."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Hãy ghi căn cứ dùng lại lô, ví dụ “công văn của Sở Y tế ngày …”.", field="reason")
    return _stop(by, id, seen_version, None, "", said)


def _stop(by: User, id: uuid.UUID | str, seen_version: int | None, on: datetime.date | None, reason: str, note: str = "") -> VaccineLot:
    with transaction.atomic():
        row = fetch(VaccineLot, id, by=by, permission=WRITE, seen_version=seen_version)
        before, row.stopped_on, row.stop_reason = row.plain(), on, reason[:200]
        return store(row, by=by, permission=WRITE, action="stop_vaccine_lot" if on else "resume_vaccine_lot", before=before, note=(note or reason)[:200])


def cancel_lot(*, by: User, id: uuid.UUID | str, seen_version: int | None = None, reason: str) -> VaccineLot:
    """Mark a lot as entered in error; refused once a dose of it was given."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao lô này là ghi nhầm.", field="reason")
    with transaction.atomic():
        row = fetch(VaccineLot, id, by=by, permission=WRITE, seen_version=seen_version)
        if Immunization.objects.filter(lot=row, entered_in_error=False).exists():
            raise Refused("in_use", f"Lô {row} đã tiêm cho người dân nên không bỏ được. Nếu sai số lô, hãy sửa số lô; nếu ghi nhầm mũi, hãy bỏ mũi trước.")
        before = row.plain()
        row.entered_in_error, row.error_reason = True, said[:200]
        return store(row, by=by, permission=WRITE, action="cancel_vaccine_lot", before=before, note=said[:200])


def give(lot: VaccineLot, dose: Immunization, *, by: User) -> None:
    """One dose of a lot was given; called by the action that writes the dose, in its transaction."""
    _line(lot, dose, 1, by)


def take_back(lot: VaccineLot, dose: Immunization, *, by: User) -> None:
    """A dose that was written as given of this lot was not."""
    _line(lot, dose, -1, by)


def _line(lot: VaccineLot, dose: Immunization, doses: int, by: User) -> None:
    reason = "" if doses > 0 else "bỏ hoặc sửa mũi tiêm đã ghi"
    row = StockMovement(lot=lot, kind=StockMovement.USED, doses=doses, on=dose.on, immunization=dose.pk, reason=reason)
    store(row, by=by, permission=GIVE, action="use_vaccine_dose")

