"""The dated catalogue of commune techniques and what each station does of it."""

from django.db import models
from django.db.models import Q

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Facility


class TechniqueList(Fact):
    """One version of the catalogue, as a circular or decision set it from a day on."""

    name = models.CharField("tên danh mục", max_length=150)
    source = models.CharField("nguồn", max_length=200)
    verified = models.BooleanField("đã đối chiếu văn bản gốc", default=False)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    guard = Guard(view="techniques.view")

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = "danh mục kỹ thuật"

    def __str__(self) -> str:
        return self.name


class Technique(Fact):
    """One technique of one version of the catalogue."""

    list = models.ForeignKey(TechniqueList, models.PROTECT, related_name="techniques")
    code = models.CharField("mã", max_length=20)
    name = models.CharField("tên kỹ thuật", max_length=300)
    group = models.CharField("nhóm", max_length=150, blank=True)

    guard = Guard(view="techniques.view")

    class Meta:
        ordering = ["code"]
        verbose_name = "kỹ thuật"
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="technique_code_once")]

    def __str__(self) -> str:
        return self.name


class StationTechnique(Fact):
    """That a technique was approved for a station, and since when the station performs it (or why it does not)."""

    facility = models.ForeignKey(Facility, models.PROTECT, verbose_name="trạm, điểm trạm")
    technique = models.ForeignKey(Technique, models.PROTECT, verbose_name="kỹ thuật")
    approved_on = models.DateField("ngày được phê duyệt")
    withdrawn_on = models.DateField("ngày thôi phê duyệt", null=True, blank=True)
    performed_from = models.DateField("thực hiện từ ngày", null=True, blank=True)
    performed_until = models.DateField("thực hiện đến ngày", null=True, blank=True)
    reason = models.CharField("lý do chưa thực hiện", max_length=150, blank=True)

    guard = Guard(view="techniques.view", place="facility__place")

    class Meta:
        ordering = ["facility", "technique"]
        verbose_name = "kỹ thuật của trạm"
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "technique"], condition=Q(withdrawn_on=None, entered_in_error=False), name="technique_approved_once",
                violation_error_message="Kỹ thuật này đã có trong danh mục của trạm. Hãy mở dòng đã có để sửa."),
        ]

    def __str__(self) -> str:
        return str(self.technique)
