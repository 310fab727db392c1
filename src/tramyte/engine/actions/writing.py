"""How an action fetches, checks and stores a row: rights, version, rules, audit, in one transaction."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from tramyte.engine.access.models import User
from tramyte.engine.access.naming import called
from tramyte.engine.access.operator import is_operator
from tramyte.engine.access.rights import Guard, places, require, visible
from tramyte.engine.actions.bulk import insert, insert_columns, same_in_all
from tramyte.engine.actions.models import Fact
from tramyte.engine.audit import chain
from tramyte.engine.facts import following
from tramyte.engine.facts.declaring import written
from tramyte.engine.indicators import storing
from tramyte.engine.refused import Refused, no_right, not_found

F = TypeVar("F", bound=Fact)

CONFLICT = "{who} vừa sửa mục này trước bạn. Điều bạn gõ chưa được lưu: hãy mở lại, xem bản mới rồi sửa tiếp."


def fetch(model: type[F], id: uuid.UUID | str, *, by: User, permission: str, seen_version: int | None = None) -> F:
    """The row to change, locked, proved to be within the user's rights and unchanged since it was seen.

    Raises Refused: `not_found` (404) when it is not there for this user, `conflict` (409) when another
    version is stored than `seen_version`. Must run inside a transaction.
    """
    found = visible(by, model._default_manager.all(), permission).select_for_update(of=("self",)).filter(pk=id).first()
    if found is None:
        raise not_found(str(model._meta.verbose_name))
    if seen_version is not None and found.version != seen_version:
        raise conflict(chain.last_writer(found))
    return found


def conflict(username: str) -> Refused:
    """The refusal (409) of what was typed over a version that somebody, told by account name ("" when unknown), has stored since."""
    return Refused("conflict", CONFLICT.format(who=called(username)), status=409)


def store(row: F, *, by: User, permission: str, action: str, before: dict[str, Any] | None = None, note: str = "") -> F:
    """Check a new or changed row against its model and the user's places, save it and write the audit entry.

    `before` is `row.plain()` as it was; None for a new row. Raises Refused with the field's own sentence.
    """
    require(by, permission)
    with transaction.atomic():
        if before is not None:
            row.version += 1
        _check(row, before)
        with storing.entry(*storing.touched(row, before)):
            row.save(force_insert=before is None)
        if not visible(by, type(row)._default_manager.filter(pk=row.pk), permission).exists():
            raise Refused("foreign_place", "Mục này nằm ngoài địa bàn của bạn nên không được lưu.", status=403)
        chain.record(by=by, action=action, row=row, before=before, after=row.plain(), note=note)
    return row


def store_many(rows: Sequence[F], *, by: User, permission: str, action: str, import_id: uuid.UUID | None = None) -> None:
    """Insert a chunk of new, already judged rows with one audit entry that holds their digests.

    Raises Refused (403) when one of them lies outside the user's places.
    """
    store_lists([rows], by=by, permission=permission, action=action, import_id=import_id)


def store_lists(lists: Sequence[Sequence[Fact]], *, by: User, permission: str, action: str, import_id: uuid.UUID | None = None) -> None:
    """As `store_many` for rows of several models, what is referred to before what refers to it; one audit entry for each model."""
    require(by, permission)
    filled = [rows for rows in lists if rows]
    if not filled:
        return
    with transaction.atomic():
        for rows in filled:
            for row in rows:
                row.import_id = import_id
            insert(rows)
            _stay_inside(rows, by, permission)
        storing.mark_stale({table for rows in filled for table in storing.touched(rows[0], None)[0]})
        for rows in filled:
            following.many_written(*storing.touched_by_many(rows))
        chain.record_chunks(by=by, action=action, chunks=filled, import_id=import_id)


def store_values(
    model: type[Fact], names: Sequence[str], rows: Sequence[Sequence[Any]], *, by: User, permission: str, action: str,
) -> None:
    """Insert plain rows (the id first) with one audit entry of their common digest: the fast road of the system's own operator.

    Places are not looked at, so that nobody else may take it. Raises Refused (403) for others.
    """
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    store_columns(model, dict(zip(names, columns, strict=True)), by=by, permission=permission, action=action)


def store_columns(model: type[Fact], columns: Mapping[str, Sequence[Any]], *, by: User, permission: str, action: str) -> None:
    """As `store_values`, from the values of each field, the id first: quicker for rows by the hundred thousand."""
    require(by, permission)
    if not is_operator(by):
        raise no_right()
    keys = next(iter(columns.values()))
    if not keys:
        return
    with transaction.atomic():
        content = hashlib.sha256()
        for column in insert_columns(model, columns):
            content.update(_joined(column).encode())
        storing.mark_stale(set(written(model)))
        ends = {name: str(uuid.UUID(str(key))) for name, key in (("first", keys[0]), ("last", keys[-1]))}
        proof = {**ends, "sha256": content.hexdigest()}
        chain.record(by=by, action=action, model=model._meta.label_lower, after=proof, note=f"{len(keys)} dòng")


def _joined(values: Sequence[Any]) -> str:
    """The values of a column as texts, each with U+001F behind it."""
    if same_in_all(values):
        return f"{values[0]}{chain.PARTED}" * len(values)
    texts = values if {str}.issuperset(map(type, values)) else map(str, values)
    return chain.PARTED.join(texts) + chain.PARTED


def change_many(
    changes: Sequence[tuple[F, dict[str, Any]]], names: Sequence[str], *, by: User, permission: str, action: str, note: str = "",
) -> None:
    """Store these fields of a chunk of rows that the caller has locked, judged and changed; each comes with its `plain()` as it was.

    One statement for all rows that get the same values; one audit entry a row. Every row's version grows by one. The places
    of the rows do not change: the caller has looked at them.
    """
    require(by, permission)
    if not changes:
        return
    model, alike = type(changes[0][0]), defaultdict(list)
    for row, _ in changes:
        row.version += 1
        alike[tuple(getattr(row, name) for name in names)].append(row.pk)
    with transaction.atomic():
        for values, ids in alike.items():
            model._default_manager.filter(pk__in=ids).update(
                **dict(zip(names, values, strict=True)), version=models.F("version") + 1, updated_at=timezone.now())
        storing.mark_stale({table for row, before in changes[:1] for table in storing.touched(row, before)[0]})
        following.many_written(*storing.touched_by_many([row for row, _ in changes]))
        chain.record_rows(by=by, action=action, changes=changes, note=note)


def retract_many(model: type[Fact], ids: Collection[uuid.UUID], *, by: User, permission: str, action: str, reason: str, import_id: uuid.UUID) -> None:
    """Mark rows that an import made, and that the caller has locked and found unchanged, as entered in error: one audit entry with their ids.

    Who follows the facts is told by the caller, who knows whom they are about.
    """
    require(by, permission)
    if not ids:
        return
    with transaction.atomic():
        model._default_manager.filter(pk__in=ids).update(
            entered_in_error=True, error_reason=reason[:200], version=models.F("version") + 1, updated_at=timezone.now())
        storing.mark_stale(set(written(model)))
        chain.record(by=by, action=action, model=model._meta.label_lower, object_id=str(import_id), after={"rows": sorted(map(str, ids))}, note=f"{len(ids)} dòng")


def _stay_inside(rows: Sequence[F], by: User, permission: str) -> None:
    model, guard = type(rows[0]), getattr(rows[0], "guard", None)
    if not (isinstance(guard, Guard) and guard.place):
        return
    try:
        inside = _places_at(rows, guard.place) <= places(by, permission, personal=guard.personal)
    except LookupError:  # a relation on the way was not loaded: the database looks
        stored = model._default_manager.filter(pk__in=[row.pk for row in rows])
        inside = visible(by, stored, permission).count() == len(rows)
    if not inside:
        raise Refused("foreign_place", "Có mục nằm ngoài địa bàn của bạn nên cả nhóm không được lưu.", status=403)


def _places_at(rows: Iterable[Any], path: str) -> set[uuid.UUID | None]:
    """The keys of the places at the end of a lookup, by relations that are loaded; KeyError when one is not."""
    *steps, last = path.split("__")
    for step in steps:
        rows = {id(found): found for found in (row._state.fields_cache[step] for row in rows)}.values()
    return {getattr(row, f"{last}_id") for row in rows}


def _check(row: Fact, before: dict[str, Any] | None) -> None:
    try:
        if before is None:
            row.full_clean()
        else:
            _clean_changed(row, before)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused("invalid", " ".join(_labelled(row, field, messages)), field="" if field == "__all__" else field) from error


def _clean_changed(row: Fact, before: dict[str, Any]) -> None:
    """As `full_clean` for a row that was right: what is referred to and the constraints are looked at where something changed.

    The database is not asked again for what it has already taken: half of the questions of a saving.
    """
    now, fields = row.plain(), row._meta.concrete_fields
    changed = {name for field in fields if field.attname in now and now[field.attname] != before.get(field.attname) for name in (field.name, field.attname)}
    row.clean_fields(exclude={field.name for field in fields if field.is_relation} - changed)
    row.clean()
    for model, constraints in row.get_constraints():
        for constraint in constraints:
            named = _named(constraint)
            if named is None or named & changed:
                _hold(row, model, constraint)


def _named(constraint: models.BaseConstraint) -> set[str] | None:
    """The fields that a constraint is about; None when that is not known."""
    named: set[str] = set()
    if isinstance(constraint, models.UniqueConstraint) and not constraint.expressions:
        named.update(constraint.fields)
    elif not isinstance(constraint, models.CheckConstraint):
        return None
    condition: Any = constraint.condition
    if not isinstance(condition, models.Q | None):
        return None
    return named | set(condition.referenced_base_fields) if condition else named


def _hold(row: Fact, model: type[models.Model], constraint: models.BaseConstraint) -> None:
    try:
        constraint.validate(model, row)
    except ValidationError as error:
        fields = constraint.fields if isinstance(constraint, models.UniqueConstraint) else ()
        if getattr(error, "code", None) == "unique" and len(fields) == 1:
            raise ValidationError({fields[0]: [error]}) from error
        raise ValidationError(error.update_error_dict({})) from error


def _labelled(row: Fact, field: str, messages: Iterable[str]) -> list[str]:
    if field == "__all__":
        return list(messages)
    label = str(getattr(row._meta.get_field(field), "verbose_name", field))
    return [f"{label[:1].upper()}{label[1:]}: {message}" for message in messages]
