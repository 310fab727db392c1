"""The units of Vietnam before and after 1 July 2025, and how the old became the new."""

import datetime
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db import transaction

from tramyte.engine.actions.bulk import drafts, insert
from tramyte.engine.places.models import Place, Succession

NEW_SINCE = datetime.date(2025, 7, 1)
OLD_SINCE = datetime.date(2004, 7, 8)  # the statistical office's code list (QĐ 124/2004/QĐ-TTg); real days differ by unit
OLD_UNTIL = NEW_SINCE - datetime.timedelta(days=1)
COLUMNS = "province, provinceCode, provinceKey, ward, wardCode, wardKey"
SOURCE = "Danh mục đơn vị hành chính 01/7/2025 (gói vietnamadminunits, giấy phép MIT)"
_new = cache(drafts)


@dataclass(frozen=True)
class _Data:
    new: list[dict[str, Any]]
    old: list[dict[str, Any]]
    converter: dict[str, Any]


def load_units() -> int:
    """Store the 34 provinces and 3,321 communes of today, the units before them, and the successions.

    Does nothing when today's provinces are already there. Returns the number of places added.
    Source: PyPI vietnamadminunits (the statistical office's list of 2025).
    """
    if Place.objects.filter(kind=Place.PROVINCE, valid_from=NEW_SINCE, source=SOURCE).exists():
        return 0
    data = _read()
    with transaction.atomic():
        new, new_keys = _places(data.new, NEW_SINCE, None)
        old, old_keys = _places(data.old, OLD_SINCE, OLD_UNTIL)
        for kind in (Place.PROVINCE, Place.COMMUNE):
            insert([p for p in (*new, *old) if p.kind == kind])
        insert(list(_successions(data, new_keys, old_keys)))
    return len(new) + len(old)


def _read() -> _Data:
    spec = find_spec("vietnamadminunits")  # found, not imported: its parser takes seconds to load and is not needed
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("vietnamadminunits")
    folder = Path(spec.origin).parent / "data"
    base = sqlite3.connect(f"{(folder / 'dataset.db').resolve().as_uri()}?mode=ro", uri=True)
    base.row_factory = sqlite3.Row
    try:
        new = [dict(row) for row in base.execute(f"SELECT {COLUMNS} FROM admin_units ORDER BY wardCode")]
        old = [dict(row) for row in base.execute(f"SELECT {COLUMNS}, districtKey FROM admin_units_legacy ORDER BY wardCode")]
    finally:
        base.close()
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    return _Data(new, old, converter)


def _places(rows: list[dict[str, Any]], since: datetime.date, until: datetime.date | None) -> tuple[list[Place], dict[str, Place]]:
    """The places of one epoch, and the communes by the converter's key."""
    provinces: dict[str, Place] = {}
    communes: list[Place] = []
    keys: dict[str, Place] = {}
    for row in rows:
        code = row["provinceCode"]
        if code not in provinces:
            provinces[code] = _place(Place.PROVINCE, code, row["province"], None, since, until)
        if not row["wardCode"]:
            continue
        commune = _place(Place.COMMUNE, row["wardCode"], row["ward"], provinces[code], since, until)
        communes.append(commune)
        middle = [row["districtKey"]] if row.get("districtKey") else []
        keys["_".join([row["provinceKey"], *middle, row["wardKey"]])] = commune
    return [*provinces.values(), *communes], keys


def _place(kind: str, code: str, name: str, parent: Place | None, since: datetime.date, until: datetime.date | None) -> Place:
    place: Place = _new(Place)(kind=kind, code=code, name=name, parent=parent, valid_from=since, valid_to=until, source=SOURCE)
    place.path = f"{parent.path if parent else ''}{place.pk.hex}/"
    return place


def _successions(data: _Data, new: dict[str, Place], old: dict[str, Place]) -> Iterator[Succession]:
    for province, wards in data.converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, predecessors in wards.items():
            for key in predecessors:
                yield from _link(old.get(key), new.get(f"{province}_{ward}"), whole=True, main=True)
    for province, parted in data.converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in parted.items():
            for part in parts:
                yield from _link(old.get(key), new.get(f"{province}_{part['newWardKey']}"), whole=False, main=part["isDefaultNewWard"])


def _link(predecessor: Place | None, successor: Place | None, *, whole: bool, main: bool) -> Iterator[Succession]:
    if predecessor and successor:
        yield _new(Succession)(predecessor=predecessor, successor=successor, whole=whole, main=main, on=NEW_SINCE, source=SOURCE)
