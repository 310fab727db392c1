"""That the vaccination history of a child was reviewed at school entry."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from tramyte.care.people.models import Person
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact

AGES = {"kindergarten": 3, "primary": 6}  # by which a level begins, in the calendar year in which the school year does


class SchoolReview(Fact):
    """One review of a child's vaccination history at entering kindergarten or primary school.

    school_year: the calendar year in which it begins. result, missing: derived by the action from the doses known that day, never
    typed: complete, lacking (missing: the doses that are due, in words), unrecorded when no book holds a dose of the child.
    advised: the family was told what is missing and where to go.
    """

    LEVELS = [("kindergarten", "mầm non"), ("primary", "tiểu học")]
    RESULTS = [("complete", "đủ mũi theo tuổi"), ("lacking", "thiếu mũi"), ("unrecorded", "chưa có thông tin")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="school_reviews", verbose_name="trẻ")
    school_year = models.PositiveSmallIntegerField("năm học bắt đầu từ năm", validators=[
        MinValueValidator(2020, "Năm học phải từ 2020. Hãy ghi năm mà năm học bắt đầu."), MaxValueValidator(2100, "Năm học quá xa. Hãy ghi năm mà năm học bắt đầu.")])
    level = models.CharField("cấp học", max_length=12, choices=LEVELS)
    on = models.DateField("ngày rà soát")
    school = models.CharField("trường, lớp", max_length=120, blank=True)
    advised = models.BooleanField("đã tư vấn tiêm bù", default=False)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    result = models.CharField("kết quả", max_length=10, choices=RESULTS, editable=False)
    missing = models.CharField("mũi còn thiếu", max_length=250, blank=True, editable=False)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "lần rà soát tiền sử tiêm chủng"
        constraints = [models.UniqueConstraint(
            fields=["person", "school_year", "level"], condition=models.Q(entered_in_error=False), name="school_review_once",
            violation_error_message="Trẻ này đã được rà soát cho cấp học và năm học đó. Hãy mở dòng đã có để sửa.")]
