"""Targets: a level that a place must reach by a day, and the indicator that measures it."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place
from tramyte.governance.directives.fields import COMPARATORS
from tramyte.governance.directives.models import Directive, Obligation


class Target(Fact):
    """A level to reach: "tham gia BHYT đạt từ 98 % dân số trở lên" by the end of 2026.

    `phrase` is as printed. `indicator` is the code of what measures it, or empty while nothing in the system does:
    such a target never shows a figure. `confirmed_by` and `confirmed_on` say who tied it to the indicator.
    `value` is in `unit` (percent points with "%"). A target without a day runs to the end of its `year`, one without
    a year to the end of the year of its directive. A target without a directive was given directly, on `given_on`.
    A revoked directive ends its targets (`ended_on`), and so does withdrawing one.
    """

    ACTIVE, REVOKED = "active", "revoked"
    STATES = [(ACTIVE, "đang hiệu lực"), (REVOKED, "hết hiệu lực")]

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name="văn bản")
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name="mục trong văn bản")
    phrase = models.TextField("nội dung", max_length=5000)
    indicator = models.CharField("mã chỉ tiêu", max_length=20, blank=True, db_index=True)
    comparator = models.CharField("so sánh", max_length=10, choices=COMPARATORS, default=">=")
    value = models.FloatField("mức giao", null=True, blank=True)
    unit = models.CharField("đơn vị tính", max_length=30, blank=True)
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    given_on = models.DateField("ngày giao", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default=ACTIVE)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người gắn")
    confirmed_on = models.DateField("ngày gắn", null=True, blank=True)
    ended_on = models.DateField("hết hiệu lực từ ngày", null=True, blank=True)
    ended_reason = models.CharField("lý do hết hiệu lực", max_length=300, blank=True)

    guard = Guard(view="figures.view", place="place")

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "created_at"]
        verbose_name = "chỉ tiêu được giao"
        indexes = [models.Index(fields=["place", "state"], name="target_place_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state="revoked") ^ Q(ended_on=None), name="target_ended_has_day"),
            models.CheckConstraint(condition=Q(indicator="") | ~Q(confirmed_on=None), name="target_binding_confirmed"),
        ]

    def __str__(self) -> str:
        return self.phrase[:120]

    @property
    def deadline(self) -> datetime.date:
        """The last day by which it must be reached."""
        if self.due_on:
            return self.due_on
        return datetime.date(self.year or self.set_on.year, 12, 31)

    @property
    def set_on(self) -> datetime.date:
        """The day it was set: its directive's, the day it was given directly, or the day it was entered."""
        if self.directive:
            return self.directive.dated_on or self.directive.arrived_on
        return self.given_on or self.created_at.date()

    @property
    def source(self) -> str:
        """What set it, in words: the directive, or that it was given directly."""
        if self.directive:
            return str(self.directive)
        return f"giao trực tiếp ngày {self.given_on:%d/%m/%Y}" if self.given_on else "giao trực tiếp"
