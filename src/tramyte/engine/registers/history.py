"""What happened to one row, readable: who, when, from where, what it was and what it became."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from tramyte.engine.access.naming import names_of
from tramyte.engine.actions.models import Fact
from tramyte.engine.audit import chain, origin
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.registers.columns import words_of
from tramyte.engine.registers.register import Register

MOST = 200
VERBS = {
    "record": "Ghi", "create": "Thêm", "register": "Thêm", "update": "Sửa", "change": "Sửa", "cancel": "Đánh dấu ghi nhầm", "retract": "Đánh dấu ghi nhầm",
    "import": "Nhập từ tệp", "undo": "Hoàn tác", "load": "Nhập từ tệp", "renew": "Gia hạn", "end": "Kết thúc", "close": "Kết thúc", "reopen": "Mở lại",
    "merge": "Gộp hồ sơ", "unmerge": "Tách hồ sơ", "add": "Thêm", "follow": "Sửa theo nơi ở", "restore": "Trả lại như trước",
}
WHOLE = {
    "bulk_edit": "Sửa hàng loạt", "undo_bulk_edit": "Hoàn tác sửa hàng loạt", "undo_import": "Hoàn tác lần nhập", "reset_password": "Đặt lại mật khẩu",
    "set_active": "Khóa hoặc mở tài khoản", "lend_rights": "Ủy quyền", "take_back_rights": "Thu hồi ủy quyền", "open_emergency": "Mở khẩn cấp hồ sơ", "miss_emergency": "Mở khẩn cấp, không thấy ai",
    "review_emergency": "Soát lần mở khẩn cấp", "change_password": "Đổi mật khẩu", "add_member": "Chuyển vào hộ", "view_number": "Xem đủ số",
}
OTHER = {"view": "Mở xem", "list": "Xem danh sách", "demo": "Tạo xã trình diễn"}  # more by `name_actions`
LOOKS = chain.LOOKS
QUIET = {"id", "import_id", "age_days", "entered_in_error", "search", "ended_by", "made_by"}
KEYS = re.compile(r"[ ,]*\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")  # of an import or edit: for programs, not for people


@dataclass(frozen=True)
class Event:
    """One thing that happened. `changes`: (label, before, after) in words; `where`: from where; `thing`: what it was done to, when it is another row."""

    at: datetime.datetime
    who: str
    what: str
    note: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    where: str = ""
    thing: str = ""


def events(register: Register, row: Any) -> list[Event]:
    """Newest first, of the row and of its kin; looks that changed nothing are left out."""
    rows: dict[str, Any] = {str(one.pk): one for one in (row, *register.kin(row))}
    found = list(AuditEntry.objects.filter(object_id__in=rows).exclude(action__in=LOOKS)[:MOST])
    found += _imports(rows.values())
    names = names_of(entry.username for entry in found)
    related = _Related()
    return [_event(register, row, rows.get(entry.object_id), entry, names, related) for entry in sorted(found, key=lambda entry: -entry.seq)]


def _imports(rows: Iterable[Fact]) -> list[AuditEntry]:
    """The entries by which whole imports made or took back these rows: they hold the ids of their rows."""
    rows = list(rows)
    loads = {str(row.import_id) for row in rows if row.import_id}
    if not loads:
        return []
    labels, ids = {row._meta.label_lower for row in rows}, {str(row.pk) for row in rows}
    entries = AuditEntry.objects.filter(Q(after__has_key="rows"), object_id__in=loads, model__in=labels)
    return [entry for entry in entries if not ids.isdisjoint((entry.after or {})["rows"])]


def _event(register: Register, row: Any, about: Any, entry: AuditEntry, names: dict[str, str], related: "_Related") -> Event:
    other = about if about is not None and about is not row else None
    whole = entry.after is not None and "rows" in entry.after
    thing = str(other._meta.verbose_name) if other is not None else _thing(entry, row) if whole else ""
    changes = [] if about is None or whole else list(_changes(register, entry, about, related))
    where = origin.words(entry.origin)
    note = "" if whole else KEYS.sub("", entry.note)
    return Event(entry.at, names[entry.username], _what(entry), note, changes, where, thing)


def _thing(entry: AuditEntry, row: Any) -> str:
    """The kind of the rows of a chunk, when it is not the row's own."""
    from django.apps import apps

    return "" if entry.model == row._meta.label_lower else str(apps.get_model(entry.model)._meta.verbose_name)


def _what(entry: AuditEntry) -> str:
    if entry.action in WHOLE:
        return WHOLE[entry.action]
    if entry.after and "rows" in entry.after:
        return VERBS["import"]
    verb = entry.action.split("_")[0]
    if verb == "record":
        return "Thêm" if entry.before is None else "Sửa"
    return VERBS.get(verb, "Sửa" if entry.before else "Ghi")


def name_actions(words: Mapping[str, str]) -> None:
    """Give actions of the topics their words, which this engine does not know."""
    OTHER.update(words)


def deed_words(entry: AuditEntry) -> str:
    """What was done, in words; an output of rows, and a look, too."""
    if entry.action.startswith("export_"):
        return f"Xuất {entry.action.removeprefix('export_').upper()}"
    verb = entry.action.split("_")[0]
    return WHOLE.get(entry.action) or OTHER.get(entry.action) or VERBS.get(verb, entry.action)


def thing_words(entry: AuditEntry) -> str:
    """The kind of thing that something was done to."""
    from django.apps import apps

    try:
        return str(apps.get_model(entry.model)._meta.verbose_name)
    except (LookupError, ValueError):
        return entry.model


class _Related:
    """Rows that values of relations name, each read once for all entries."""

    def __init__(self) -> None:
        self.known: dict[tuple[Any, str], str] = {}

    def words(self, model: Any, key: Any) -> str:
        """The row's own words; its key when it is not there any more."""
        mark = (model, str(key))
        if mark not in self.known:
            found = model._default_manager.filter(pk=key).first()
            self.known[mark] = str(found) if found is not None else str(key)
        return self.known[mark]


def _changes(register: Register, entry: AuditEntry, row: Any, related: _Related) -> Iterator[tuple[str, str, str]]:
    fields = {source.attname: source for source in row._meta.concrete_fields}
    for name, value in (entry.after or {}).items():
        was, source = (entry.before or {}).get(name), fields.get(name)
        if name in QUIET or value == was or source is None or (was is None and value in ("", None, "[]", "{}")):
            continue
        if source.is_relation and register.model is source.related_model:
            continue  # that a number belongs to the person whose history this is
        if None not in (was, value) and not source.is_relation and source.to_python(was) == source.to_python(value):
            continue  # "151.0" as it was read, "151" as it was typed
        yield _label(register, row, source), _words(source, was, related), _words(source, value, related)


def _label(register: Register, row: Any, source: Any) -> str:
    column = next((column for column in register.own if column.source is source and not column.relation), None) if isinstance(row, register.model) else None
    label = column.label if column is not None else str(source.verbose_name)
    return label[:1].upper() + label[1:]


def _words(source: Any, value: Any, related: _Related) -> str:
    if value in (None, ""):
        return "–"
    if source.is_relation:
        return related.words(source.related_model, value)
    return words_of(dict(source.flatchoices).get(value, source.to_python(value)))
