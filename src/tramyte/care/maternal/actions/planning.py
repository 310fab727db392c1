"""Family planning, abortions and screenings: the only writers of their books."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from tramyte.care.maternal.actions.checks import (
    WRITE,
    a_person,
    begun,
    check_day,
    check_lived,
    check_woman,
    fill,
    in_error,
    one_by_one,
)
from tramyte.care.maternal.actions.pregnancies import end, reopen_pregnancy
from tramyte.care.maternal.models import Abortion, FamilyPlanning, Pregnancy, Screening
from tramyte.care.maternal.queries import pregnancy_on
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import age_years
from tramyte.rules.pregnancy import weeks_words

MALE = {"male_sterilization", "condom", "traditional"}
FEMALE = {"iud", "female_sterilization", "implant", "injection", "pill", "condom", "traditional"}
YOUNGEST, OLDEST = 10, 60  # years: nobody below is given a method, no woman from here on begins one
MOST = 500  # pieces at once; more is a slip of the pen
LATEST_ABORTION = 22 * 7  # days; the station may do none so late, but the book keeps what was done elsewhere
Items = Sequence[tuple[uuid.UUID | None, dict[str, Any]]]


def check_planning(fields: Mapping[str, Any], *, by: User) -> None:
    """The rules of a line of Sổ cung cấp biện pháp tránh thai, without a query."""
    person, on, method = fields.get("person"), fields.get("on"), fields.get("method")
    if person is None or on is None:
        return
    check_day(on, "Ngày")
    check_lived(person, on)
    if method and method not in (FEMALE if person.sex == "F" else MALE):
        raise Refused("method", f"{person} là {'nữ' if person.sex == 'F' else 'nam'} nên không dùng biện pháp này. Hãy chọn lại biện pháp hoặc người dùng.", field="method")
    _check_age(person, on, str(fields.get("act") or "start"))
    _check_quantity(fields.get("quantity"))
    until = fields.get("until")
    if until is not None and until < on:
        raise Refused("until", f"Ngày dùng đến {until:%d/%m/%Y} trước ngày cấp {on:%d/%m/%Y}. Hãy kiểm tra lại hai ngày.", field="until")
    if fields.get("stock_out") and fields.get("quantity"):
        raise Refused("stock_out", f"Đã đánh dấu hết hàng, không cấp được mà vẫn ghi số lượng {fields['quantity']}. Hãy xóa số lượng, hoặc chọn Không ở mục hết hàng.", field="quantity")
    if fields.get("act") == "stop" and fields.get("stock_out") and fields.get("why") not in {"", None, "stock_out"}:
        raise Refused("why", "Đã đánh dấu hết hàng thì lý do ngừng là hết hàng. Hãy chọn lại một trong hai.", field="why")


def _check_age(person: Person, on: datetime.date, act: str) -> None:
    age = age_years(person.birth_date, on)
    if age < YOUNGEST or (age >= OLDEST and person.sex == "F" and act == "start"):
        raise Refused("age", f"{person} {age} tuổi vào ngày {on:%d/%m/%Y}: không phải tuổi cấp biện pháp tránh thai. Hãy chọn lại người, hoặc xem lại ngày sinh.", field="person")


def _check_quantity(quantity: int | None) -> None:
    if quantity is not None and not 1 <= quantity <= MOST:
        raise Refused("quantity", f"Số lượng {quantity}: phải từ 1 đến {MOST}. Không cấp gì thì để trống; hết hàng thì đánh dấu Hết hàng.", field="quantity")


@transaction.atomic
def record_planning(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, import_id: uuid.UUID | None = None, **fields: Any,
) -> FamilyPlanning:
    """Write a method begun, supplied again or stopped, or correct the line with this id; fields are those of `FamilyPlanning`."""
    row, before = begun(FamilyPlanning, id, by, seen_version)
    if before is None:
        row.import_id = import_id
    fill(row, {name: value for name, value in fields.items() if name != "stock_out" or value is not None})
    check_day(row.on, "Ngày")
    row.person, row.provider = a_person(row.person_id, by, row.on), row.provider or by.full_name
    check_planning({name: getattr(row, name) for name in ("person", "on", "method", "act", "quantity", "until", "stock_out", "why")}, by=by)
    if row.person.sex == "F" and row.act != "stop" and (held := pregnancy_on(row.person, row.on)) and not held.outcome:
        raise Refused("pregnant", f"{row.person} đang có thai {weeks_words(held.gestation(row.on))}. Hãy kiểm tra lại người, hoặc ghi kết thúc thai kỳ trước.", field="person")
    return store(row, by=by, permission=WRITE, action="record_planning", before=before)


def record_plannings(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[FamilyPlanning]:
    """Write judged lines of an import, in order."""
    return one_by_one(record_planning, items, by=by, import_id=import_id)


def cancel_planning(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> FamilyPlanning:
    """Mark a line as entered in error."""
    with transaction.atomic():
        return in_error(FamilyPlanning, id, by=by, seen_version=seen_version, reason=reason, action="cancel_planning")


def check_abortion(fields: Mapping[str, Any], *, by: User) -> None:
    """The rules of an abortion, without a query."""
    person, on, lmp = fields.get("person"), fields.get("on"), fields.get("lmp")
    if person is None or on is None:
        return
    check_day(on, "Ngày phá thai")
    check_lived(person, on)
    if person.sex != "F":
        check_woman(person, on)
    if lmp is not None:
        if lmp > on:
            raise Refused("before_begin", f"Kỳ kinh cuối {lmp:%d/%m/%Y} sau ngày phá thai {on:%d/%m/%Y}. Hãy kiểm tra lại hai ngày.", field="lmp")
        if (on - lmp).days > LATEST_ABORTION:
            raise Refused("too_late", f"Thai {weeks_words((on - lmp).days)} khi phá: quá 22 tuần. Hãy kiểm tra lại kỳ kinh cuối; con đẻ ra thì ghi Sổ đẻ.", field="lmp")
    if (again := fields.get("recheck_on")) is not None and again < on:
        raise Refused("recheck", f"Ngày khám lại {again:%d/%m/%Y} trước ngày phá thai. Hãy kiểm tra lại.", field="recheck_on")


@transaction.atomic
def record_abortion(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, confirmed: bool = False, import_id: uuid.UUID | None = None, **fields: Any,
) -> Abortion:
    """Write an abortion, or correct the one with this id; it ends the pregnancy that is open. Fields are those of `Abortion`."""
    row, before = begun(Abortion, id, by, seen_version)
    if before is None:
        row.import_id = import_id
    fill(row, fields)
    check_day(row.on, "Ngày phá thai")
    row.person, row.provider = a_person(row.person_id, by, row.on), row.provider or by.full_name
    check_woman(row.person, row.on, confirmed=confirmed)
    owner = row.pregnancy or pregnancy_on(row.person, row.on)
    if owner is not None and owner.outcome not in {"", "abortion"}:
        raise Refused("ended", f"Thai kỳ này đã kết thúc ({owner.get_outcome_display()}) ngày {owner.ended_on:%d/%m/%Y}. Hãy kiểm tra lại người và ngày.", field="on")
    row.pregnancy, begun_on = owner, row.lmp or (owner.since if owner else None)
    check_abortion({"person": row.person, "on": row.on, "lmp": begun_on, "recheck_on": row.recheck_on}, by=by)
    row.gestation = (row.on - begun_on).days if begun_on else None
    store(row, by=by, permission=WRITE, action="record_abortion", before=before)
    if owner is not None:
        end(fetch(Pregnancy, owner.pk, by=by, permission=WRITE), "abortion", row.on, by=by)
    return row


def record_abortions(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[Abortion]:
    """Write judged lines of an import, in order."""
    return one_by_one(record_abortion, items, by=by, import_id=import_id)


@transaction.atomic
def cancel_abortion(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> Abortion:
    """Mark an abortion as entered in error; its pregnancy goes on, unless another line says that it ended."""
    row = in_error(Abortion, id, by=by, seen_version=seen_version, reason=reason, action="cancel_abortion")
    if row.pregnancy_id and not Abortion.objects.filter(pregnancy=row.pregnancy_id, entered_in_error=False).exists():
        reopen_pregnancy(by=by, id=row.pregnancy_id)
    return row


def check_screening(fields: Mapping[str, Any], *, by: User) -> None:
    """The rules of a screening or counselling, without a query: who it is for by age and sex."""
    person, on, kind = fields.get("person"), fields.get("on"), fields.get("kind")
    if person is None or on is None:
        return
    check_day(on, "Ngày")
    check_lived(person, on)
    age = age_years(person.birth_date, on)
    if kind == "prenatal" and person.sex != "F":
        raise Refused("male", f"{person} ghi giới tính nam: sàng lọc trước sinh ghi cho thai phụ. Hãy chọn lại người.", field="person")
    if kind == "newborn" and (on - person.birth_date).days > 60:
        raise Refused("age", f"{person} đã {age} tuổi: sàng lọc sơ sinh ghi cho trẻ, lấy máu trong những ngày đầu. Hãy chọn đúng trẻ, không phải mẹ." if age else f"{person} đã quá 60 ngày tuổi khi sàng lọc sơ sinh. Hãy kiểm tra lại ngày.", field="person")
    if kind == "premarital" and age < 16:
        raise Refused("age", f"{person} mới {age} tuổi: chưa đến tuổi khám trước kết hôn. Hãy chọn lại người, hoặc ghi là tư vấn vị thành niên.", field="person")
    if kind == "adolescent" and not 10 <= age <= 24:
        raise Refused("age", f"{person} {age} tuổi: tư vấn vị thành niên, thanh niên ghi cho người 10 đến 24 tuổi. Hãy chọn lại.", field="person")


@transaction.atomic
def record_screening(
    *, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, import_id: uuid.UUID | None = None, **fields: Any,
) -> Screening:
    """Write a screening, a premarital examination or a counselling, or correct the line with this id."""
    row, before = begun(Screening, id, by, seen_version)
    if before is None:
        row.import_id = import_id
    fill(row, fields)
    check_day(row.on, "Ngày")
    row.person = a_person(row.person_id, by, row.on)
    check_screening({"person": row.person, "on": row.on, "kind": row.kind}, by=by)
    return store(row, by=by, permission=WRITE, action="record_screening", before=before)


def record_screenings(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[Screening]:
    """Write judged lines of an import, in order."""
    return one_by_one(record_screening, items, by=by, import_id=import_id)


def cancel_screening(*, by: User, id: uuid.UUID, reason: str, seen_version: int | None = None) -> Screening:
    """Mark a line as entered in error."""
    with transaction.atomic():
        return in_error(Screening, id, by=by, seen_version=seen_version, reason=reason, action="cancel_screening")
