"""What happened to a target, from the audit: set, corrected with the reason, tied, withdrawn."""

import datetime
from typing import Any

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.indicators import INDICATORS
from tramyte.governance.targets.models import Target
from tramyte.governance.targets.words import day, level

WORDS = {"set_target": "giao chỉ tiêu", "correct_target": "sửa", "bind_target": "gắn với chỉ số", "end_target": "cho hết hiệu lực"}
LEVEL = ("comparator", "value", "unit")
PLAIN = {"phrase": "nội dung", "note": "ghi chú", "year": "năm"}


def history_of(target: Target) -> list[dict[str, Any]]:
    """The entries for the timeline, newest first: day, who, what changed from what to what, and the reason."""
    entries = list(AuditEntry.objects.filter(object_id=str(target.pk), action__in=WORDS).order_by("-seq")[:30])
    names = dict(User.objects.filter(username__in={entry.username for entry in entries}).values_list("username", "full_name"))
    found, state = [], target.plain()
    for entry in entries:
        before = {**state, **(entry.before or {})}
        found.append({
            "day": entry.at.astimezone(clock.ZONE).date(), "title": names.get(entry.username, entry.username or "Hệ thống"),
            "text": f"{WORDS[entry.action]}{_changes(before, state) if entry.action in ('correct_target', 'bind_target') else ''}", "meta": entry.note})
        state = before
    return found


def _changes(before: dict[str, Any], after: dict[str, Any]) -> str:
    """ ": mức giao ≥ 98 % thành ≥ 95 %; hạn 31/12/2026 thành 30/11/2026", from the plain values before and after."""
    changed = {name for name in after if before.get(name) != after[name]}
    said = []
    if changed & set(LEVEL):
        said.append(f"mức giao {_level(before)} thành {_level(after)}")
    if "due_on" in changed:
        said.append(f"hạn {_day(before)} thành {_day(after)}")
    if "indicator" in changed:
        said.append(INDICATORS[after["indicator"]].title if after["indicator"] in INDICATORS else "bỏ gắn")
    said += [f"{words} “{str(before.get(name) or 'trống')[:80]}” thành “{str(after[name] or 'trống')[:80]}”"
             for name, words in PLAIN.items() if name in changed and not (name == "year" and "due_on" in changed)]
    if changed & {"directive_id", "given_on"}:
        said.append("nguồn giao")
    return f": {'; '.join(said)}" if said else ""


def _level(values: dict[str, Any]) -> str:
    return level(values["value"], values["comparator"], values["unit"])


def _day(values: dict[str, Any]) -> str:
    return day(datetime.date.fromisoformat(values["due_on"])) if values.get("due_on") else f"hết năm {values.get('year')}"
