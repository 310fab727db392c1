"""What the review page shows: the text in pieces with its marks, the tabs, the queue, the item that is open."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tramyte.governance.directives import becoming
from tramyte.governance.directives.deadlines import excludes_day, explained, last_day
from tramyte.governance.directives.fields import COMPARATORS, PERIODS, RECURRENCES, as_day
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.queries import units_around

CSS = {Obligation.TARGET: "k-c", Obligation.TASK: "k-n", Obligation.DUTY: "k-b", Obligation.UNASSIGNED: "k-p"}
ICONS = {Obligation.TARGET: "target-arrow", Obligation.TASK: "checkbox", Obligation.DUTY: "file-report", Obligation.UNASSIGNED: "help"}
TABS = (("cho", "Chờ rà soát"), ("chua-giao", "Chưa có đơn vị"), ("nhan", "Đã nhận"), ("bo", "Đã bỏ"))
_HEADING = re.compile(r"^(?:[IVX]{1,5}|[A-D])\s*[.:/-]\s|^(?:Phần|Chương|Mục|Điều)\s+\w+")


@dataclass
class Piece:
    """A run of characters of one line: plain, or marked by an obligation. `start` is its offset in the text."""

    text: str
    start: int
    item: Obligation | None = None
    first: bool = False


@dataclass
class Line:
    """One line of the document in pieces."""

    pieces: list[Piece] = field(default_factory=list)
    heading: bool = False


def lines_of(text: str, items: Sequence[Obligation]) -> list[Line]:
    """The text as lines of pieces; where spans overlap the shorter one shows. Every character appears once."""
    spans = [item for item in items if item.start is not None and item.end is not None]
    edges = sorted({0, len(text)} | {min(edge, len(text)) for item in spans for edge in (item.start, item.end)})
    seen: set[Any] = set()
    lines = [Line()]
    opened: list[Obligation] = []
    begins: dict[int, list[Obligation]] = {}
    for item in spans:
        begins.setdefault(item.start, []).append(item)
    for start, end in itertools.pairwise(edges):
        opened = [item for item in opened if item.end > start] + begins.get(start, [])
        item = min(opened, key=lambda one: one.end - one.start) if opened else None
        _add(lines, text[start:end], start, item, seen)
    for line in lines:
        whole = "".join(piece.text for piece in line.pieces).strip()
        line.heading = bool(whole) and len(whole) < 160 and (bool(_HEADING.match(whole)) or (whole.isupper() and len(whole) > 3))
    return [line for line in lines if any(piece.text.strip() for piece in line.pieces)]


def _add(lines: list[Line], run: str, start: int, item: Obligation | None, seen: set[Any]) -> None:
    for number, part in enumerate(run.split("\n")):
        if number:
            lines.append(Line())
            start += 1
        if part:
            first = item is not None and item.pk not in seen and bool(part.strip())
            if first:
                seen.add(item.pk)
            lines[-1].pieces.append(Piece(part, start, item if part.strip() else None, first))
            start += len(part)


def tab_of(item: Obligation) -> str:
    """The tab in which an obligation stands."""
    if item.state == Obligation.PENDING:
        return "chua-giao" if item.kind == Obligation.UNASSIGNED else "cho"
    return "nhan" if item.state == Obligation.ACCEPTED else "bo"


def summary(item: Obligation) -> str:
    """The facts of an obligation on one line: unit, deadline, period, indicator."""
    fields = item.fields
    if item.kind == Obligation.TARGET:
        return " · ".join(part for part in (target_words(fields), fields.get("indicator"), _dated(fields.get("due_on"))) if part)
    if item.kind == Obligation.DUTY:
        return " · ".join(part for part in (dict(PERIODS).get(fields["period"], ""), duty_day(fields), _sent(fields)) if part)
    if item.kind == Obligation.TASK:
        owners = ", ".join(owner["name"] for owner in fields["owners"])
        again = dict(RECURRENCES).get(fields["recurrence"], "") if fields["recurrence"] else ""
        return " · ".join(part for part in (owners, _dated(fields.get("due_on")) or "chưa có hạn", again) if part)
    return "văn bản không nêu đơn vị"


def _dated(iso: str | None) -> str:
    day = as_day(iso)
    return f"hạn {day:%d/%m/%Y}" if day else ""


def _sent(fields: dict[str, Any]) -> str:
    who, to = ", ".join(owner["name"] for owner in fields["owners"]), ", ".join(fields["to"])
    return f"{who or 'đơn vị'} → {to}" if to else who


def target_words(fields: dict[str, Any]) -> str:
    """The figure of a target as people write it: "≥ 98 %", "giảm 5 %"."""
    if fields.get("value") is None:
        return ""
    sign = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "~": "≈", "reduce": "giảm", "=": ""}[fields["comparator"]]
    number = f"{fields['value']:,}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return "\u00a0".join(part for part in (sign, number, fields.get("unit")) if part)


def duty_day(fields: dict[str, Any]) -> str:
    """The day of a reporting duty: "chậm nhất 09/06" for "trước ngày 10 tháng 6", each year or each month."""
    due_on = last_day(as_day(fields.get("due_on")), fields.get("due_phrase"))
    if due_on:
        return f"chậm nhất {due_on:%d/%m/%Y}"
    day, month = fields.get("due_day"), fields.get("due_month")
    if not day:
        return ""
    shown = day - 1 if excludes_day(fields.get("due_phrase")) and day > 1 else day
    return f"chậm nhất {shown:02d}/{month:02d}" if month else f"chậm nhất ngày {shown:02d} hằng tháng"


def where_words(directive: Directive, item: Obligation) -> str:
    """Where it stands ("dòng 34") and how sure the machine was ("độ chắc 94 %")."""
    parts = []
    if item.start is not None:
        parts.append(f"dòng {directive.text.count(chr(10), 0, item.start) + 1}")
    sure = item.found.get("sure")
    if isinstance(sure, int | float) and item.kind != Obligation.UNASSIGNED:
        parts.append(f"độ chắc {round(100 * sure)}\u00a0%")
    return " · ".join(parts) or "thêm bằng tay"


@dataclass
class Row:
    """An obligation in the queue."""

    item: Obligation
    css: str
    icon: str
    summary: str


def row_of(item: Obligation) -> Row:
    """An obligation with what the queue and the marks need."""
    return Row(item, CSS[item.kind], ICONS[item.kind], summary(item))


def page_of(directive: Directive, items: list[Obligation], tab: str, mark: str) -> dict[str, Any]:
    """The variables of the review page. `tab` and `mark` come from the address and may be anything."""
    tabs = {slug: [item for item in items if tab_of(item) == slug] for slug, _ in TABS}
    if tab not in tabs:
        tab = next((slug for slug in ("cho", "chua-giao", "nhan", "bo") if tabs[slug]), "cho")
    current = next((item for item in items if item.mark == mark), None)
    if current is not None:
        tab = tab_of(current)
    elif tabs[tab]:
        current = tabs[tab][0]
    listed = tabs[tab]
    place = listed.index(current) if current in listed else 0
    asked = [item for item in items if item.kind != Obligation.UNASSIGNED]
    decided = [item for item in asked if item.state != Obligation.PENDING]
    accepted = tabs["nhan"]
    return {
        "lines": lines_of(directive.text, items), "tab": tab, "css": CSS, "current": row_of(current) if current else None,
        "tabs": [{"label": words, "url": f"?xem={slug}", "current": slug == tab, "count": len(tabs[slug])} for slug, words in TABS],
        "queue": [row_of(item) for item in listed if item is not current], "where": where_words(directive, current) if current else "",
        "before": listed[place - 1] if current and place else None,
        "after": listed[place + 1] if current and place + 1 < len(listed) else None,
        "decided": len(decided), "asked": len(asked), "accepted": len(accepted), "waiting": len(tabs["cho"]), "ownerless": len(tabs["chua-giao"]),
        "kinds": [{"css": CSS[kind], "icon": ICONS[kind], "label": words[:1].upper() + words[1:], "count": sum(item.kind == kind for item in items)}
                  for kind, words in Obligation.KINDS],
    }


def open_item(directive: Directive, item: Obligation) -> dict[str, Any]:
    """The variables of the card of the obligation that is open: its fields and the choices for each."""
    fields = item.fields
    due = as_day(fields.get("due_on"))
    return {
        "fields": fields, "units": [(str(unit.pk), unit.name) for unit in units_around(directive.place)],
        "recurrences": RECURRENCES, "periods": PERIODS, "comparators": COMPARATORS, "kinds_all": Obligation.KINDS,
        "indicators": becoming.indicator_choices(directive) if item.kind in (Obligation.TARGET, Obligation.TASK) else [],
        "facts": becoming.indicator_facts(directive, fields) if item.kind == Obligation.TARGET else "",
        "due": due, "due_explained": explained(due), "printed": as_day(fields.get("deadline")),
        "duty_words": duty_day(fields) if item.kind == Obligation.DUTY else "",
        "missing": [owner["name"] for owner in fields.get("owners", []) if not owner["unit"]] if item.kind == Obligation.TASK else [],
    }
