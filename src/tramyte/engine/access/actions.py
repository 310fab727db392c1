"""The only writers of users and their roles. A new or reset password is used once: the user must change it."""

import datetime
import re
import secrets
import uuid

from django.db import transaction
from django.db.models import Q

from tramyte.engine import clock
from tramyte.engine.access.models import Assignment, Delegation, User
from tramyte.engine.access.rights import places, require
from tramyte.engine.access.roles import ROLES
from tramyte.engine.access.sittings import end_all_sittings
from tramyte.engine.audit import chain
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import valid_on
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.rules.text import clean

MANAGE = "users.manage"
Id = uuid.UUID | str
LETTERS = "abcdefghjkmnpqrstuvwxyz"
SHORTEST_REASON = 5
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,49}")


def one_time_password() -> str:
    """A password to be used once: four groups of four, without letters that look alike (about 70 bits)."""
    return "-".join("".join(secrets.choice(LETTERS + "23456789") for _ in range(4)) for _ in range(4))


def said_reason(text: str, example: str) -> str:
    """The typed reason of a change of rights, at most 200 characters. Raises Refused, with an example, when it says nothing."""
    words = clean(text)[:200]
    if len(words) < SHORTEST_REASON:
        raise Refused("no_reason", f"Hãy ghi lý do, ví dụ: {example}.", field="reason")
    return words


def managed_by(user: User) -> "list[uuid.UUID]":
    """The ids of the users that this user manages: those with an assignment, ended ones too, in the own places."""
    held = Assignment.objects.filter(place__in=places(user, MANAGE), entered_in_error=False)
    return list(held.values_list("user_id", flat=True).distinct())


def find_user(*, by: User, id: Id) -> User:
    """The user to manage. Raises Refused: 404 for one that is nowhere in the own places, 403 for one who also works outside."""
    require(by, MANAGE)
    found = User.objects.select_for_update().filter(pk=id).first() if _is_id(id) else None
    if found is None or found.pk not in managed_by(by):
        raise not_found("tài khoản này")
    outside = Assignment.objects.filter(valid_on(clock.today()), user=found, entered_in_error=False).exclude(place__in=places(by, MANAGE))
    if outside.exists():
        raise no_right(f"{found.full_name} còn làm việc ở địa bàn khác nên tài khoản này do cấp trên quản lý.")
    return found


def _is_id(id: Id) -> bool:
    try:
        return bool(uuid.UUID(str(id)))
    except ValueError:
        return False


@transaction.atomic
def create_user(
    *, by: User, username: str, full_name: str, role: str, place: Place | None, reason: str, unit: OrgUnit | None = None,
    valid_from: datetime.date | None = None, valid_to: datetime.date | None = None,
) -> tuple[User, str]:
    """A new user with a first role; answers the user and the one-time password, which is kept nowhere.

    Raises Refused for a bad or taken user name, an empty name, and as `assign_role` does.
    """
    require(by, MANAGE)
    name, words = username.strip().lower(), " ".join(full_name.split())
    if not USERNAME.fullmatch(name):
        raise Refused("bad_username", "Tên đăng nhập gồm 3 đến 50 chữ cái không dấu, chữ số, dấu chấm hoặc gạch, ví dụ: lethilan.", field="username")
    if User.objects.filter(username__iexact=name).exists():
        raise Refused("taken", f"Tên đăng nhập {name} đã có người dùng. Hãy chọn tên khác, ví dụ {name}2.", field="username")
    if not 2 <= len(words) <= 100:
        raise Refused("bad_name", "Hãy ghi họ và tên, từ 2 đến 100 chữ.", field="full_name")
    user, password = User(username=name, full_name=words, must_change_password=True), one_time_password()
    user.set_password(password)
    user.save(force_insert=True)
    chain.record(by=by, action="create_user", row=user, after=user.plain())
    assign_role(by=by, user=user, role=role, place=place, unit=unit, valid_from=valid_from, valid_to=valid_to, reason=reason)
    return user, password


@transaction.atomic
def assign_role(
    *, by: User, user: User, role: str, place: Place | None, reason: str, unit: OrgUnit | None = None,
    valid_from: datetime.date | None = None, valid_to: datetime.date | None = None,
) -> Assignment:
    """Give a user a role in a place, from a day (today) to a day (open end), both included, for a reason.

    Raises Refused for an unknown role, a place outside the own ones, days out of order, no reason, and for giving oneself
    more than one holds.
    """
    require(by, MANAGE)
    if role not in ROLES:
        raise Refused("bad_role", f"Không có vai trò này. Các vai trò: {', '.join(sorted(ROLES))}.", field="role")
    if place is None:
        raise Refused("no_place", "Hãy chọn địa bàn làm việc.", field="place")
    _inside(by, place, unit)
    if ROLES[role].slug == "village_worker" and place.kind != Place.HAMLET:
        raise Refused("no_hamlet", "Y tế thôn làm việc ở một thôn. Hãy chọn thôn, không chọn xã.", field="place")
    if by.pk == user.pk and not _holds(by, role, place):
        raise Refused("own_right", "Không tự phân công cho mình vai trò có quyền nhiều hơn quyền đang có. Hãy nhờ người quản lý khác.", field="role", status=409)
    first = valid_from or clock.today()
    check_days(first, valid_to)
    held = Assignment.objects.filter(Q(valid_to=None) | Q(valid_to__gte=first), user=user, role=role, place=place, entered_in_error=False)
    if (held.filter(valid_from__lte=valid_to) if valid_to else held).exists():
        raise Refused("held", f"{user.full_name} đã có vai trò này ở {place} trong thời gian đó.", field="role")
    said = said_reason(reason, "nhận việc mới, thay người nghỉ phép")
    row = Assignment(user=user, role=role, place=place, unit=unit, valid_from=first, valid_to=valid_to)
    row.save(force_insert=True)
    chain.record(by=by, action="assign_role", row=row, after=row.plain(), note=said)
    return row


def _inside(by: User, place: Place, unit: OrgUnit | None) -> None:
    """Raise Refused (403) for a place or unit outside those where the user manages accounts."""
    if place.pk not in places(by, MANAGE):
        raise no_right(f"{place} nằm ngoài địa bàn của bạn nên không phân công ở đó được.")
    if unit is not None and unit.place_id not in places(by, MANAGE):
        raise no_right(f"{unit} nằm ngoài địa bàn của bạn.")


def _holds(by: User, role: str, place: Place) -> bool:
    """Whether the user already holds all that a role gives, in this place, by roles of their own."""
    return all(place.pk in places(by, one, personal=not ROLES[role].figures_only) for one in ROLES[role].permissions)


def check_days(first: datetime.date, last: datetime.date | None) -> None:
    """Raise Refused unless the days are in order and not past."""
    if first < clock.today():
        raise Refused("bad_day", f"Ngày bắt đầu {first:%d/%m/%Y} đã qua. Hãy chọn từ hôm nay trở đi.", field="valid_from")
    if last is not None and last < first:
        raise Refused("bad_day", f"Ngày kết thúc {last:%d/%m/%Y} ở trước ngày bắt đầu {first:%d/%m/%Y}. Hãy sửa một trong hai.", field="valid_to")


@transaction.atomic
def end_assignment(*, by: User, id: Id, reason: str) -> Assignment:
    """Take a role back for a reason: it no longer counts from today on. Refused for one's own last right to manage users and for the last manager of a place."""
    require(by, MANAGE)
    row = Assignment.objects.select_for_update().filter(pk=id, entered_in_error=False, place__in=places(by, MANAGE)).first() if _is_id(id) else None
    if row is None:
        raise not_found("phân công này")
    if row.user_id == by.pk and MANAGE in row.permissions:
        raise Refused("own_right", "Không tự kết thúc quyền quản lý tài khoản của chính mình được. Hãy nhờ người quản lý khác.", status=409)
    keep_a_manager([row])
    said = said_reason(reason, "chuyển công tác, nghỉ việc")
    end_now(row, by=by, action="end_assignment", said=said)
    return row


def end_now(row: Assignment | Delegation, *, by: User, action: str, said: str) -> None:
    """Let rights no longer count from today on, and write why; those that begin today never counted."""
    before, yesterday = row.plain(), clock.today() - datetime.timedelta(days=1)
    if row.valid_from > yesterday:
        row.entered_in_error, row.error_reason = True, said
    else:
        row.valid_to = yesterday
    row.version += 1
    row.save()
    chain.record(by=by, action=action, row=row, before=before, after=row.plain(), note=said)


def keep_a_manager(ending: list[Assignment]) -> None:
    """Raise Refused (409) when nobody with an account in use would manage accounts without an end date in one of these assignments' places."""
    roles = [role.slug for role in ROLES.values() if MANAGE in role.permissions]
    others = Assignment.objects.filter(valid_on(clock.today()), role__in=roles, valid_to=None, entered_in_error=False, user__is_active=True)
    kept = others.exclude(pk__in=[row.pk for row in ending]).select_related("place")
    paths = [one.place.path for one in kept]
    for row in ending:
        if row.role in roles and not any(row.place.path.startswith(path) for path in paths):
            text = f"{row.user.full_name} là người cuối cùng quản lý tài khoản của {row.place}. Hãy giao vai trò quản lý, không ghi ngày kết thúc, cho người khác trước."
            raise Refused("last_manager", text, status=409)


@transaction.atomic
def reset_password(*, by: User, id: Id) -> tuple[User, str]:
    """A new one-time password for a user; the old one and all open sessions end. Answers user and password."""
    user = find_user(by=by, id=id)
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.version += 1
    user.save()
    end_all_sittings(user)
    chain.record(by=by, action="reset_password", row=user, note="đặt mật khẩu một lần")
    return user, password


@transaction.atomic
def set_active(*, by: User, id: Id, active: bool) -> User:
    """Lock a user out, or let the user in again. Refused for oneself."""
    user = find_user(by=by, id=id)
    if user.pk == by.pk:
        raise Refused("self", "Không tự khóa tài khoản của chính mình được.", status=409)
    if not active:
        keep_a_manager(list(Assignment.objects.filter(valid_on(clock.today()), user=user, entered_in_error=False).select_related("place", "user")))
    before = user.plain()
    user.is_active = active
    user.version += 1
    user.save()
    if not active:
        end_all_sittings(user)
    chain.record(by=by, action="set_active", row=user, before=before, after=user.plain())
    return user


@transaction.atomic
def password_changed(*, by: User) -> None:
    """Note that a user chose a new password; a one-time password has done its work."""
    User.objects.filter(pk=by.pk).update(must_change_password=False)
    by.must_change_password = False
    chain.record(by=by, action="change_password", row=by)


def assignments_of(users: "list[uuid.UUID]") -> "dict[uuid.UUID, list[Assignment]]":
    """The assignments in force today of these users, by user."""
    rows = Assignment.objects.filter(valid_on(clock.today()), user__in=users, entered_in_error=False)
    found: dict[uuid.UUID, list[Assignment]] = {}
    for row in rows.select_related("place", "unit").order_by("valid_from"):
        found.setdefault(row.user_id, []).append(row)
    return found
