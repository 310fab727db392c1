"""What is checked of a dose before it is stored; each refusal says what a good nurse in charge would say."""

import datetime
from typing import Any

from tramyte.care.immunization.forecasting import Subject, moment, subjects
from tramyte.care.immunization.models import Immunization, StockMovement, Vaccine, VaccineLot
from tramyte.care.immunization.queries import balance_of
from tramyte.care.people.models import Person
from tramyte.care.people.queries import merged_into
from tramyte.engine import clock
from tramyte.engine.refused import Refused
from tramyte.rules.forecast import Child, DoseVerdict, Given, forecast


def check_person(person: Person, on: datetime.date) -> None:
    """Refuse a dose of somebody who was not born yet, has died, or whose record counts no more."""
    if person.entered_in_error:
        into = merged_into(person.pk)
        said = f"đã gộp vào hồ sơ của {into}. Hãy ghi mũi tiêm ở hồ sơ đó" if into else "đã bị đánh dấu ghi nhầm. Hãy tìm lại hồ sơ đúng của người này"
        raise Refused("merged", f"Hồ sơ của {person} {said}.", field="person")
    if on < person.birth_date:
        raise Refused("before_birth", f"Ngày tiêm {on:%d/%m/%Y} trước ngày sinh {person.birth_date:%d/%m/%Y}. Hãy xem lại sổ: sai ngày tiêm, hay chọn nhầm trẻ?", field="on")
    if person.died_on and on > person.died_on:
        raise Refused("after_death", f"{person} đã mất ngày {person.died_on:%d/%m/%Y} nên không thể tiêm ngày {on:%d/%m/%Y}. Hãy kiểm tra lại người hoặc ngày.", field="person")


def check_day(on: datetime.date, field: str = "on", label: str = "Ngày tiêm") -> None:
    """Refuse a day that has not come."""
    today = clock.today()
    if on > today:
        raise Refused("future", f"{label} {on:%d/%m/%Y} chưa đến; hôm nay là {today:%d/%m/%Y}. Chỉ ghi mũi đã tiêm.", field=field)


def check_hour(on: datetime.date, at: str, field: str = "at", label: str = "Giờ tiêm") -> None:
    """Refuse an hour of this day that has not come; a clock may be ahead by five minutes."""
    if not at:
        return
    latest = clock.now() + datetime.timedelta(minutes=5)
    if on == latest.date() and at > f"{latest:%H:%M}":
        raise Refused("future", f"{label} {at} ngày {on:%d/%m/%Y} chưa đến; bây giờ là {clock.now():%H:%M}. Hãy xem lại giờ.", field=field)


def check_vaccine(vaccine: Vaccine, on: datetime.date) -> None:
    """Refuse a vaccine that the station may not give on a day."""
    if on < vaccine.valid_from or (vaccine.valid_to and on > vaccine.valid_to):
        until = f" đến {vaccine.valid_to:%d/%m/%Y}" if vaccine.valid_to else ""
        raise Refused("not_in_use", f"{vaccine} chỉ dùng từ {vaccine.valid_from:%d/%m/%Y}{until}. Mũi cũ hãy chọn nguồn “chép từ sổ, danh sách cũ”.", field="vaccine")


def lot_of(vaccine: Vaccine, number: str, on: datetime.date, allowed: Any, doses: int = 1) -> VaccineLot:
    """The lot of the station's stock from which a dose is given on a day. allowed: the lots that the user may use.

    Raises Refused: `no_lot` (none was said), `unknown_lot`, `other_vaccine`, `stopped`, `expired`, `not_received`, `out_of_stock`.
    """
    if not number:
        raise Refused("no_lot", "Mũi tiêm tại trạm phải có số lô. Hãy đọc số lô trên lọ; mũi cũ chép lại thì chọn nguồn “chép từ sổ, danh sách cũ”.", field="lot_number")
    known = list(allowed.filter(number__iexact=number, entered_in_error=False).select_related("product__vaccine"))
    lots = [lot for lot in known if lot.product.vaccine_id == vaccine.pk]
    if not lots:
        if known:
            raise Refused("other_vaccine", f"Lô {number} là {known[0].product.vaccine}, không phải {vaccine}. Hãy đọc lại nhãn lọ trước khi ghi.", field="lot_number")
        raise Refused("unknown_lot", f"Kho vắc xin không có lô {number}. Hãy đọc lại số lô, hoặc ghi nhập lô này vào kho trước.", field="lot_number")
    return _usable(lots, on, doses)


def _usable(lots: list[VaccineLot], on: datetime.date, doses: int) -> VaccineLot:
    """The first of these lots that may be given; else the refusal of the last."""
    refusal: Refused | None = None
    for lot in lots:
        refusal = lot_fault(lot, on, doses)
        if refusal is None:
            return lot
    assert refusal is not None
    raise refusal


def lot_fault(lot: VaccineLot, on: datetime.date, doses: int = 1) -> Refused | None:
    """Why so many doses of a lot cannot be given on a day; None when they can."""
    if lot.stopped_on and on >= lot.stopped_on:
        return Refused("stopped", f"Lô {lot} đã dừng dùng từ {lot.stopped_on:%d/%m/%Y}: {lot.stop_reason}. Không tiêm lô này; hãy lấy lô khác.", field="lot_number")
    if on > lot.expires_on:
        return Refused("expired", f"Lô {lot} hết hạn ngày {lot.expires_on:%d/%m/%Y}. Không được tiêm; hãy để riêng và ghi hủy.", field="lot_number")
    first = lot.movements.filter(kind=StockMovement.RECEIVED, doses__gt=0).order_by("on").values_list("on", flat=True).first()
    if first is None or on < first:
        since = f"mới nhập ngày {first:%d/%m/%Y}" if first else "chưa nhập kho"
        return Refused("not_received", f"Ngày {on:%d/%m/%Y} trạm chưa có lô {lot} ({since}). Hãy kiểm tra ngày tiêm hoặc ngày nhập kho.", field="lot_number")
    if (left := balance_of(lot)) < doses:
        return Refused("out_of_stock", f"Lô {lot} chỉ còn {left} liều trong kho. Hãy kiểm tra số lô, hoặc ghi nhập thêm trước.", field="lot_number")
    return None


def judged(row: Immunization) -> DoseVerdict | None:
    """What a dose that is not stored yet (or is being changed) would be worth among the others; None when the schedule says nothing."""
    found = subjects([row.person_id], clock.today())
    return verdict_among(found[0], row) if found else None


def verdict_among(subject: Subject, row: Immunization) -> DoseVerdict | None:
    """As `judged`, for somebody whose doses are read already."""
    given = Given(row.on, row.vaccine.code, moment(row.on, row.at), row.source == "elsewhere")
    others = [dose.given for dose in subject.doses if dose.key != row.pk.hex]
    held = subject.child
    plan = forecast(Child(held.born, held.sex, [*others, given], held.born_at, held.events, held.activated), subject.schedule, clock.today())
    found = next((one for one in plan.doses if one.given is given), None)
    return found if found is not None and found.groups else None


def check_worth(row: Immunization) -> None:
    """Refuse a dose of the station's own that will not count, until somebody says why it is written all the same."""
    if row.source != "station" or row.word:
        return
    found = judged(row)
    if found is not None and found.status != "Valid":
        raise Refused(
            "not_valid", f"{row.vaccine}: {found.sentence} Nếu mũi này đã tiêm thật, hãy ghi lý do vào ô “Lý do ghi mũi không đúng lịch” rồi lưu lại.", field="word")
