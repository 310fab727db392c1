"""Places through time, what stands on them and who works there."""

from typing import Any

from django.db import models
from django.db.models import Q

from tramyte.engine.access.guard import Guard
from tramyte.engine.actions.models import Fact


class Place(Fact):
    """A province, commune or hamlet with its days of validity.

    `path` is the chain of ids from the province down, each followed by a slash: the places below one
    are those whose path begins with its own. `code` is the statistical office's (provinces 2, communes
    5 digits); a hamlet's is its commune's code, a dot and two digits.
    """

    PROVINCE, COMMUNE, HAMLET = "province", "commune", "hamlet"
    KINDS = [(PROVINCE, "tỉnh, thành phố"), (COMMUNE, "xã, phường, đặc khu"), (HAMLET, "thôn, ấp, tổ dân phố")]

    kind = models.CharField("cấp", max_length=10, choices=KINDS)
    code = models.CharField("mã", max_length=20, db_index=True)
    name = models.CharField("tên", max_length=100)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="thuộc")
    path = models.CharField(max_length=160, db_index=True, editable=False)
    aliases = models.JSONField("tên khác", default=list, blank=True)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    source = models.CharField("nguồn", max_length=200)

    guard = Guard(view="places.view", place="parent")

    class Meta:
        ordering = ["code"]
        verbose_name = "đơn vị hành chính"
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], condition=Q(entered_in_error=False), name="place_code_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = f"{self.parent.path if self.parent else ''}{self.pk.hex}/"
        super().save(*args, **kwargs)


class Succession(Fact):
    """That one place became another, whole or in part, on a day."""

    predecessor = models.ForeignKey(Place, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Place, models.PROTECT, related_name="origins")
    whole = models.BooleanField("toàn bộ")
    main = models.BooleanField("phần lớn nhất", default=True)
    on = models.DateField("từ ngày")
    source = models.CharField("nguồn", max_length=200)

    guard = Guard(view="places.view", place="successor__parent")

    class Meta:
        ordering = ["on"]
        verbose_name = "sáp nhập, chia tách"


class PlaceChange(Fact):
    """That a hamlet got another name, came to another commune or was taken into another hamlet, with what is needed to take it back.

    before, after: the hamlet as it was and as it is (the same row for a new name).  moved: "app.Model.field" to the ids of
    rows that pointed at `before` and now point at `after`.  kept: what else must come back, by the follower that wrote it.
    """

    RENAMED, MOVED, ABSORBED = "renamed", "moved", "absorbed"
    KINDS = [(RENAMED, "đổi tên"), (MOVED, "chuyển sang xã khác"), (ABSORBED, "nhập vào thôn khác")]

    kind = models.CharField("việc", max_length=8, choices=KINDS)
    before = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="thôn cũ")
    after = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="thôn mới")
    on = models.DateField("từ ngày")
    old_name = models.CharField("tên cũ", max_length=100)
    new_name = models.CharField("tên mới", max_length=100)
    source = models.CharField("văn bản", max_length=200)
    moved = models.JSONField(default=dict, editable=False)
    kept = models.JSONField(default=dict, editable=False)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True, editable=False)

    guard = Guard(view="places.view", place="before")

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = "sắp xếp thôn"

    def __str__(self) -> str:
        return f"{self.old_name}: {self.get_kind_display()}"


class Facility(Fact):
    """A building or business where something is done: station, site, school."""

    KINDS = [("station", "trạm y tế"), ("site", "điểm trạm"), ("school", "trường học")]

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    kind = models.CharField("loại", max_length=20, choices=KINDS)
    code = models.CharField("mã", max_length=20, db_index=True)
    name = models.CharField("tên", max_length=150)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sites")
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    guard = Guard(view="places.view", place="place")

    class Meta:
        ordering = ["code"]
        verbose_name = "cơ sở"
        constraints = [models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="facility_code_once")]

    def __str__(self) -> str:
        return self.name


class OrgUnit(Fact):
    """An office or body that is given tasks: Phòng Văn hóa - Xã hội, Công an xã, a school, a hamlet's board."""

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    code = models.CharField("mã", max_length=30)
    name = models.CharField("tên", max_length=150)
    aliases = models.JSONField("tên khác trong văn bản", default=list, blank=True)
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, verbose_name="cơ sở")
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    guard = Guard(view="places.view", place="place")

    class Meta:
        ordering = ["code"]
        verbose_name = "đơn vị"
        constraints = [models.UniqueConstraint(fields=["place", "code"], condition=Q(valid_to=None), name="unit_code_once")]

    def __str__(self) -> str:
        return self.name
