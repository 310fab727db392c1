"""The correctable fields of an obligation: made from what the parser found, cleaned from what a person typed.

Keys by kind (dates are ISO text or None):
  task: owners [{"name", "unit"}], coordinating [name], text, deadline (as printed), due_on (last day in time), start,
        recurrence (a `RECURRENCES` slug or ""), time_phrase, indicator (code or "")
  duty: owners, to [name], period (a `PERIODS` slug), phrase, due_phrase, due_month, due_day, due_on (all as printed;
        `deadlines.last_day` turns them into last days)
  target: phrase, indicator, comparator (a `COMPARATORS` sign), value, unit, year, due_on, note
  unassigned: text, deadline
"""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from tramyte.engine.refused import Refused
from tramyte.governance.directives.becoming import suggested_indicator
from tramyte.governance.directives.deadlines import last_day
from tramyte.governance.directives.units import UnitNames
from tramyte.rules.calendar import parse_date
from tramyte.rules.text import clean

RECURRENCES = [
    ("", "làm một lần"), ("daily", "hằng ngày"), ("weekly", "hằng tuần"), ("monthly", "hằng tháng"), ("quarterly", "hằng quý"),
    ("semiannual", "6 tháng một lần"), ("annual", "hằng năm"), ("regular", "thường xuyên"), ("periodic", "định kỳ (chưa rõ)"),
]
PERIODS = [
    ("daily", "hằng ngày"), ("weekly", "hằng tuần"), ("monthly", "hằng tháng"), ("quarterly", "hằng quý"),
    ("semiannual", "6 tháng"), ("annual", "năm"), ("one-off", "một lần"), ("ad hoc", "đột xuất"),
    ("periodic", "định kỳ (chưa rõ)"), ("unspecified", "chưa rõ"),
]
UNCLEAR = ("unspecified", "periodic")
COMPARATORS = [
    (">=", "từ … trở lên (≥)"), (">", "trên (>)"), ("=", "đạt (=)"), ("<=", "không quá (≤)"), ("<", "dưới (<)"),
    ("~", "khoảng (≈)"), ("reduce", "giảm"),
]
SURE_ENOUGH = 0.6


def as_day(text: Any) -> datetime.date | None:
    """The date of an ISO text that is whole; None for nothing or a partial date."""
    try:
        return datetime.date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _owners(names: list[str], units: UnitNames) -> list[dict[str, Any]]:
    return [{"name": name, "unit": str(unit.pk) if (unit := units.match(name)) else None} for name in names]


def _short(word: str | None) -> str:
    return "periodic" if (word or "").startswith("periodic") else (word or "")


def of_task(found: dict[str, Any], units: UnitNames) -> dict[str, Any]:
    """The fields of a task as found."""
    phrase = found.get("time_phrase")
    return {
        "owners": _owners(found.get("units") or [], units), "coordinating": list(found.get("coordinating") or []),
        "text": clean(found.get("text") or ""), "deadline": found.get("deadline"),
        "due_on": _iso(last_day(as_day(found.get("deadline")), phrase)), "start": _iso(as_day(found.get("start"))),
        "recurrence": _short(found.get("recurrence")), "time_phrase": phrase or "", "indicator": "",
    }


def of_duty(found: dict[str, Any], units: UnitNames) -> dict[str, Any]:
    """The fields of a reporting duty as found."""
    kept = {name: found.get(name) for name in ("due_month", "due_day", "due_on")}
    return {
        "owners": _owners(found.get("who") or [], units), "to": list(found.get("to") or []),
        "period": _short(found.get("period")) or "unspecified", "phrase": clean(found.get("phrase") or ""),
        "due_phrase": found.get("due_phrase") or "", **kept,
    }


def of_target(found: dict[str, Any], units: UnitNames) -> dict[str, Any]:
    """The fields of a target as found, with the indicator that fits best when one is suggested."""
    year = found.get("year")
    fields = {
        "phrase": clean(found.get("phrase") or ""), "comparator": found.get("comparator") or "=", "value": found.get("value"),
        "unit": found.get("unit") or "", "year": year, "due_on": f"{year}-12-31" if year else None, "note": found.get("note") or "",
    }
    return {**fields, "indicator": suggested_indicator(fields)}


def of_unassigned(found: dict[str, Any], units: UnitNames) -> dict[str, Any]:
    """The fields of work without a unit."""
    return {"text": clean(found.get("text") or ""), "deadline": found.get("deadline")}


MADE = {"task": of_task, "duty": of_duty, "target": of_target, "unassigned": of_unassigned}


def doubt_of(kind: str, fields: dict[str, Any], sure: float = 1.0) -> str:
    """What a person must decide about an obligation, as one sentence; empty when nothing is open."""
    if kind == "unassigned":
        return "Văn bản không nêu đơn vị: cần giao"
    if kind == "task":
        unknown = [owner["name"] for owner in fields["owners"] if not owner["unit"]]
        if not fields["owners"] or unknown:
            return f"Chưa khớp đơn vị trong xã: {', '.join(unknown) or 'cần chọn'}"[:200]
    if kind == "duty" and fields["period"] in UNCLEAR and not fields["due_on"]:
        return "Chưa rõ kỳ báo cáo: cần chọn"
    if kind == "target" and not fields["indicator"]:
        return "Chưa gắn với chỉ tiêu nào: cần chọn"
    return "Máy đọc chưa chắc: cần đối chiếu với văn bản" if sure < SURE_ENOUGH else ""


# ---- what a person typed


def typed_day(value: Any, name: str, label: str) -> str | None:
    """An ISO date from what was typed (03/06/2026, 2026-06-03 or nothing); Refused with the field's sentence."""
    if not value:
        return None
    try:
        return parse_date(str(value)).isoformat()
    except ValueError as error:
        raise Refused("bad_date", f"{label}: {error}", field=name) from error


_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")


def typed_number(value: Any, label: str, name: str) -> int | float | None:
    """A number from what was typed, comma or point as the decimal sign, points between thousands (30.216); whole numbers stay whole."""
    bare = str(value if value is not None else "").replace(" ", "").replace(" ", "")
    bare = (bare.replace(".", "") if isinstance(value, str) and _THOUSANDS.fullmatch(bare) else bare).replace(",", ".")
    if not bare:
        return None
    try:
        number = Decimal(bare)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**12:
        raise Refused("bad_number", f"{label}: “{str(value)[:30]}” không phải số. Hãy viết như 95 hoặc 37,5.", field=name)
    return int(number) if number == number.to_integral_value() else float(number)


def names_of(value: Any) -> list[str]:
    """A list of names from a list or from one text with semicolons or line ends between them."""
    parts = value if isinstance(value, list | tuple) else str(value or "").replace("\n", ";").split(";")
    return [name[:150] for part in parts if (name := clean(str(part)))]


def chosen(value: Any, choices: list[tuple[str, str]], name: str, label: str) -> str:
    """The value when it is one of the choices; Refused otherwise."""
    if value not in dict(choices):
        raise Refused("bad_choice", f"{label}: hãy chọn một giá trị trong danh sách.", field=name)
    return str(value)


def _typed_int(low: int, high: int, label: str, name: str, value: Any) -> int | None:
    number = typed_number(value, label, name)
    if number is None:
        return None
    if not isinstance(number, int) or not low <= number <= high:
        raise Refused("bad_number", f"{label} phải là số từ {low} đến {high}.", field=name)
    return number


def _text(value: Any, name: str, label: str, *, most: int, needed: bool = False) -> str:
    kept = clean(str(value or ""))
    if needed and not kept:
        raise Refused("empty", f"{label} đang để trống. Hãy ghi nội dung hoặc bỏ mục này.", field=name)
    if len(kept) > most:
        raise Refused("too_long", f"{label} dài {len(kept)} ký tự, tối đa {most}. Hãy rút ngắn.", field=name)
    return kept


_CLEAN = {
    "text": lambda v: _text(v, "text", "Nội dung", most=5000, needed=True),
    "phrase": lambda v: _text(v, "phrase", "Nội dung", most=5000, needed=True),
    "time_phrase": lambda v: _text(v, "time_phrase", "Thời hạn như văn bản ghi", most=200),
    "due_phrase": lambda v: _text(v, "due_phrase", "Thời hạn như văn bản ghi", most=200),
    "note": lambda v: _text(v, "note", "Ghi chú", most=300),
    "unit": lambda v: _text(v, "unit", "Đơn vị tính", most=30),
    "indicator": lambda v: _text(v, "indicator", "Chỉ tiêu", most=20),
    "coordinating": names_of,
    "to": names_of,
    "deadline": lambda v: typed_day(v, "deadline", "Hạn"),
    "due_on": lambda v: typed_day(v, "due_on", "Hạn"),
    "start": lambda v: typed_day(v, "start", "Bắt đầu"),
    "recurrence": lambda v: chosen(v or "", RECURRENCES, "recurrence", "Lặp lại"),
    "period": lambda v: chosen(v, PERIODS, "period", "Kỳ báo cáo"),
    "comparator": lambda v: chosen(v, COMPARATORS, "comparator", "So sánh"),
    "value": lambda v: typed_number(v, "Mức giao", "value"),
    "year": lambda v: _typed_int(1990, 2100, "Năm", "year", v),
    "due_month": lambda v: _typed_int(1, 12, "Tháng", "due_month", v),
    "due_day": lambda v: _typed_int(1, 31, "Ngày", "due_day", v),
}


def corrected(kind: str, fields: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    """The fields with a person's changes, cleaned. Unknown names raise TypeError (a programming fault, not a typing one)."""
    blank = MADE[kind]({}, UnitNames([], ""))
    unknown = typed.keys() - blank.keys()
    if unknown:
        raise TypeError(f"{kind} has no fields {sorted(unknown)}")
    changes = {name: value if name == "owners" else _CLEAN[name](value) for name, value in typed.items()}
    if kind == "task" and "due_on" in changes and "deadline" not in changes:
        changes["deadline"] = changes["due_on"] if changes["due_on"] != fields.get("due_on") else fields.get("deadline")
    return {**blank, **fields, **changes}
