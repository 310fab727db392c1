"""The cold chain as a Django application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ColdChainConfig(AppConfig):
    """Dây chuyền lạnh."""

    name = "tramyte.station.cold_chain"
    label = "cold_chain"
    verbose_name = "dây chuyền lạnh"

    def ready(self) -> None:
        """Lay the rule of temperatures into every database."""
        from tramyte.station.cold_chain import rule

        post_migrate.connect(rule.install, sender=self)
