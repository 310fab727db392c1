"""The books of the house itself, read only: who has an account, and what everybody did."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tramyte.engine import clock
from tramyte.engine.access.actions import managed_by
from tramyte.engine.access.guard import Guard
from tramyte.engine.access.models import Assignment, User
from tramyte.engine.access.naming import HOUSE
from tramyte.engine.access.roles import ROLES
from tramyte.engine.audit import origin
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.registers import history
from tramyte.engine.registers.columns import Column
from tramyte.engine.registers.narrowing import Filter
from tramyte.engine.registers.register import Register

LOOKS = Q(action__in=history.LOOKS) | Q(action__startswith="open_emergency")
OUTPUTS = Q(action__startswith="export_")
DEEDS = (("all", "mọi việc"), ("writes", "ghi, sửa"), ("looks", "mở xem"), ("outputs", "xuất, in"))


class Accounts(Register):
    """Sổ tài khoản: one line is one account in the places that the reader manages, with what it may do there."""

    slug = "users"
    title = "Sổ tài khoản"
    model = User
    guard = Guard(view="users.manage")
    read_only = True
    source = "Luật An toàn thông tin mạng 2015, Điều 23; mẫu sổ do trạm đặt"
    unit = "tài khoản"
    order = ("full_name",)
    signers = ("Người quản trị", "Trưởng trạm")
    columns = (
        Column("full_name", "Họ và tên", search=True, width=2),
        Column("username", "Tên đăng nhập", search=True, width=1.3),
        Column("roles", "Vai trò, địa bàn", read=lambda row: roles_of(row), width=4),
        Column("is_active", "Đang dùng", filter=True, width=0.7),
        Column("must_change_password", "Chờ đổi mật khẩu", filter=True, width=0.8),
        Column("last_login", "Vào lần cuối", width=1.2),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """The accounts that the reader manages, with the roles they have."""
        return User.objects.filter(pk__in=managed_by(user), entered_in_error=False).prefetch_related("assignments__place")


def roles_of(row: User) -> str:
    """The roles in force today, each with its place."""
    today = clock.today()
    held = [one for one in row.assignments.all() if not one.entered_in_error and one.valid_from <= today and (one.valid_to is None or one.valid_to >= today)]
    return "; ".join(_words(one) for one in sorted(held, key=lambda one: one.valid_from))


def _words(held: Assignment) -> str:
    return f"{ROLES[held.role].title} ở {held.place}"


def by_deed(rows: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
    """Of these entries the writes, the looks or the outputs."""
    if value == "all":
        return rows
    return rows.exclude(LOOKS | OUTPUTS) if value == "writes" else rows.filter(LOOKS if value == "looks" else OUTPUTS)


class Deeds(Register):
    """Nhật ký hệ thống: one line is one thing that somebody whom the reader manages, or the house itself, did or looked at.

    It tells who, when, from where and what kind of thing, never its content: that is on the page Nhật ký for whoever may see it.
    """

    slug = "audit"
    title = "Nhật ký hệ thống"
    model = AuditEntry
    guard = Guard(view="audit.view")
    read_only = True
    date = "at"
    source = "Luật 91/2025/QH15 và Nghị định 356/2025/NĐ-CP, chưa đối chiếu văn bản gốc; mẫu sổ do trạm đặt"
    unit = "việc"
    order = ("-seq",)
    signers = ("Người quản trị", "Trưởng trạm")
    filters = (Filter("deed", "Loại việc", DEEDS, by_deed, "all"),)
    columns = (
        Column("seq", "Dòng", width=0.6),
        Column("at", "Lúc", width=1.3),
        Column("username", "Tài khoản", filter=True, search=True, width=1.2),
        Column("who", "Ai", read=lambda row: HOUSE.get(row.username, row.who or ""), width=1.6),
        Column("deed", "Việc", read=history.deed_words, width=1.6),
        Column("thing", "Loại hồ sơ", read=history.thing_words, width=1.6),
        Column("origin", "Từ đâu", read=lambda row: origin.words(row.origin), width=2),
    )

    def base(self, user: User) -> "QuerySet[Any]":
        """The entries of those whom the reader manages, and of the house."""
        theirs = User.objects.filter(pk__in=managed_by(user)).values("username")
        named = User.objects.filter(username=OuterRef("username")).values("full_name")
        return AuditEntry.objects.filter(Q(username__in=theirs) | Q(username__in=HOUSE)).annotate(who=Subquery(named)).defer("before", "after")
