"""Writing the hamlets, facilities and units of a commune; provinces and communes come from the national list."""

import datetime
import uuid
from typing import Any, TypeVar

from django.db import transaction

from tramyte.engine.access.models import User
from tramyte.engine.actions.models import Fact
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.places.followers import tell_names
from tramyte.engine.places.models import Facility, OrgUnit, Place
from tramyte.engine.refused import Refused

WRITE = "places.write"
F = TypeVar("F", bound=Fact)


def check_days(fields: dict[str, Any], *, by: User) -> None:
    """The last day is not before the first. Raises Refused."""
    first: datetime.date | None = fields.get("valid_from")
    last: datetime.date | None = fields.get("valid_to")
    if first and last and last < first:
        raise Refused("order", "Ngày kết thúc trước ngày bắt đầu. Hãy kiểm tra lại hai ngày.", field="valid_to")


def record_hamlet(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> Place:
    """Write a hamlet of a commune: parent (the commune), code, name, aliases, valid_from, valid_to. Who keeps its names reads them again. Raises Refused."""
    commune = fields.get("parent")
    if commune is not None and commune.kind != Place.COMMUNE:
        raise Refused("not_commune", f"{commune} không phải xã, phường. Hãy ghi mã xã có 5 chữ số.", field="parent")
    code = str(fields.get("code") or "")
    if commune is not None and not code.startswith(f"{commune.code}."):
        raise Refused("code", f"Mã thôn phải bắt đầu bằng mã xã và dấu chấm, ví dụ {commune.code}.01.", field="code")
    with transaction.atomic():
        held = Place.objects.filter(pk=id).first() if id else None
        row = _record(Place, by, id, seen_version, {**fields, "kind": Place.HAMLET, "source": "Xã ghi"})
        if held is not None and (held.name, held.aliases) != (row.name, row.aliases):
            tell_names(row)
        return row


def refuse_taken(row: Any) -> None:
    """One code means one thing at a time; among units, within a commune. Raises Refused that names who has it."""
    others = type(row)._default_manager.filter(code=row.code, valid_to=None, entered_in_error=False).exclude(pk=row.pk)
    if isinstance(row, OrgUnit):
        others = others.filter(place_id=row.place_id)
    taken = others.first() if row.code and row.valid_to is None else None
    if taken is not None:
        raise Refused("taken", f"Mã {row.code} đang dùng cho {taken}. Hãy dùng mã khác, hoặc sửa {taken}.", field="code")


def record_facility(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> Facility:
    """Write a station, a site or a school: place, kind, code, name, valid_from, valid_to. Raises Refused."""
    return _record(Facility, by, id, seen_version, fields)


def record_unit(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> OrgUnit:
    """Write an organisational unit: place, code, name, valid_from, valid_to. Raises Refused."""
    return _record(OrgUnit, by, id, seen_version, fields)


def _record(model: type[F], by: User, id: uuid.UUID | None, seen_version: int | None, fields: dict[str, Any]) -> F:
    with transaction.atomic():
        row = fetch(model, id, by=by, permission=WRITE, seen_version=seen_version) if id else model()
        before = row.plain() if id else None
        for name, value in fields.items():
            setattr(row, name, value)
        check_days(vars(row), by=by)
        refuse_taken(row)
        name = f"record_{model._meta.model_name}"
        return store(row, by=by, permission=WRITE, action=name, before=before)
