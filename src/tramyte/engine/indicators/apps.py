"""Finds the fact tables and indicators of all topics at start."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IndicatorsConfig(AppConfig):
    """The indicator engine."""

    name = "tramyte.engine.indicators"
    label = "indicators"
    verbose_name = "chỉ tiêu"

    def ready(self) -> None:
        """Import `facts.py` and `indicators.py` of every topic; they import no ibis."""
        autodiscover_modules("facts")
        autodiscover_modules("indicators")
