"""Writing how a place carries the programme out: what was begun, who is followed, the parameters of the schedule."""

import datetime
import uuid
from typing import Any

from django.db import transaction

from tramyte.care.immunization import renewing
from tramyte.care.immunization.models import Activation, Programme
from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import new_id
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.facts import following
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused
from tramyte.rules.forecast import BadParameter, vietnam
from tramyte.rules.text import clean

WRITE = "vaccines.write"


def record_activation(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> Activation:
    """Write that a group of vaccines was begun in a place, or change it; fields are those of `Activation`. Next doses follow."""
    with transaction.atomic():
        known = bool(id) and Activation.objects.filter(pk=id).exists()
        row = fetch(Activation, id, by=by, permission=WRITE, seen_version=seen_version) if known and id else Activation(id=id or new_id())
        before, former = (row.plain(), row.place) if known else (None, None)
        for name, value in fields.items():
            setattr(row, name, clean(value) if isinstance(value, str) else value)
        if row.valid_to and row.valid_from and row.valid_to < row.valid_from:
            raise Refused("end_before_start", f"Ngày cuối {row.valid_to:%d/%m/%Y} đứng trước ngày bắt đầu {row.valid_from:%d/%m/%Y}. Hãy sửa một trong hai ngày.", field="valid_to")
        if not row.source:
            raise Refused("no_source", "Hãy ghi số, ngày của văn bản triển khai, ví dụ “KH 123/KH-SYT ngày 05/01/2026”.", field="source")
        store(row, by=by, permission=WRITE, action="record_activation", before=before)
        _follow({row.place, former} - {None})
        return row


def cancel_activation(*, by: User, id: uuid.UUID | str, seen_version: int | None = None, reason: str) -> Activation:
    """Mark it as entered in error. Next doses follow."""
    if not (said := clean(reason)):
        raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao dòng này là ghi nhầm.", field="reason")
    with transaction.atomic():
        row = fetch(Activation, id, by=by, permission=WRITE, seen_version=seen_version)
        before = row.plain()
        row.entered_in_error, row.error_reason = True, said[:200]
        store(row, by=by, permission=WRITE, action="cancel_activation", before=before, note=said[:200])
        _follow({row.place})
        return row


def set_programme(
    *, by: User, place: Place, born_from: datetime.date | None = None, parameters: dict[str, Any] | None = None, seen_version: int | None = None,
) -> Programme:
    """Set from which birth on the children of a commune are followed, and the parameters of its schedule that differ from the shipped ones.

    Raises Refused: `bad_parameter`, `future`. Next doses follow.
    """
    try:
        vietnam(clock.today(), parameters or None)
    except BadParameter as error:
        raise Refused("bad_parameter", f"Chưa lưu: {error}.", field="parameters") from error
    if born_from and born_from > clock.today():
        raise Refused("future", f"Ngày {born_from:%d/%m/%Y} chưa đến. Hãy ghi ngày sinh của trẻ lớn nhất mà trạm theo dõi.", field="born_from")
    with transaction.atomic():
        known = Programme.objects.filter(place=place).first()
        row = fetch(Programme, known.pk, by=by, permission=WRITE, seen_version=seen_version) if known else Programme(place=place)
        before = row.plain() if known else None
        row.born_from, row.parameters = born_from, parameters or {}
        store(row, by=by, permission=WRITE, action="set_programme", before=before)
        _follow({place})
        return row


def _follow(places: set[Place]) -> None:
    """Everybody there waits; they are reckoned once this is committed."""
    for place in places:
        renewing.place_changed(place.path)
    transaction.on_commit(following.settle)
