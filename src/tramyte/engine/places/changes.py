"""Changes of hamlets: another name, another commune, one taken into another; each can be taken back.

What hangs on a hamlet follows it in one transaction with the change, see `followers`.
"""

import datetime
import uuid
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import require, visible
from tramyte.engine.actions.writing import fetch, store
from tramyte.engine.places.actions import WRITE, refuse_taken
from tramyte.engine.places.followers import followers, tell_names
from tramyte.engine.places.models import Facility, OrgUnit, Place, PlaceChange, Succession
from tramyte.engine.places.queries import commune_of, valid_on
from tramyte.engine.refused import Refused, not_found
from tramyte.rules.text import clean, fold


def repoint(change: PlaceChange, rows: "models.QuerySet[Any]", field: str) -> list[uuid.UUID]:
    """Point rows at the new hamlet and note which they were; answers their ids."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=ids).update(**{field: change.after, "version": F("version") + 1})
    change.moved[f"{rows.model._meta.label}.{field}"] = [str(id) for id in ids]
    return ids


def point_back(change: PlaceChange, model: type[models.Model], field: str) -> list[uuid.UUID]:
    """Point the noted rows at the old hamlet again, those that went elsewhere meanwhile excepted; answers their ids."""
    noted = change.moved.get(f"{model._meta.label}.{field}", [])
    ids = list(model._base_manager.filter(pk__in=noted, **{field: change.after}).values_list("pk", flat=True))
    model._base_manager.filter(pk__in=ids).update(**{field: change.before, "version": F("version") + 1})
    return ids


def rename_hamlet(*, by: User, id: uuid.UUID, name: str, on: datetime.date, source: str, seen_version: int | None = None) -> PlaceChange:
    """Give a hamlet another name from a day on; the old one stays an alias that lists and searches understand. Raises Refused."""
    with transaction.atomic():
        row = _hamlet(id, by, seen_version)
        new = clean(name)
        if not new or fold(new) == fold(row.name):
            raise Refused("same", f"Hãy ghi tên mới khác tên đang dùng ({row.name}).", field="name")
        change = _begin(PlaceChange.RENAMED, row, row, on, new, source)
        before = row.plain()
        row.aliases, row.name = _with(row.aliases, row.name), new
        store(row, by=by, permission=WRITE, action="rename_hamlet", before=before)
        tell_names(row)
        for one in followers():
            one.follow(change, by)
        return _finish(change, by)


def move_hamlet(
    *, by: User, id: uuid.UUID, commune: Place, code: str, on: datetime.date, source: str, name: str = "", seen_version: int | None = None,
) -> PlaceChange:
    """Bring a hamlet to another commune from a day on, under a new code there (and a new name); its people follow. Raises Refused.

    The old hamlet ends the day before: figures of past months stay with the old commune.
    """
    with transaction.atomic():
        row = _hamlet(id, by, seen_version)
        if commune.kind != Place.COMMUNE or commune.pk == row.parent_id:
            raise Refused("same_commune", "Hãy chọn một xã, phường khác xã đang có thôn này.", field="commune")
        if not code.startswith(f"{commune.code}."):
            raise Refused("code", f"Mã thôn phải bắt đầu bằng mã xã và dấu chấm, ví dụ {commune.code}.01.", field="code")
        after = Place(kind=Place.HAMLET, code=clean(code), name=clean(name) or row.name, parent=commune, aliases=_with(row.aliases, row.name if clean(name) else ""), valid_from=on, source=clean(source)[:200])
        refuse_taken(after)
        change = _begin(PlaceChange.MOVED, row, after, on, after.name, source)
        store(after, by=by, permission=WRITE, action="move_hamlet")
        return _succeed(change, by)


def absorb_hamlet(*, by: User, id: uuid.UUID, into: Place, on: datetime.date, source: str, seen_version: int | None = None) -> PlaceChange:
    """Take a hamlet into another of the same commune from a day on; its people follow, its names become aliases. Raises Refused."""
    with transaction.atomic():
        row = _hamlet(id, by, seen_version)
        if into.kind != Place.HAMLET or into.pk == row.pk or into.parent_id != row.parent_id:
            raise Refused("bad_target", "Hãy chọn một thôn khác trong cùng xã. Sang xã khác thì dùng việc chuyển xã trước.", field="into")
        into = _hamlet(into.pk, by, None)
        change = _begin(PlaceChange.ABSORBED, row, into, on, into.name, source)
        before = into.plain()
        for name in (row.name, *row.aliases):
            into.aliases = _with(into.aliases, name)
        store(into, by=by, permission=WRITE, action="absorb_hamlet", before=before)
        tell_names(into)
        return _succeed(change, by)


def undo_change(*, by: User, id: uuid.UUID) -> PlaceChange:
    """Take a change back: the last of its hamlets first. What was written meanwhile stays and is shown under the old hamlet. Raises Refused."""
    require(by, WRITE)
    with transaction.atomic():
        change = visible(by, PlaceChange.objects.select_for_update(of=("self",)), WRITE).filter(pk=id, undone_at=None).first()
        if change is None:
            raise not_found("lần sắp xếp thôn này")
        _refuse_if_later(change)
        for one in reversed(followers()):
            one.back(change, by)
        _unmake(change, by)
        if change.kind in (PlaceChange.RENAMED, PlaceChange.ABSORBED):
            tell_names(change.after)
        before = change.plain()
        change.undone_at = clock.now()
        return store(change, by=by, permission=WRITE, action="undo_place_change", before=before)


def changes_of(user: User) -> "models.QuerySet[PlaceChange]":
    """The changes that this user may see, the latest first."""
    return visible(user, PlaceChange.objects.select_related("before__parent", "after__parent"), WRITE)


def _hamlet(id: uuid.UUID, by: User, seen: int | None) -> Place:
    row = fetch(Place, id, by=by, permission=WRITE, seen_version=seen)
    if row.kind != Place.HAMLET:
        raise not_found("thôn này")
    if row.valid_to is not None:
        raise Refused("ended", f"{row.name} đã hết hiệu lực từ {row.valid_to:%d/%m/%Y}. Hãy chọn thôn đang có.", status=409)
    return row


def _with(aliases: list[str], name: str) -> list[str]:
    return aliases if not name or fold(name) in {fold(one) for one in aliases} else [*aliases, name]


def _begin(kind: str, before: Place, after: Place, on: datetime.date, name: str, source: str) -> PlaceChange:
    if on > clock.today():
        raise Refused("future", f"Ngày {on:%d/%m/%Y} chưa đến. Hãy ghi khi quyết định đã có hiệu lực.", field="on")
    if kind != PlaceChange.RENAMED and on <= before.valid_from:
        raise Refused("order", f"{before.name} có từ {before.valid_from:%d/%m/%Y}: ngày sắp xếp phải sau ngày đó.", field="on")
    if not clean(source):
        raise Refused("no_source", "Hãy ghi văn bản quyết định, ví dụ: Nghị quyết 12/NQ-HĐND ngày 10/4/2026.", field="source")
    return PlaceChange(kind=kind, before=before, after=after, on=on, old_name=before.name, new_name=name, source=clean(source)[:200])


def _succeed(change: PlaceChange, by: User) -> PlaceChange:
    """End the old hamlet, say what it became, and let the rows follow."""
    old = change.before
    was = old.plain()
    old.valid_to = change.on - datetime.timedelta(days=1)
    store(old, by=by, permission=WRITE, action="end_hamlet", before=was)
    link = store(Succession(predecessor=old, successor=change.after, whole=True, on=change.on, source=change.source), by=by, permission=WRITE, action="record_succession")
    change.kept["succession"] = str(link.pk)
    by.__dict__.pop("_places", None)  # what the user may reach has just grown
    repoint(change, Facility.objects.filter(place=old), "place")
    repoint(change, OrgUnit.objects.filter(place=old), "place")
    for one in followers():
        one.follow(change, by)
    return _finish(change, by)


def _finish(change: PlaceChange, by: User) -> PlaceChange:
    return store(change, by=by, permission=WRITE, action="record_place_change", note=f"{change}, {change.source}"[:200])


def _refuse_if_later(change: PlaceChange) -> None:
    both = [change.before_id, change.after_id]
    later = PlaceChange.objects.filter(Q(before__in=both) | Q(after__in=both), undone_at=None, created_at__gt=change.created_at).first()
    if later is not None:
        raise Refused("later", f"Sau lần này còn “{later}” ngày {later.on:%d/%m/%Y}. Hãy hoàn tác lần đó trước.", status=409)


def _unmake(change: PlaceChange, by: User) -> None:
    """The hamlets themselves as they were."""
    old, new = change.before, change.after
    was_old, was_new = old.plain(), new.plain()
    if change.kind == PlaceChange.RENAMED:
        old.name, old.aliases = change.old_name, [one for one in old.aliases if one != change.old_name]
        store(old, by=by, permission=WRITE, action="undo_place_change", before=was_old)
        return
    for model in (Facility, OrgUnit):
        point_back(change, model, "place")
    old.valid_to = None
    store(old, by=by, permission=WRITE, action="undo_place_change", before=was_old)
    link = Succession.objects.get(pk=change.kept["succession"])
    link_was = link.plain()
    link.entered_in_error, link.error_reason = True, "hoàn tác sắp xếp thôn"
    store(link, by=by, permission=WRITE, action="undo_place_change", before=link_was)
    if change.kind == PlaceChange.MOVED:
        new.valid_to = new.valid_from - datetime.timedelta(days=1)  # it held on no day
        new.entered_in_error, new.error_reason = True, "hoàn tác sắp xếp thôn"
    else:
        gone = {fold(one) for one in (old.name, *old.aliases)}
        new.aliases = [one for one in new.aliases if fold(one) not in gone]
    store(new, by=by, permission=WRITE, action="undo_place_change", before=was_new)


def former_communes(commune: Place) -> "models.QuerySet[Place]":
    """The communes that became this one, whole or in part."""
    return Place.objects.filter(successions__successor=commune, successions__entered_in_error=False, kind=Place.COMMUNE).order_by("code").distinct()


def set_origin(*, by: User, hamlet: Place, former: Place | None) -> None:
    """Say in which former commune a hamlet lay; None: not known. Raises Refused for a commune that did not become the hamlet's."""
    with transaction.atomic():
        row = fetch(Place, hamlet.pk, by=by, permission=WRITE)
        if former is not None and not former_communes(commune_of(row)).filter(pk=former.pk).exists():
            raise Refused("not_former", f"{former} không nằm trong các xã đã nhập thành {commune_of(row)}. Hãy chọn trong danh sách.", field="origin")
        held = Succession.objects.filter(successor=row, predecessor__kind=Place.COMMUNE, entered_in_error=False)
        if [one.predecessor_id for one in held] == ([former.pk] if former else []):
            return
        for one in held:
            before = one.plain()
            one.entered_in_error, one.error_reason = True, "ghi lại xã cũ"
            store(one, by=by, permission=WRITE, action="set_origin", before=before)
        if former is not None:
            store(Succession(predecessor=former, successor=row, whole=False, on=row.valid_from, source="Xã ghi"), by=by, permission=WRITE, action="set_origin")


def living(commune: Place) -> "models.QuerySet[Place]":
    """The hamlets of a commune that exist today."""
    return Place.objects.filter(valid_on(clock.today()), parent=commune, kind=Place.HAMLET, entered_in_error=False).order_by("code")
