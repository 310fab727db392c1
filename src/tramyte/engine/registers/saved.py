"""Saved views and chosen columns: who sees them, and the actions that write them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import home_place, may
from tramyte.engine.audit import chain
from tramyte.engine.places.models import Place
from tramyte.engine.places.queries import commune_of
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.engine.registers import conditions
from tramyte.engine.registers.models import Preference, SavedView
from tramyte.engine.registers.register import Register
from tramyte.rules.text import clean

MOST_VIEWS = 50  # of one user in one book
LONGEST_NAME, LONGEST_QUERY = 60, 2000

T = TypeVar("T", SavedView, Preference)


def names(register: Register) -> list[str]:
    """Every parameter of the list's address that says what is seen: search, filters, conditions, period, order, columns."""
    found = ["q", "period", "from", "to", *(extra.name for extra in register.filters)]
    for column in register.all_columns:
        found += [column.path, *conditions.names(column)]
    return [*found, "sort", "columns"]


def query_of(register: Register, params: Mapping[str, str]) -> str:
    """What an address says about the rows and columns, the rest left out, in one fixed order."""
    return urlencode({name: value for name in names(register) if (value := str(params.get(name, "")).strip())})


def lost(register: Register, params: Mapping[str, str]) -> list[str]:
    """What the address of a saved view asks for and the book no longer has: conditions by their name, columns by their path."""
    known = {*names(register), "view", "page", "picked", "as", "paper"}
    columns = filter(None, str(params.get("columns", "")).split(","))
    return [*(name.partition("__")[0] for name in params if name not in known), *(path for path in columns if path not in register.by_path)]


def station_of(user: User) -> Place | None:
    """The commune whose users share views with this one; none above a commune."""
    place = home_place(user)
    found = commune_of(place) if place else None
    return found if found is not None and found.kind == Place.COMMUNE else None


def views(register: Register, user: User) -> "QuerySet[SavedView]":
    """The views of a book that this user may open: the own ones and those shared with the station."""
    mine = Q(owner=user)
    if station := station_of(user):
        mine |= Q(place=station)
    return SavedView.objects.filter(mine, register=register.slug, entered_in_error=False).select_related("owner")


def preference(register: Register, user: User) -> Preference | None:
    """How the user has set up the book."""
    return Preference.objects.filter(register=register.slug, owner=user).select_related("opening").first()


def may_change(view: SavedView, user: User) -> bool:
    """The owner; of a shared view also who manages the station's users."""
    return view.owner_id == user.pk or (view.place_id is not None and may(user, "users.manage"))


def save_view(
    *, by: User, register: Register, name: str, query: str, id: uuid.UUID | None = None, seen_version: int | None = None, shared: bool = False,
) -> SavedView:
    """Keep a view under a name, or change the one with this id (or with this name, when it is the user's own).

    Raises Refused: without a name, for a query that cannot be read, for sharing without the right to write in the book.
    """
    params = QueryDict(query)
    name = _named(name)
    kept = query_of(register, params.dict())
    if len(kept) > LONGEST_QUERY:
        raise Refused("too_long", "Cách xem này có quá nhiều điều kiện để lưu. Hãy bỏ bớt điều kiện.", field="name")
    register.rows(by, QueryDict(kept))
    station = _shared_with(by, register, shared)
    with transaction.atomic():
        view = _to_change(by, register, name, id, seen_version)
        before = None if view._state.adding else view.plain()
        view.name, view.query, view.place = name, kept, station
        return _kept(view, by, "save_view", before)


def rename_view(*, by: User, register: Register, id: uuid.UUID, name: str, shared: bool) -> SavedView:
    """Give a view another name, or share it or no longer; what it shows stays. Raises Refused."""
    name, station = _named(name), _shared_with(by, register, shared)
    with transaction.atomic():
        view = _to_change(by, register, name, id, None)
        before = view.plain()
        view.name, view.place = name, station
        return _kept(view, by, "save_view", before)


def _named(text: str) -> str:
    name = clean(text)
    if not name or len(name) > LONGEST_NAME:
        raise Refused("no_name", f"Hãy đặt tên cách xem, không quá {LONGEST_NAME} chữ.", field="name")
    return name


def _shared_with(by: User, register: Register, shared: bool) -> Place | None:
    """The commune that is to see a view; none for the owner alone. Raises Refused."""
    if not shared:
        return None
    if not register.written_by(by):
        raise no_right("Chỉ người được ghi vào sổ mới lưu cách xem dùng chung. Hãy lưu cách xem của riêng bạn.")
    station = station_of(by)
    if station is None:
        raise Refused("no_station", "Tài khoản của bạn không thuộc một xã nên chưa dùng chung được. Hãy lưu cách xem của riêng bạn.", field="shared")
    return station


def _to_change(by: User, register: Register, name: str, id: uuid.UUID | None, seen_version: int | None) -> SavedView:
    own = views(register, by)
    if id is None:
        mine = own.filter(owner=by)
        found = mine.select_for_update(of=("self",)).filter(name=name).first()
        if found is None and mine.count() >= MOST_VIEWS:
            raise Refused("too_many", f"Bạn đã lưu {MOST_VIEWS} cách xem của sổ này. Hãy xóa cách xem không còn dùng.")
        return found or SavedView(register=register.slug, owner=by)
    view = _locked(by, register, id)
    if SavedView.objects.filter(register=register.slug, owner=view.owner_id, name=name, entered_in_error=False).exclude(pk=view.pk).exists():
        raise Refused("name_taken", f"Đã có cách xem tên “{name}”. Hãy đặt tên khác.", field="name")
    if seen_version is not None and view.version != seen_version:
        raise Refused("conflict", "Cách xem này vừa được sửa. Hãy mở lại rồi sửa tiếp.", status=409)
    return view


def _locked(by: User, register: Register, id: uuid.UUID) -> SavedView:
    view = views(register, by).select_for_update(of=("self",)).filter(pk=id).first()
    if view is None:
        raise not_found("cách xem")
    if not may_change(view, by):
        raise no_right("Cách xem này do người khác lưu. Hãy lưu một cách xem của riêng bạn.")
    return view


def drop_view(*, by: User, register: Register, id: uuid.UUID) -> None:
    """Take a view away, for everybody who shared it. Raises Refused."""
    with transaction.atomic():
        view = _locked(by, register, id)
        before = view.plain()
        view.entered_in_error, view.error_reason = True, "không dùng nữa"
        _kept(view, by, "drop_view", before)


def choose_columns(*, by: User, register: Register, columns: Sequence[str]) -> Preference:
    """Show these columns in this order from now on; none for the book's own choice. Raises Refused for an unknown one."""
    if unknown := [path for path in columns if path not in register.by_path]:
        raise Refused("unknown_column", f"Sổ này không có cột “{unknown[0][:40]}”. Hãy chọn lại các cột.")
    return _prefer(by, register, columns=list(dict.fromkeys(columns)))


def open_with(*, by: User, register: Register, id: uuid.UUID | None) -> Preference:
    """Open the book with this view from now on; none for the whole book. Raises Refused."""
    if id is not None and not views(register, by).filter(pk=id).exists():
        raise not_found("cách xem")
    return _prefer(by, register, opening_id=id)


def _prefer(by: User, register: Register, **values: Any) -> Preference:
    with transaction.atomic():
        found = Preference.objects.select_for_update().filter(register=register.slug, owner=by).first()
        row = found or Preference(register=register.slug, owner=by)
        before = row.plain() if found else None
        for name, value in values.items():
            setattr(row, name, value)
        return _kept(row, by, "set_up_register", before)


def _kept(row: T, by: User, action: str, before: dict[str, Any] | None) -> T:
    """Nobody's place guards these rows: the caller has proved whose they are."""
    row.version += before is not None
    row.save(force_insert=before is None)
    chain.record(by=by, action=action, row=row, before=before, after=row.plain())
    return row


def opening(register: Register, user: User) -> SavedView | None:
    """The view that the user's book opens with; none when it is gone, no longer shared, or can no longer be read."""
    found = preference(register, user)
    if found is None or found.opening_id is None:
        return None
    view = views(register, user).filter(pk=found.opening_id).first()
    try:
        if view is not None:
            register.rows(user, QueryDict(view.query))
    except Refused:
        return None
    return view
