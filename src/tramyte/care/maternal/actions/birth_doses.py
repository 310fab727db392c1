"""The first dose of hepatitis B vaccine as a birth tells it: checked by the clock, written among the child's doses."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tramyte.care.maternal.columns import dose_told
from tramyte.care.maternal.models import Delivery, Newborn
from tramyte.care.people.birth_doses import BirthDose, birth_doses, keepers
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

OF_DOSE = ("hepatitis_b_at", "hepatitis_b_lot")  # of a line: "05/03/2026 07:30", the day alone, or "05/03/2026 07:30 lô B2601"; the lot
LATEST = 28  # days after birth; a later dose is no birth dose
NO_LOT = "Đẻ tại trạm thì mũi viêm gan B tiêm bằng vắc xin của trạm, phải có số lô. Hãy đọc số lô trên lọ; chưa biết thì để trống giờ tiêm, ghi sau ở phiếu tiêm chủng của trẻ."
TAKEN_OUT = "bỏ giờ tiêm viêm gan B ở Sổ đẻ"


def stored_dose(baby: Newborn) -> BirthDose | None:
    """The birth dose that the child of a line has; None without one."""
    return birth_doses([baby.child_id]).get(baby.child_id) if baby.child_id else None


def told_dose(baby: Newborn, told: Mapping[str, Any], held: BirthDose | None, at: int) -> BirthDose | None:
    """The dose that is to stand: what the line says over what is stored; None for none.

    Raises Refused with the field as "0-hepatitis_b_at": of a stillborn, before the birth, to come, too late for a birth dose.
    """
    field, lot = f"{at}-hepatitis_b_at", clean(str(told["hepatitis_b_lot"] or "")) if "hepatitis_b_lot" in told else None
    if "hepatitis_b_at" not in told:
        dose = held
    elif told["hepatitis_b_at"]:
        on, hour, beside = dose_told(told["hepatitis_b_at"])
        dose, lot = replace(held or BirthDose(new_id(), on), on=on, at=hour), beside or lot
    elif lot:
        raise Refused("missing", "Ghi số lô viêm gan B mà chưa ghi giờ tiêm. Hãy ghi ngày và giờ tiêm, hoặc xóa số lô.", field=field)
    else:
        return None
    if dose is not None:
        _check(baby, dose, field)
        return dose if lot is None else replace(dose, lot=lot)
    return None


def write_dose(baby: Newborn, held: BirthDose | None, dose: BirthDose | None, at: int, *, by: User) -> None:
    """Make the child's doses say what the line says, from what they said before. Refusals name the field of the birth."""
    if dose is None:
        if held is not None:
            cancel_dose(held.key, by=by, reason=TAKEN_OUT)
        return
    where = _where(baby)
    if held is None or (baby.birth_dose == held.key and held.source != where["source"]):
        dose = replace(dose, **where)
    if dose == held or baby.child is None:
        return
    try:
        for keeper in keepers():
            keeper.write(baby.child, dose, by=by)
    except Refused as refused:
        if refused.status == 422:
            refused.field = f"{at}-hepatitis_b_lot" if refused.field == "lot_number" else f"{at}-hepatitis_b_at"
            if not dose.lot and refused.field.endswith("_lot"):
                refused.message = NO_LOT
        raise


def cancel_dose(key: Any, *, by: User, reason: str) -> None:
    """Take the dose with this key back."""
    for keeper in keepers():
        keeper.cancel(key, by=by, reason=reason)


def _where(baby: Newborn) -> dict[str, str]:
    """Where the dose came from, by where the birth was: of the station's own stock unless an old book is copied."""
    birth: Delivery = baby.delivery
    own = "import" if baby.import_id else "station"
    return {"source": own if birth.place == "station" else "elsewhere", "site": birth.site or str(birth.get_place_display())}


def _check(baby: Newborn, dose: BirthDose, field: str) -> None:
    days, told = (dose.on - baby.on).days, f"{dose.on:%d/%m/%Y}{f' {dose.at}' if dose.at else ''}"
    if not baby.alive:
        raise Refused("stillborn", "Con đẻ ra đã chết nên không ghi tiêm viêm gan B. Hãy kiểm tra lại tình trạng con hoặc giờ tiêm.", field=field)
    if days < 0 or (days == 0 and dose.at and baby.at and dose.at < baby.at):
        raise Refused("before_birth", f"Giờ tiêm viêm gan B {told} trước giờ sinh. Hãy kiểm tra lại ngày giờ tiêm.", field=field)
    if dose.on > clock.today():
        raise Refused("future", f"Giờ tiêm viêm gan B {told} chưa đến. Hãy ghi giờ đã tiêm.", field=field)
    if days > LATEST:
        raise Refused("too_late", f"Tiêm viêm gan B ngày {told} là {days} ngày sau sinh, không còn là mũi sơ sinh. Hãy ghi mũi này ở phiếu tiêm chủng của trẻ.", field=field)
