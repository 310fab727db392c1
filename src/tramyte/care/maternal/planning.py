"""Family planning, abortion and the screenings of population work. `models` offers them under their names."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from tramyte.engine.access.guard import Guard
from tramyte.engine.actions.models import Fact

BETWEEN_CHILDREN = [MinValueValidator(0), MaxValueValidator(20, "Số con phải từ 0 đến 20. Hãy kiểm tra lại.")]


class FamilyPlanning(Fact):
    """One line of Sổ cung cấp biện pháp tránh thai (A5.1): a method begun, supplied again or stopped.

    The last line on a day says which method is used then: `stop` ends it, `until` (the day the supply lasts to) too.
    `stock_out`: the station had none of it.
    """

    METHODS = [
        ("iud", "dụng cụ tử cung"), ("male_sterilization", "triệt sản nam"), ("female_sterilization", "triệt sản nữ"), ("implant", "thuốc cấy"),
        ("injection", "thuốc tiêm"), ("pill", "viên uống"), ("condom", "bao cao su"), ("traditional", "biện pháp truyền thống")]
    MODERN = tuple(code for code, _ in METHODS if code != "traditional")
    ACTS = [("start", "bắt đầu, đặt"), ("continue", "cấp tiếp, khám lại"), ("stop", "tháo, ngừng")]
    WHY = [("pregnancy", "muốn có thai"), ("side_effects", "tác dụng phụ"), ("change", "đổi biện pháp"), ("stock_out", "hết hàng"), ("expired", "hết hạn"), ("other", "lý do khác")]

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="family_planning", verbose_name="người dùng")
    on = models.DateField("ngày")
    method = models.CharField("biện pháp", max_length=20, choices=METHODS)
    act = models.CharField("việc", max_length=10, choices=ACTS, default="start")
    quantity = models.PositiveSmallIntegerField("số lượng cấp", null=True, blank=True)
    until = models.DateField("dùng đến ngày", null=True, blank=True)
    stock_out = models.BooleanField("hết hàng, không cấp được", default=False)
    why = models.CharField("lý do ngừng", max_length=15, choices=WHY, blank=True)
    boys = models.PositiveSmallIntegerField("số con trai", null=True, blank=True, validators=BETWEEN_CHILDREN)
    girls = models.PositiveSmallIntegerField("số con gái", null=True, blank=True, validators=BETWEEN_CHILDREN)
    complications = models.CharField("tai biến", max_length=200, blank=True)
    provider = models.CharField("người thực hiện", max_length=100, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    guard = Guard(view="maternal.private", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "lần dùng biện pháp tránh thai"
        indexes = [models.Index(fields=["person", "on"], name="planning_person_on"), models.Index(fields=["on"], name="planning_on")]
        constraints = [models.UniqueConstraint(
            fields=["person", "on", "method"], condition=Q(entered_in_error=False), name="planning_once_a_day",
            violation_error_message="Người này đã có dòng của biện pháp đó trong ngày. Hãy mở dòng đã có để sửa.")]


class Abortion(Fact):
    """One line of Sổ phá thai (A5.2). `gestation` in days when it is known."""

    MARITAL = [("married", "có chồng"), ("single", "chưa có chồng"), ("apart", "ly hôn, góa, ly thân")]
    METHODS = [("medical", "phá thai bằng thuốc"), ("vacuum", "hút chân không"), ("dilation", "nong và gắp"), ("other", "cách khác")]
    RESULTS = [("complete", "sạch, an toàn"), ("retained", "sót, phải xử trí tiếp"), ("failed", "thất bại"), ("referred", "chuyển tuyến")]

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="abortions", verbose_name="người phá thai")
    pregnancy = models.ForeignKey("maternal.Pregnancy", models.PROTECT, null=True, blank=True, related_name="abortions", verbose_name="thai kỳ")
    on = models.DateField("ngày", db_index=True)
    marital = models.CharField("tình trạng hôn nhân", max_length=10, choices=MARITAL, blank=True)
    living = models.PositiveSmallIntegerField("số con hiện có", null=True, blank=True, validators=BETWEEN_CHILDREN)
    lmp = models.DateField("ngày đầu kỳ kinh cuối", null=True, blank=True)
    method = models.CharField("phương pháp phá thai", max_length=10, choices=METHODS)
    result = models.CharField("kết quả", max_length=10, choices=RESULTS, blank=True)
    complications = models.CharField("tai biến", max_length=200, blank=True)
    provider = models.CharField("người thực hiện", max_length=100, blank=True)
    recheck_on = models.DateField("ngày khám lại", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    gestation = models.PositiveSmallIntegerField("tuổi thai (ngày)", null=True, editable=False)

    guard = Guard(view="maternal.private", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "ca phá thai"
        constraints = [models.UniqueConstraint(
            fields=["person", "on"], condition=Q(entered_in_error=False), name="abortion_once_a_day",
            violation_error_message="Người này đã có ca phá thai trong ngày đó. Hãy mở dòng đã có để sửa.")]


class Screening(Fact):
    """A prenatal or newborn screening, a premarital examination, or counselling of an adolescent."""

    KINDS = [("prenatal", "sàng lọc trước sinh"), ("newborn", "sàng lọc sơ sinh"), ("premarital", "khám sức khỏe trước kết hôn"), ("adolescent", "tư vấn vị thành niên, thanh niên")]
    RESULTS = [("normal", "bình thường"), ("suspect", "nghi ngờ, cần chẩn đoán"), ("found", "phát hiện bệnh"), ("waiting", "chờ kết quả")]

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="screenings", verbose_name="người được sàng lọc, tư vấn")
    on = models.DateField("ngày")
    kind = models.CharField("loại", max_length=10, choices=KINDS)
    site = models.CharField("nơi làm", max_length=100, blank=True)
    diseases = models.PositiveSmallIntegerField("số bệnh được tầm soát", null=True, blank=True, validators=[MaxValueValidator(100, "Số bệnh phải từ 0 đến 100. Hãy kiểm tra lại.")])
    counselled = models.BooleanField("đã tư vấn trước", null=True, blank=True)
    result = models.CharField("kết quả", max_length=10, choices=RESULTS, blank=True)
    note = models.CharField("nội dung, ghi chú", max_length=200, blank=True)

    guard = Guard(view="maternal.private", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "lần sàng lọc, tư vấn"
        indexes = [models.Index(fields=["person", "kind", "on"], name="screening_person_kind"), models.Index(fields=["on"], name="screening_on")]
        constraints = [models.UniqueConstraint(
            fields=["person", "on", "kind"], condition=Q(entered_in_error=False), name="screening_once_a_day",
            violation_error_message="Người này đã có dòng cùng loại trong ngày đó. Hãy mở dòng đã có để sửa.")]
