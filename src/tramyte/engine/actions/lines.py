"""What the actions of every plain book share: begin a row, write a chunk of judged lines, mark a row as entered in error."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from django.db import transaction

from tramyte.engine.access.models import User
from tramyte.engine.actions.models import Fact, new_id
from tramyte.engine.actions.writing import fetch, store, store_many
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

F = TypeVar("F", bound=Fact)
Items = Sequence[tuple[uuid.UUID | None, dict[str, Any]]]


class Cancel(Protocol):
    """The action that marks a row as entered in error."""

    def __call__(self, *, by: User, id: uuid.UUID, seen_version: int | None = None, reason: str) -> Fact:
        """The marked row. Raises Refused."""


def begin(model: type[F], id: uuid.UUID | None, *, by: User, permission: str, seen_version: int | None = None) -> tuple[F, dict[str, Any] | None]:
    """The row to fill, and its `plain()` as it was; None for a new one, which takes the id that its maker gave it.

    Raises Refused as `fetch` does when a row with this id is stored. Must run inside a transaction.
    """
    if id is None or not model._default_manager.filter(pk=id).exists():
        return model(id=id or new_id()), None
    row = fetch(model, id, by=by, permission=permission, seen_version=seen_version)
    return row, row.plain()


def record_chunk(
    items: Items, *, new: Callable[[dict[str, Any]], F], record: Callable[..., F], by: User, permission: str, action: str, import_id: uuid.UUID | None = None,
) -> list[F]:
    """Write judged lines, (id or None, fields): new ones at once, changed ones by the action of one row. Rows in the order of the items.

    new: makes a checked row of a line's fields, and stores nothing.
    """
    with transaction.atomic():
        rows = [new(fields) if id is None else record(by=by, id=id, **fields) for id, fields in items]
        fresh = [row for row, (id, _) in zip(rows, items, strict=True) if id is None]
        store_many(fresh, by=by, permission=permission, action=action, import_id=import_id)
    return rows


def cancelling(model: type[Fact], permission: str, action: str) -> Cancel:
    """The action `cancel` of a register: a row leaves books and figures, with a reason, and is never deleted. action: its name in the audit."""
    def cancel(*, by: User, id: uuid.UUID, seen_version: int | None = None, reason: str) -> Fact:
        said = clean(reason)
        if not said:
            raise Refused("no_reason", "Chưa ghi lý do. Hãy ghi vì sao dòng này là ghi nhầm.", field="reason")
        with transaction.atomic():
            row = fetch(model, id, by=by, permission=permission, seen_version=seen_version)
            before = row.plain()
            row.entered_in_error, row.error_reason = True, said[:200]
            return store(row, by=by, permission=permission, action=action, before=before)
    return cancel
