"""Another program that may ask this one: where, for what, until when."""

import datetime

from django.conf import settings
from django.db import models

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place


class Client(Fact):
    """A program with a key. Of the key only `prefix`, which everybody may see, and the SHA-256 of the whole are kept.

    `permissions`: names of permissions, held in each of `places` and everything below. `name` is unique: the audit
    chain knows the program by it. `used_at` is exact to some minutes. `granted_by` answers for the key: it works only as
    long as that user may grant all of it, see `queries.granting`.
    """

    name = models.CharField("tên ứng dụng", max_length=60, unique=True)
    contact = models.CharField("người phụ trách, cách liên hệ", max_length=150)
    prefix = models.CharField("đầu khóa", max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    places = models.ManyToManyField(Place, verbose_name="địa bàn")
    permissions = models.JSONField("được làm", default=list)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="người cấp khóa")
    valid_until = models.DateField("dùng đến hết ngày")
    used_at = models.DateTimeField("dùng lần cuối", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True, editable=False)
    revoked_reason = models.CharField("lý do thu hồi", max_length=200, blank=True, editable=False)

    guard = Guard(view="users.manage", place="places")

    class Meta:
        ordering = ["name"]
        verbose_name = "ứng dụng kết nối"

    def __str__(self) -> str:
        return f"Ứng dụng {self.name}"

    def works_on(self, day: datetime.date) -> bool:
        """Whether the key is good on a day."""
        return self.revoked_at is None and day <= self.valid_until
