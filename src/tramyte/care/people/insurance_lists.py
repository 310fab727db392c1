"""Lists of the insurance agency as rows: the file, and each difference between it and the cards that are stored."""

from django.db import models

from tramyte.engine.access.guard import Guard
from tramyte.engine.access.models import User
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place


class InsuranceList(Fact):
    """One list of cards from the insurance agency, compared before anything is written and undone whole when asked.

    `on` is the day for which the list speaks; `whole`: it claims to name everybody insured in `hamlets` (codes; none: all).
    `applied` are the kinds of lines that were chosen to be written. The rows it makes bear its id as their import.
    """

    STATES = [("comparing", "đang so"), ("compared", "chờ duyệt"), ("running", "đang ghi"), ("applied", "đã ghi"), ("undoing", "đang hoàn tác"), ("undone", "đã hoàn tác")]

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="xã")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người nhập")
    file_name = models.CharField("tên tệp", max_length=200)
    digest = models.CharField(max_length=64)
    on = models.DateField("tính đến ngày")
    whole = models.BooleanField("danh sách đủ", default=False)
    hamlets = models.JSONField("các thôn", default=list, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default="compared")
    applied = models.JSONField("đã ghi loại", default=list, blank=True)
    job = models.UUIDField(null=True, blank=True)

    guard = Guard(view="people.import", place="place", personal=True)

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = "danh sách thẻ của cơ quan BHXH"


class InsuranceFile(models.Model):
    """The file of a list that is not compared yet; it goes once the differences are there."""

    load = models.OneToOneField(InsuranceList, models.CASCADE, related_name="file", primary_key=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = "tệp của danh sách thẻ"
        default_permissions = ()


class InsuranceLine(models.Model):
    """One difference: a line of the file (`number`), or a stored card that the list does not name (`number` 0).

    The card as the list says it; `coverage` and `version` the stored one it is compared with, `before` what that was when
    it was changed, `made` the card that was added. `reason`: what differs, in words.
    """

    KINDS = [
        ("new", "Thẻ mới"), ("changed", "Thay đổi"), ("lost", "Mất thẻ"), ("unchanged", "Không đổi"),
        ("unmatched", "Không thấy người"), ("ambiguous", "Cần xem"), ("refused", "Không nhận"),
    ]

    stays_on_merge = True  # it is about a line of a file

    load = models.ForeignKey(InsuranceList, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("dòng", default=0)
    kind = models.CharField("kết quả", max_length=10, choices=KINDS)
    hamlet = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="thôn")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", verbose_name="người dân")
    name = models.CharField("họ và tên", max_length=120, blank=True)
    birth = models.CharField("ngày sinh", max_length=20, blank=True)
    card_number = models.CharField("số thẻ BHYT", max_length=30, blank=True)
    group = models.CharField("nhóm đối tượng", max_length=2, blank=True)
    facility_code = models.CharField("nơi đăng ký KCB ban đầu", max_length=10, blank=True)
    start = models.DateField("giá trị từ ngày", null=True)
    end = models.DateField("giá trị đến ngày", null=True)
    reason = models.CharField("khác gì", max_length=500, blank=True)
    coverage = models.UUIDField(null=True)
    version = models.PositiveIntegerField(null=True)
    before = models.JSONField(null=True)
    made = models.UUIDField(null=True)
    done = models.BooleanField(default=False)

    guard = Guard(view="people.import", place="load__place", personal=True)

    class Meta:
        ordering = ["number", "id"]
        verbose_name = "dòng của danh sách thẻ"
        default_permissions = ()
        indexes = [models.Index(fields=["load", "kind", "done", "number"], name="insurance_line_kind")]
