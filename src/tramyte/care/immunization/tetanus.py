"""Tetanus doses of pregnant women as who follows pregnancies reads and gives them; see `care.people.tetanus`."""

import datetime

from tramyte.care.immunization.actions import record_immunization
from tramyte.care.immunization.books import TETANUS, WOMAN
from tramyte.care.immunization.models import Immunization, Recommendation, Vaccine, VaccineLot
from tramyte.care.immunization.queries import DOSES
from tramyte.care.people.models import Person
from tramyte.care.people.tetanus import Given, Tetanus
from tramyte.engine.access.models import User

GROUP, PLAIN = "UV", "UV"


class Keeping:
    """The doses of this topic, as `care.people.tetanus.Keeper` asks for them."""

    def read(self, person: Person) -> Tetanus:
        """See `Keeper`. A dose with diphtheria counts from the age at which book A2.3 counts it."""
        rows = Immunization.objects.filter(person=person, vaccine__code__in=TETANUS, age_days__gte=WOMAN // 12 * 365, entered_in_error=False).select_related("vaccine").order_by("on", "pk")
        given = [Given(row.on, _label(row), row.lot_number, row.verdict in ("", "valid")) for row in rows]
        coming = Recommendation.objects.filter(person=person, group=GROUP).first()
        return Tetanus(given, DOSES.get(coming.dose, coming.dose), coming.due_on, coming.status == "overdue") if coming else Tetanus(given)

    def give(self, person: Person, on: datetime.date, lot: str, *, by: User) -> None:
        """See `Keeper`. The lot says which of the vaccines it is."""
        held = VaccineLot.objects.filter(number__iexact=lot, product__vaccine__code__in=TETANUS, entered_in_error=False).select_related("product__vaccine").first()
        vaccine = held.product.vaccine if held else Vaccine.objects.get(code=PLAIN)
        record_immunization(by=by, person=person, vaccine=vaccine, on=on, source="station", lot_number=lot)


def _label(row: Immunization) -> str:
    """The name of the dose in the schedule, else the vaccine."""
    return next((DOSES[code] for code in row.counts_as.split() if code.startswith(GROUP) and code in DOSES), str(row.vaccine))
