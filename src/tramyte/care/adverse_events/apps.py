"""Adverse events as a Django application."""

from django.apps import AppConfig


class AdverseEventsConfig(AppConfig):
    """Phản ứng sau tiêm chủng."""

    name = "tramyte.care.adverse_events"
    label = "adverse_events"
    verbose_name = "phản ứng sau tiêm chủng"

    def ready(self) -> None:
        """A reaction that is noted with a dose becomes an event."""
        from tramyte.care.adverse_events import noted

        noted.follow_doses()
