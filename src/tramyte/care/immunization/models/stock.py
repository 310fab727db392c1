"""Vaccine in stock: lots, and the movements from which what is left is derived."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from tramyte.care.immunization.models.catalogue import VaccineProduct
from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Facility


class VaccineLot(Fact):
    """A lot of a product as one station or site keeps it. From `stopped_on` on it may not be given; its doses already given stay.

    expires_on: the last day on which it may be given. left: doses in stock, there when `queries.usable_lots` found it.
    """

    product = models.ForeignKey(VaccineProduct, models.PROTECT, related_name="lots", verbose_name="sản phẩm")
    facility = models.ForeignKey(Facility, models.PROTECT, verbose_name="nơi giữ")
    number = models.CharField("số lô", max_length=40, db_index=True)
    expires_on = models.DateField("hạn dùng")
    stopped_on = models.DateField("dừng dùng từ ngày", null=True, blank=True)
    stop_reason = models.CharField("lý do dừng", max_length=200, blank=True)

    left: int

    guard = Guard(view="vaccines.view", place="facility__place")

    class Meta:
        ordering = ["expires_on", "number", "id"]
        verbose_name = "lô vắc xin"
        constraints = [models.UniqueConstraint(
            fields=["facility", "product", "number"], condition=models.Q(entered_in_error=False), name="vaccine_lot_once",
            violation_error_message="Nơi này đã có lô mang số đó của sản phẩm. Hãy mở lô đã có và ghi nhập thêm.")]

    def __str__(self) -> str:
        return self.number


class StockMovement(Fact):
    """Doses of a lot that came, were given, were thrown away or went back, on a day; a line that was written is never changed.

    doses: what the kind says when above zero; below zero it takes so much of an earlier line back. What is left of a lot is the
    sum of what came less the rest. `immunization`: of a dose given to somebody, the key of its record.
    """

    RECEIVED, USED, WASTED, RETURNED = "received", "used", "wasted", "returned"
    KINDS = [(RECEIVED, "nhập"), (USED, "đã tiêm"), (WASTED, "hao phí, hủy"), (RETURNED, "trả lại, chuyển đi")]
    SIGN = {RECEIVED: 1, USED: -1, WASTED: -1, RETURNED: -1}
    MOST = 100_000

    lot = models.ForeignKey(VaccineLot, models.PROTECT, related_name="movements", verbose_name="lô vắc xin")
    kind = models.CharField("việc", max_length=10, choices=KINDS)
    doses = models.IntegerField("số liều", validators=[
        MinValueValidator(-MOST, "Số liều quá lớn. Hãy kiểm tra lại."), MaxValueValidator(MOST, "Số liều quá lớn. Hãy kiểm tra lại.")])
    on = models.DateField("ngày")
    reason = models.CharField("lý do, số phiếu", max_length=200, blank=True)
    immunization = models.UUIDField(null=True, blank=True, editable=False)

    guard = Guard(view="vaccines.view", place="lot__facility__place")

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = "dòng kho vắc xin"
        indexes = [models.Index(fields=["lot", "kind", "doses"], name="stock_movement_lot")]
