"""Persons, households, residence with dates, identifiers, insurance coverage and health records."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from tramyte.care.people.death import Death
from tramyte.care.people.insurance_lists import InsuranceFile, InsuranceLine, InsuranceList
from tramyte.care.people.merges import DuplicatePair, Merge
from tramyte.care.people.pins import Pin
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place
from tramyte.rules.text import fold

__all__ = [
    "HEAD",
    "PRECISIONS",
    "SEXES",
    "Coverage",
    "Death",
    "DuplicatePair",
    "Household",
    "Identifier",
    "InsuranceFile",
    "InsuranceLine",
    "InsuranceList",
    "Merge",
    "Person",
    "Pin",
    "RecordEntry",
    "Residence",
    "SearchText",
]

SEXES = [("M", "Nam"), ("F", "Nữ")]
HEAD = "chủ hộ"  # the relation of the head of a household, in any case of letters
PRECISIONS = [("day", "đủ ngày"), ("month", "chỉ tháng và năm"), ("year", "chỉ năm")]


class Household(Fact):
    """People who live and eat together, known by a number within a hamlet."""

    hamlet = models.ForeignKey(Place, models.PROTECT, verbose_name="thôn")
    number = models.CharField("số hộ", max_length=20)
    address = models.CharField("địa chỉ", max_length=200, blank=True)

    guard = Guard(view="people.view", place="hamlet", personal=True)

    class Meta:
        ordering = ["hamlet", "number"]
        verbose_name = "hộ gia đình"
        constraints = [models.UniqueConstraint(
            fields=["hamlet", "number"], condition=Q(entered_in_error=False), name="household_number_once",
            violation_error_message="Thôn này đã có hộ mang số đó. Hãy mở hộ đã có, hoặc đổi số hộ.")]

    def __str__(self) -> str:
        return f"Hộ {self.number}"


class Person(Fact):
    """One human being, never stored twice on purpose, never deleted.

    `hamlet` is where the person stays now (the last place of stay of those who left or died); it
    follows the residences and is written only by the residence actions. `search` is the folded name.
    `presence` is there when a query annotated it with `queries.presence`.
    """

    presence: str

    full_name = models.CharField("họ và tên", max_length=100)
    search = models.CharField(max_length=120, editable=False)
    birth_date = models.DateField("ngày sinh")
    birth_precision = models.CharField("độ chính xác", max_length=5, choices=PRECISIONS, default="day")
    sex = models.CharField("giới tính", max_length=1, choices=SEXES)
    ethnicity = models.CharField("dân tộc", max_length=30, default="Kinh", blank=True)
    occupation = models.CharField("nghề nghiệp", max_length=60, blank=True)
    phone = models.CharField("điện thoại", max_length=15, blank=True, db_index=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="members", verbose_name="hộ")
    relation = models.CharField("quan hệ với chủ hộ", max_length=30, blank=True)
    mother = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="mẹ")
    hamlet = models.ForeignKey(Place, models.PROTECT, db_index=False, verbose_name="thôn")
    died_on = models.DateField("ngày mất", null=True, blank=True)

    guard = Guard(view="people.view", place="hamlet", personal=True)

    class Meta:
        ordering = ["search", "birth_date", "id"]
        verbose_name = "người dân"
        indexes = [
            models.Index(fields=["hamlet", "search"], name="person_hamlet_search"),
            models.Index(fields=["birth_date", "sex"], name="person_birth_sex"),
            # The order of the residents' book with all that narrows it: a page of it touches no other row.
            models.Index(fields=["search", "birth_date", "id", "hamlet", "entered_in_error", "died_on"], name="person_book"),
            models.Index(fields=["hamlet", "entered_in_error", "died_on", "ethnicity"], name="person_hamlet_alive"),
            # Whose hamlet it is and who lives, for counts and the books of other facts: no person is opened for it.
            models.Index(fields=["id", "hamlet", "entered_in_error", "died_on"], name="person_alive_in"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(died_on=None) | Q(died_on__gte=F("birth_date")), name="person_dies_after_birth"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = fold(self.full_name)
        super().save(*args, **kwargs)

    @property
    def is_alive(self) -> bool:
        """No death is recorded."""
        return self.died_on is None

    @property
    def is_head(self) -> bool:
        """The relation says head of the household."""
        return self.relation.casefold() == HEAD


class Identifier(Fact):
    """A number somebody is known by. Never a hard unique key: newborns, unknown people, corrected numbers.

    A number that was corrected keeps its row with `valid_to`, so that it stays findable; `ended_by` is the number
    that took its place: when that one is taken back, this one holds again.
    """

    KINDS = [("national", "số định danh cá nhân"), ("old_national", "số CMND cũ"), ("insurance", "mã số BHXH"), ("temporary", "số tạm")]

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="identifiers")
    kind = models.CharField("loại", max_length=15, choices=KINDS)
    value = models.CharField("số", max_length=20, db_index=True)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    ended_by = models.UUIDField("hết vì số mới", null=True, blank=True, editable=False)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["kind", "-valid_from", "id"]
        verbose_name = "giấy tờ"
        indexes = [models.Index(fields=["person", "kind"], name="identifier_person_kind")]


class Residence(Fact):
    """That a person lives in a place, or is away from it, from a day on. Two at once is normal.

    `ended_by` is the residence whose beginning, or the death that ended this one: when that is taken back, this one goes on.
    """

    KINDS = [("permanent", "thường trú"), ("temporary", "tạm trú"), ("absent", "đi vắng")]

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="residences")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name="nơi ở")
    kind = models.CharField("loại cư trú", max_length=10, choices=KINDS)
    start = models.DateField("từ ngày")
    end = models.DateField("đến hết ngày", null=True, blank=True)
    reason = models.CharField("lý do", max_length=60, blank=True)
    ended_by = models.UUIDField("hết vì nơi ở mới hoặc ca tử vong", null=True, blank=True, editable=False)

    guard = Guard(view="people.view", place="place", personal=True)

    class Meta:
        ordering = ["-start", "id"]
        verbose_name = "cư trú"
        indexes = [models.Index(fields=["person", "start", "end", "kind", "place", "entered_in_error"], name="residence_person_stay")]
        constraints = [models.CheckConstraint(condition=Q(end=None) | Q(end__gte=F("start")), name="residence_ends_after_start")]


class Coverage(Fact):
    """A period of health insurance: one card, one period, both days inclusive."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="coverages", verbose_name="người dân")
    card_number = models.CharField("số thẻ BHYT", max_length=15, db_index=True)
    group = models.CharField("nhóm đối tượng", max_length=2, blank=True)
    facility_code = models.CharField("nơi đăng ký KCB ban đầu", max_length=10, blank=True)
    start = models.DateField("giá trị từ ngày")
    end = models.DateField("giá trị đến ngày")

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-end", "id"]
        verbose_name = "thẻ bảo hiểm y tế"
        indexes = [
            models.Index(fields=["person", "end", "start", "entered_in_error"], name="coverage_person_end"),
            models.Index(fields=["end"], name="coverage_end"), models.Index(fields=["group", "end", "entered_in_error", "person"], name="coverage_group_end"),
        ]
        constraints = [models.CheckConstraint(condition=Q(end__gte=F("start")), name="coverage_ends_after_start")]


class RecordEntry(Fact):
    """That a personal health record (QĐ 831/QĐ-BYT) was opened, or its content brought up to date, on a day."""

    KINDS = [("opened", "lập hồ sơ"), ("updated", "cập nhật")]

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="record_entries")
    kind = models.CharField("việc", max_length=10, choices=KINDS)
    on = models.DateField("ngày")
    source = models.CharField("nguồn", max_length=60, blank=True)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-on", "id"]
        verbose_name = "hồ sơ sức khỏe"
        # Wide enough that the history of an entry is read from the index alone.
        indexes = [models.Index(fields=["person", "on", "kind", "entered_in_error"], name="record_entry_history")]


class SearchText(models.Model):
    """The words a person is found by, derived from the facts by `search.refresh`; never edited by hand.

    `text`: words parted by one blank: name folded and with tones, initials, birth year and date, hamlet,
    numbers (ended ones too), telephone. An index of words stands on it: see migration 0002_search.
    """

    stays_on_merge = True  # derived anew from the facts

    id = models.BigAutoField(primary_key=True)
    person = models.OneToOneField(Person, models.CASCADE, related_name="search_text")
    # No index of its own: SQLite would walk a whole commune by it instead of asking the index of words.
    hamlet = models.ForeignKey(Place, models.PROTECT, db_index=False)
    name = models.CharField(max_length=120)
    text = models.TextField()

    guard = Guard(view="people.view", place="hamlet", personal=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "từ để tìm người"
        default_permissions = ()
