"""A check-up or screening of one person on one day."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from tramyte.care.people.models import Person
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact


def _within(low: float, high: float) -> list[MinValueValidator | MaxValueValidator]:
    text = f"Số này phải từ {low:g} đến {high:g}. Hãy kiểm tra lại."
    return [MinValueValidator(low, text), MaxValueValidator(high, text)]


class Checkup(Fact):
    """A yearly check-up or a screening. Pressure in mmHg, weight in kg, height in cm, glucose in mmol/L."""

    KINDS = [("periodic", "khám sức khỏe định kỳ"), ("screening", "khám sàng lọc")]
    CLASSES = [(1, "loại I"), (2, "loại II"), (3, "loại III"), (4, "loại IV"), (5, "loại V")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="checkups", verbose_name="người dân")
    on = models.DateField("ngày khám")
    kind = models.CharField("hình thức", max_length=10, choices=KINDS)
    site = models.CharField("nơi khám", max_length=100, blank=True)
    health_class = models.PositiveSmallIntegerField("phân loại sức khỏe", choices=CLASSES, null=True, blank=True)
    systolic = models.PositiveSmallIntegerField("huyết áp tâm thu", null=True, blank=True, validators=_within(50, 300))
    diastolic = models.PositiveSmallIntegerField("huyết áp tâm trương", null=True, blank=True, validators=_within(30, 200))
    weight_kg = models.DecimalField("cân nặng (kg)", max_digits=4, decimal_places=1, null=True, blank=True, validators=_within(0.5, 300))
    height_cm = models.DecimalField("chiều cao (cm)", max_digits=4, decimal_places=1, null=True, blank=True, validators=_within(30, 250))
    glucose = models.DecimalField("đường huyết (mmol/L)", max_digits=4, decimal_places=1, null=True, blank=True, validators=_within(0.5, 60))
    conclusion = models.CharField("kết luận", max_length=200, blank=True)
    age_days = models.PositiveIntegerField(editable=False)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "lượt khám sức khỏe"
        indexes = [models.Index(fields=["person", "on", "entered_in_error"], name="checkup_person_day"), models.Index(fields=["on"], name="checkup_on")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "on", "kind"], condition=models.Q(entered_in_error=False), name="checkup_once_a_day",
                violation_error_message="Người này đã có lượt khám cùng loại trong ngày đó. Hãy mở lượt đã có để sửa."),
        ]
