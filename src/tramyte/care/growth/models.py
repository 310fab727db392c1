"""Measurements of children under five, and the campaigns in which whole hamlets are measured."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from tramyte.care.people.models import Person
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place


def _number(label: str, low: float, high: float, **options: Any) -> "models.DecimalField[Any, Any]":
    text = f"Số này phải từ {low:g} đến {high:g}. Hãy xem lại số trên cân, thước.".replace(".", ",", 1 if low % 1 else 0)
    limits = [MinValueValidator(low, text), MaxValueValidator(high, text)]
    return models.DecimalField(label, max_digits=7, decimal_places=2, null=True, blank=True, validators=limits, **options)


def _score(label: str) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=4, decimal_places=2, null=True, editable=False)


class Campaign(Fact):
    """A campaign (chiến dịch, đợt cân đo): a name, a commune, and the hamlets with their days (`CampaignDay`)."""

    name = models.CharField("tên đợt", max_length=100)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="xã")
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày")

    guard = Guard(view="people.view", place="place", personal=True)

    class Meta:
        ordering = ["-starts_on", "id"]
        verbose_name = "đợt cân đo"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"),
            models.UniqueConstraint(
                fields=["place", "name"], condition=Q(entered_in_error=False), name="campaign_name_once",
                violation_error_message="Xã đã có đợt cân đo mang tên này. Hãy mở đợt đã có, hoặc đặt tên khác."),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignDay(Fact):
    """The day on which the children of one hamlet are measured in a campaign."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="days", verbose_name="đợt cân đo")
    hamlet = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="thôn")
    on = models.DateField("ngày cân đo")

    guard = Guard(view="people.view", place="hamlet", personal=True)

    class Meta:
        ordering = ["on", "hamlet__code", "id"]
        verbose_name = "ngày cân đo của thôn"
        constraints = [models.UniqueConstraint(
            fields=["campaign", "hamlet"], condition=Q(entered_in_error=False), name="campaign_hamlet_once",
            violation_error_message="Đợt này đã có thôn đó. Hãy sửa ngày của dòng đã có.")]


class GrowthMeasurement(Fact):
    """One child measured on one day. kg, cm; scores and bands are reckoned at writing by `rules.growth`.

    z_*: plausible z-scores of the WHO standards of 2006, null where there is none; `doubtful` names what WHO calls
    implausible ("zwei zwfl"). *_band: see `rules.growth.judging`; acute: severe, moderate or "". trend: against the
    weighing before (`rules.growth.gaining`). due_on: when the child is to be measured again. confirmation: why a measurement that
    raised a question is right, in the words of whoever measured.
    """

    SETTINGS = [("station", "tại trạm"), ("campaign", "trong đợt cân đo"), ("home", "tại thôn, tại hộ")]
    POSITIONS = [("L", "nằm"), ("H", "đứng")]
    FEEDING = [("exclusive", "bú mẹ hoàn toàn"), ("mixed", "bú mẹ và ăn, uống thêm"), ("none", "không bú mẹ")]
    WEIGHT_BANDS = [(-3, "nhẹ cân mức nặng"), (-2, "nhẹ cân"), (0, "bình thường"), (2, "trên +2 SD"), (3, "trên +3 SD")]
    LENGTH_BANDS = [(-3, "thấp còi mức nặng"), (-2, "thấp còi"), (0, "bình thường"), (2, "trên +2 SD"), (3, "trên +3 SD")]
    WASTING_BANDS = [(-3, "gầy còm mức nặng"), (-2, "gầy còm"), (0, "bình thường"), (2, "thừa cân"), (3, "béo phì")]
    ACUTE = [("severe", "suy dinh dưỡng cấp nặng"), ("moderate", "suy dinh dưỡng cấp vừa")]
    TRENDS = [("gaining", "tăng cân"), ("flat", "không tăng cân"), ("falling", "tụt kênh cân nặng")]

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="growth_measurements", verbose_name="trẻ")
    on = models.DateField("ngày cân đo")
    setting = models.CharField("nơi cân đo", max_length=10, choices=SETTINGS, default="station")
    weight_kg = _number("cân nặng (kg)", 0.3, 60)
    height_cm = _number("chiều dài, chiều cao (cm)", 20, 150)
    position = models.CharField("tư thế đo", max_length=1, choices=POSITIONS, blank=True)
    muac_cm = _number("vòng cánh tay (cm)", 4, 40)
    oedema = models.BooleanField("phù hai chân", null=True, blank=True)
    feeding = models.CharField("bú mẹ trong 24 giờ qua", max_length=10, choices=FEEDING, blank=True)
    vitamin_a = models.BooleanField("vitamin A", null=True, blank=True)
    advice = models.CharField("tư vấn, điều trị", max_length=200, blank=True)
    follow_up_on = models.DateField("hẹn khám lại", null=True, blank=True)
    confirmation = models.CharField("xác nhận số đo lạ", max_length=100, blank=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="measurements", verbose_name="đợt cân đo", editable=False)

    age_days = models.PositiveIntegerField("tuổi (ngày)", editable=False)
    z_weight = _score("CN/T (z)")
    z_length = _score("CC/T (z)")
    z_wasting = _score("CN/CC (z)")
    z_bmi = _score("BMI/T (z)")
    z_arm = _score("VCT/T (z)")
    doubtful = models.CharField(max_length=30, blank=True, editable=False)
    weight_band = models.SmallIntegerField("cân nặng theo tuổi", choices=WEIGHT_BANDS, null=True, editable=False)
    length_band = models.SmallIntegerField("chiều cao theo tuổi", choices=LENGTH_BANDS, null=True, editable=False)
    wasting_band = models.SmallIntegerField("cân nặng theo chiều cao", choices=WASTING_BANDS, null=True, editable=False)
    acute = models.CharField("suy dinh dưỡng cấp", max_length=10, choices=ACUTE, blank=True, editable=False)
    trend = models.CharField("diễn biến cân nặng", max_length=10, choices=TRENDS, blank=True, editable=False)
    due_on = models.DateField("cân đo lại trước ngày", editable=False)
    rules_version = models.CharField(max_length=20, editable=False)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "lần cân đo"
        indexes = [
            # Wide enough that the history of weighings, lengths and visits is read from the index alone.
            models.Index(fields=["person", "on", "entered_in_error", "weight_band", "length_band"], name="growth_history"),
            models.Index(fields=["on"], name="growth_on"), models.Index(fields=["campaign", "on"], name="growth_campaign_on"),
        ]
        constraints = [models.UniqueConstraint(
            fields=["person", "on"], condition=Q(entered_in_error=False), name="growth_once_a_day",
            violation_error_message="Trẻ đã có lần cân đo ngày đó. Hãy mở lần đã có để sửa.")]

    @property
    def months(self) -> int:
        """Completed months of age on the day measured (30.4375 days each, as WHO counts)."""
        return int(self.age_days / 30.4375)

    @property
    def words(self) -> str:
        """What the measurement means, in words; "" when nothing can be said."""
        from tramyte.rules.growth.judging import words_of

        return words_of(self.weight_band, self.length_band, self.wasting_band, self.acute)
