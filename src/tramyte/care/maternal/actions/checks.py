"""What is checked before a fact about a mother is stored; each refusal says what a good midwife-in-charge would."""

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction

from tramyte.care.people.models import Person
from tramyte.care.people.queries import merged_into
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import Fact, new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import age_years
from tramyte.rules.text import clean

WRITE = "maternal.write"
LOAD = "people.import"
BEARING = range(10, 61)  # who may be meant when a mother is looked for by name
USUAL = range(13, 50)  # an age outside is asked again
CONFIRM = "đánh dấu “Đã kiểm tra lại” rồi lưu"
BY_HAND = "ghi tay riêng dòng này trong sổ và đánh dấu “Đã kiểm tra lại”"
F = TypeVar("F", bound=Fact)


def begun(model: type[F], id: uuid.UUID | None, by: User, seen_version: int | None) -> tuple[F, dict[str, Any] | None]:
    """The row to change with its values as they are, or a new one with None."""
    known = bool(id) and model._default_manager.filter(pk=id).exists()
    row = fetch(model, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else model(id=id or new_id())
    return row, row.plain() if known else None


def fill(row: Fact, fields: Mapping[str, Any]) -> None:
    """Give a row these values; texts are cleaned. TypeError for a field it does not have."""
    names = {field.name for field in row._meta.concrete_fields}
    if unknown := fields.keys() - names:
        raise TypeError(f"{type(row).__name__} has no {sorted(unknown)}")
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) else value)


def a_person(person: Person | uuid.UUID | None, by: User, on: datetime.date | None, *, field: str = "person") -> Person:
    """Somebody within the user's rights, neither merged into another nor dead before the day."""
    if person is None:
        raise Refused("missing", "Chưa ghi là ai. Hãy ghi số định danh, hoặc họ tên kèm ngày sinh.", field=field)
    found = fetch(Person, person.pk if isinstance(person, Person) else person, by=by, permission=WRITE)
    if found.entered_in_error:
        into = merged_into(found.pk)
        said = f"đã được gộp vào hồ sơ của {into}. Hãy mở hồ sơ đó rồi ghi" if into else "đã bị đánh dấu ghi nhầm. Hãy tìm lại đúng người"
        raise Refused("merged", f"Hồ sơ của {found} {said}.", field=field)
    if on is not None:
        check_lived(found, on, field=field)
    return found


def check_lived(person: Person, on: datetime.date, *, field: str = "on") -> None:
    """Refuse a day before somebody's birth or after the death."""
    if on < person.birth_date:
        raise Refused("before_birth", f"Ngày {on:%d/%m/%Y} trước ngày sinh {person.birth_date:%d/%m/%Y} của {person}. Hãy kiểm tra lại.", field=field)
    if person.died_on and on > person.died_on:
        raise Refused("died", f"{person} đã mất ngày {person.died_on:%d/%m/%Y} nên không ghi được việc ngày {on:%d/%m/%Y}. Hãy kiểm tra lại người hoặc ngày.", field=field)


def check_woman(person: Person, on: datetime.date, *, confirmed: bool = False, field: str = "person") -> None:
    """Refuse a man; ask again about a girl below thirteen and a woman from fifty on."""
    if person.sex != "F":
        raise Refused("male", f"{person} ghi giới tính nam nên không ghi thai sản được. Hãy chọn lại người, hoặc sửa giới tính nếu ghi nhầm.", field=field)
    age = age_years(person.birth_date, on)
    if age not in USUAL and not confirmed:
        raise Refused("ask_age", f"{person} {age} tuổi vào ngày {on:%d/%m/%Y}: có đúng người không? Hãy xem lại ngày sinh; đúng thì đánh dấu “Đã kiểm tra lại” rồi lưu.", field=field)


def check_day(on: Any, label: str, *, field: str = "on") -> datetime.date:
    """A day that has come; else Refused."""
    if not isinstance(on, datetime.date):
        raise Refused("missing", f"{label} để trống. Hãy ghi ngày/tháng/năm.", field=field)
    if on > clock.today():
        raise Refused("future", f"{label} {on:%d/%m/%Y} chưa đến; hôm nay là {clock.today():%d/%m/%Y}. Hãy ghi ngày đã làm.", field=field)
    return on


def check_pressure(systolic: int | None, diastolic: int | None) -> None:
    """Refuse two numbers of a blood pressure that changed places."""
    if systolic and diastolic and diastolic >= systolic:
        raise Refused("pressure", "Huyết áp tâm trương phải nhỏ hơn tâm thu. Có thể hai số bị đổi chỗ.", field="diastolic")


def in_error(model: type[F], id: uuid.UUID, *, by: User, seen_version: int | None, reason: str, action: str) -> F:
    """Mark a row as entered in error with the reason; it leaves books and figures and is never deleted."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao dòng này là ghi nhầm.", field="reason")
    row = fetch(model, id, by=by, permission=WRITE, seen_version=seen_version)
    before = row.plain()
    row.entered_in_error, row.error_reason = True, said[:200]
    return store(row, by=by, permission=WRITE, action=action, before=before, note=said[:200])


def one_by_one(
    record: Callable[..., F], items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None,
) -> list[F]:
    """Write judged lines of an import in order, in one transaction: each may open or end a pregnancy for the next.

    What wants to be confirmed cannot be in a file: the refusal says where it can.
    """
    made = []
    with transaction.atomic():
        for id, fields in items:
            try:
                made.append(record(by=by, id=id, import_id=import_id, **fields))
            except Refused as refused:
                refused.message = refused.message.replace(CONFIRM, BY_HAND)
                raise
    return made
