"""Tells the other topics of care who is pregnant, from the start on."""

from django.apps import AppConfig


class MaternalConfig(AppConfig):
    """The topic of mothers."""

    name = "tramyte.care.maternal"
    label = "maternal"
    verbose_name = "thai sản"

    def ready(self) -> None:
        """See `care.people.expecting`."""
        from tramyte.care.maternal.queries import who_expects
        from tramyte.care.people.expecting import provide

        provide(who_expects)
