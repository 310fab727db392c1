"""The only writers of connected applications. A key is shown once, to whoever makes it."""

import datetime
import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tramyte.engine import clock
from tramyte.engine.access.actions import said_reason
from tramyte.engine.access.models import User
from tramyte.engine.access.rights import places, require
from tramyte.engine.access.roles import PERMISSIONS
from tramyte.engine.audit import chain
from tramyte.engine.clients.models import Client
from tramyte.engine.clients.queries import (
    MANAGE,
    MARK,
    digest_of,
    managed_by,
    offered,
    personal_permissions,
    stopped,
)
from tramyte.engine.places.models import Place
from tramyte.engine.refused import Refused, no_right, not_found
from tramyte.rules.text import clean

LONGEST_DAYS = 731  # two years: a key that nobody renews must end


@transaction.atomic
def create_client(
    *, by: User, name: str, contact: str, where: Sequence[Place], permissions: Sequence[str], valid_until: datetime.date | None,
) -> tuple[Client, str]:
    """Connect an application; answers it and its key, which is kept nowhere.

    permissions: of those that programs can hold, and no more than the maker holds in each of the places.
    Raises Refused with the field at fault.
    """
    require(by, MANAGE)
    said = {"name": clean(name), "contact": clean(contact)}
    _named(said)
    last = _last_day(valid_until)
    wanted = list(dict.fromkeys(permissions))
    _within(by, where, wanted)
    prefix = secrets.token_hex(4)
    key = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    row = Client(**said, prefix=prefix, digest=digest_of(key), permissions=wanted, valid_until=last, granted_by=by)
    row.save(force_insert=True)
    row.places.set(where)
    chain.record(by=by, action="create_client", row=row, after=_plain(row))
    return row, key


@transaction.atomic
def revoke_client(*, by: User, id: uuid.UUID | str, reason: str) -> Client:
    """End a key at once, with a reason. Raises Refused: not found among the user's own, no reason, revoked already."""
    require(by, MANAGE)
    row = Client.objects.select_for_update().filter(pk=id, pk__in=managed_by(by).values("pk")).first()
    if row is None:
        raise not_found("ứng dụng này")
    if row.revoked_at is not None:
        raise Refused("revoked", f"Khóa của {row.name} đã bị thu hồi trước đó.", status=409)
    if not (said := clean(reason)):
        raise Refused("no_reason", "Hãy ghi lý do thu hồi, ví dụ “đổi phần mềm”, “khóa bị lộ”.", field="reason")
    before = _plain(row)
    row.revoked_at, row.revoked_reason = clock.now(), said[:200]
    row.version += 1
    row.save()
    chain.record(by=by, action="revoke_client", row=row, before=before, after=_plain(row), note=said[:200])
    return row


@transaction.atomic
def adopt_client(*, by: User, id: uuid.UUID | str, reason: str) -> Client:
    """Answer from now on for a key whose granter may not grant it any more: it works again as it was.

    Raises Refused: not found among the user's own, a key whose granter still may, a right the user does not hold, no reason.
    """
    require(by, MANAGE)
    row = Client.objects.select_for_update(of=("self",)).select_related("granted_by").filter(pk=id, pk__in=managed_by(by).values("pk")).first()
    if row is None:
        raise not_found("ứng dụng này")
    if row.pk not in stopped([row]):
        raise Refused("not_stopped", f"Khóa của {row.name} không chờ ai nhận.", status=409)
    _within(by, list(row.places.all()), row.permissions)
    said = said_reason(reason, "nhận bàn giao khi anh Nam nghỉ việc")
    before = _plain(row)
    row.granted_by = by
    row.version += 1
    row.save()
    chain.record(by=by, action="adopt_client", row=row, before=before, after=_plain(row), note=said)
    return row


def _named(said: dict[str, str]) -> None:
    if not 2 <= len(said["name"]) <= 60:
        raise Refused("bad_name", "Hãy ghi tên ứng dụng, từ 2 đến 60 chữ, ví dụ: HIS bệnh viện huyện.", field="name")
    if Client.objects.filter(name__iexact=said["name"]).exists():
        raise Refused("taken", f"Đã có ứng dụng tên {said['name']}, kể cả đã thu hồi. Hãy đặt tên khác, ví dụ thêm năm.", field="name")
    if not 5 <= len(said["contact"]) <= 150:
        raise Refused("no_contact", "Hãy ghi ai phụ trách ứng dụng và số điện thoại hoặc thư điện tử, để hỏi khi có sự cố.", field="contact")


def _last_day(day: datetime.date | None) -> datetime.date:
    today = clock.today()
    if day is None or not today <= day <= today + datetime.timedelta(days=LONGEST_DAYS):
        last = today + datetime.timedelta(days=LONGEST_DAYS)
        raise Refused("bad_end", f"Hạn dùng phải từ hôm nay đến {last:%d/%m/%Y} (tối đa hai năm). Hãy chọn lại ngày.", field="valid_until")
    return day


def _within(by: User, where: Sequence[Place], permissions: Sequence[str]) -> None:
    """Refuse what the maker does not hold, or holds elsewhere."""
    if not where:
        raise Refused("no_place", "Hãy chọn ít nhất một địa bàn mà ứng dụng được hỏi tới.", field="places")
    if not permissions or set(permissions) - set(offered()):
        raise Refused("no_permission", "Hãy chọn ít nhất một việc ứng dụng được làm, trong danh sách.", field="permissions")
    own, personal = places(by, MANAGE), personal_permissions()
    for place in where:
        if place.pk not in own:
            raise no_right(f"{place} nằm ngoài địa bàn của bạn nên không nối ứng dụng vào đó được.")
        for name in permissions:
            if place.pk not in places(by, name, personal=name in personal):
                raise no_right(f"Bạn không có quyền “{PERMISSIONS[name]}” ở {place} nên không cấp được quyền đó. Hãy nhờ người có quyền.")


def _plain(row: Client) -> dict[str, Any]:
    """For the audit: without the digest, with the places by name."""
    values = {name: value for name, value in row.plain().items() if name not in {"digest", "used_at"}}
    return {**values, "places": ", ".join(sorted(place.name for place in row.places.all()))}
