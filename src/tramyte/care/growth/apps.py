"""Keeps trends equal to the weighings when two records of one child become one."""

from django.apps import AppConfig


class GrowthConfig(AppConfig):
    """The topic of growth."""

    name = "tramyte.care.growth"
    label = "growth"
    verbose_name = "tăng trưởng trẻ em"

    def ready(self) -> None:
        """See `care.people.merged`."""
        from tramyte.care.growth.scoring import renew
        from tramyte.care.people.merged import tell

        tell(renew)
