"""Recording check-ups: the only writers of `Checkup`."""

import uuid
from typing import Any

from django.db import transaction

from tramyte.care.checkups.models import Checkup
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.lines import Items, begin, cancelling, record_chunk
from tramyte.engine.actions.writing import store
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import age_days

WRITE = "care.write"


def check_checkup(fields: dict[str, Any], *, by: User) -> None:
    """The rules of a check-up, without a query. Raises Refused with the field at fault."""
    person, on = fields.get("person"), fields.get("on")
    if person is None or on is None:
        return
    today = clock.today()
    if on > today:
        raise Refused("future", f"Ngày khám {on:%d/%m/%Y} chưa đến; hôm nay là {today:%d/%m/%Y}. Hãy ghi ngày đã khám.", field="on")
    if on < person.birth_date:
        raise Refused("before_birth", f"Ngày khám trước ngày sinh {person.birth_date:%d/%m/%Y}. Hãy kiểm tra lại ngày khám hoặc ngày sinh.", field="on")
    if person.died_on and on > person.died_on:
        raise Refused("after_death", f"Người này đã mất ngày {person.died_on:%d/%m/%Y}. Hãy kiểm tra lại người khám hoặc ngày khám.", field="on")
    systolic, diastolic = fields.get("systolic"), fields.get("diastolic")
    if systolic and diastolic and diastolic >= systolic:
        raise Refused("pressure", "Huyết áp tâm trương phải nhỏ hơn tâm thu. Có thể hai số bị đổi chỗ.", field="diastolic")


def record_checkup(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> Checkup:
    """Write a new check-up, or change the one with this id. Fields are those of `Checkup`. Raises Refused."""
    with transaction.atomic():
        row, before = begin(Checkup, id, by=by, permission=WRITE, seen_version=seen_version)
        _fill(row, fields, by)
        return store(row, by=by, permission=WRITE, action="record_checkup", before=before)


def record_checkups(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[Checkup]:
    """Write a chunk of judged lines of a file."""
    return record_chunk(
        items, new=lambda fields: _fill(Checkup(), fields, by), record=record_checkup, by=by, permission=WRITE, action="import_checkups", import_id=import_id)


cancel_checkup = cancelling(Checkup, WRITE, "cancel_checkup")


def _fill(row: Checkup, fields: dict[str, Any], by: User) -> Checkup:
    for name, value in fields.items():
        setattr(row, name, value)
    if row.person_id is None or row.on is None:
        raise Refused("missing", "Thiếu người khám hoặc ngày khám. Hãy ghi đủ rồi lưu lại.", field="person" if row.person_id is None else "on")
    check_checkup({"person": row.person, "on": row.on, "systolic": row.systolic, "diastolic": row.diastolic}, by=by)
    row.age_days = age_days(row.person.birth_date, row.on)
    return row
