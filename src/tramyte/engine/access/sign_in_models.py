"""What signing in needs beside the password: second steps, recovery codes, open sessions, rules of the house.

Plain rows and no facts: what is taken away here (a secret, a used-up code, a session) must be gone, and the audit tells of it.
"""

from django.conf import settings
from django.db import models

from tramyte.engine.access.roles import ROLES
from tramyte.engine.places.models import Place


class SecondStep(models.Model):
    """The secret that a user's phone and this home share, and which of its codes were used.

    secret: base32, sealed by the home's key.  used_step: the last 30-second step whose code was taken; an equal or earlier one is
    never taken again.  wrong: codes typed since the last right one, at most `second_step.MOST_WRONG` until a rest.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="second_step")
    secret = models.CharField(max_length=255)
    set_up_at = models.DateTimeField("cài lúc")
    used_step = models.BigIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "bước xác nhận thứ hai"
        default_permissions = ()


class RecoveryCode(models.Model):
    """One of ten codes of sixteen digits that each open the second step once; only its Argon2 digest is kept.

    first: its first digit, 0 to 9, by which it is found among the ten.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    first = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=128)
    used_at = models.DateTimeField("dùng lúc", null=True)

    class Meta:
        verbose_name = "mã khôi phục"
        ordering = ["first"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "first"], name="recovery_code_once")]


class StepRule(models.Model):
    """That whoever has this role in this place, or under it, must have a second step."""

    place = models.ForeignKey(Place, models.CASCADE, verbose_name="địa bàn")
    role = models.CharField("vai trò", max_length=30, choices=[(role.slug, role.title) for role in ROLES.values()])

    class Meta:
        verbose_name = "vai trò bắt buộc có bước hai"
        ordering = ["role"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["place", "role"], name="step_rule_once")]


class Sitting(models.Model):
    """One open session of a user: where, with what, since when, last used when (to the minute)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sittings")
    key = models.CharField(max_length=40, unique=True)
    address = models.CharField("địa chỉ", max_length=45, blank=True)
    agent = models.CharField("trình duyệt", max_length=255, blank=True)
    begun_at = models.DateTimeField("đăng nhập lúc")
    seen_at = models.DateTimeField("dùng lần cuối")

    class Meta:
        verbose_name = "phiên đăng nhập"
        ordering = ["-seen_at"]
        default_permissions = ()


class SignInNotice(models.Model):
    """A sentence about the account that its user reads after the next sign-in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.CharField("nội dung", max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lời báo khi đăng nhập"
        ordering = ["made_at"]
        default_permissions = ()
