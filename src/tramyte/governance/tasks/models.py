"""Tasks with their milestones, notes of progress and reminders."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import OrgUnit, Place
from tramyte.governance.directives.models import Directive, Obligation
from tramyte.rules.calendar import due_day


class Task(Fact):
    """Something a unit or a person must do.

    `due_on` is the last day as directed ("trước ngày 10/6" gives 09/06); `ends_on` the day on which that period ends
    by law when it falls on a day off; lateness counts from `ends_on`. A task with a dated `recurrence` and no
    `series` is the head of a series: its occurrences carry the days, the head is not counted. A task with an
    `indicator` closes when the target on that indicator is met: `closed_by_figure` then, and `fell_on` is the day on
    which the figure was below the level again when it was too late to reopen it. One that a person opened again is
    `kept_open`: only a person closes it.
    """

    OPEN, DONE, CANCELLED = "open", "done", "cancelled"
    STATES = [(OPEN, "đang làm"), (DONE, "hoàn thành"), (CANCELLED, "đã hủy")]
    RECURRENCES = [
        ("daily", "hằng ngày"), ("weekly", "hằng tuần"), ("monthly", "hằng tháng"), ("quarterly", "hằng quý"),
        ("semiannual", "6 tháng một lần"), ("annual", "hằng năm"), ("regular", "thường xuyên"), ("periodic", "định kỳ"),
    ]
    DATED = ("weekly", "monthly", "quarterly", "semiannual", "annual")

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="văn bản")
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="mục trong văn bản")
    title = models.CharField("nhiệm vụ", max_length=200)
    text = models.TextField("nội dung", blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="đơn vị chủ trì")
    coordinating = models.JSONField("đơn vị phối hợp", default=list, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="người làm")
    starts_on = models.DateField("bắt đầu", null=True, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    ends_on = models.DateField("hết hạn theo luật", null=True, blank=True, editable=False)
    time_phrase = models.CharField("thời hạn như văn bản ghi", max_length=200, blank=True)
    recurrence = models.CharField("lặp lại", max_length=10, choices=RECURRENCES, blank=True)
    series = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="occurrences", verbose_name="của việc định kỳ")
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default=OPEN)
    progress = models.PositiveSmallIntegerField(
        "tiến độ (%)", default=0, validators=[MaxValueValidator(100, "Tiến độ từ 0 đến 100. Hãy kiểm tra lại.")])
    done_on = models.DateField("ngày hoàn thành", null=True, blank=True)
    closed_reason = models.CharField("lý do hủy hoặc mở lại", max_length=300, blank=True)
    indicator = models.CharField("mã chỉ tiêu", max_length=20, blank=True, db_index=True)
    closed_by_figure = models.BooleanField("tự đóng theo chỉ tiêu", default=False, editable=False)
    kept_open = models.BooleanField("người giao giữ mở", default=False, editable=False)
    fell_on = models.DateField("lại dưới mức giao từ ngày", null=True, blank=True, editable=False)

    guard = Guard(view="tasks.view", place="place")

    class Meta:
        ordering = [F("ends_on").asc(nulls_last=True), "created_at"]
        verbose_name = "nhiệm vụ"
        indexes = [models.Index(fields=["place", "state", "ends_on"], name="task_place_state_end")]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="task_progress_to_100"),
            models.CheckConstraint(condition=Q(state="done") ^ Q(done_on=None), name="task_done_has_day"),
            models.UniqueConstraint(
                fields=["series", "due_on"], condition=~Q(series=None), name="task_occurrence_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ends_on = due_day(self.due_on).effective if self.due_on else None
        super().save(*args, **kwargs)

    @property
    def is_head(self) -> bool:
        """Whether it is the head of a dated series, whose occurrences are the tasks that count."""
        return self.series_id is None and self.recurrence in self.DATED


class Coordination(Fact):
    """That a unit works with the leading one on a task. `name` is as printed; `unit` is empty while nobody knows which unit is meant."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="coordinations", verbose_name="nhiệm vụ")
    name = models.CharField("đơn vị phối hợp như văn bản ghi", max_length=150)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="coordinations", verbose_name="đơn vị trong xã")

    guard = Guard(view="tasks.view", place="task__place")

    class Meta:
        ordering = ["created_at"]
        verbose_name = "phối hợp"
        constraints = [models.UniqueConstraint(fields=["task", "name"], condition=Q(entered_in_error=False), name="coordination_once")]

    def __str__(self) -> str:
        return self.name


class Milestone(Fact):
    """A step of a task with a day of its own."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones", verbose_name="nhiệm vụ")
    title = models.CharField("mốc", max_length=200)
    due_on = models.DateField("hạn của mốc", null=True, blank=True)
    done_on = models.DateField("ngày xong", null=True, blank=True)

    guard = Guard(view="tasks.view", place="task__place")

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "created_at"]
        verbose_name = "mốc của nhiệm vụ"

    def __str__(self) -> str:
        return self.title


class ProgressNote(Fact):
    """What was done on a task on a day, by whom, and the proof: a kept file (by digest) or a link.

    `unit` is the coordinating unit that tells of its own part; empty for the unit that leads.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="notes", verbose_name="nhiệm vụ")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người báo")
    on = models.DateField("ngày")
    text = models.TextField("kết quả", max_length=4000, blank=True)
    percent = models.PositiveSmallIntegerField(
        "tiến độ (%)", null=True, blank=True, validators=[MaxValueValidator(100, "Tiến độ từ 0 đến 100. Hãy kiểm tra lại.")])
    evidence_name = models.CharField("tệp minh chứng", max_length=200, blank=True)
    evidence_digest = models.CharField("mã băm của tệp", max_length=64, blank=True, editable=False)
    link = models.URLField("đường dẫn minh chứng", max_length=500, blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị phối hợp ghi")

    guard = Guard(view="tasks.view", place="task__place")

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "báo cáo tiến độ"

    def __str__(self) -> str:
        return self.text[:80] or f"{self.percent} %"


class Reminder(Fact):
    """A sentence for one user, shown inside the product until it is read."""

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="reminders", verbose_name="nhiệm vụ")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders", verbose_name="người nhận")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người nhắc")
    text = models.CharField("nội dung", max_length=300)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)

    guard = Guard(view="tasks.view", place="place")

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "lời nhắc"
        indexes = [models.Index(fields=["user", "read_at"], name="reminder_user_read")]

    def __str__(self) -> str:
        return self.text
