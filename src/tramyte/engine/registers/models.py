"""Imports as rows (the file, each of its lines, what was judged and done), and how each user looks at a book."""

from functools import cached_property
from typing import Any

from django.db import models

from tramyte.engine.access.models import User
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place
from tramyte.engine.registers.fresh import Fresh

Memo = dict[str, dict[str, tuple[Any, str]]]  # path -> cell -> (value, fault)


class Import(Fact):
    """One file for one register: judged whole before anything is written, undone whole when asked.

    `digest` is the SHA-256 of the file, in hex. `by` is empty for the command line. `sender`: who made the list.
    `layout`: where the table stands and what its columns say, see `layout.Layout.stored`. `aside`: the lines that are no
    line of the book, as [number, sentence, text].
    """

    STATES = [
        ("choosing", "đang dở: chưa khớp xong cột"), ("judging", "đang xét từng dòng"), ("staged", "đang dở: chờ ghi vào sổ"), ("running", "đang ghi"),
        ("finished", "đã ghi"), ("undoing", "đang hoàn tác"), ("undone", "đã hoàn tác"), ("dropped", "đã bỏ"),
    ]
    UNFINISHED = ("choosing", "judging", "staged")

    register = models.CharField("sổ", max_length=50)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name="người nhập")
    file_name = models.CharField("tên tệp", max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    headings = models.JSONField("các cột", default=list)
    sheet = models.CharField("trang", max_length=100, blank=True)
    sender = models.CharField("bên gửi", max_length=100, blank=True)
    layout = models.JSONField(default=dict, blank=True)
    aside = models.JSONField("dòng để riêng", default=list, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default="staged")
    job = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "lần nhập"

    @cached_property
    def fresh(self) -> Fresh:
        """The lines as they were judged, for who goes on to write them with this very object."""
        return Fresh()

    @cached_property
    def memo(self) -> Memo:
        """What cells were read as, for who judges the lines again with this very object."""
        return {}


class ImportFile(models.Model):
    """The file of an import that is not written yet, so that it can be read again; it goes once the lines are in the book."""

    load = models.OneToOneField(Import, models.CASCADE, related_name="file", primary_key=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = "tệp của lần nhập"


class ImportMatch(Fact):
    """What the columns of a sender's list say, remembered for the next list with the same headings.

    `place`: the commune whose users all profit. `fingerprint`: of the headings in their order, see `layout.fingerprint`.
    `targets`: what each heading says, in the order of the headings; `headings` as they were last time.
    """

    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name="địa bàn")
    register = models.CharField("sổ", max_length=50)
    sender = models.CharField("bên gửi", max_length=100)
    fingerprint = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    targets = models.JSONField(default=list)

    class Meta:
        ordering = ["-updated_at"]
        verbose_name = "cách khớp cột"
        constraints = [models.UniqueConstraint(fields=["place", "register", "sender", "fingerprint"], name="import_match_once")]


class ImportRow(models.Model):
    """One line of a file with its verdict. `cells` as read, by path; `done` once it was written.

    `warning`: what is doubtful and taken all the same. `before` holds what an updated row was, for undoing. `original`: of the
    cells corrected by hand, what the file says.
    """

    VERDICTS = [("created", "Thêm mới"), ("updated", "Cập nhật"), ("duplicate", "Trùng"), ("refused", "Không nhận")]

    load = models.ForeignKey(Import, models.CASCADE, db_index=False, related_name="rows")
    number = models.PositiveIntegerField("dòng")
    cells = models.JSONField(default=dict)
    verdict = models.CharField("kết quả", max_length=10, choices=VERDICTS)
    reason = models.CharField("lý do", max_length=500, blank=True)
    warning = models.CharField("cảnh báo", max_length=500, blank=True)
    cell = models.CharField("ô", max_length=10, blank=True)
    path = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    original = models.JSONField(default=dict, blank=True)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        verbose_name = "dòng nhập"
        constraints = [models.UniqueConstraint(fields=["load", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["load", "verdict"], name="import_row_verdict")]  # without `done`: a line written changes no index


class SavedView(Fact):
    """A way of looking at a book that bears a name: filters, order and columns as the address of the list says them.

    `place`: the commune whose users all see it; empty for the owner alone.
    """

    register = models.CharField("sổ", max_length=50)
    name = models.CharField("tên cách xem", max_length=60)
    owner = models.ForeignKey(User, models.PROTECT, verbose_name="người lưu")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name="dùng chung ở")
    query = models.CharField("điều kiện", max_length=2000)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "cách xem"
        indexes = [models.Index(fields=["register", "owner"], name="saved_view_owner")]


class Preference(Fact):
    """How one user has set up one book: the columns in their order (none: the book's own), the view it opens with."""

    register = models.CharField("sổ", max_length=50)
    owner = models.ForeignKey(User, models.PROTECT, verbose_name="người dùng")
    columns = models.JSONField("các cột", default=list, blank=True)
    opening = models.ForeignKey(SavedView, models.SET_NULL, null=True, blank=True, verbose_name="mở đầu bằng")

    class Meta:
        verbose_name = "cách bày sổ"
        constraints = [models.UniqueConstraint(fields=["register", "owner"], name="preference_once")]


class Picked(models.Model):
    """A row that a user has ticked in a book; it stays ticked over pages, orders and filters until it is let go."""

    register = models.CharField("sổ", max_length=50)
    owner = models.ForeignKey(User, models.CASCADE, verbose_name="người dùng")
    object_id = models.UUIDField()

    class Meta:
        verbose_name = "dòng đã chọn"
        constraints = [models.UniqueConstraint(fields=["owner", "register", "object_id"], name="picked_once")]
