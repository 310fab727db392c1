"""People whom a user keeps at hand in the search box."""

from django.db import models

from tramyte.engine.access.guard import Guard
from tramyte.engine.access.models import User


class Pin(models.Model):
    """That a user has pinned a person; a matter of the user's own convenience, not a fact about the person."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="người dùng")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", verbose_name="người dân")
    pinned_at = models.DateTimeField("ghim lúc", auto_now_add=True)

    guard = Guard(view="people.view", place="person__hamlet", personal=True)

    class Meta:
        ordering = ["-pinned_at", "-id"]
        verbose_name = "người được ghim"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["owner", "person"], name="pin_once")]
