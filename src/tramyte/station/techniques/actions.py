"""Recording what a station does of the technique catalogue, and loading dated catalogues."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.actions.lines import Items, begin, cancelling, record_chunk
from tramyte.engine.actions.writing import store, store_many
from tramyte.engine.refused import Refused
from tramyte.station.techniques.models import StationTechnique, Technique, TechniqueList

WRITE = "techniques.write"


def check_station_technique(fields: dict[str, Any], *, by: User) -> None:
    """The order of the days of one technique at one station. Raises Refused with the field at fault."""
    today = clock.today()
    approved, withdrawn = fields.get("approved_on"), fields.get("withdrawn_on")
    begun, ended = fields.get("performed_from"), fields.get("performed_until")
    for name, words, day in (("approved_on", "được phê duyệt", approved), ("performed_from", "bắt đầu thực hiện", begun)):
        if day and day > today:
            raise Refused("future", f"Ngày {words} {day:%d/%m/%Y} chưa đến; hôm nay là {today:%d/%m/%Y}. Hãy ghi khi đã có.", field=name)
    if approved and withdrawn and withdrawn < approved:
        raise Refused("order", "Ngày thôi phê duyệt trước ngày được phê duyệt. Hãy kiểm tra lại hai ngày.", field="withdrawn_on")
    if ended and not begun:
        raise Refused("order", "Có ngày thôi thực hiện mà chưa có ngày bắt đầu. Hãy ghi ngày bắt đầu thực hiện.", field="performed_from")
    if begun and ended and ended < begun:
        raise Refused("order", "Ngày thôi thực hiện trước ngày bắt đầu. Hãy kiểm tra lại hai ngày.", field="performed_until")


def record_station_technique(*, by: User, id: uuid.UUID | None = None, seen_version: int | None = None, **fields: Any) -> StationTechnique:
    """Write a new line of a station's techniques, or change the one with this id. Raises Refused."""
    with transaction.atomic():
        row, before = begin(StationTechnique, id, by=by, permission=WRITE, seen_version=seen_version)
        _fill(row, fields, by)
        return store(row, by=by, permission=WRITE, action="record_station_technique", before=before)


def record_station_techniques(items: Items, *, by: User, import_id: uuid.UUID | None = None) -> list[StationTechnique]:
    """Write a chunk of judged lines of a file."""
    return record_chunk(
        items, new=lambda fields: _fill(StationTechnique(), fields, by), record=record_station_technique, by=by, permission=WRITE,
        action="import_station_techniques", import_id=import_id)


cancel_station_technique = cancelling(StationTechnique, WRITE, "cancel_station_technique")


def _fill(row: StationTechnique, fields: dict[str, Any], by: User) -> StationTechnique:
    for name, value in fields.items():
        setattr(row, name, value if value is not None or name != "reason" else "")
    names = ("approved_on", "withdrawn_on", "performed_from", "performed_until")
    check_station_technique({name: getattr(row, name) for name in names}, by=by)
    return row


def load_techniques(
    *, by: User, lines: Sequence[tuple[str, str, str]], name: str, source: str, valid_from: datetime.date | None = None, verified: bool = False,
) -> tuple[TechniqueList, int]:
    """A new dated version of the catalogue from (code, name, group) lines; how many techniques it has.

    The same lines as the version in force change nothing and give that version and 0. The version before
    ends the day before the new one begins. Raises Refused when a version of that day or later exists.
    """
    begins = valid_from or clock.today()
    with transaction.atomic():
        last = TechniqueList.objects.filter(valid_to=None).first()
        if last is not None and set(last.techniques.values_list("code", "name", "group")) == set(lines):
            return last, 0
        if last is not None and last.valid_from >= begins:
            raise Refused("older_version", f"Đã có danh mục hiệu lực từ {last.valid_from:%d/%m/%Y}. Hãy ghi --valid-from một ngày sau đó.")
        if last is not None:
            before = last.plain()
            last.valid_to = begins - datetime.timedelta(days=1)
            store(last, by=by, permission=WRITE, action="load_techniques", before=before)
        made = store(
            TechniqueList(name=name[:150], source=source[:200], verified=verified, valid_from=begins), by=by, permission=WRITE, action="load_techniques")
        rows = [Technique(list=made, code=code, name=words[:300], group=group[:150]) for code, words, group in lines]
        for start in range(0, len(rows), 500):
            store_many(rows[start : start + 500], by=by, permission=WRITE, action="load_techniques")
    return made, len(rows)
