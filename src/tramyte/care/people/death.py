"""A death as Sổ A6 keeps it. `models` offers it under its name."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact


class Death(Fact):
    """That a person died on a day, where and of what; a person has one at most.

    `Person.died_on` and the last days of the residences follow from it. `age_days` and `age_group` are those of the
    day of death by the birth date known when it was written. `cause`: the chain in words, the underlying cause last.
    """

    SETTINGS = [("home", "tại nhà"), ("station", "trạm y tế"), ("hospital", "bệnh viện"), ("way", "trên đường đi"), ("other", "nơi khác")]
    AGE_GROUPS = [("newborn", "dưới 28 ngày"), ("infant", "dưới 1 tuổi"), ("child", "dưới 5 tuổi"), ("older", "từ 5 tuổi")]

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="deaths", verbose_name="người dân")
    on = models.DateField("ngày tử vong", db_index=True)
    at = models.CharField("giờ tử vong", max_length=5, blank=True, validators=[
        RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", "Hãy ghi giờ và phút, ví dụ 07:30.")])
    setting = models.CharField("nơi tử vong", max_length=10, choices=SETTINGS, blank=True)
    cause = models.CharField("nguyên nhân tử vong", max_length=300, blank=True)
    icd10 = models.CharField("mã ICD-10", max_length=6, blank=True, validators=[
        RegexValidator(r"^[A-Z]\d\d(\.\d{1,2})?$", "Mã ICD-10 gồm một chữ cái và hai chữ số, có thể thêm phần sau dấu chấm, ví dụ I21.9.")])
    maternal = models.BooleanField("tử vong mẹ", null=True, blank=True)
    attended = models.BooleanField("được cơ sở y tế chăm sóc trước khi chết", null=True, blank=True)
    informant = models.CharField("nguồn thông tin", max_length=100, blank=True)
    certified_by = models.CharField("người xác nhận nguyên nhân", max_length=100, blank=True)
    recorder = models.CharField("người ghi", max_length=100, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    age_days = models.PositiveIntegerField(editable=False)
    age_group = models.CharField(max_length=10, choices=AGE_GROUPS, editable=False)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "ca tử vong"
        constraints = [models.UniqueConstraint(
            fields=["person"], condition=Q(entered_in_error=False), name="death_once",
            violation_error_message="Người này đã có dòng trong sổ tử vong. Hãy mở dòng đã có để sửa.")]
