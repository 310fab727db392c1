"""The web part as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Trang chung."""

    name = "tramyte.web"
    label = "web"
    verbose_name = "trang chung"

    def ready(self) -> None:
        """Declare the jobs of the pages, and listen to sign-ins and sign-outs."""
        from tramyte.web.pages import account_sittings, regular  # noqa: F401 - they register themselves
