"""The reports topic as a Django application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    """Báo cáo."""

    name = "tramyte.governance.reports"
    label = "reports"
    verbose_name = "báo cáo"

    def ready(self) -> None:
        """Take over accepted duties from the directives topic; have the database itself keep locked reports."""
        from tramyte.governance.reports import becoming, keeping

        becoming.register()
        post_migrate.connect(keeping.install, sender=self)
