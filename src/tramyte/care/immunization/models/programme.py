"""What of the schedule is carried out in a place, since when and for whom."""

from django.db import models

from tramyte.engine.access.rights import Guard
from tramyte.engine.actions.models import Fact
from tramyte.engine.places.models import Place
from tramyte.rules.forecast import default_parameters


class Activation(Fact):
    """That a province (or a commune) gives the vaccines of a schedule group that is not given everywhere: Rota, PCV, HPV.

    born_from: only to those born on or after a day. verified: read in the text of the source.
    """

    GROUPS = [("ROTA", "Rota"), ("PCV", "Phế cầu (PCV)"), ("HPV", "HPV")]

    place = models.ForeignKey(Place, models.PROTECT, verbose_name="địa bàn")
    group = models.CharField("nhóm vắc xin", max_length=10, choices=GROUPS)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    born_from = models.DateField("cho trẻ sinh từ ngày", null=True, blank=True)
    source = models.CharField("văn bản", max_length=200)
    verified = models.BooleanField("đã đối chiếu văn bản gốc", default=False)

    guard = Guard(view="vaccines.view", place="place")

    class Meta:
        ordering = ["group", "-valid_from"]
        verbose_name = "đợt triển khai vắc xin"
        constraints = [models.UniqueConstraint(
            fields=["place", "group", "valid_from"], condition=models.Q(entered_in_error=False), name="activation_once",
            violation_error_message="Nhóm này đã có ngày bắt đầu đó. Hãy mở dòng đã có để sửa.")]


class Programme(Fact):
    """How immunization is followed in a commune. born_from: children born before that day are followed only when the book holds
    a dose of theirs (None: everybody under 16). parameters: those of `rules.forecast.default_parameters` that are set otherwise.
    """

    place = models.OneToOneField(Place, models.PROTECT, verbose_name="xã")
    born_from = models.DateField("theo dõi trẻ sinh từ ngày", null=True, blank=True)
    parameters = models.JSONField("tham số của lịch", default=dict, blank=True)

    guard = Guard(view="vaccines.view", place="place")

    class Meta:
        verbose_name = "chương trình tiêm chủng của xã"

    @property
    def all_parameters(self) -> dict[str, object]:
        """Every parameter with the value in force."""
        return {**default_parameters(), **self.parameters}
