"""Agreements of a person, their requests about their data, and the time the law gives for an answer."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from tramyte.care.consent.purposes import KINDS, PURPOSES
from tramyte.care.people.models import Person
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact

PURPOSE_CHOICES = [(one.slug, one.title) for one in PURPOSES.values()]
KIND_CHOICES = [(one.slug, one.title) for one in KINDS.values()]
GIVERS = [("self", "người đó"), ("guardian", "cha, mẹ hoặc người giám hộ"), ("both", "trẻ và người giám hộ")]


class Consent(Fact):
    """That somebody agreed or refused, on a day, that data of a person serve one purpose; with the evidence.

    The last decision on a purpose counts; an agreement ends on `withdrawn_on`.  file: the digest of a scanned sheet.
    """

    DECISIONS = [("permit", "đồng ý"), ("deny", "không đồng ý")]
    EVIDENCE = [("paper", "phiếu có chữ ký"), ("witness", "nói trước người làm chứng"), ("message", "tin nhắn"), ("recording", "ghi âm")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents", verbose_name="người dân")
    purpose = models.CharField("mục đích", max_length=20, choices=PURPOSE_CHOICES)
    decision = models.CharField("quyết định", max_length=6, choices=DECISIONS)
    given_on = models.DateField("ngày quyết định")
    given_by = models.CharField("người quyết định", max_length=8, choices=GIVERS, default="self")
    guardian = models.CharField("họ tên người giám hộ", max_length=100, blank=True)
    evidence = models.CharField("bằng chứng", max_length=9, choices=EVIDENCE)
    evidence_note = models.CharField("số phiếu, nơi lưu, người làm chứng", max_length=200)
    file = models.CharField(max_length=64, blank=True, editable=False)
    withdrawn_on = models.DateField("ngày rút lại", null=True, blank=True)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-given_on", "-created_at"]
        verbose_name = "phiếu đồng ý"
        indexes = [models.Index(fields=["person", "purpose", "given_on"], name="consent_person_purpose")]
        constraints = [
            models.CheckConstraint(condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on"), decision="permit"), name="consent_withdrawn_after"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_decision_display()}"


class DataRequest(Fact):
    """What a person asks about the data kept on them; `answer_by` and `done_by` are set by the law of the day received."""

    OUTCOMES = [("accepted", "chấp nhận"), ("partly", "chấp nhận một phần"), ("refused", "từ chối")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="data_requests", verbose_name="người dân")
    kind = models.CharField("yêu cầu", max_length=12, choices=KIND_CHOICES)
    received_on = models.DateField("ngày nhận")
    asked_by = models.CharField("người yêu cầu", max_length=100, blank=True)
    words = models.CharField("nội dung", max_length=500)
    answer_by = models.DateField("hạn trả lời", editable=False)
    done_by = models.DateField("hạn thực hiện", editable=False)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    outcome = models.CharField("kết quả", max_length=8, choices=OUTCOMES, blank=True)
    answer = models.CharField("nội dung trả lời", max_length=500, blank=True)
    done_on = models.DateField("ngày thực hiện xong", null=True, blank=True)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-received_on", "id"]
        verbose_name = "yêu cầu về dữ liệu cá nhân"
        constraints = [
            models.CheckConstraint(condition=Q(done_on=None) | Q(answered_on__isnull=False), name="data_request_answered_first"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_open(self) -> bool:
        """Something is still to be done: no answer yet, or not carried out."""
        return self.answered_on is None or (self.outcome != "refused" and self.done_on is None)

    @property
    def due_on(self) -> Any:
        """The day by which the next step is due; None when nothing is left."""
        if not self.is_open:
            return None
        return self.answer_by if self.answered_on is None else self.done_by


class RequestLimit(Fact):
    """The time for one kind of request from a day on, where it differs from the shipped list or was checked against the text."""

    kind = models.CharField("yêu cầu", max_length=12, choices=KIND_CHOICES)
    answer_days = models.PositiveSmallIntegerField("trả lời trong (ngày làm việc)", validators=[MinValueValidator(0), MaxValueValidator(90)])
    done_days = models.PositiveSmallIntegerField("thực hiện trong (ngày)", validators=[MinValueValidator(0), MaxValueValidator(365)])
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    source = models.CharField("nguồn", max_length=200)
    verified = models.BooleanField("đã đối chiếu văn bản gốc", default=False)

    guard = Guard(view="people.view")

    class Meta:
        ordering = ["kind", "-valid_from"]
        verbose_name = "thời hạn trả lời yêu cầu"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "valid_from"], condition=Q(entered_in_error=False), name="request_limit_once",
                violation_error_message="Loại yêu cầu này đã có thời hạn từ ngày đó. Hãy mở dòng đã có để sửa."),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
