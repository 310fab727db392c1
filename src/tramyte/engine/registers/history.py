"""What happened to one row, readable: who, when, what it was and what it became."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tramyte.engine.access.models import User
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.registers.columns import Column, words_of
from tramyte.engine.registers.register import Register

ACTIONS = {
    "record": "Ghi", "create": "Thêm", "update": "Sửa", "cancel": "Đánh dấu ghi nhầm", "import": "Nhập từ tệp", "undo": "Hoàn tác lần nhập",
    "view": "Mở xem", "load": "Nhập từ tệp",
}
WHOLE = {"bulk_edit": "Sửa hàng loạt", "undo_bulk_edit": "Hoàn tác sửa hàng loạt", "undo_import": "Hoàn tác lần nhập"}
QUIET = {"id", "import_id", "age_days", "entered_in_error"}


@dataclass(frozen=True)
class Event:
    """One thing that happened. `changes`: (label, before, after) in words."""

    at: datetime.datetime
    who: str
    what: str
    note: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def events(register: Register, row: Any) -> list[Event]:
    """Newest first; looks that changed nothing are left out."""
    found = list(AuditEntry.objects.filter(object_id=str(row.pk)).exclude(action="view")[:200])
    if row.import_id:
        found += list(AuditEntry.objects.filter(object_id=str(row.import_id), model=row._meta.label_lower).order_by("seq")[:1])
    names = dict(User.objects.filter(username__in={entry.username for entry in found}).values_list("username", "full_name"))
    return [Event(entry.at, names.get(entry.username, entry.username), _what(entry), entry.note, list(_changes(register, entry, row)))
            for entry in sorted(found, key=lambda entry: -entry.seq)]


def _what(entry: AuditEntry) -> str:
    if entry.after and "rows" in entry.after:
        return ACTIONS["import"]
    if entry.action in WHOLE:
        return WHOLE[entry.action]
    verb = entry.action.split("_")[0]
    if verb == "record":
        return "Thêm" if entry.before is None else "Sửa"
    return ACTIONS.get(verb, entry.action)


def _changes(register: Register, entry: AuditEntry, row: Any) -> Iterator[tuple[str, str, str]]:
    after = entry.after or {}
    if "rows" in after:
        return
    for name, value in after.items():
        was = (entry.before or {}).get(name)
        if name in QUIET or value == was or (was is None and value in ("", None)):
            continue
        yield _label(register, row, name), _words(register, row, name, was), _words(register, row, name, value)


def _column(register: Register, row: Any, name: str) -> Column | None:
    return next((column for column in register.own if column.source is not None and column.source.attname == name), None)


def _label(register: Register, row: Any, name: str) -> str:
    column = _column(register, row, name)
    if column is not None:
        return column.label
    source = next((field for field in row._meta.concrete_fields if field.attname == name), None)
    return str(source.verbose_name).capitalize() if source is not None else name


def _words(register: Register, row: Any, name: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    source = next((field for field in row._meta.concrete_fields if field.attname == name), None)
    if source is None:
        return str(value)
    if source.is_relation:
        model: Any = source.related_model
        found = model._default_manager.filter(pk=value).first()
        return str(found) if found is not None else str(value)
    return words_of(dict(source.flatchoices).get(value, source.to_python(value)))
