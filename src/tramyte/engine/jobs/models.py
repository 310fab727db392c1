"""Jobs and schedules as rows."""

from django.db import models

from tramyte.engine.access.models import User
from tramyte.engine.actions.models import Fact


class Job(Fact):
    """A piece of long work: who asked, how far it is, what came out of it.

    `done` of `total` steps (total 0: unknown). `result` holds what the page shows at the end.
    """

    STATES = [("waiting", "đang chờ"), ("running", "đang chạy"), ("finished", "xong"), ("failed", "không xong")]

    task = models.CharField(max_length=60)
    title = models.CharField("việc", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default="waiting")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField("lời báo", max_length=500, blank=True)
    result = models.JSONField(default=dict)
    started_at = models.DateTimeField("bắt đầu", null=True)
    finished_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "việc nền"


class Schedule(models.Model):
    """When a job is next to be started by itself. `every_minutes` 0: once."""

    task = models.CharField(primary_key=True, max_length=60)
    every_minutes = models.PositiveIntegerField()
    next_at = models.DateTimeField()

    class Meta:
        ordering = ["next_at"]
        verbose_name = "lịch việc nền"
