"""The vaccines that may be given, and the products that makers sell of them."""

from django.core.validators import MinValueValidator
from django.db import models

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact


class Vaccine(Fact):
    """A kind of vaccine, by the code that the schedule (`rules.forecast`) knows it by; of others the schedule says nothing.

    antigens: the codes of what it protects against, parted by ", ". dose: amount and way, in words. valid_from and valid_to:
    the days on which it may be given (both inclusive). verified: read in the text of the source.
    """

    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên vắc xin", max_length=100)
    antigens = models.CharField("kháng nguyên", max_length=100)
    dose = models.CharField("liều, đường dùng", max_length=60, blank=True)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    source = models.CharField("nguồn", max_length=250)
    verified = models.BooleanField("đã đối chiếu văn bản gốc", default=False)

    guard = Guard(view="vaccines.view")

    class Meta:
        ordering = ["code"]
        verbose_name = "vắc xin"

    def __str__(self) -> str:
        return self.name


class VaccineProduct(Fact):
    """What one maker sells of a vaccine: doses in a vial, and for how many hours an opened vial may be used (None: at once)."""

    vaccine = models.ForeignKey(Vaccine, models.PROTECT, related_name="products", verbose_name="vắc xin")
    name = models.CharField("tên thương mại", max_length=100)
    manufacturer = models.CharField("nhà sản xuất", max_length=100, blank=True)
    doses_per_vial = models.PositiveSmallIntegerField("số liều một lọ", default=1, validators=[MinValueValidator(1, "Một lọ có ít nhất 1 liều. Hãy xem nhãn lọ.")])
    open_hours = models.PositiveSmallIntegerField("số giờ dùng sau khi mở lọ", null=True, blank=True)

    guard = Guard(view="vaccines.view")

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "sản phẩm vắc xin"
        constraints = [models.UniqueConstraint(
            fields=["vaccine", "name", "manufacturer", "doses_per_vial"], condition=models.Q(entered_in_error=False), name="vaccine_product_once",
            violation_error_message="Sản phẩm này đã có trong danh mục. Hãy mở dòng đã có để sửa.")]

    def __str__(self) -> str:
        return self.name
