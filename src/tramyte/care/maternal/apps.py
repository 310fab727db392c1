"""Tells the other topics of care who is pregnant and when somebody was born, from the start on."""

from django.apps import AppConfig


class MaternalConfig(AppConfig):
    """The topic of mothers."""

    name = "tramyte.care.maternal"
    label = "maternal"
    verbose_name = "thai sản"

    def ready(self) -> None:
        """See `care.people.expecting` and `care.people.birth_times`."""
        from tramyte.care.maternal.queries import when_born, who_expects
        from tramyte.care.people import birth_times, expecting

        expecting.provide(who_expects)
        birth_times.provide(when_born)
