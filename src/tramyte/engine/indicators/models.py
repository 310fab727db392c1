"""Stored figures and the people behind them."""

from django.db import models

from tramyte.engine.access.rights import Guard
from tramyte.engine.places.models import Place


class Result(models.Model):
    """Counts of one indicator for one smallest place (a hamlet, or a commune where no hamlet is known) and month.

    Larger places are sums of these. `group_kind` is empty for the whole place, else the name of a group column
    whose value is `group`. `watermark` is the number of the last audit entry that had gone in.
    """

    indicator = models.CharField(max_length=20)
    definition_version = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, models.PROTECT)
    period = models.CharField(max_length=10)
    as_of = models.DateField()
    group_kind = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=40, blank=True)
    numerator = models.IntegerField()
    denominator = models.IntegerField()
    unknown = models.IntegerField()
    computed_at = models.DateTimeField()
    watermark = models.BigIntegerField()

    guard = Guard(view="figures.view", place="place")

    class Meta:
        ordering = ["indicator", "period", "place"]
        verbose_name = "kết quả chỉ tiêu"
        constraints = [models.UniqueConstraint(fields=["indicator", "period", "group_kind", "group", "place"], name="result_once")]


class Outcome(models.Model):
    """One subject of one indicator as it stands now: whether met, and if not, why and what is due when."""

    indicator = models.CharField(max_length=20)
    subject = models.UUIDField()
    subject_type = models.CharField(max_length=30)
    place = models.ForeignKey(Place, models.PROTECT)
    met = models.BooleanField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    groups = models.JSONField(default=dict)

    guard = Guard(view="people.view", place="place", personal=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "việc theo chỉ tiêu"
        constraints = [models.UniqueConstraint(fields=["indicator", "subject"], name="outcome_once")]
        indexes = [
            models.Index(fields=["indicator", "place", "met", "due_on"], name="outcome_worklist"),
            models.Index(fields=["subject"], name="outcome_subject"),
        ]


class Standing(models.Model):
    """When an indicator was last computed, for which day, and whether something has changed since that it does not know."""

    indicator = models.CharField(primary_key=True, max_length=20)
    definition_version = models.PositiveSmallIntegerField()
    as_of = models.DateField()
    computed_at = models.DateTimeField()
    watermark = models.BigIntegerField()
    stale = models.BooleanField(default=False)

    class Meta:
        ordering = ["indicator"]
        verbose_name = "lần tính chỉ tiêu"
