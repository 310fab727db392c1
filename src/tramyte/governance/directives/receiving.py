"""Taking a document in: read, understood, compared with what is there, stored with its obligations."""

import datetime
import hashlib
import re
from typing import Any

from django.db import IntegrityError, transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import home_place, require
from tramyte.engine.actions.writing import store, store_many
from tramyte.engine.documents import files
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused, no_right
from tramyte.governance.directives.fields import MADE, as_day, doubt_of, names_of, typed_day
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.directives.queries import unit_names, units_around
from tramyte.rules.text import clean, fold

WRITE = "directives.write"
LONGEST = 400_000
INCOMING = ("arrival_number", "arrived_on", "lead_unit", "coordinating", "due_on", "instruction")
HEADER = ("addressees", "meeting_date", "effective_date", "legal_bases", "recipients", "place", "amends", "replaces", "revokes")

_REPORTING = re.compile(r"(?:(?:co trach nhiem|nghiem tuc|thuc hien|dinh ky|kip thoi|gui|tong hop|che do) )*bao cao\b")


class Duplicate(Refused):
    """The same document is already there; `first` is it."""

    def __init__(self, first: Directive) -> None:
        super().__init__("duplicate", f"Văn bản này đã có: {first}, đến ngày {first.arrived_on:%d/%m/%Y}. Chưa có gì được lưu thêm; hãy mở văn bản đã có.")
        self.first = first


def receive_directive(
    *, by: User, name: str = "", content: bytes = b"", text: str = "", place: Place | None = None, **incoming: Any,
) -> Directive:
    """Read a file (or pasted text), understand it and store it for review with its obligations.

    incoming: the fields of Nghị định 30 (`INCOMING`), typed or as values. Raises Refused with the reader's sentence,
    `Duplicate` when the same file, the same words, or the same number, day and body are there already.
    """
    from tramyte.engine.documents.reading import read_text
    from tramyte.rules.directives import parse

    require(by, WRITE)
    where = place or home_place(by)
    if where is None:
        raise no_right()
    where = commune_of(where)
    known = incoming_fields(where, incoming)
    raw = content or text.encode()
    if not raw.strip():
        raise Refused("empty", "Chưa có văn bản nào. Hãy chọn một tệp .docx, .pdf, .txt hoặc dán nội dung vào ô.", field="file")
    read = read_text(name or "văn bản đã dán", raw)
    if len(read) > LONGEST:
        raise Refused("too_long", f"Văn bản dài {len(read):,} ký tự, tối đa {LONGEST:,}. Hãy tách phụ lục ra tệp riêng rồi gửi phần chính.".replace(",", "."), field="file")
    parsed = parse(read, received_on=known["arrived_on"]).as_dict()
    directive = _directive(where, clean(name)[:200], raw, parsed, known)
    files.keep(raw)
    try:
        with transaction.atomic():
            refuse_duplicate(directive)
            store(directive, by=by, permission=WRITE, action="receive_directive")
            store_many(_obligations(directive, parsed), by=by, permission=WRITE, action="read_obligations")
    except IntegrityError:
        refuse_duplicate(directive)  # two people sent the same file in the same moment: the first one stands
        raise
    return directive


def _directive(where: Place, name: str, raw: bytes, parsed: dict[str, Any], known: dict[str, Any]) -> Directive:
    signer = parsed.get("signer") or {}
    return Directive(
        place=where, kind=(parsed.get("document_type") or "")[:60], number=_number(parsed)[:80], dated=(parsed.get("date") or "")[:10],
        dated_on=as_day(parsed.get("date")), issuing_body=(parsed.get("issuing_body") or "")[:250], title=parsed.get("title") or "",
        signer=" · ".join(part for part in (signer.get("title"), signer.get("name")) if part)[:250],
        header={key: parsed[key] for key in HEADER if parsed.get(key)}, text=parsed["text"], file_name=name,
        digest=hashlib.sha256(raw).hexdigest(), text_digest=hashlib.sha256(fold(parsed["text"]).encode()).hexdigest(), **known,
    )


def _number(parsed: dict[str, Any]) -> str:
    return parsed.get("number") or (f"…{parsed['number_pattern']}" if parsed.get("number_pattern") else "")


def _obligations(directive: Directive, parsed: dict[str, Any]) -> list[Obligation]:
    """The obligations in the order of the text, marked by kind: C1, C2, N1, B1, P1."""
    units = unit_names(directive.place)
    parts = (("target", "targets"), ("task", "tasks"), ("duty", "reporting"), ("unassigned", "unassigned"))
    reported = [item["span"] for item in parsed.get("reporting") or []]
    found = [(kind, item) for kind, part in parts for item in parsed.get(part) or []]
    # a report that is also written as a task is one obligation, the duty
    found = [(kind, item) for kind, item in found if kind != "task" or not _only_reports(item, reported)]
    found.sort(key=lambda pair: (pair[1]["span"][0], pair[1]["span"][1]))
    counts: dict[str, int] = {}
    rows = []
    for order, (kind, item) in enumerate(found, 1):
        counts[kind] = counts.get(kind, 0) + 1
        start, end = item["span"]
        fields = MADE[kind](item, units)
        if kind == "target" and not fields["due_on"] and directive.dated:
            fields["due_on"] = f"{directive.dated[:4]}-12-31"
        rows.append(Obligation(
            directive=directive, kind=kind, mark=f"{Obligation.LETTERS[kind]}{counts[kind]}", order=order * 10,
            start=start if start < end else None, end=end if start < end else None,
            text=item.get("text") or item.get("phrase") or "", found=item, fields=fields,
            doubt=doubt_of(kind, fields, float(item.get("sure") or 1.0)),
        ))
    return rows


def _only_reports(task: dict[str, Any], reported: list[list[int]]) -> bool:
    """Whether a task is one sentence that says nothing but to report, which stands as a duty already."""
    first, last = task["span"]
    if not any(first <= start and end <= last for start, end in reported):
        return False
    words = fold(task.get("text") or "")
    for name in task.get("units") or []:
        words = words.replace(fold(name), " ")
    return bool(_REPORTING.match(words.strip())) and ". " not in (task.get("text") or "").rstrip(" .")


def refuse_duplicate(directive: Directive) -> None:
    """Raise `Duplicate` when the same file, the same words or the same number, day and body are already in this commune."""
    others = Directive.objects.filter(place=directive.place, entered_in_error=False).exclude(pk=directive.pk)
    first = others.filter(digest=directive.digest).first() or others.filter(text_digest=directive.text_digest).first()
    if not first and directive.number and directive.dated and not directive.number.startswith("…"):
        body = fold(directive.issuing_body)
        same = others.filter(dated=directive.dated, number__iexact=directive.number)
        first = next((other for other in same if fold(other.issuing_body) == body), None)
    if first:
        raise Duplicate(first)


def incoming_fields(where: Place, typed: dict[str, Any]) -> dict[str, Any]:
    """The incoming-document fields as values; absent ones get their defaults. Refused with the field's sentence."""
    unknown = typed.keys() - set(INCOMING)
    if unknown:
        raise TypeError(f"unknown incoming fields {sorted(unknown)}")
    today = clock.today()
    arrived = as_day(typed_day(typed.get("arrived_on"), "arrived_on", "Ngày đến")) or today
    if arrived > today:
        raise Refused("future", f"Ngày đến {arrived:%d/%m/%Y} ở sau hôm nay ({today:%d/%m/%Y}). Hãy kiểm tra lại ngày, tháng.", field="arrived_on")
    due = as_day(typed_day(typed.get("due_on"), "due_on", "Hạn giải quyết"))
    if due and due < arrived:
        raise Refused("before", f"Hạn giải quyết {due:%d/%m/%Y} ở trước ngày đến {arrived:%d/%m/%Y}. Hãy kiểm tra lại.", field="due_on")
    return {
        "arrival_number": clean(str(typed.get("arrival_number") or ""))[:30], "arrived_on": arrived, "due_on": due,
        "lead_unit": a_unit(where, typed.get("lead_unit")), "coordinating": names_of(typed.get("coordinating")),
        "instruction": str(typed.get("instruction") or "").replace("\r\n", "\n").strip(),
    }


def a_unit(where: Place, value: Any, field: str = "lead_unit") -> OrgUnit | None:
    """The unit of this commune with an id (or the unit itself); None for nothing; Refused for a foreign one."""
    if not value:
        return None
    wanted = str(value.pk if isinstance(value, OrgUnit) else value)
    unit = next((unit for unit in units_around(where) if str(unit.pk) == wanted), None)
    if unit is None:
        raise Refused("unknown_unit", "Đơn vị đã chọn không còn trong danh mục của xã. Hãy tải lại trang rồi chọn lại.", field=field)
    return unit


def a_day(value: Any) -> datetime.date | None:
    """The date of an ISO text or a date."""
    return value if isinstance(value, datetime.date) else as_day(value)
