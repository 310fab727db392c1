"""The directives topic as a Django application."""

from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    """Văn bản chỉ đạo."""

    name = "tramyte.governance.directives"
    label = "directives"
    verbose_name = "văn bản chỉ đạo"
