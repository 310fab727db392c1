"""A vaccination session: its day and place, whom it expects, who came, what was found and given, the vials and the lots."""

import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from tramyte.care.immunization.models import Immunization, VaccineLot
from tramyte.care.people.models import Person
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Facility, Place

WATCHED = datetime.timedelta(minutes=30)  # TT 13/2026/TT-BYT Điều 12: observation after vaccination
HOUR = RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", "Hãy ghi giờ và phút, ví dụ 07:30.")


def _number(label: str, low: float, high: float, digits: int, places: int, said: str) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=digits, decimal_places=places, null=True, blank=True, validators=[MinValueValidator(low, said), MaxValueValidator(high, said)])


class Session(Fact):
    """One session (buổi tiêm) of a commune on a day. facility: whose stock it uses; site: where it is held, in words.

    vaccines: codes, parted by blanks; "" for every one. tables: vaccination tables; staff: health workers on the day.
    temperature: of the store when the session began (°C). began: the moment of opening. moved_from: the day it was planned for at first.
    """

    PLANNED, OPEN, CLOSED, CANCELLED = "planned", "open", "closed", "cancelled"
    STATES = [(PLANNED, "đã lập"), (OPEN, "đang tiêm"), (CLOSED, "đã đóng"), (CANCELLED, "đã hủy")]

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="xã")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", verbose_name="điểm tiêm")
    on = models.DateField("ngày tiêm", db_index=True)
    starts = models.CharField("giờ bắt đầu", max_length=5, default="07:30", validators=[HOUR])
    site = models.CharField("nơi tiêm", max_length=120)
    vaccines = models.CharField("vắc xin của buổi", max_length=300, blank=True)
    tables = models.PositiveSmallIntegerField("số bàn tiêm", default=1, validators=[
        MinValueValidator(1, "Buổi tiêm có ít nhất 1 bàn."), MaxValueValidator(20, "Nhiều nhất 20 bàn. Hãy kiểm tra lại.")])
    state = models.CharField("tình trạng", max_length=10, choices=STATES, default=PLANNED, editable=False)
    screener = models.CharField("người khám sàng lọc", max_length=60, blank=True)
    injector = models.CharField("người tiêm", max_length=60, blank=True)
    recorder = models.CharField("người ghi", max_length=60, blank=True)
    staff = models.PositiveSmallIntegerField("số nhân viên y tế", null=True, blank=True, validators=[MaxValueValidator(99, "Nhiều nhất 99 người. Hãy kiểm tra lại.")])
    temperature = _number("nhiệt độ bảo quản (°C)", -40, 40, 4, 1, "Nhiệt độ tủ, phích phải từ −40 đến 40 °C. Hãy xem lại nhiệt kế.")
    began = models.DateTimeField("mở lúc", null=True, blank=True, editable=False)
    ended = models.DateTimeField("đóng lúc", null=True, blank=True, editable=False)
    moved_from = models.DateField("ngày hẹn lúc đầu", null=True, blank=True, editable=False)
    reason = models.CharField("lý do đổi, hủy", max_length=200, blank=True, editable=False)

    guard = Guard(view="vaccines.view", place="place")

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "buổi tiêm chủng"
        constraints = [models.UniqueConstraint(
            fields=["facility", "site", "on"], condition=Q(entered_in_error=False) & ~Q(state="cancelled"), name="vaccination_session_once",
            violation_error_message="Nơi này đã có buổi tiêm ngày đó. Hãy mở buổi đã có, hoặc ghi nơi tiêm khác.")]

    def __str__(self) -> str:
        return f"{self.site}, {self.on:%d/%m/%Y}"

    @property
    def wanted(self) -> frozenset[str]:
        """The codes of the vaccines of the session; empty for every one."""
        return frozenset(self.vaccines.split())

    @property
    def is_open(self) -> bool:
        """Whether people may be received and given doses."""
        return self.state == self.OPEN


class SessionHamlet(Fact):
    """A hamlet whose people a session expects."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="hamlets", verbose_name="buổi tiêm")
    hamlet = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="thôn")

    guard = Guard(view="people.view", place="hamlet", personal=True)

    class Meta:
        ordering = ["hamlet__code", "id"]
        verbose_name = "thôn của buổi tiêm"
        constraints = [models.UniqueConstraint(fields=["session", "hamlet"], condition=Q(entered_in_error=False), name="vaccination_hamlet_once")]


class Attendee(Fact):
    """One person in one session. number: on the invitation; turn: in the order of coming, with `came`.

    findings: codes of `rules.screening`, parted by blanks. outcome and why: of the screening; until: the day from which the
    person is asked again. given: when the last dose was written, the hour from which the watch counts; left: when it was ended,
    with the reaction ("" for none). contact: how an absent family was reached, on `contacted_on`, and what was said.
    """

    ORIGINS = [("due", "đến hạn"), ("carried", "vắng buổi trước"), ("added", "thêm tay"), ("walk_in", "đến không hẹn")]
    OUTCOMES = [("eligible", "đủ điều kiện"), ("deferred", "tạm hoãn"), ("contraindicated", "chống chỉ định")]
    CONTACTS = [("call", "đã gọi điện"), ("visit", "đã đến nhà"), ("message", "đã nhắn tin")]

    session = models.ForeignKey(Session, models.PROTECT, related_name="people", verbose_name="buổi tiêm")
    person = models.ForeignKey(Person, models.PROTECT, related_name="vaccination_sessions", verbose_name="người được tiêm")
    number = models.PositiveSmallIntegerField("số trên giấy mời")
    origin = models.CharField("vì sao có tên", max_length=10, choices=ORIGINS, default="due")
    turn = models.PositiveSmallIntegerField("thứ tự đến", null=True, blank=True, editable=False)
    came = models.DateTimeField("đến lúc", null=True, blank=True, editable=False)
    temperature = _number("thân nhiệt (°C)", 30, 45, 3, 1, "Thân nhiệt phải từ 30 đến 45 °C. Hãy đo lại.")
    weight_kg = _number("cân nặng (kg)", 0.3, 200, 6, 3, "Cân nặng phải từ 0,3 đến 200 kg. Hãy cân lại.")
    findings = models.CharField("dấu hiệu", max_length=120, blank=True)
    outcome = models.CharField("kết luận sàng lọc", max_length=15, choices=OUTCOMES, blank=True)
    why = models.CharField("lý do", max_length=200, blank=True)
    until = models.DateField("hẹn lại từ ngày", null=True, blank=True)
    screened = models.DateTimeField("khám lúc", null=True, blank=True, editable=False)
    given = models.DateTimeField("tiêm lúc", null=True, blank=True, editable=False)
    left = models.DateTimeField("về lúc", null=True, blank=True, editable=False)
    reaction = models.CharField("phản ứng tại điểm tiêm", max_length=200, blank=True)
    contact = models.CharField("đã liên hệ", max_length=10, choices=CONTACTS, blank=True)
    contacted_on = models.DateField("ngày liên hệ", null=True, blank=True)
    contact_note = models.CharField("gia đình trả lời", max_length=200, blank=True)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["number", "id"]
        verbose_name = "người trong buổi tiêm"
        constraints = [models.UniqueConstraint(
            fields=["session", "person"], condition=Q(entered_in_error=False), name="vaccination_person_once",
            violation_error_message="Người này đã có trong danh sách của buổi. Hãy tìm theo tên trong danh sách.")]

    @property
    def may_leave(self) -> datetime.datetime | None:
        """When half an hour has passed since the last dose."""
        return self.given + WATCHED if self.given else None

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be done at the table."""
        return bool(self.given) or self.outcome in ("deferred", "contraindicated")


class SessionLot(Fact):
    """A lot in a session: doses brought along; at closing doses of opened vials (used) and those of them thrown away (wasted)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="lots", verbose_name="buổi tiêm")
    lot = models.ForeignKey(VaccineLot, models.PROTECT, related_name="sessions", verbose_name="lô vắc xin")
    received = models.PositiveIntegerField("số liều nhận", default=0)
    used = models.PositiveIntegerField("số liều dùng", null=True, blank=True)
    wasted = models.PositiveIntegerField("số liều hủy", null=True, blank=True)

    guard = Guard(view="vaccines.view", place="session__place")

    class Meta:
        ordering = ["lot__product__name", "lot__expires_on", "id"]
        verbose_name = "lô của buổi tiêm"
        constraints = [
            models.UniqueConstraint(fields=["session", "lot"], condition=Q(entered_in_error=False), name="vaccination_lot_once"),
            models.CheckConstraint(condition=Q(used=None) | Q(used__gte=F("wasted")), name="vaccination_wasted_of_used"),
        ]


class Vial(Fact):
    """An opened vial: since when, how many doses it holds by its label, and until when it may be used (None: at once)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="vials", verbose_name="buổi tiêm")
    lot = models.ForeignKey(VaccineLot, models.PROTECT, related_name="+", verbose_name="lô vắc xin")
    opened = models.DateTimeField("mở lúc")
    usable_until = models.DateTimeField("dùng đến", null=True, blank=True)
    doses = models.PositiveSmallIntegerField("số liều của lọ")
    discarded = models.CharField("lý do bỏ lọ", max_length=200, blank=True)

    guard = Guard(view="vaccines.view", place="session__place")

    class Meta:
        ordering = ["opened", "id"]
        verbose_name = "lọ vắc xin đã mở"


class SessionDose(Fact):
    """A dose that was given in a session, out of a vial."""

    attendee = models.ForeignKey(Attendee, models.PROTECT, related_name="doses", verbose_name="người trong buổi tiêm")
    vial = models.ForeignKey(Vial, models.PROTECT, related_name="given", verbose_name="lọ")
    immunization = models.OneToOneField(Immunization, models.PROTECT, related_name="session_dose", verbose_name="mũi tiêm")

    guard = Guard(view="people.view", place="attendee__person__hamlet", personal=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "liều của buổi tiêm"
