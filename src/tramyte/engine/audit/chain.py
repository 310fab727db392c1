"""Writing and proving the audit chain."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from tramyte.engine import clock
from tramyte.engine.actions.bulk import same_in_all
from tramyte.engine.audit import origin
from tramyte.engine.audit.models import AuditEntry

if TYPE_CHECKING:
    from tramyte.engine.access.models import User
    from tramyte.engine.actions.models import Fact

GENESIS = "0" * 64
PARTED = "\x1f"  # what stands between the values of a row
ON_BEHALF = "thay mặt"
LOOKS = ("view", "view_number", "list")  # they change nothing
HOUSEKEEPING = {"version", "created_at", "updated_at"}
LOCK = 7_214_733  # one advisory lock for the chain on PostgreSQL; SQLite has one writer anyway


def record(
    *, by: "User | None", action: str, row: "Fact | None" = None, before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None, note: str = "", model: str = "", object_id: str = "",
) -> AuditEntry:
    """Append one entry; of `before` and `after` only what differs is kept."""
    was, now = _differences(before, after)
    return _append(
        username=by.username if by else "", action=action,
        model=model or (row._meta.label_lower if row else ""), object_id=object_id or (str(row.pk) if row else ""),
        before=was, after=now, note=_note(by, note),
    )


def record_chunks(*, by: "User", action: str, chunks: "Sequence[Sequence[Fact]]", import_id: uuid.UUID | None) -> list[AuditEntry]:
    """Append one entry for each chunk of inserted rows of one model: their ids with the digest of each one's own values."""
    return _append_all([
        {"username": by.username, "action": action, "model": rows[0]._meta.label_lower, "object_id": str(import_id or ""),
         "before": None, "after": {"rows": _digests(rows)}, "note": _note(by, f"{len(rows)} dòng")}
        for rows in chunks])


def _note(by: "User | None", note: str) -> str:
    """The note of an entry; who acts by a permission that a colleague lent names that colleague first ("thay mặt")."""
    named: dict[str, str] = by.__dict__.get("_on_behalf_of", {}) if by else {}
    behalf = ", ".join(f"{name} ({username})" for username, name in named.items())
    return " · ".join(filter(None, [f"{ON_BEHALF} {behalf}" if behalf else "", note]))[:200]


def record_rows(*, by: "User", action: str, changes: "Sequence[tuple[Fact, dict[str, Any]]]", note: str = "") -> list[AuditEntry]:
    """Append one entry for each changed row of a chunk, given with what it was: its own history tells of it."""
    entries = []
    for row, before in changes:
        was, now = _differences(before, row.plain())
        entries.append({
            "username": by.username, "action": action, "model": row._meta.label_lower, "object_id": str(row.pk), "before": was, "after": now, "note": _note(by, note)})
    return _append_all(entries)


def _digests(rows: "Sequence[Fact]") -> dict[str, str]:
    """By id, 16 hex digits of the SHA-256 of each row's values, in the order of its fields, as texts parted by U+001F."""
    fields = [field for field in rows[0]._meta.concrete_fields if field.attname not in HOUSEKEEPING]
    columns = zip(*map(itemgetter(*(field.attname for field in fields)), map(vars, rows)), strict=True)
    parts: list[str | Sequence[str]] = []  # what all rows have alike in neighbouring fields is one text
    keys: Sequence[str] = ()
    for field, values in zip(fields, columns, strict=True):
        if field.primary_key:
            keys = _texts(values)
            parts.append(keys)
        elif not same_in_all(values):
            parts.append(_texts(values))
        elif parts and isinstance(parts[-1], str):
            parts[-1] += f"{PARTED}{values[0]}"
        else:
            parts.append(str(values[0]))
    texts = map(PARTED.join, zip(*([part] * len(rows) if isinstance(part, str) else part for part in parts), strict=True))
    return {key: sha256(text.encode()).hexdigest()[:16] for key, text in zip(keys, texts, strict=True)}


def _texts(values: Sequence[Any]) -> Sequence[str]:
    """The values as texts; one that stands in many rows, as the key of a vaccine does, is written out once."""
    if {str}.issuperset(map(type, values)):
        return values
    known = {key: str(value) for key, value in dict(zip(map(id, values), values, strict=True)).items()}
    return list(map(known.__getitem__, map(id, values)))


def record_view(*, by: "User", row: "Fact", note: str = "") -> AuditEntry:
    """Append the fact that a person's record was opened by a user, and why."""
    return record(by=by, action="view", row=row, note=note)


def last_change(row: "Fact") -> AuditEntry | None:
    """The entry of the last change of this row; looks at it are no changes."""
    return AuditEntry.objects.filter(object_id=str(row.pk)).exclude(action__in=LOOKS).first()


def position() -> int:
    """How far the chain has come: the number of its last entry, 0 while there is none."""
    return AuditEntry.objects.values_list("seq", flat=True).first() or 0


def changed_since(seq: int, *, apart_from: str) -> bool:
    """Whether anything was written after this entry, apart from what one object's own entries tell (as an import's)."""
    return AuditEntry.objects.filter(seq__gt=seq).exclude(action__in=LOOKS).exclude(object_id=apart_from).exists()


def last_writer(row: "Fact") -> str:
    """The username of whoever last changed this row; empty when unknown."""
    entry = last_change(row)
    return entry.username if entry else ""


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: how many entries, and the first broken one (None when whole)."""

    entries: int
    broken_at: int | None
    reason: str
    head: str


def verify() -> Verdict:
    """Walk the chain from its beginning and prove each digest; needs nothing but the database."""
    previous, count, last = GENESIS, 0, 0
    for entry in _all():
        reason = _fault(entry, previous, last)
        if reason:
            return Verdict(count, entry.seq, reason, previous)
        previous, last, count = entry.digest, entry.seq, count + 1
    return Verdict(count, None, "", previous)


def _fault(entry: AuditEntry, previous: str, last: int) -> str:
    if entry.previous != previous:
        return f"dòng {entry.seq} không nối với dòng {last or 'đầu'}: có dòng bị xóa, chèn hoặc đổi thứ tự"
    return "" if entry.digest == digest(entry) else f"nội dung dòng {entry.seq} đã bị sửa"


def digest(entry: AuditEntry) -> str:
    """The SHA-256, in hex, of an entry's content and its predecessor's digest."""
    content = [
        entry.at.astimezone(clock.ZONE).isoformat(timespec="microseconds"), entry.username, entry.action, entry.model,
        entry.object_id, entry.before, entry.after, entry.note, entry.previous, *filter(None, [entry.origin]),
    ]
    return sha256(_canonical(content).encode()).hexdigest()


def _append(**values: Any) -> AuditEntry:
    return _append_all([values])[0]


def _append_all(entries: Sequence[dict[str, Any]]) -> list[AuditEntry]:
    """Append entries in this order, each with the digest of the one before, under one lock."""
    made = []
    with transaction.atomic(savepoint=False):  # a fault here takes back all that was to be proved
        previous = _last_digest()
        for values in entries:
            made.append(AuditEntry(at=clock.now(), previous=previous, origin=origin.now(), **values))
            previous = made[-1].digest = digest(made[-1])
        AuditEntry.objects.bulk_create(made)
    return made


def _last_digest() -> str:
    """The digest of the newest entry, which nobody else may follow any more. Asked at every writing: in words that are ready."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(f"SELECT digest FROM {connection.ops.quote_name(AuditEntry._meta.db_table)} ORDER BY seq DESC LIMIT 1")
        newest = cursor.fetchone()
    return str(newest[0]) if newest else GENESIS


def _all() -> Iterator[AuditEntry]:
    return AuditEntry.objects.order_by("seq").iterator(chunk_size=2000)


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _differences(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if before is None or after is None:
        return before, after
    changed = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in changed}, {name: after[name] for name in changed}
