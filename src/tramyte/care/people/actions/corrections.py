"""Taking back what was entered by mistake: nothing is deleted, and the reason is kept."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction

from tramyte.care.people import search
from tramyte.care.people.actions import checks
from tramyte.care.people.actions.checks import WRITE
from tramyte.care.people.actions.residences import follow_residence
from tramyte.care.people.models import Coverage, Household, Identifier, Person, RecordEntry, Residence
from tramyte.engine.access.models import User
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

OPEN: Mapping[type, dict[str, Any]] = {Residence: {"end": None, "ended_by": None}, Identifier: {"valid_to": None, "ended_by": None}}
R = TypeVar("R", Coverage, Identifier, Residence, RecordEntry, Household, Person)


@transaction.atomic
def retract(*, by: User, model: type[R], id: uuid.UUID | str, reason: str, seen_version: int | None = None) -> R:
    """Mark a row as entered in error, with the reason; it counts nowhere any more.

    A household or person is refused while something stands on it.
    """
    row = fetch(model, id, by=by, permission=WRITE, seen_version=seen_version)
    if not (said := clean(reason)):
        raise Refused("no_reason", "Hãy ghi lý do ghi nhầm, ví dụ “nhập nhầm người”.", field="reason")
    if row.entered_in_error:
        return row
    _nothing_stands_on(row)
    before = row.plain()
    row.entered_in_error, row.error_reason = True, said[:200]
    store(row, by=by, permission=WRITE, action="retract", before=before, note=said)
    if isinstance(row, Residence | Identifier):
        reopen(type(row), [row.pk], by=by, permission=WRITE, note=said)
    if isinstance(row, Residence):
        follow_residence(checks.a_person(row.person_id, by), by)
    elif isinstance(row, Coverage | Identifier):
        search.refresh([row.person_id])
    elif isinstance(row, Person):
        search.refresh([row.pk])
    return row


def reopen(model: type[Residence | Identifier], taken: Collection[uuid.UUID], *, by: User, permission: str, note: str) -> None:
    """Let what the beginning of these rows ended, stays or numbers, go on as it was; what somebody changed since stays."""
    owners = model._default_manager.filter(pk__in=taken).order_by().values("person")
    reopen_rows(model._default_manager.filter(person__in=owners, ended_by__in=taken, entered_in_error=False), by=by, permission=permission, note=note)


def reopen_rows(ended: "Iterable[Residence | Identifier]", *, by: User, permission: str, note: str) -> None:
    """Give rows that an act ended their values before it; one that was ended when it was stored is open again."""
    for row in ended:
        entry = AuditEntry.objects.filter(object_id=str(row.pk)).first()  # the newest
        if entry is not None and not (entry.action.startswith("end_") and entry.before):
            continue
        before = row.plain()
        for name, value in (entry.before or {} if entry else OPEN[type(row)]).items():
            setattr(row, name, row._meta.get_field(name).to_python(value))
        store(row, by=by, permission=permission, action=f"reopen_{row._meta.model_name}", before=before, note=note)


@transaction.atomic
def cancel_end(*, by: User, id: uuid.UUID | str, reason: str) -> Residence:
    """Take back the last day that a residence was given by mistake: it goes on as it was before.

    Raises Refused: no reason, it goes on (`open`), another residence or a death ended it or follows it (`followed`), its
    last day was given from the first (`planned`).
    """
    row = fetch(Residence, id, by=by, permission=WRITE)
    if not (said := clean(reason)):
        raise Refused("no_reason", "Hãy ghi lý do bỏ ngày cuối, ví dụ “ghi nhầm người”.", field="reason")
    if row.end is None:
        raise Refused("open", "Nơi ở này chưa có ngày cuối. Hãy tải lại trang hồ sơ.", field="what")
    later = row.person.residences.filter(kind=row.kind, start__gt=row.start, entered_in_error=False)
    if row.ended_by or row.person.died_on or later.exists():
        raise Refused("followed", "Sau nơi ở này đã ghi nơi ở mới hoặc ca tử vong. Hãy bỏ lần ghi sau trước.", field="what")
    reopen_rows([row], by=by, permission=WRITE, note=said[:200])
    if row.end is not None:
        raise Refused("planned", "Ngày cuối được ghi cùng lúc với nơi ở này. Hãy bỏ cả nơi ở rồi ghi lại.", field="what")
    follow_residence(checks.a_person(row.person_id, by), by)
    return row


def _nothing_stands_on(row: Person | Household | Coverage | Identifier | Residence | RecordEntry) -> None:
    if isinstance(row, Household) and row.members.filter(entered_in_error=False).exists():
        raise Refused("has_members", "Hộ đang có người nên không bỏ được. Hãy chuyển người sang hộ khác trước.")
    if isinstance(row, Person) and row.coverages.filter(entered_in_error=False).exists():
        raise Refused("has_facts", "Người này đang có thẻ BHYT trong sổ. Hãy ghi nhầm các thẻ đó trước, hoặc hợp nhất hồ sơ.")
