"""What pages keep of their own: the home page of each user, composed beforehand."""

from django.conf import settings
from django.db import models

from tramyte.engine.access.rights import Guard


class Today(models.Model):
    """Việc hôm nay of one user as it stood at a moment: counts, tasks and links, never a person's name.

    `rights` is a digest of the roles and places it was composed for; content for other rights or another day is
    composed anew before it is shown. `content` is what `web.pages.composing.compose` answers.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+", verbose_name="người dùng")
    day = models.DateField("ngày")
    rights = models.CharField(max_length=64)
    computed_at = models.DateTimeField("tính lúc")
    content = models.JSONField(default=dict)

    guard = Guard(view="users.manage", place="user__assignments__place")

    class Meta:
        ordering = ["user"]
        verbose_name = "việc hôm nay"

    def __str__(self) -> str:
        return f"Việc hôm nay của {self.user_id}, tính lúc {self.computed_at:%H:%M}"
