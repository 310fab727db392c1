"""Imports as rows: the file that came in, each of its lines, what was judged and what was done."""

from functools import cached_property
from typing import Any

from django.db import models

from tramyte.engine.access.models import User
from tramyte.engine.actions.models import Fact

Memo = dict[tuple[str, str], tuple[Any, str]]  # (path, cell) -> (value, fault)


class Import(Fact):
    """One file for one register: judged whole before anything is written, undone whole when asked.

    `digest` is the SHA-256 of the file, in hex. `by` is empty for the command line.
    """

    STATES = [
        ("staged", "chờ duyệt"), ("running", "đang ghi"), ("finished", "đã ghi"), ("undoing", "đang hoàn tác"), ("undone", "đã hoàn tác"),
    ]

    register = models.CharField("sổ", max_length=50)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name="người nhập")
    file_name = models.CharField("tên tệp", max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    headings = models.JSONField("các cột", default=list)
    sheet = models.CharField("trang", max_length=100, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default="staged")
    job = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "lần nhập"

    @cached_property
    def memo(self) -> Memo:
        """What cells were read as, for who judges the lines again with this very object."""
        return {}


class ImportRow(models.Model):
    """One line of a file with its verdict. `cells` as read, by path; `done` once it was written.

    `before` holds what an updated row was, for undoing.
    """

    VERDICTS = [("created", "Thêm mới"), ("updated", "Cập nhật"), ("duplicate", "Trùng"), ("refused", "Không nhận")]

    load = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("dòng")
    cells = models.JSONField(default=dict)
    verdict = models.CharField("kết quả", max_length=10, choices=VERDICTS)
    reason = models.CharField("lý do", max_length=500, blank=True)
    cell = models.CharField("ô", max_length=10, blank=True)
    path = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        verbose_name = "dòng nhập"
        constraints = [models.UniqueConstraint(fields=["load", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["load", "verdict", "done"], name="import_row_verdict")]
