"""The tasks topic as a Django application."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Nhiệm vụ."""

    name = "tramyte.governance.tasks"
    label = "tasks"
    verbose_name = "nhiệm vụ"

    def ready(self) -> None:
        """Take over accepted tasks from the directives topic."""
        from tramyte.governance.tasks import becoming

        becoming.register()
