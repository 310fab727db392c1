"""What each person is to get next, stored so that lists need no reckoning; derived by `renewing`, never typed."""

from django.db import models

from tramyte.care.people.models import Person
from tramyte.engine.access.rights import Guard

OPEN = ("due", "not_due", "overdue", "contraindicated")  # a group that is complete or aged out has no row


class Recommendation(models.Model):
    """The next dose of a person in one group of the schedule, as `rules.forecast` says it today.

    dose, number: code and number of the dose that is next; vaccine: the code of what is given. earliest, due_on (recommended),
    in_time_until (last day in time): None where a contraindication has no end. reason: the status, or refused or deferred, which
    somebody said on `event_on`. Groups without anything to come have no row.
    """

    stays_on_merge = True  # derived anew from the doses

    STATUSES = [("due", "đến hạn"), ("not_due", "chưa đến hạn"), ("overdue", "quá hạn"), ("contraindicated", "chống chỉ định")]
    REASONS = [*STATUSES, ("refused", "gia đình từ chối"), ("deferred", "tạm hoãn")]

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="recommendations", verbose_name="người dân")
    group = models.CharField("nhóm vắc xin", max_length=10)
    dose = models.CharField("mũi", max_length=20)
    number = models.PositiveSmallIntegerField("mũi thứ")
    vaccine = models.CharField("vắc xin", max_length=30)
    earliest = models.DateField("sớm nhất", null=True)
    due_on = models.DateField("ngày hẹn", null=True)
    in_time_until = models.DateField("hạn cuối", null=True)
    status = models.CharField("tình trạng", max_length=15, choices=STATUSES)
    reason = models.CharField("lý do", max_length=15, choices=REASONS)
    event_on = models.DateField("ngày ghi lý do", null=True)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "mũi sắp tới"
        default_permissions = ()
        indexes = [models.Index(fields=["status", "due_on", "person"], name="recommendation_due")]
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="recommendation_once")]


class Waiting(models.Model):
    """That the recommendations of a person wait to be reckoned anew, after many rows were written at once."""

    stays_on_merge = True

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, verbose_name="người dân")

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        verbose_name = "người chờ tính lịch tiêm"
        default_permissions = ()
