"""The audit chain as rows: append-only, each entry holding the digest of the one before."""

from django.db import models


class AuditEntry(models.Model):
    """One thing done or seen by a user: who, when, from where (see `origin`), what, before and after.

    `digest` is the SHA-256 of the entry's content and of `previous`, so that a changed, removed or
    inserted entry breaks the chain. Rows are only ever added.
    """

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("lúc", db_index=True)
    username = models.CharField("tài khoản", max_length=150, db_index=True)
    action = models.CharField("việc", max_length=60)
    model = models.CharField("loại", max_length=60)
    object_id = models.CharField("mã", max_length=36, db_index=True)
    before = models.JSONField("trước", null=True)
    after = models.JSONField("sau", null=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    origin = models.CharField("từ đâu", max_length=60, blank=True, default="")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        verbose_name = "dòng nhật ký"
        default_permissions = ()
