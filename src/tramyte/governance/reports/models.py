"""Reporting duties, their dated periods, and the reports with the figures they were written with."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.engine.refused import Refused
from tramyte.governance.directives.fields import PERIODS, UNCLEAR
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.governance.reports.forms import FORMS
from tramyte.governance.reports.spans import span_of
from tramyte.rules.calendar import Period, due_day

LOCKED_SENTENCE = "Báo cáo đã khóa nên không sửa được nữa. Muốn sửa số hoặc lời: hãy lập báo cáo bổ sung."


class Duty(Fact):
    """That a unit must report to somebody, again and again or once, because a directive says so.

    `form` is the slug of the form that the law asks for without a directive, "" for the report of the work as a whole.
    `unit` is empty when the document names a group ("các đơn vị"): the station then reports for the commune. The due
    day is kept as printed: `due_month` and `due_day` (each year, or each period when there is no month) or `due_on`
    (one date); `due_phrase` decides whether the printed day itself is still in time.
    """

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="văn bản")
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="mục trong văn bản")
    who = models.CharField("ai báo cáo", max_length=300, blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="đơn vị báo cáo")
    to = models.JSONField("gửi ai", default=list, blank=True)
    form = models.CharField("mẫu", max_length=30, blank=True)
    period_kind = models.CharField("kỳ báo cáo", max_length=12, choices=PERIODS)
    due_month = models.PositiveSmallIntegerField("tháng nộp", null=True, blank=True)
    due_day = models.PositiveSmallIntegerField("ngày nộp", null=True, blank=True)
    due_on = models.DateField("ngày nộp (một lần)", null=True, blank=True)
    due_phrase = models.CharField("thời hạn như văn bản ghi", max_length=200, blank=True)
    phrase = models.TextField("nội dung", blank=True)
    starts_on = models.DateField("từ ngày")
    ended_on = models.DateField("hết hiệu lực từ ngày", null=True, blank=True)

    guard = Guard(view="reports.view", place="place")

    CALENDAR = ("weekly", "monthly", "quarterly", "semiannual", "annual")

    class Meta:
        ordering = ["created_at"]
        verbose_name = "chế độ báo cáo"
        verbose_name_plural = "chế độ báo cáo"
        constraints = [
            models.CheckConstraint(condition=Q(due_month=None) | Q(due_month__range=(1, 12)), name="duty_month_of_a_year"),
            models.CheckConstraint(condition=Q(due_day=None) | Q(due_day__range=(1, 31)), name="duty_day_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.form_name or f'Báo cáo {self.get_period_kind_display()}'} · {self.unit or self.who or self.place}"

    @property
    def form_name(self) -> str:
        """What a report is called that the law asks for: "Báo cáo tiêm chủng tháng"; "" for others."""
        return FORMS[self.form].name if self.form in FORMS else ""

    @property
    def unclear(self) -> bool:
        """Whether a person must still say how often to report."""
        return self.period_kind in UNCLEAR and self.due_on is None

    @property
    def to_words(self) -> str:
        """Whom the report goes to, as one text."""
        return "; ".join(self.to)


class ReportPeriod(Fact):
    """One period of a duty with its day.

    `due_on` is the last day as directed ("trước ngày 10/06" gives 09/06; None: the document names no day); `ends_on` the
    day on which that ends by law when it falls on a day off. Lateness counts from `ends_on`.
    """

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="periods", verbose_name="chế độ báo cáo")
    period = models.CharField("kỳ", max_length=10)
    due_on = models.DateField("hạn", null=True, blank=True)
    ends_on = models.DateField("hết hạn theo luật", null=True, blank=True, editable=False)

    guard = Guard(view="reports.view", place="place")

    class Meta:
        ordering = [F("ends_on").asc(nulls_last=True), "period", "id"]
        verbose_name = "kỳ báo cáo"
        constraints = [models.UniqueConstraint(fields=["duty", "period"], condition=Q(entered_in_error=False), name="report_period_once")]
        indexes = [models.Index(fields=["place", "ends_on"], name="report_period_place_end")]

    def __str__(self) -> str:
        return f"{self.duty} · {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ends_on = due_day(self.due_on).effective if self.due_on else None
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """What lists call it: "6 tháng đầu năm 2026"; "Đột xuất, đến ngày 09/06/2026" for a duty that follows no calendar."""
        words = self.calendar.title
        if self.duty.form_name:
            return f"{FORMS[self.duty.form].subject} {words[:1].lower()}{words[1:]}"
        if self.duty.period_kind in Duty.CALENDAR:
            return words
        kind = self.duty.get_period_kind_display()
        return f"{kind[:1].upper()}{kind[1:]}, {words[:1].lower()}{words[1:]}"

    @property
    def calendar(self) -> Period:
        """The calendar period, or the span that stands for one."""
        return span_of(self.period)


class Reports(models.QuerySet["Report"]):
    """Queries of reports that leave locked ones alone: changing or deleting one through a query is refused."""

    def update(self, **changes: Any) -> int:
        _refuse_locked(self)
        return super().update(**changes)

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse_locked(self)
        return super().delete()


def _refuse_locked(rows: "models.QuerySet[Report]") -> None:
    if rows.filter(state=Report.LOCKED).exists():
        raise Refused("locked", LOCKED_SENTENCE, status=409)


class Report(Fact):
    """A report of a period: its sections in words, the figures in them, and who did what when.

    `sections`: [{"key", "title", "text", "drafted", "version", "edited_by", "edited_at"}], where `text` holds lines
    (paragraphs, "- " items, "{{table:NAME}}") with figures as "{{KEY.PART}}" and `drafted` is the text as composed.
    `tables`: NAME -> {"columns", "rows", "widths", "align", "once" (sources are referred to once in all)} with the same marks in cells. `figures`: KEY -> a reference,
    see `figures.py`. `sequence` 1 is the report, 2 and up supplement a locked one. `digest` proves what was locked.
    """

    DRAFT, SUBMITTED, RETURNED, APPROVED, LOCKED = "draft", "submitted", "returned", "approved", "locked"
    STATES = [(DRAFT, "Nháp"), (SUBMITTED, "Đã gửi"), (RETURNED, "Trả lại"), (APPROVED, "Đã duyệt"), (LOCKED, "Đã khóa")]
    OPEN = (DRAFT, RETURNED)

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    period = models.ForeignKey(ReportPeriod, models.PROTECT, related_name="reports", verbose_name="kỳ báo cáo")
    sequence = models.PositiveSmallIntegerField("lần", default=1)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="đơn vị lập")
    form = models.CharField("mẫu", max_length=30)
    title = models.CharField("trích yếu", max_length=250)
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default=DRAFT)
    sections = models.JSONField("các mục", default=list)
    tables = models.JSONField("các bảng", default=dict, blank=True)
    figures = models.JSONField("số liệu", default=dict, blank=True)
    as_of = models.DateField("số liệu tính đến")
    computed_at = models.DateTimeField("tính lúc")
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người gửi")
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    submissions = models.PositiveSmallIntegerField("số lần gửi", default=0)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trả lại")
    returned_at = models.DateTimeField("trả lại lúc", null=True, blank=True)
    return_reason = models.CharField("lý do trả lại", max_length=1000, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt")
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người khóa")
    locked_at = models.DateTimeField("khóa lúc", null=True, blank=True)
    digest = models.CharField("mã băm khi khóa", max_length=64, blank=True, editable=False)

    guard = Guard(view="reports.view", place="place")
    objects = Reports.as_manager()

    class Meta:
        ordering = ["-created_at"]
        base_manager_name = "objects"
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = [
            models.UniqueConstraint(fields=["period", "sequence"], condition=Q(entered_in_error=False), name="report_once"),
            models.CheckConstraint(condition=~Q(state="submitted") | Q(submitted_at__isnull=False), name="report_submitted_when"),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(return_reason=""), name="report_returned_why"),
            models.CheckConstraint(condition=~Q(state="locked") | (Q(locked_at__isnull=False) & ~Q(digest="")), name="report_locked_proved"),
        ]

    def __str__(self) -> str:
        again = f" (bổ sung lần {self.sequence - 1})" if self.sequence > 1 else ""
        return f"{self.title}{again}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if Report.objects.filter(pk=self.pk, state=Report.LOCKED).exists():
            raise Refused("locked", LOCKED_SENTENCE, status=409)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse_locked(Report.objects.filter(pk=self.pk))
        return super().delete(*args, **kwargs)

    def plain(self) -> dict[str, Any]:
        """As every fact; tables stand in the audit by the digest of the content only."""
        kept = {name: value for name, value in super().plain().items() if name not in {"tables", "figures"}}
        return {**kept, "content": self.content_digest()}

    def content_digest(self) -> str:
        """The SHA-256, in hex, of what the report says: sections, tables, figures, title, number and day."""
        said = [self.title, self.number, self.symbol, str(self.issued_on or ""), str(self.as_of), self.sections, self.tables, self.figures]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def is_open(self) -> bool:
        """Whether its words may still be changed: a draft, or one that was returned."""
        return self.state in Report.OPEN
