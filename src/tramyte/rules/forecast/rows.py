"""The tabular form of a CDSi workbook: one sheet a series, each row a kind and its cells."""

import re
from collections.abc import Mapping
from typing import Any

Row = list[str]
_CODE = re.compile(r"\((\d{1,3})\)\s*$")
_AGES = ("abs_min_age", "min_age", "rec_age_earliest", "rec_age_latest", "max_age")


def is_rows(sheets: Mapping[str, Any]) -> bool:
    """Whether a group is written as sheets of rows."""
    return bool(sheets) and all(isinstance(rows, list) and all(isinstance(row, list) for row in rows) for rows in sheets.values())


def series_of_rows(sheets: Mapping[str, list[Row]]) -> list[dict[str, Any]]:
    """The series of the sheets that hold one (a sheet about immunity or an empty one holds none)."""
    return [_series(rows) for rows in sheets.values() if any(row[:1] == ["Series Dose"] for row in rows)]


def _series(rows: list[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {"doses": [], "gender": [], "type": "Standard"}
    for row in rows:
        kind, cells = (row[0], row[1:]) if row else ("", [])
        if kind == "Series Dose":
            found["doses"].append({"dose": cells[0], "cvx": [], "intervals": []})
        elif kind == "Series Name":
            found["name"] = cells[0]
        elif kind == "Series Type":
            found["type"] = cells[0]
        elif kind == "Gender":
            found["gender"] += cells
        elif kind == "Select Patient Series":
            found["default"] = _cell(cells, 0) == "Yes"
            found["min_age_to_start"], found["max_age_to_start"] = _cell(cells, 6), _cell(cells, 7)
        elif found["doses"]:
            _dose_row(found["doses"][-1], kind, cells)
    return found


def _dose_row(dose: dict[str, Any], kind: str, cells: Row) -> None:
    if kind == "Age":
        dose.update({name: _cell(cells, n) for n, name in enumerate(_AGES)})
    elif kind == "Preferable Interval":
        dose["intervals"].append(_interval(cells))
    elif kind in ("Preferable Vaccine", "Allowable Vaccine"):
        code = _CODE.search(cells[0])
        if code:
            dose["cvx"].append(code[1])
    elif kind == "Recurring Dose":
        dose["recurring"] = cells[0] == "Yes"


def _interval(cells: Row) -> dict[str, Any]:
    number = re.search(r"\d+", _cell(cells, 1) or "")
    recent = re.findall(r"\((\d{1,3})\)", _cell(cells, 2) or "")
    return {
        "from_previous": _cell(cells, 0), "from_dose": number[0] if number else None, "from_recent": " ".join(recent),
        "abs_min": _cell(cells, 4), "min": _cell(cells, 5), "rec_earliest": _cell(cells, 6), "rec_latest": _cell(cells, 7),
    }


def _cell(cells: Row, at: int) -> str | None:
    text = cells[at].strip() if at < len(cells) else ""
    return None if text.lower() in ("", "n/a") else text
