"""Writing that a dose was refused, put off or forbidden."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tramyte.care.immunization.actions import checks
from tramyte.care.immunization.models import NotGiven
from tramyte.care.immunization.queries import GROUPS
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

WRITE = "care.write"


def check_not_given(fields: dict[str, Any], *, by: User) -> None:
    """The rules of a dose not given, without a query. Raises Refused with the field at fault."""
    person, on, until = fields.get("person"), fields.get("on"), fields.get("until")
    if fields.get("group") and fields["group"] not in GROUPS:
        raise Refused("unknown_group", f"“{fields['group']}” không phải nhóm vắc xin của lịch. Hãy chọn trong danh sách, hoặc để trống nếu cho mọi vắc xin.", field="group")
    if person is None or on is None:
        return
    checks.check_day(on, label="Ngày ghi")
    checks.check_person(person, on)
    if until and until <= on:
        raise Refused("ends_before", f"Ngày hết hiệu lực {until:%d/%m/%Y} phải sau ngày ghi {on:%d/%m/%Y}. Hãy ghi ngày hẹn lại.", field="until")


def record_not_given(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> NotGiven:
    """Write that doses were not given, or change the row with this id; fields are those of `NotGiven`. Raises Refused."""
    with transaction.atomic():
        known = bool(id) and NotGiven.objects.filter(pk=id).exists()
        row = fetch(NotGiven, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else NotGiven(id=id or new_id())
        before = row.plain() if known else None
        for name, value in fields.items():
            setattr(row, name, clean(value) if isinstance(value, str) else value)
        if row.person_id is None or row.on is None:
            raise Refused("missing", "Chưa ghi người hoặc ngày. Hãy ghi đủ rồi lưu lại.", field="person" if row.person_id is None else "on")
        if not row.reason:
            raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi lời của gia đình hoặc kết quả khám, ví dụ “sốt 38 độ”.", field="reason")
        check_not_given({"person": row.person, "on": row.on, "until": row.until, "group": row.group}, by=by)
        return store(row, by=by, permission=WRITE, action="record_not_given", before=before)


def record_not_given_many(
    items: Sequence[tuple[uuid.UUID | None, dict[str, Any]]], *, by: User, import_id: uuid.UUID | None = None,
) -> list[NotGiven]:
    """Write judged lines of an import, in order; one by one: they are few."""
    with transaction.atomic():
        return [record_not_given(by=by, id=id, **({"import_id": import_id} if id is None else {}), **fields) for id, fields in items]


def cancel_not_given(*, by: User, id: uuid.UUID | str, seen_version: int | None = None, reason: str) -> NotGiven:
    """Mark it as entered in error."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao dòng này là ghi nhầm.", field="reason")
    with transaction.atomic():
        row = fetch(NotGiven, id, by=by, permission=WRITE, seen_version=seen_version)
        before = row.plain()
        row.entered_in_error, row.error_reason = True, said[:200]
        return store(row, by=by, permission=WRITE, action="cancel_not_given", before=before, note=said[:200])
