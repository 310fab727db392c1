"""What happened to a person after doses, to which doses it is tied, and how it went on."""

import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from tramyte.care.adverse_events import signs
from tramyte.care.immunization.models import Immunization
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact

OUTCOMES = [("ongoing", "đang theo dõi"), ("recovered", "khỏi"), ("sequelae", "để lại di chứng"), ("died", "tử vong"), ("unknown", "không rõ")]
OPEN = ("ongoing",)


class AdverseEvent(Fact):
    """An adverse event following immunization (phản ứng, tai biến sau tiêm chủng): one person, one day, one or several doses (`SuspectDose`).

    onset_on, onset_at: day and hour it began ("" when the hour is not known). discovered_at: when the station came to know, from which the
    hours to report a severe one are counted. signs, severe_for: codes of `signs.SIGNS`, `signs.SEVERE` between blanks (" fever local ");
    severe: that one of the latter holds. word: why it is tied to a dose more than 30 days before. follow_up_on: when it is looked after again,
    empty once it is over. reported_at: when Sở Y tế and CDC were told. session: what was given to whom at that sitting, as of the last writing.
    from_dose: made of the words noted with a dose.
    """

    CAUSES = [
        ("product", "do đặc tính của vắc xin"), ("quality", "do chất lượng vắc xin"), ("error", "do sai sót trong tiêm chủng"), ("anxiety", "do lo lắng khi tiêm"),
        ("coincident", "trùng hợp ngẫu nhiên"), ("unknown", "không rõ nguyên nhân")]
    HOUR = RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d$", "Hãy ghi giờ và phút, ví dụ 07:30.")

    person = models.ForeignKey(Person, models.PROTECT, related_name="adverse_events", verbose_name="người dân")
    onset_on = models.DateField("ngày xuất hiện")
    onset_at = models.CharField("giờ xuất hiện", max_length=5, blank=True, validators=[HOUR])
    discovered_at = models.DateTimeField("trạm biết lúc")
    signs = models.CharField("dấu hiệu", max_length=200, blank=True)
    signs_text = models.CharField("dấu hiệu khác", max_length=300, blank=True)
    severe = models.BooleanField("tai biến nặng", default=False, editable=False)
    severe_for = models.CharField("nặng vì", max_length=60, blank=True)
    word = models.CharField("vì sao cho là liên quan mũi tiêm", max_length=200, blank=True)
    treatment = models.CharField("xử trí, điều trị", max_length=400, blank=True)
    outcome = models.CharField("kết quả", max_length=10, choices=OUTCOMES, default="ongoing")
    outcome_on = models.DateField("ngày có kết quả", null=True, blank=True)
    follow_up_on = models.DateField("hẹn hỏi lại", null=True, blank=True)
    cause = models.CharField("kết luận nguyên nhân", max_length=10, choices=CAUSES, blank=True)
    cause_text = models.CharField("ai kết luận, số văn bản", max_length=300, blank=True)
    registration = models.CharField("số đăng ký vắc xin", max_length=100, blank=True)
    supplier = models.CharField("nơi cung cấp vắc xin", max_length=120, blank=True)
    storage = models.CharField("điều kiện bảo quản", max_length=300, blank=True)
    session = models.CharField("vắc xin, lô, số người của buổi tiêm", max_length=500, blank=True, editable=False)
    writer = models.CharField("người ghi", max_length=100, blank=True)
    reported_at = models.DateTimeField("báo cáo lúc", null=True, blank=True, editable=False)
    reported_to = models.CharField("đã báo cáo cho", max_length=200, blank=True, editable=False)
    reported_how = models.CharField("cách báo cáo", max_length=200, blank=True, editable=False)
    reported_by = models.CharField("người báo cáo", max_length=100, blank=True, editable=False)
    from_dose = models.BooleanField("chép từ mũi tiêm", default=False, editable=False)

    guard = Guard(view="reactions.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-onset_on", "id"]
        verbose_name = "phản ứng sau tiêm"
        indexes = [models.Index(fields=["severe", "reported_at"], name="adverse_event_severe"), models.Index(fields=["outcome", "follow_up_on"], name="adverse_event_open")]
        constraints = [models.UniqueConstraint(
            fields=["person", "onset_on"], condition=Q(entered_in_error=False), name="adverse_event_once_a_day",
            violation_error_message="Người này đã có phản ứng bắt đầu ngày đó. Hãy mở phản ứng đã ghi để bổ sung dấu hiệu.")]

    @property
    def signs_words(self) -> str:
        """The signs in words."""
        return signs.words_of(self.signs, self.signs_text, signs.SIGNS)

    @property
    def severe_words(self) -> str:
        """Why it is severe, in words; "" for an ordinary one."""
        return signs.words_of(self.severe_for, "", signs.SEVERE)

    @property
    def report_until(self) -> datetime.datetime:
        """Until when a severe one is to be reported."""
        return self.discovered_at + datetime.timedelta(hours=signs.reporting_on(self.discovered_at.astimezone(clock.ZONE).date()).hours)

    @property
    def waits_for_report(self) -> bool:
        """Whether it is severe and nobody was told."""
        return self.severe and self.reported_at is None

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.outcome in OPEN


class SuspectDose(Fact):
    """That a dose is suspected of an event."""

    event = models.ForeignKey(AdverseEvent, models.PROTECT, related_name="doses", verbose_name="phản ứng sau tiêm")
    immunization = models.ForeignKey(Immunization, models.PROTECT, related_name="suspected", verbose_name="mũi tiêm")

    guard = Guard(view="reactions.view", place="event__person__hamlet", personal=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "mũi tiêm nghi liên quan"
        constraints = [models.UniqueConstraint(fields=["event", "immunization"], condition=Q(entered_in_error=False), name="suspect_dose_once")]


class FollowUp(Fact):
    """That somebody asked how a person is after an event, and what was found."""

    event = models.ForeignKey(AdverseEvent, models.PROTECT, related_name="follow_ups", verbose_name="phản ứng sau tiêm")
    on = models.DateField("ngày")
    note = models.CharField("tình trạng", max_length=300)
    writer = models.CharField("người hỏi", max_length=100, blank=True)

    guard = Guard(view="reactions.view", place="event__person__hamlet", personal=True)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = "lần theo dõi phản ứng"
