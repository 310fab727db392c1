"""The stored facts of the health record: who was asked what on which day, and what was said."""

from django.db import models
from django.db.models import Q

from tramyte.care.health_record.form import (
    ALLERGENS,
    CLINICAL_STATUS,
    DISABILITIES,
    FINDINGS,
    ILLNESSES,
    IN_FAMILY,
    OTHER,
    PARTS,
)
from tramyte.care.people.models import PRECISIONS, Person
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact

SLUGS = [(part.slug, part.title) for part in PARTS]
GUARD = Guard(view="people.view", place="person__hamlet", personal=True)


def _words_beside_other(name: str) -> models.CheckConstraint:
    """What is none of the words of the form says what it is."""
    said = "Chọn “khác” thì ghi rõ là gì."
    return models.CheckConstraint(condition=~Q(code=OTHER) | ~Q(detail=""), name=name, violation_error_message=said)


class PartReview(Fact):
    """That one part of the record was asked about on a day, and with what finding: something, nothing, or not known.

    `number` counts the reviews of the part of a person from 1: the newest is the version of the part that a page saw.
    A part that was never reviewed is not asked; an absence that was stated is a fact with its day.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="part_reviews", verbose_name="người dân")
    part = models.CharField("phần", max_length=15, choices=SLUGS)
    on = models.DateField("ngày hỏi")
    finding = models.CharField("kết quả", max_length=10, choices=FINDINGS)
    number = models.PositiveIntegerField("lần thứ", editable=False)

    guard = GUARD

    class Meta:
        ordering = ["-on", "-number", "id"]
        verbose_name = "lần hỏi một phần hồ sơ"
        constraints = [models.UniqueConstraint(
            fields=["person", "part", "number"], condition=Q(entered_in_error=False), name="part_review_once",
            violation_error_message="Phần này vừa có người khác ghi. Hãy mở lại rồi sửa tiếp.")]


class Observation(Fact):
    """One answer of the form: code of the question, value as `form.Question` reads it, and the day it was said."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="record_observations", verbose_name="người dân")
    part = models.CharField("phần", max_length=15, choices=SLUGS)
    code = models.CharField("mục", max_length=20)
    value = models.CharField("trả lời", max_length=200)
    on = models.DateField("ngày hỏi")

    guard = GUARD

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "mục trong hồ sơ sức khỏe"
        constraints = [models.UniqueConstraint(fields=["person", "code", "on"], condition=Q(entered_in_error=False), name="observation_once_a_day")]


class Stated(Fact):
    """A line of a list of the record: a code and words, since when as far as it is known, and the day it was said."""

    detail = models.CharField("mô tả rõ", max_length=200, blank=True)
    onset = models.DateField("từ khi nào", null=True, blank=True)
    onset_precision = models.CharField("độ chính xác", max_length=5, choices=PRECISIONS, default="day")
    on = models.DateField("ngày hỏi")

    class Meta:
        abstract = True


class AllergyIntolerance(Stated):
    """What a person does not tolerate: the kind of substance as `code`, the substance and what happened as `detail`."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="allergies", verbose_name="người dân")
    code = models.CharField("loại dị nguyên", max_length=20, choices=ALLERGENS)

    guard = GUARD

    class Meta:
        ordering = ["code", "detail", "id"]
        verbose_name = "dị ứng"
        constraints = [_words_beside_other("allergy_other_says_what")]


class Condition(Stated):
    """An illness a person has or had, or a disability; `onset` is when it was found, `status` whether it is still there."""

    CATEGORIES = [("illness", "bệnh tật"), ("disability", "khuyết tật")]

    person = models.ForeignKey(Person, models.PROTECT, related_name="conditions", verbose_name="người dân")
    category = models.CharField("nhóm", max_length=10, choices=CATEGORIES, default="illness", editable=False)
    status = models.CharField("tình trạng", max_length=10, choices=CLINICAL_STATUS, default="active")
    code = models.CharField("bệnh, khuyết tật", max_length=20, choices=[*ILLNESSES, *(pair for pair in DISABILITIES if pair[0] != OTHER)])

    guard = GUARD

    class Meta:
        ordering = ["code", "onset", "id"]
        verbose_name = "bệnh, khuyết tật"
        indexes = [models.Index(fields=["category", "code"], name="condition_category_code")]
        constraints = [_words_beside_other("condition_other_says_what")]


class Procedure(Stated):
    """An operation; `onset` is when it was done."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="procedures", verbose_name="người dân")

    guard = GUARD

    class Meta:
        ordering = ["onset", "id"]
        verbose_name = "phẫu thuật"
        constraints = [models.CheckConstraint(condition=~Q(detail=""), name="procedure_says_what", violation_error_message="Hãy ghi bộ phận và lý do phẫu thuật.")]


class FamilyMemberHistory(Stated):
    """An allergy or illness in the family, with who has it: `relative`, by blood."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="family_history", verbose_name="người dân")
    code = models.CharField("bệnh, dị ứng", max_length=20, choices=IN_FAMILY)
    relative = models.CharField("người mắc", max_length=60)

    guard = GUARD

    class Meta:
        ordering = ["code", "relative", "id"]
        verbose_name = "tiền sử gia đình"
        constraints = [_words_beside_other("family_other_says_what")]
