"""Who a key belongs to, what that program may do, and which programs a user manages."""

import datetime
import hashlib
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import assignments, places
from tramyte.engine.access.roles import PERMISSIONS
from tramyte.engine.clients.models import Client
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.refused import Refused
from tramyte.engine.registers import registry

MANAGE = "users.manage"
FIGURES = "figures.view"
MARK, CALLED = "tramyte", "ứng dụng"
NOTED_EVERY = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class Grant:
    """What a program may do in one place: it stands where an `Assignment` stands for a user."""

    place: Place
    permissions: frozenset[str]
    figures_only: bool
    role: str = ""
    unit: OrgUnit | None = None

    @property
    def place_id(self) -> uuid.UUID:
        """The place's id."""
        return self.place.pk


def personal_permissions() -> set[str]:
    """The permissions that lead to persons: those that read and write the books of people."""
    return {name for book in registry.registers() if book.guard.personal for name in (book.guard.view, book.write)}


def offered() -> list[str]:
    """The permissions a program can hold: those the interface asks for, in the order of the whole list."""
    used = {FIGURES} | {name for book in registry.registers() for name in (book.guard.view, book.write)}
    return [name for name in PERMISSIONS if name in used]


def grantable(user: User) -> list[str]:
    """Of the offered permissions those that the user holds, and may hand on, somewhere."""
    personal = personal_permissions()
    return [name for name in offered() if places(user, name, personal=name in personal)]


def managed_by(user: User) -> QuerySet[Client]:
    """The programs all of whose places lie within the user's."""
    own = places(user, MANAGE)
    outside = Client.places.through._default_manager.exclude(place__in=own).values("client")
    return Client.objects.filter(places__in=own).exclude(pk__in=outside).distinct()


def granting(user: User | None, client: Client) -> bool:
    """Whether this user may grant today all that the program holds: an account in use, the right to manage, each permission in each place."""
    held, personal = assignments(user) if user else [], personal_permissions()
    return all(
        any(name in one.permissions and place.path.startswith(one.place.path) and not (name in personal and one.figures_only) for one in held)
        for place in client.places.all() for name in (MANAGE, *client.permissions))


def stopped(clients: Iterable[Client]) -> set[uuid.UUID]:
    """The ids of those whose key would be good but for its granter, who may not grant it any more. Asks once for each granter."""
    known: dict[uuid.UUID, User] = {}
    return {one.pk for one in clients if one.works_on(clock.today()) and not granting(known.setdefault(one.granted_by.pk, one.granted_by) if one.granted_by else None, one)}


def granted_by(user: User) -> list[Client]:
    """The programs whose keys in use this user answers for."""
    rows = Client.objects.filter(granted_by=user, revoked_at=None, valid_until__gte=clock.today())
    return list(rows.select_related("granted_by").prefetch_related("places"))


def audit_names(user: User) -> list[str]:
    """What the audit chain calls the programs that this user manages."""
    return [f"{CALLED} {name}" for name in managed_by(user).values_list("name", flat=True)]


def digest_of(key: str) -> str:
    """The SHA-256 of a key, in hex: a key is random and long, so that nothing slower is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def client_of(key: str) -> Client:
    """The program that a key belongs to, noted as used. Raises Refused (401) for a key that is unknown, revoked, run out or stopped."""
    prefix = key.split("_")[1] if key.startswith(f"{MARK}_") and key.count("_") > 1 else ""
    found = Client.objects.filter(prefix=prefix).select_related("granted_by").prefetch_related("places").first() if 0 < len(prefix) <= 12 else None
    if found is None or not secrets.compare_digest(found.digest, digest_of(key)):
        raise Refused("bad_key", "Khóa không đúng. Hãy kiểm tra lại khóa đã chép, hoặc xin trạm cấp khóa mới.", status=401)
    if found.revoked_at is not None:
        raise Refused("revoked_key", f"Khóa của ứng dụng {found.name} đã bị thu hồi ngày {found.revoked_at.astimezone(clock.ZONE):%d/%m/%Y}. Hãy liên hệ trạm.", status=401)
    if not found.works_on(clock.today()):
        raise Refused("expired_key", f"Khóa của ứng dụng {found.name} đã hết hạn ngày {found.valid_until:%d/%m/%Y}. Hãy xin trạm cấp khóa mới.", status=401)
    if not granting(found.granted_by, found):
        raise Refused("stopped_key", f"Khóa của ứng dụng {found.name} đang dừng vì người cấp khóa đã nghỉ hoặc thôi quyền. Hãy nhờ giám đốc trạm nhận lại khóa.", status=401)
    if found.used_at is None or clock.now() - found.used_at > NOTED_EVERY:
        Client.objects.filter(pk=found.pk).update(used_at=clock.now())
    return found


def user_of(client: Client) -> User:
    """The program as a user who is never stored and cannot sign in; actions, rights and the audit chain take it like any other."""
    return acting(client.name, list(client.places.all()), client.permissions)


def acting(name: str, where: Sequence[Place], permissions: Sequence[str]) -> User:
    """A program of this name that holds permissions in places. Without a permission that leads to persons it sees figures only."""
    held = frozenset(permissions)
    figures_only = not held & personal_permissions()
    user = User(username=f"{CALLED} {name}", full_name=f"Ứng dụng {name}")
    user.__dict__["_held"] = [Grant(place, held, figures_only) for place in where]
    return user
