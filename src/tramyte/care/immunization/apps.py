"""The immunization topic as a Django application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ImmunizationConfig(AppConfig):
    """Tiêm chủng."""

    name = "tramyte.care.immunization"
    label = "immunization"
    verbose_name = "tiêm chủng"

    def ready(self) -> None:
        """Lay the list of vaccines into every database; keep recommendations equal to what the schedule says and the doses of mothers and newborns."""
        from tramyte.care.immunization import birth_doses, catalogue, renewing
        from tramyte.care.immunization import tetanus as doses_of_tetanus
        from tramyte.care.people import birth_doses as at_birth
        from tramyte.care.people import tetanus

        post_migrate.connect(catalogue.install, sender=self)
        renewing.follow_facts()
        at_birth.keep(birth_doses.Keeping())
        tetanus.keep(doses_of_tetanus.Keeping())
