"""Users and what they are in which place."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tramyte.engine.access.beyond_models import Delegation, Opening
from tramyte.engine.access.roles import ROLES
from tramyte.engine.access.sign_in_models import RecoveryCode, SecondStep, SignInNotice, Sitting, StepRule
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.places.queries import valid_on

if TYPE_CHECKING:
    from tramyte.engine.access.lent import Lent

__all__ = ["Assignment", "Delegation", "Opening", "RecoveryCode", "SecondStep", "SignInNotice", "Sitting", "StepRule", "User", "UserManager"]


class UserManager(BaseUserManager["User"]):
    """Finds users by their name, case not significant."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(Fact, AbstractBaseUser):
    """Somebody who signs in. Rights come only from assignments of roles to places."""

    username = models.CharField("tên đăng nhập", max_length=150, unique=True)
    full_name = models.CharField("họ và tên", max_length=100)
    is_active = models.BooleanField("đang dùng", default=True)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["username"]
        verbose_name = "người dùng"

    def __str__(self) -> str:
        return self.full_name

    def plain(self) -> dict[str, Any]:
        """As every fact, without the password's hash and the time of the last sign-in."""
        return {name: value for name, value in super().plain().items() if name not in {"password", "last_login"}}


class Assignment(Fact):
    """That a user has a role in a place (and, for an office, in a unit) between two days."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name="người dùng")
    role = models.CharField("vai trò", max_length=30, choices=[(role.slug, role.title) for role in ROLES.values()])
    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, verbose_name="đơn vị")
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        ordering = ["valid_from"]
        verbose_name = "phân công vai trò"

    def __str__(self) -> str:
        return f"{ROLES[self.role].title} · {self.place}"

    @property
    def permissions(self) -> frozenset[str]:
        """What it allows in its place."""
        return ROLES[self.role].permissions

    @property
    def figures_only(self) -> bool:
        """Whether it never reaches a person."""
        return ROLES[self.role].figures_only

    @staticmethod
    def held(user: "User", on: datetime.date) -> "list[Assignment | Lent]":
        """The user's assignments in force on a day, with `lent_out`: whether part of it is lent; then what colleagues lend from theirs."""
        from tramyte.engine.access.lent import in_force, lent_to

        lent = in_force(on).order_by()
        rows = Assignment.objects.filter(Q(user=user) | Q(pk__in=lent.filter(taker=user).values("assignment")), valid_on(on), entered_in_error=False)
        found: Sequence[Assignment] = list(rows.annotate(lent_out=Exists(lent.filter(assignment=OuterRef("pk")))).select_related("place", "place__parent", "unit"))
        own = [row for row in found if row.user_id == user.pk]
        others = [row for row in found if row.user_id != user.pk]
        return [*own, *(lent_to(user, others, own, on) if others else [])]
