"""The lists that a new commune begins with, from spreadsheets: its hamlets, facilities and units."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.places import actions
from tramyte.engine.places.models import Facility, OrgUnit, Place
from tramyte.engine.places.queries import by_code
from tramyte.engine.refused import Refused
from tramyte.rules.calendar import parse_date
from tramyte.rules.text import clean, fold


@dataclass(frozen=True)
class PlaceList:
    """One list: its words, its action, the model with the field that names the place, and the headings of its columns."""

    title: str
    record: Callable[..., Any]
    model: type[Place] | type[Facility] | type[OrgUnit]
    place: str
    columns: dict[str, str]


LISTS = {
    "hamlets": PlaceList("thôn", actions.record_hamlet, Place, "parent", {"parent": "Mã xã", "code": "Mã thôn", "name": "Tên thôn"}),
    "facilities": PlaceList(
        "cơ sở", actions.record_facility, Facility, "place", {"place": "Mã địa bàn", "kind": "Loại", "code": "Mã cơ sở", "name": "Tên cơ sở"}),
    "units": PlaceList("đơn vị", actions.record_unit, OrgUnit, "place", {"place": "Mã địa bàn", "code": "Mã", "name": "Tên đơn vị"}),
}
SINCE = "Từ ngày"  # optional column; without it a line holds from 1 July 2025, or from today when that is earlier


def load_file(which: str, *, by: User, name: str, content: bytes) -> int:
    """Write the lines that are not there yet, all or none; answers how many were new.

    Raises Refused with the line at fault: a missing heading or cell, an unknown place or kind, a code in use elsewhere.
    """
    from tramyte.engine.documents.spreadsheet import read_table

    chosen = LISTS[which]
    sheet = read_table(name, content, known=[*chosen.columns.values(), SINCE])
    missing = [heading for heading in chosen.columns.values() if heading not in sheet.headings]
    if missing:
        raise Refused("missing_heading", f"Tệp {name} thiếu cột {', '.join(missing)}. Các cột cần có: {', '.join(chosen.columns.values())}.")
    with transaction.atomic():
        return sum(_line(chosen, by, f"Tệp {name}, dòng {row.number_in_file}", row.cells) for row in sheet.rows)


def _line(chosen: PlaceList, by: User, where: str, cells: dict[str, str]) -> int:
    fields: dict[str, Any] = {field: clean(cells[heading]) for field, heading in chosen.columns.items()}
    empty = [chosen.columns[field] for field, value in fields.items() if not value]
    if empty:
        raise Refused("missing_cell", f"{where}: thiếu {', '.join(empty)}. Hãy điền đủ rồi nạp lại; chưa dòng nào được ghi.")
    place = by_code(fields[chosen.place], clock.today())
    if place is None:
        raise Refused("unknown_place", f"{where}: không có địa bàn mã {fields[chosen.place]}. Mã xã có 5 chữ số theo danh mục từ 01/7/2025.")
    fields[chosen.place] = place
    if "kind" in fields:
        fields["kind"] = _kind(fields["kind"], where)
    known = {"code": fields["code"], "valid_to": None} | ({"place": place} if chosen.model is OrgUnit else {})
    if chosen.model.objects.filter(**known, entered_in_error=False).exists():
        return 0
    try:
        chosen.record(by=by, valid_from=_since(cells), **fields)
    except Refused as refused:
        raise Refused(refused.code, f"{where}: {refused.message}", field=refused.field) from refused
    return 1


def _since(cells: dict[str, str]) -> datetime.date:
    try:
        return parse_date(cells[SINCE]) if cells.get(SINCE) else min(datetime.date(2025, 7, 1), clock.today())
    except ValueError as error:
        raise Refused("bad_date", str(error)) from error


def _kind(words: str, where: str, kinds: Sequence[tuple[str, str]] = tuple(Facility.KINDS)) -> str:
    for kind, title in kinds:
        if fold(words) in {fold(kind), fold(title)}:
            return kind
    raise Refused("unknown_kind", f"{where}: loại “{words[:40]}” không có. Hãy ghi một trong: {', '.join(title for _, title in kinds)}.")
