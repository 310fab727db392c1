"""The ground that every stored fact stands on."""

import uuid
from typing import Any

import uuid_utils.compat
from django.db import models


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: ordered by time, made by whoever creates the row, a phone offline too."""
    return uuid_utils.compat.uuid7()


class Fact(models.Model):
    """A stored fact: an id of its maker's, a version that grows with each change, and no silent deletion.

    `entered_in_error` with its reason takes the place of deleting.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)
    entered_in_error = models.BooleanField("ghi nhầm", default=False, editable=False)
    error_reason = models.CharField("lý do ghi nhầm", max_length=200, blank=True, editable=False)
    import_id = models.UUIDField(null=True, blank=True, editable=False, db_index=True)

    class Meta:
        abstract = True

    def plain(self) -> dict[str, Any]:
        """The own fields as plain values for the audit, without the housekeeping."""
        skipped = {"version", "created_at", "updated_at"}
        values = {f.attname: getattr(self, f.attname) for f in self._meta.concrete_fields if f.name not in skipped}
        return {name: value if value is None or isinstance(value, int | float | str) else str(value) for name, value in values.items()}
