"""Doses that were given, and that a dose was not given: refused, put off, forbidden."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from tramyte.care.immunization.models.catalogue import Vaccine
from tramyte.care.immunization.models.stock import VaccineLot
from tramyte.care.people.models import Person
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact

STATION, IMPORTED, ELSEWHERE = "station", "import", "elsewhere"
SOURCES = [(STATION, "tại trạm"), (IMPORTED, "chép từ sổ, danh sách cũ"), (ELSEWHERE, "tiêm nơi khác")]


class Immunization(Fact):
    """A dose given to a person. at: hour and minute ("07:30"), in the station's zone, when it counts (birth dose).

    dose_number: as whoever gave it said. lot: of the station's stock; lot_number: its text, of other doses too. word: what is
    said of a dose that was known not to count. gestation_days: of a woman who was known to be pregnant that day. Derived by
    `renewing` from all doses of the person, never typed: counts_as: codes of the schedule's doses that it settles, each between
    blanks (" DPT-VGB-HIB1 OPV1 "); verdict: what it was worth, empty when the schedule says nothing of it; verdict_text: why, in words.
    """

    VERDICTS = [("valid", "hợp lệ"), ("not_valid", "không tính"), ("extraneous", "mũi thừa")]

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="immunizations", verbose_name="người dân")
    vaccine = models.ForeignKey(Vaccine, models.PROTECT, db_index=False, verbose_name="vắc xin")  # some dozen in all: nothing is found by it
    on = models.DateField("ngày tiêm")
    at = models.CharField("giờ tiêm", max_length=5, blank=True, validators=[
        RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", "Hãy ghi giờ và phút, ví dụ 07:30.")])
    dose_number = models.PositiveSmallIntegerField("mũi thứ", null=True, blank=True, validators=[
        MinValueValidator(1, "Mũi thứ phải từ 1 đến 20. Hãy kiểm tra lại."), MaxValueValidator(20, "Mũi thứ phải từ 1 đến 20. Hãy kiểm tra lại.")])
    source = models.CharField("nguồn", max_length=10, choices=SOURCES, default=STATION)
    lot = models.ForeignKey(VaccineLot, models.PROTECT, null=True, blank=True, db_index=False, editable=False, verbose_name="lô trong kho")
    lot_number = models.CharField("số lô", max_length=40, blank=True)
    site = models.CharField("nơi tiêm", max_length=120, blank=True)
    performer = models.CharField("người tiêm", max_length=60, blank=True)
    reaction = models.CharField("phản ứng sau tiêm", max_length=200, blank=True)
    word = models.CharField("lý do ghi mũi không đúng lịch", max_length=200, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    age_days = models.PositiveIntegerField(editable=False)
    gestation_days = models.PositiveSmallIntegerField("tuổi thai (ngày)", null=True, blank=True, editable=False)
    counts_as = models.CharField("tính cho", max_length=120, blank=True, editable=False)
    verdict = models.CharField("đánh giá", max_length=10, choices=VERDICTS, blank=True, editable=False)
    verdict_text = models.CharField("lý do", max_length=200, blank=True, editable=False)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "mũi tiêm"
        indexes = [
            models.Index(fields=["person", "on"], name="immunization_person_on"), models.Index(fields=["on"], name="immunization_on"),
            models.Index(fields=["lot"], name="immunization_lot", condition=models.Q(lot__isnull=False))]
        constraints = [models.UniqueConstraint(
            fields=["person", "vaccine", "on"], condition=models.Q(entered_in_error=False), name="immunization_once_a_day",
            violation_error_message="Người này đã có mũi vắc xin đó trong ngày đó. Hãy mở mũi đã ghi để xem; nếu là hai người trùng tên, hãy chọn lại người.")]


class NotGiven(Fact):
    """That a dose was refused, put off or forbidden. group: a group of the schedule, "" for every vaccine.

    until: the first day on which it no longer holds; without one it holds until another dose is given (a contraindication: for ever).
    """

    KINDS = [("refused", "từ chối"), ("deferred", "tạm hoãn"), ("contraindicated", "chống chỉ định")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="doses_not_given", verbose_name="người dân")
    kind = models.CharField("việc", max_length=15, choices=KINDS)
    group = models.CharField("nhóm vắc xin", max_length=10, blank=True)
    on = models.DateField("ngày ghi")
    until = models.DateField("đến ngày", null=True, blank=True)
    reason = models.CharField("lý do", max_length=200)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "lần không tiêm"
        constraints = [models.UniqueConstraint(
            fields=["person", "kind", "group", "on"], condition=models.Q(entered_in_error=False), name="not_given_once_a_day",
            violation_error_message="Hôm đó đã ghi việc này cho người này rồi. Hãy mở dòng đã có để sửa.")]
