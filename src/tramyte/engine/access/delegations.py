"""Ủy quyền: the holder of a role lends a named part of it to a colleague, from a day to a day; it ends by itself."""

import datetime
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from tramyte.engine import clock
from tramyte.engine.access.actions import MANAGE, check_days, end_now, managed_by, said_reason
from tramyte.engine.access.lent import in_force
from tramyte.engine.access.models import Assignment, Delegation, User
from tramyte.engine.access.rights import assignments, may, require
from tramyte.engine.access.roles import PERMISSIONS, ROLES
from tramyte.engine.audit import chain
from tramyte.engine.places.queries import valid_on
from tramyte.engine.refused import Refused, not_found

LEND = "rights.lend"
# Who manages accounts or lends on could give out more than was meant.
NEVER = {MANAGE, LEND, "emergency.review"}
LONGEST = datetime.timedelta(days=92)


def lendable(role: str) -> list[str]:
    """The permissions of a role that may be lent, in the order of the whole list."""
    return [name for name in PERMISSIONS if name in ROLES[role].permissions - NEVER]


def own_assignments(user: User) -> list[Assignment]:
    """The assignments that the user may lend from: own ones in force."""
    return [held for held in assignments(user) if isinstance(held, Assignment) and LEND in held.permissions]


def colleagues(user: User) -> QuerySet[User]:
    """Who may be lent to: everybody with an account and a role in the places of one's own assignments that may be lent."""
    paths = Q(pk=None)
    for held in own_assignments(user):
        paths |= Q(place__path__startswith=held.place.path)
    working = Assignment.objects.filter(paths, valid_on(clock.today()), entered_in_error=False)
    return User.objects.filter(pk__in=working.values("user"), is_active=True).exclude(pk=user.pk).order_by("full_name")


@transaction.atomic
def lend(
    *, by: User, assignment: uuid.UUID | str, taker: User | None, permissions: Iterable[str], valid_from: datetime.date, valid_to: datetime.date | None, reason: str,
) -> Delegation:
    """Lend part of an own assignment. Raises Refused: 403 without the right, 404 for another's assignment, else with the field at fault."""
    require(by, LEND)
    source = next((held for held in own_assignments(by) if str(held.pk) == str(assignment)), None)
    if source is None:
        raise not_found("vai trò này của bạn")
    if valid_to is None:
        raise Refused("no_end", "Hãy ghi ngày kết thúc: ủy quyền luôn có hạn.", field="valid_to")
    chosen = [name for name in lendable(source.role) if name in set(permissions)]
    _check(by, source, taker, chosen, valid_from, valid_to, reason)
    _not_lent_already(source, taker, chosen, valid_from, valid_to)
    row = Delegation(assignment=source, taker=taker, permissions=chosen, valid_from=valid_from, valid_to=valid_to, reason=said_reason(reason, "nghỉ phép, đi họp ở Sở"))
    row.save(force_insert=True)
    chain.record(by=by, action="lend_rights", row=row, after=row.plain(), note=row.reason)
    return row


def _check(by: User, source: Assignment, taker: User | None, chosen: list[str], first: datetime.date, last: datetime.date, reason: str) -> None:
    if taker is None or not colleagues(by).filter(pk=taker.pk).exists():
        raise Refused("bad_taker", "Hãy chọn một đồng nghiệp có tài khoản trong địa bàn của bạn.", field="taker")
    if not chosen:
        raise Refused("no_part", "Hãy đánh dấu ít nhất một việc được ủy quyền.", field="permissions")
    if not source.figures_only and _figures_only(taker):
        raise Refused("figures_only", f"{taker.full_name} chỉ được xem số liệu tổng hợp nên không nhận việc có hồ sơ người dân. Hãy chọn người khác.", field="taker")
    check_days(first, last)
    if last - first > LONGEST:
        raise Refused("too_long", "Một lần ủy quyền dài nhất 92 ngày. Hãy ghi ngày kết thúc sớm hơn rồi ủy quyền tiếp khi cần.", field="valid_to")
    if source.valid_to and last > source.valid_to:
        raise Refused("too_long", f"Vai trò của bạn chỉ đến hết {source.valid_to:%d/%m/%Y}. Hãy ghi ngày kết thúc sớm hơn.", field="valid_to")


def _not_lent_already(source: Assignment, taker: User | None, chosen: list[str], first: datetime.date, last: datetime.date) -> None:
    """Refuse what the colleague holds from this assignment on all these days already: taking back one of two would take back nothing."""
    for row in Delegation.objects.filter(assignment=source, taker=taker, valid_from__lte=first, valid_to__gte=last, entered_in_error=False):
        if set(chosen) <= set(row.permissions):
            raise Refused("lent", f"Đã ủy quyền những việc này từ {row.valid_from:%d/%m/%Y} đến hết {row.valid_to:%d/%m/%Y}. Muốn đổi thì thu hồi lần đó trước.", field="permissions")


def _figures_only(user: User) -> bool:
    held = Assignment.objects.filter(valid_on(clock.today()), user=user, entered_in_error=False)
    return all(one.figures_only for one in held)


@transaction.atomic
def take_back(*, by: User, id: uuid.UUID | str, reason: str) -> Delegation:
    """End a delegation now: by its giver, its taker or whoever manages the giver's account. Raises Refused."""
    row = seen(by).select_for_update(of=("self",)).filter(pk=id, valid_to__gte=clock.today()).first()
    if row is None:
        raise not_found("ủy quyền này")
    said = said_reason(reason, "đã đi làm lại")
    end_now(row, by=by, action="take_back_rights", said=said)
    return row


def seen(user: User) -> QuerySet[Delegation]:
    """The delegations a user may know of: given, taken, and for a manager those of the managed accounts."""
    mine = Q(assignment__user=user) | Q(taker=user)
    if may(user, MANAGE):
        mine |= Q(assignment__user__in=managed_by(user))
    rows = Delegation.objects.filter(mine, entered_in_error=False)
    return rows.select_related("assignment__user", "assignment__place", "taker")


def given(user: User) -> list[Delegation]:
    """What the user has lent and is in force today, for the notice on the home page. No query for who has lent nothing."""
    own = [held.pk for held in own_assignments(user) if getattr(held, "lent_out", False)]
    return list(in_force(clock.today()).filter(assignment__in=own).select_related("taker")) if own else []
