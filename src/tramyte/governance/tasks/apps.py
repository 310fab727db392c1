"""The tasks topic as a Django application."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Nhiệm vụ."""

    name = "tramyte.governance.tasks"
    label = "tasks"
    verbose_name = "nhiệm vụ"
