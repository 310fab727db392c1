"""A pregnancy from its first contact to the 42nd day after the birth. Family planning and what else is booked: `planning`."""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from tramyte.care.maternal.planning import Abortion, FamilyPlanning, Screening
from tramyte.care.people.models import SEXES, Person
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact

__all__ = [
    "Abortion", "AntenatalContact", "BirthPlan", "Delivery", "FamilyPlanning", "Newborn", "PostnatalContact", "Pregnancy", "Screening",
]

TESTS = [("neg", "âm tính"), ("pos", "dương tính")]
PLACES = [("hospital", "bệnh viện"), ("station", "trạm y tế"), ("clinic", "cơ sở y tế tư nhân"), ("home", "tại nhà"), ("way", "trên đường đi"), ("other", "nơi khác")]
FACILITIES = ("hospital", "station", "clinic")
ATTENDANTS = [
    ("doctor", "bác sĩ, y sĩ"), ("midwife", "nữ hộ sinh, điều dưỡng"), ("village_midwife", "cô đỡ thôn bản đã đào tạo"), ("untrained", "người chưa đào tạo"), ("nobody", "không có ai đỡ")]
TRAINED = ("doctor", "midwife", "village_midwife")
HOUR = RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", "Hãy ghi giờ và phút, ví dụ 07:30.")


def within(low: float, high: float) -> list[MinValueValidator | MaxValueValidator]:
    """Validators of a number with the sentence that names both ends."""
    text = f"Số này phải từ {low:g} đến {high:g}. Hãy kiểm tra lại."
    return [MinValueValidator(low, text), MaxValueValidator(high, text)]


class Pregnancy(Fact):
    """One pregnancy of one woman; a woman has one open at most.

    `since` (day 0 of gestation), `due_on` and `dated_by` follow from `lmp` and the first ultrasound (`rules.pregnancy`);
    `risks` (codes parted by blanks) and `next_due` follow from it and its contacts: the actions keep them. `registered_on`:
    when the station took her into its care; None of a pregnancy known only by how it ended.
    """

    OUTCOMES = [
        ("delivered", "đã đẻ"), ("stillbirth", "thai chết lưu"), ("miscarriage", "sảy thai"), ("abortion", "phá thai"), ("ectopic", "thai ngoài tử cung, thai trứng"),
        ("moved", "chuyển đi nơi khác")]
    DATED = [("lmp", "kỳ kinh cuối"), ("scan", "siêu âm"), ("birth", "tuổi thai lúc đẻ")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="pregnancies", verbose_name="thai phụ")
    registered_on = models.DateField("ngày đăng ký quản lý thai", null=True, blank=True)
    lmp = models.DateField("ngày đầu kỳ kinh cuối", null=True, blank=True)
    scan_on = models.DateField("ngày siêu âm đầu tiên", null=True, blank=True)
    scan_days = models.PositiveSmallIntegerField("tuổi thai siêu âm (ngày)", null=True, blank=True, validators=within(28, 315))
    gravida = models.PositiveSmallIntegerField("lần có thai thứ mấy", null=True, blank=True, validators=within(1, 25))
    para = models.CharField("PARA", max_length=4, blank=True, validators=[RegexValidator(r"^\d{4}$", "PARA gồm bốn chữ số: đẻ đủ tháng, đẻ non, sảy hoặc phá, con hiện sống. Ví dụ 1001.")])
    caesarean = models.BooleanField("đã mổ lấy thai", null=True, blank=True)
    illness = models.CharField("bệnh nền", max_length=200, blank=True)
    height_cm = models.DecimalField("chiều cao mẹ (cm)", max_digits=4, decimal_places=1, null=True, blank=True, validators=within(100, 200))
    fetuses = models.PositiveSmallIntegerField("số thai", default=1, validators=within(1, 6))
    note = models.CharField("ghi chú", max_length=200, blank=True)
    outcome = models.CharField("kết thúc", max_length=12, choices=OUTCOMES, blank=True)
    ended_on = models.DateField("ngày kết thúc", null=True, blank=True)
    since = models.DateField("tuổi thai tính từ", editable=False)
    due_on = models.DateField("ngày dự kiến sinh", editable=False)
    dated_by = models.CharField("tính theo", max_length=5, choices=DATED, editable=False)
    risks = models.CharField("nguy cơ", max_length=200, blank=True, editable=False)
    next_due = models.DateField("hẹn khám tiếp theo", null=True, blank=True, editable=False)

    guard = Guard(view="maternal.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-due_on", "id"]
        verbose_name = "thai kỳ"
        indexes = [
            models.Index(fields=["outcome", "next_due"], name="pregnancy_open"), models.Index(fields=["person", "since"], name="pregnancy_person_since"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(outcome="", entered_in_error=False), name="pregnancy_one_open",
                violation_error_message="Người này đang có một thai kỳ chưa kết thúc. Hãy mở thai kỳ đó, hoặc ghi kết thúc trước."),
            models.CheckConstraint(
                condition=Q(outcome="", ended_on=None) | (~Q(outcome="") & Q(ended_on__gte=F("since"))), name="pregnancy_ends_after_begin"),
        ]

    def __str__(self) -> str:
        return f"Thai kỳ dự sinh {self.due_on:%d/%m/%Y}"

    def gestation(self, on: datetime.date) -> int:
        """The gestation on a day, in days."""
        return (on - self.since).days


class AntenatalContact(Fact):
    """One line of Sổ khám thai (A3): the findings of one day. `gestation` (days) and `term` (1 to 3) are of the pregnancy as dated when written."""

    PROTEIN = [("neg", "âm tính"), ("trace", "vết"), ("1+", "1+"), ("2+", "2+"), ("3+", "3+")]
    LIES = [("head", "ngôi đầu"), ("breech", "ngôi mông"), ("transverse", "ngôi ngang"), ("other", "ngôi khác")]
    OUTLOOKS = [("normal", "thường"), ("risk", "có nguy cơ")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="antenatal_contacts", verbose_name="thai phụ")
    pregnancy = models.ForeignKey(Pregnancy, models.PROTECT, related_name="contacts", verbose_name="thai kỳ")
    on = models.DateField("ngày khám")
    site = models.CharField("nơi khám", max_length=100, blank=True)
    weight_kg = models.DecimalField("trọng lượng mẹ (kg)", max_digits=4, decimal_places=1, null=True, blank=True, validators=within(25, 200))
    systolic = models.PositiveSmallIntegerField("huyết áp tâm thu", null=True, blank=True, validators=within(50, 300))
    diastolic = models.PositiveSmallIntegerField("huyết áp tâm trương", null=True, blank=True, validators=within(30, 200))
    fundal_cm = models.DecimalField("chiều cao tử cung (cm)", max_digits=3, decimal_places=1, null=True, blank=True, validators=within(5, 50))
    pelvis = models.CharField("khung chậu", max_length=60, blank=True)
    anaemia = models.BooleanField("thiếu máu", null=True, blank=True)
    haemoglobin = models.PositiveSmallIntegerField("huyết sắc tố (g/l)", null=True, blank=True, validators=within(30, 200))
    protein = models.CharField("protein niệu", max_length=5, choices=PROTEIN, blank=True)
    hiv = models.CharField("XN HIV", max_length=3, choices=TESTS, blank=True)
    syphilis = models.CharField("XN giang mai", max_length=3, choices=TESTS, blank=True)
    hepatitis_b = models.CharField("XN viêm gan B", max_length=3, choices=TESTS, blank=True)
    other_tests = models.CharField("XN khác", max_length=200, blank=True)
    outlook = models.CharField("tiên lượng đẻ", max_length=6, choices=OUTLOOKS, blank=True)
    tetanus = models.PositiveSmallIntegerField("số mũi uốn ván đã tiêm", null=True, blank=True, validators=within(0, 5))
    iron = models.BooleanField("uống viên sắt, folic", null=True, blank=True)
    fetal_heart = models.PositiveSmallIntegerField("tim thai (lần/phút)", null=True, blank=True, validators=within(60, 240))
    lie = models.CharField("ngôi thai", max_length=10, choices=LIES, blank=True)
    danger = models.BooleanField("có dấu hiệu nguy hiểm", null=True, blank=True, help_text="Ra máu, đau bụng, đau đầu, mờ mắt, phù, sốt, vỡ ối, thai đạp ít.")
    examiner = models.CharField("người khám", max_length=100, blank=True)
    next_on = models.DateField("hẹn khám lại", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    gestation = models.PositiveSmallIntegerField("tuổi thai (ngày)", editable=False)
    term = models.PositiveSmallIntegerField("thời kỳ", editable=False)

    guard = Guard(view="maternal.private", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "lần khám thai"
        indexes = [models.Index(fields=["pregnancy", "on"], name="antenatal_pregnancy_on"), models.Index(fields=["on"], name="antenatal_on")]
        constraints = [models.UniqueConstraint(
            fields=["person", "on"], condition=Q(entered_in_error=False), name="antenatal_once_a_day",
            violation_error_message="Người này đã có lần khám thai trong ngày đó. Hãy mở lần khám đã có để sửa.")]


class BirthPlan(Fact):
    """Where and how the birth is to be, agreed with the family."""

    pregnancy = models.ForeignKey(Pregnancy, models.PROTECT, related_name="plans", verbose_name="thai kỳ")
    on = models.DateField("ngày lập")
    place = models.CharField("nơi dự kiến sinh", max_length=10, choices=PLACES)
    site = models.CharField("tên cơ sở", max_length=100, blank=True)
    transport = models.CharField("phương tiện đưa đi", max_length=100, blank=True)
    companion = models.CharField("người đi cùng, điện thoại", max_length=100, blank=True)
    told_dangers = models.BooleanField("đã dặn dấu hiệu nguy hiểm", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    guard = Guard(view="maternal.view", place="pregnancy__person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "kế hoạch sinh"
        constraints = [models.UniqueConstraint(
            fields=["pregnancy"], condition=Q(entered_in_error=False), name="birth_plan_once", violation_error_message="Thai kỳ này đã có kế hoạch sinh. Hãy mở kế hoạch đã có để sửa.")]


class Delivery(Fact):
    """That a woman gave birth, wherever it was; its children are `Newborn`. `gestation` in days as dated when written."""

    MODES = [("vaginal", "đẻ thường"), ("assisted", "đẻ can thiệp (forceps, giác hút)"), ("breech", "đẻ ngôi mông"), ("caesarean", "mổ lấy thai")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="deliveries", verbose_name="sản phụ")
    pregnancy = models.ForeignKey(Pregnancy, models.PROTECT, related_name="deliveries", verbose_name="thai kỳ")
    on = models.DateField("ngày đẻ", db_index=True)
    at = models.CharField("giờ đẻ", max_length=5, blank=True, validators=[HOUR])
    place = models.CharField("nơi đẻ", max_length=10, choices=PLACES)
    site = models.CharField("tên cơ sở", max_length=100, blank=True)
    attendant = models.CharField("người đỡ đẻ", max_length=15, choices=ATTENDANTS, blank=True)
    attendant_name = models.CharField("họ tên người đỡ đẻ", max_length=100, blank=True)
    mode = models.CharField("cách thức đẻ", max_length=10, choices=MODES, blank=True)
    complications = models.CharField("tai biến sản khoa", max_length=200, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    gestation = models.PositiveSmallIntegerField("tuổi thai (ngày)", editable=False)

    guard = Guard(view="maternal.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "cuộc đẻ"
        constraints = [models.UniqueConstraint(
            fields=["pregnancy"], condition=Q(entered_in_error=False), name="delivery_once", violation_error_message="Thai kỳ này đã ghi cuộc đẻ. Hãy mở dòng đã có trong Sổ đẻ để sửa.")]


class Newborn(Fact):
    """One line of Sổ đẻ (A4): one child of a delivery. `child` is the person that the birth created; None for a stillborn.

    `mother`, `on` and `at` are those of the delivery, kept here by the action. The dose of hepatitis B vaccine is no field: it is
    kept once, among the child's doses (`care.people.birth_doses`); `birth_dose` is its key when the birth was where it was written.
    """

    STATES = [("well", "khỏe mạnh"), ("weak", "yếu"), ("asphyxia", "ngạt"), ("malformed", "dị tật"), ("stillborn", "chết")]

    mother = models.ForeignKey(Person, models.PROTECT, related_name="newborns", verbose_name="sản phụ")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="newborns", verbose_name="cuộc đẻ")
    child = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="births", verbose_name="trẻ")
    on = models.DateField("ngày đẻ", db_index=True)
    at = models.CharField("giờ đẻ", max_length=5, blank=True, validators=[HOUR])
    order = models.PositiveSmallIntegerField("con thứ mấy của cuộc đẻ", default=1, validators=within(1, 6))
    sex = models.CharField("giới con", max_length=1, choices=SEXES)
    weight_g = models.PositiveSmallIntegerField("cân nặng (g)", null=True, blank=True, validators=within(300, 7000))
    length_cm = models.DecimalField("chiều dài (cm)", max_digits=3, decimal_places=1, null=True, blank=True, validators=within(20, 65))
    state = models.CharField("tình trạng con", max_length=10, choices=STATES, default="well")
    apgar1 = models.PositiveSmallIntegerField("Apgar 1 phút", null=True, blank=True, validators=within(0, 10))
    apgar5 = models.PositiveSmallIntegerField("Apgar 5 phút", null=True, blank=True, validators=within(0, 10))
    breastfed = models.BooleanField("bú sữa mẹ trong giờ đầu", null=True, blank=True)
    vitamin_k = models.BooleanField("tiêm vitamin K1", null=True, blank=True)
    birth_dose = models.UUIDField(null=True, blank=True, editable=False)
    certificate = models.CharField("số giấy chứng sinh", max_length=50, blank=True)
    certificate_book = models.CharField("quyển số", max_length=50, blank=True)
    certificate_on = models.DateField("ngày cấp giấy chứng sinh", null=True, blank=True)
    certificate_writer = models.CharField("người ghi phiếu", max_length=100, blank=True)
    copies = models.PositiveSmallIntegerField("số lần cấp lại", default=0, editable=False)
    copied_on = models.DateField("ngày cấp lại", null=True, blank=True, editable=False)
    copied_why = models.CharField("lý do cấp lại", max_length=150, blank=True, editable=False)
    head_code = models.CharField("mã số BHXH của thủ trưởng", max_length=10, blank=True)
    father = models.CharField("họ và tên cha", max_length=100, blank=True)
    id_issued_on = models.DateField("ngày cấp căn cước của mẹ", null=True, blank=True)
    id_issued_at = models.CharField("nơi cấp căn cước của mẹ", max_length=200, blank=True)

    guard = Guard(view="maternal.private", place="mother__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "order", "id"]
        verbose_name = "trẻ sơ sinh"
        constraints = [models.UniqueConstraint(
            fields=["delivery", "order"], condition=Q(entered_in_error=False), name="newborn_once", violation_error_message="Cuộc đẻ này đã có con mang thứ tự đó. Hãy sửa dòng đã có.")]

    @property
    def alive(self) -> bool:
        """Born alive."""
        return self.state != "stillborn"


class PostnatalContact(Fact):
    """Mother, child or both seen after a birth. `day`: how many days after it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="postnatal_contacts", verbose_name="sản phụ")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="postnatal", verbose_name="cuộc đẻ")
    on = models.DateField("ngày khám")
    site = models.CharField("nơi khám", max_length=100, blank=True)
    temperature = models.DecimalField("nhiệt độ mẹ (°C)", max_digits=3, decimal_places=1, null=True, blank=True, validators=within(34, 43))
    systolic = models.PositiveSmallIntegerField("huyết áp tâm thu", null=True, blank=True, validators=within(50, 300))
    diastolic = models.PositiveSmallIntegerField("huyết áp tâm trương", null=True, blank=True, validators=within(30, 200))
    mother_seen = models.BooleanField("đã khám mẹ", default=True)
    child_seen = models.BooleanField("đã khám con", default=True)
    mother = models.CharField("tình trạng mẹ", max_length=200, blank=True)
    child = models.CharField("tình trạng con", max_length=200, blank=True)
    breastfeeding = models.BooleanField("bú mẹ hoàn toàn", null=True, blank=True)
    danger = models.BooleanField("có dấu hiệu nguy hiểm, đã chuyển", null=True, blank=True)
    examiner = models.CharField("người khám", max_length=100, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    day = models.PositiveSmallIntegerField(editable=False)

    guard = Guard(view="maternal.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = "lần khám sau sinh"
        constraints = [models.UniqueConstraint(
            fields=["delivery", "on"], condition=Q(entered_in_error=False), name="postnatal_once_a_day",
            violation_error_message="Đã có lần khám sau sinh trong ngày đó. Hãy mở lần khám đã có để sửa.")]
