"""The targets topic as a Django application."""

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    """Chỉ tiêu."""

    name = "tramyte.governance.targets"
    label = "targets"
    verbose_name = "chỉ tiêu"

    def ready(self) -> None:
        """Take over accepted targets from the directives topic and tell indicators where their targets stand."""
        from tramyte.governance.targets import becoming

        becoming.register()
