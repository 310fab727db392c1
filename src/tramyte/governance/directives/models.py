"""Directives that came in, and each obligation that was understood in them."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import OrgUnit, Place


class Directive(Fact):
    """A document that sets tasks, reporting duties or targets, with the incoming-document fields of Nghị định 30/2020 (Điều 23, 24).

    `dated_on` is the day of the document when it is whole; `dated` what is printed ("2026-06" when the day is blank).
    `text` is what was read; spans of obligations count its characters. `digest` is the SHA-256 of the bytes received,
    `text_digest` that of the folded text, so that the same words in another file are noticed. `header` holds the
    other parts as parsed (legal bases, recipients, addressees, meeting date).
    """

    REVIEWING, ISSUED, REVOKED = "reviewing", "issued", "revoked"
    STATES = [(REVIEWING, "đang rà soát"), (ISSUED, "đã nhận"), (REVOKED, "hết hiệu lực")]
    RELATIONS = [("amends", "sửa đổi, bổ sung"), ("replaces", "thay thế"), ("revokes", "bãi bỏ")]

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn nhận")
    kind = models.CharField("tên loại", max_length=60, blank=True)
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    dated = models.CharField("ngày văn bản", max_length=10, blank=True)
    dated_on = models.DateField("ngày văn bản (đủ ngày)", null=True, blank=True)
    issuing_body = models.CharField("cơ quan ban hành", max_length=250, blank=True)
    title = models.TextField("trích yếu", blank=True)
    signer = models.CharField("người ký", max_length=250, blank=True)
    header = models.JSONField("phần đầu và phần cuối", default=dict, blank=True)
    text = models.TextField("toàn văn")
    file_name = models.CharField("tên tệp", max_length=200, blank=True)
    digest = models.CharField("mã băm của tệp", max_length=64, db_index=True, editable=False)
    text_digest = models.CharField("mã băm của chữ", max_length=64, db_index=True, editable=False)

    arrival_number = models.CharField("số đến", max_length=30, blank=True)
    arrived_on = models.DateField("ngày đến")
    lead_unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị chủ trì")
    coordinating = models.JSONField("đơn vị phối hợp", default=list, blank=True)
    due_on = models.DateField("hạn giải quyết", null=True, blank=True)
    instruction = models.TextField("ý kiến chỉ đạo", max_length=2000, blank=True)

    state = models.CharField("trạng thái", max_length=10, choices=STATES, default=REVIEWING)
    issued_on = models.DateField("ngày giao việc", null=True, blank=True)
    relation = models.CharField("quan hệ với văn bản trước", max_length=10, choices=RELATIONS, blank=True)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later", verbose_name="văn bản trước")
    revoked_on = models.DateField("hết hiệu lực từ ngày", null=True, blank=True)
    revoked_reason = models.CharField("lý do hết hiệu lực", max_length=300, blank=True)

    guard = Guard(view="directives.view", place="place")

    class Meta:
        ordering = ["-arrived_on", "-created_at"]
        verbose_name = "văn bản chỉ đạo"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "digest"], condition=Q(entered_in_error=False), name="directive_file_once",
                violation_error_message="Tệp này đã được nhập trước đó. Hãy mở văn bản đã có."),
            models.CheckConstraint(condition=Q(earlier=None) | ~Q(relation=""), name="directive_relation_named"),
            models.CheckConstraint(condition=Q(earlier=None) | ~Q(earlier=F("id")), name="directive_not_its_own_earlier"),
        ]

    def __str__(self) -> str:
        kind = self.kind[:1].upper() + self.kind[1:] if self.kind else "Văn bản"
        dated = f"ngày {self.dated_on:%d/%m/%Y}" if self.dated_on else self.dated_words
        return " ".join(part for part in (kind, self.number, dated) if part)

    @property
    def dated_words(self) -> str:
        """The printed date as people write it: 29/05/2026, "tháng 06/2026", "năm 2026" or nothing."""
        if self.dated_on:
            return f"{self.dated_on:%d/%m/%Y}"
        year, _, month = self.dated.partition("-")
        return f"tháng {month[:2]}/{year}" if month else (f"năm {year}" if year else "")

    def plain(self) -> dict[str, Any]:
        """As every fact; the whole text stands in the audit by its digest only."""
        return {name: value for name, value in super().plain().items() if name != "text"}


class Obligation(Fact):
    """One thing that a directive asks for, as found in the text and as a person corrected it.

    `start` and `end` are the span in the directive's text (end exclusive; empty for one added by hand). `found` is
    the parser's object and never changes; `fields` is what will be carried out (see `fields.py` for its keys).
    `doubt` is the sentence that says what a person must decide; empty when nothing is open. `became` lists what was
    made of it: [{"model": "tasks.task", "id": "..."}].
    """

    TASK, DUTY, TARGET, UNASSIGNED = "task", "duty", "target", "unassigned"
    KINDS = [(TARGET, "chỉ tiêu"), (TASK, "nhiệm vụ"), (DUTY, "chế độ báo cáo"), (UNASSIGNED, "chưa rõ đơn vị")]
    LETTERS = {TARGET: "C", TASK: "N", DUTY: "B", UNASSIGNED: "P"}
    PENDING, ACCEPTED, DROPPED = "pending", "accepted", "dropped"
    STATES = [(PENDING, "chờ rà soát"), (ACCEPTED, "đã nhận"), (DROPPED, "đã bỏ")]

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="obligations", verbose_name="văn bản")
    kind = models.CharField("loại", max_length=10, choices=KINDS)
    mark = models.CharField("ký hiệu", max_length=8)
    order = models.PositiveIntegerField("thứ tự")
    start = models.PositiveIntegerField("từ ký tự", null=True, blank=True)
    end = models.PositiveIntegerField("đến ký tự", null=True, blank=True)
    text = models.TextField("nội dung")
    found = models.JSONField("như máy đọc", default=dict, blank=True)
    fields = models.JSONField("như đã sửa", default=dict, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default=PENDING)
    doubt = models.CharField("điều chưa rõ", max_length=200, blank=True)
    became = models.JSONField("đã thành", default=list, blank=True)

    guard = Guard(view="directives.view", place="directive__place")

    class Meta:
        ordering = ["directive", "order", "id"]
        verbose_name = "mục trong văn bản"
        constraints = [
            models.UniqueConstraint(fields=["directive", "mark"], name="obligation_mark_once"),
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__lt=F("end")), name="obligation_span_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.mark} · {self.text[:80]}"

    @property
    def sure(self) -> bool:
        """Whether nothing about it is left for a person to decide."""
        return not self.doubt
