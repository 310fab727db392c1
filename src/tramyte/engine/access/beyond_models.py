"""Rights beyond one's own roles: what a colleague lends for an absence, and what is opened in an emergency."""

from django.conf import settings
from django.db import models

from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place

REASONS = [
    ("emergency", "cấp cứu, nguy hiểm tính mạng"), ("treatment", "đang khám, điều trị cho người này"), ("outbreak", "điều tra ca bệnh, chống dịch"),
    ("transfer", "tiếp nhận người chuyển đến, chuyển tuyến"), ("other", "lý do khác"),
]


class Delegation(Fact):
    """That the holder of an assignment lends named permissions of it to a colleague between two days, both included."""

    assignment = models.ForeignKey("access.Assignment", models.PROTECT, related_name="delegations", verbose_name="vai trò được ủy quyền")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="borrowed", verbose_name="người nhận ủy quyền")
    permissions = models.JSONField("các việc được ủy quyền", default=list)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày")
    reason = models.CharField("lý do", max_length=200)

    class Meta:
        ordering = ["-valid_from", "pk"]
        verbose_name = "ủy quyền"

    def __str__(self) -> str:
        return f"{self.assignment.user} ủy quyền cho {self.taker}"


class Opening(Fact):
    """That a record outside a user's places was opened in an emergency: why, until when, and what the reviewer says of it.

    `subject` is the id of the person; `place` is where the person belongs; `home` is where the user works.
    """

    VERDICTS = [("justified", "có lý do chính đáng"), ("unjustified", "không có lý do chính đáng")]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="openings", verbose_name="người mở")
    subject = models.UUIDField("hồ sơ", db_index=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="địa bàn của hồ sơ")
    home = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="địa bàn của người mở")
    kind = models.CharField("loại lý do", max_length=20, choices=REASONS)
    words = models.CharField("lý do", max_length=300)
    opened_at = models.DateTimeField("mở lúc")
    until = models.DateTimeField("đến lúc")
    verdict = models.CharField("kết luận", max_length=12, choices=VERDICTS, blank=True)
    verdict_words = models.CharField("ý kiến", max_length=300, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người soát")
    reviewed_at = models.DateTimeField("soát lúc", null=True)

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = "mở khẩn cấp"

    def __str__(self) -> str:
        return f"{self.user} mở khẩn cấp, {self.get_kind_display()}"
