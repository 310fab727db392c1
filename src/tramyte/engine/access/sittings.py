"""Open sessions of users: noted at sign-in, touched while used, ended one by one or all others at once."""

import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.models import User
from tramyte.engine.access.sign_in_models import Sitting
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused


def begin_sitting(*, by: User, key: str, address: str, agent: str, longest: int) -> None:
    """Note a session that begins; the user's sessions older than `longest` seconds are cleared away."""
    now = clock.now()
    _end(list(Sitting.objects.filter(user=by, begun_at__lt=now - datetime.timedelta(seconds=longest)).values_list("key", flat=True)))
    Sitting.objects.update_or_create(
        key=key, defaults={"user": by, "address": address[:45], "agent": agent[:255], "begun_at": now, "seen_at": now})


def touch_sitting(key: str) -> None:
    """Note that a session is being used."""
    Sitting.objects.filter(key=key).update(seen_at=clock.now())


def move_sitting(old: str, new: str) -> None:
    """A session goes on under another key."""
    Sitting.objects.filter(key=old).update(key=new)


def forget_sitting(key: str) -> None:
    """A session ended by itself or by its user's sign-out."""
    Sitting.objects.filter(key=key).delete()


def open_sittings(user: User, *, idle: int) -> list[Sitting]:
    """The user's sessions that would still be let in: used within the last `idle` seconds; the last used first."""
    since = clock.now() - datetime.timedelta(seconds=idle)
    rows = list(Sitting.objects.filter(user=user, seen_at__gte=since))
    alive = set(Session.objects.filter(session_key__in=[row.key for row in rows], expire_date__gt=clock.now()).values_list("session_key", flat=True))
    return [row for row in rows if row.key in alive]


@transaction.atomic
def end_sitting(*, by: User, id: str) -> None:
    """Sign one of the own sessions out: its next click leads to the sign-in. Raises Refused (409) for one that is not there."""
    row = Sitting.objects.filter(user=by, pk=id).first() if id.isascii() and id.isdigit() and len(id) < 19 else None
    if row is None:
        raise Refused("gone", "Phiên này đã đóng rồi. Hãy tải lại trang để xem các phiên đang mở.", status=409)
    _end([row.key])
    chain.record(by=by, action="end_sitting", row=by, note=f"địa chỉ {row.address}")


@transaction.atomic
def end_other_sittings(*, by: User, key: str) -> int:
    """Sign all sessions of the user out but the one with this key; answers how many."""
    keys = list(Sitting.objects.filter(user=by).exclude(key=key).values_list("key", flat=True))
    _end(keys)
    if keys:
        chain.record(by=by, action="end_other_sittings", row=by, note=f"{len(keys)} phiên")
    return len(keys)


def end_all_sittings(user: User) -> None:
    """Sign a user out everywhere; the act that asks for it writes the audit."""
    _end(list(Sitting.objects.filter(user=user).values_list("key", flat=True)))


def _end(keys: list[str]) -> None:
    if keys:
        Session.objects.filter(session_key__in=keys).delete()
        Sitting.objects.filter(key__in=keys).delete()
