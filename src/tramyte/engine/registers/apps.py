"""Finds every declared register when Django starts."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The register engine and its staged imports."""

    name = "tramyte.engine.registers"

    def ready(self) -> None:
        """Import the `registers` module of every installed topic and load the system checks and the job."""
        from tramyte.engine.registers import checks, editing, loading, registry, wizard  # noqa: F401 - checks and jobs register themselves

        registry.autodiscover()
