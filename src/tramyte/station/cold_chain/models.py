"""Where vaccine is kept, at which temperature it must be, what was read there, and what was done when it was not so."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Facility

COLDEST, WARMEST = Decimal(-40), Decimal(60)
ODD = "Nhiệt kế tủ vắc xin chỉ từ -40 đến 60 °C. Hãy đọc lại số; phần lẻ ghi sau dấu phẩy, ví dụ 4,5."


class TemperatureRule(Fact):
    """Between which temperatures (°C, both allowed) vaccine is kept from a day on. verified: read in the text of the source."""

    low = models.DecimalField("thấp nhất (°C)", max_digits=4, decimal_places=1)
    high = models.DecimalField("cao nhất (°C)", max_digits=4, decimal_places=1)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    source = models.CharField("văn bản", max_length=250)
    verified = models.BooleanField("đã đối chiếu văn bản gốc", default=False)

    guard = Guard(view="vaccines.view")

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = "quy định nhiệt độ bảo quản"
        constraints = [
            models.CheckConstraint(condition=Q(high__gt=F("low")), name="temperature_rule_high_above_low"),
            models.UniqueConstraint(
                fields=["valid_from"], condition=Q(entered_in_error=False), name="temperature_rule_once",
                violation_error_message="Đã có quy định bắt đầu từ ngày đó. Hãy chọn ngày khác."),
        ]


class StorageEquipment(Fact):
    """A refrigerator, cold box or carrier that vaccine is kept in. daily: read twice every day; else only on days when it is used."""

    KINDS = [("fridge", "tủ lạnh"), ("cold_box", "hòm lạnh"), ("carrier", "phích vắc xin"), ("freezer", "tủ đá")]

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", verbose_name="trạm, điểm trạm")
    code = models.CharField("mã thiết bị", max_length=20, db_index=True)
    name = models.CharField("tên, chỗ đặt", max_length=100)
    kind = models.CharField("loại", max_length=10, choices=KINDS)
    daily = models.BooleanField("theo dõi 2 lần mỗi ngày", default=True, blank=True)
    in_use_from = models.DateField("dùng từ ngày")
    in_use_until = models.DateField("dùng đến hết ngày", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    guard = Guard(view="vaccines.view", place="facility__place")

    class Meta:
        ordering = ["facility__code", "code", "id"]
        verbose_name = "thiết bị dây chuyền lạnh"
        constraints = [models.UniqueConstraint(
            fields=["facility", "code"], condition=Q(entered_in_error=False), name="storage_equipment_once",
            violation_error_message="Nơi này đã có thiết bị mang mã đó. Hãy mở thiết bị đã có, hoặc đặt mã khác.")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Excursion(Fact):
    """That equipment was out of range in one or more readings on end, from `on` and `part`; open until somebody says what was done."""

    VACCINES = [
        ("moved", "đã chuyển sang thiết bị khác"), ("held", "để riêng, chưa dùng, chờ ý kiến tuyến trên"), ("kept", "giữ tại chỗ, nhiệt độ đã về khoảng"),
        ("destroyed", "đã hủy"), ("none", "trong thiết bị không có vắc xin")]

    equipment = models.ForeignKey(StorageEquipment, models.PROTECT, related_name="excursions", verbose_name="thiết bị")
    on = models.DateField("ngày")
    part = models.CharField("buổi", max_length=2)
    celsius = models.DecimalField("nhiệt độ lần đầu (°C)", max_digits=4, decimal_places=1)
    action = models.CharField("đã làm gì", max_length=400, blank=True)
    vaccines = models.CharField("vắc xin trong thiết bị", max_length=10, choices=VACCINES, blank=True)
    vaccines_note = models.CharField("vắc xin nào, lô nào, ở đâu", max_length=300, blank=True)
    acted_on = models.DateField("ngày xử trí", null=True, blank=True)
    acted_by = models.CharField("người xử trí", max_length=100, blank=True)

    guard = Guard(view="vaccines.view", place="equipment__facility__place")

    class Meta:
        ordering = ["-on", "-part", "id"]
        verbose_name = "lần nhiệt độ ngoài khoảng"
        indexes = [models.Index(fields=["equipment", "acted_on"], name="excursion_open")]


class TemperatureReading(Fact):
    """What the thermometer of equipment showed on a morning or afternoon. state: against the rule of its day, "" when within it.

    confirmed: that a reading out of range was read again and is so; excursion: what it opened or belongs to.
    """

    MORNING, AFTERNOON = "am", "pm"
    PARTS = [(MORNING, "sáng"), (AFTERNOON, "chiều")]
    STATES = [("low", "quá lạnh"), ("high", "quá nóng")]

    equipment = models.ForeignKey(StorageEquipment, models.PROTECT, db_index=False, related_name="readings", verbose_name="thiết bị")
    on = models.DateField("ngày")
    part = models.CharField("buổi", max_length=2, choices=PARTS)
    at = models.CharField("giờ", max_length=5, blank=True, validators=[
        RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", "Hãy ghi giờ và phút, ví dụ 07:30.")])
    celsius = models.DecimalField("nhiệt độ (°C)", max_digits=4, decimal_places=1, validators=[MinValueValidator(COLDEST, ODD), MaxValueValidator(WARMEST, ODD)])
    reader = models.CharField("người ghi", max_length=100, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    confirmed = models.BooleanField("đã đọc lại nhiệt kế, đúng số này", default=False, blank=True)
    state = models.CharField("ngoài khoảng", max_length=4, choices=STATES, blank=True, editable=False)
    excursion = models.ForeignKey(Excursion, models.PROTECT, null=True, blank=True, editable=False, related_name="readings", verbose_name="lần ngoài khoảng")

    guard = Guard(view="vaccines.view", place="equipment__facility__place")

    class Meta:
        ordering = ["-on", "-part", "id"]
        verbose_name = "lần đọc nhiệt độ"
        indexes = [models.Index(fields=["equipment", "on", "part"], name="reading_equipment_on"), models.Index(fields=["on"], name="reading_on")]
        constraints = [models.UniqueConstraint(
            fields=["equipment", "on", "part"], condition=Q(entered_in_error=False), name="reading_once_a_part",
            violation_error_message="Buổi đó đã có nhiệt độ của thiết bị này. Hãy mở dòng đã ghi để sửa.")]
