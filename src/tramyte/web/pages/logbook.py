"""Audit entries in words: who did what to which thing, before and after."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from tramyte.engine import clock
from tramyte.engine.access.actions import managed_by
from tramyte.engine.access.models import User
from tramyte.engine.access.naming import names_of
from tramyte.engine.access.operator import USERNAME
from tramyte.engine.access.rights import Guard, sees_people, visible
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.clients.queries import audit_names
from tramyte.engine.registers import history
from tramyte.web.pages.deeds import ACTIONS

QUIET = {"id", "import_id", "entered_in_error", "error_reason", "search", "password"}
LONGEST = 120
history.name_actions(ACTIONS)


@dataclass(frozen=True)
class Line:
    """An audit entry as a page shows it. changes: (label, before, after) in words; hidden: the reader may not see them."""

    entry: AuditEntry
    who: str
    what: str
    thing: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    note: str = ""
    hidden: bool = False


def entries(by: User, *, user: str = "", action: str = "", day: datetime.date | None = None) -> QuerySet[AuditEntry]:
    """The audit of those people and programs whom this user manages and of the house itself, newest first, narrowed to a user name, an action and a day."""
    theirs = User.objects.filter(pk__in=managed_by(by)).values("username")
    rows = AuditEntry.objects.filter(Q(username__in=theirs) | Q(username__in=("", USERNAME, *audit_names(by))))
    if user:
        rows = rows.filter(username=user)
    if action:
        rows = rows.filter(action=action)
    if day:
        start = datetime.datetime.combine(day, datetime.time.min, clock.ZONE)
        rows = rows.filter(at__gte=start, at__lt=start + datetime.timedelta(days=1))
    return rows


def lines(rows: Iterable[AuditEntry], *, by: User) -> list[Line]:
    """Entries in words; of bulk writing only how many rows there were.

    What happened to a person, or to something in another place, is told to a reader who may not see it without its content.
    """
    found = list(rows)
    names = names_of(entry.username for entry in found)
    closed = _closed(found, by)
    return [
        Line(entry, names[entry.username], action_words(entry.action), _thing(entry.model),
             [] if entry.seq in closed else _changes(entry), "" if entry.seq in closed else entry.note, entry.seq in closed)
        for entry in found]


def _closed(entries: list[AuditEntry], by: User) -> set[int]:
    """The numbers of the entries whose content this reader may not see."""
    people = sees_people(by)
    closed = {entry.seq for entry in entries if not people and _personal(entry.model)}
    for label in {entry.model for entry in entries}:
        model = _model(label)
        if isinstance(getattr(model, "guard", None), Guard):
            about = {entry.seq: entry.object_id for entry in entries if entry.model == label and _is_id(entry.object_id) and "rows" not in (entry.after or {})}
            seen = visible(by, model._base_manager.filter(pk__in=set(about.values())), "audit.view").values_list("pk", flat=True)
            open_ids = {str(pk) for pk in seen}
            closed |= {seq for seq, id in about.items() if id not in open_ids}
    return closed


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _personal(label: str) -> bool:
    """Whether a model tells about persons, or is not known any more."""
    model = _model(label)
    guard = getattr(model, "guard", None)
    return bool(label) and (model is None or model.__module__.startswith("tramyte.care.") or bool(guard and guard.personal))


def action_words(action: str) -> str:
    """An action in Vietnamese."""
    return ACTIONS.get(action) or history.VERBS.get(action.replace("-", "_").split("_")[0], action)


def _model(label: str) -> Any:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _thing(label: str) -> str:
    model = _model(label)
    return str(model._meta.verbose_name) if model else label


def _changes(entry: AuditEntry) -> list[tuple[str, str, str]]:
    after, before = entry.after or {}, entry.before or {}
    if "rows" in after:
        return []
    fields = {one.attname: one for one in model._meta.concrete_fields} if (model := _model(entry.model)) else {}
    made = []
    for name in after:
        was, now = before.get(name), after[name]
        if name in QUIET or was == now or (was is None and now in ("", None, "[]", "{}")):
            continue
        source = fields.get(name)
        label = str(source.verbose_name) if source is not None else name
        made.append((label[:1].upper() + label[1:], _words(source, was), _words(source, now)))
    return made


def _words(source: Any, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if source is not None and source.is_relation:
        found = source.related_model._default_manager.filter(pk=value).first()
        return str(found) if found is not None else str(value)
    chosen = dict(getattr(source, "flatchoices", None) or []).get(value)
    text = str(chosen) if chosen is not None else _plain(source, value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain(source: Any, value: Any) -> str:
    kind = source.get_internal_type() if source is not None else ""
    if kind == "DateField":
        return f"{datetime.date.fromisoformat(str(value)):%d/%m/%Y}"
    if kind == "BooleanField":
        return "có" if str(value) == "True" else "không"
    return str(value)
