"""The ground that every stored fact stands on."""

import uuid
from collections.abc import Collection
from typing import Any

import uuid_utils.compat
from django.core.exceptions import ValidationError
from django.db import models

NOT_OFFERED = "Mục đã chọn không có, hoặc không còn, trong danh sách này. Hãy chọn lại."
TOO_LONG = "Nhiều nhất %(limit_value)d ký tự, ở đây có %(show_value)d. Hãy ghi ngắn lại."


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: ordered by time, made by whoever creates the row, a phone offline too."""
    return uuid_utils.compat.uuid7()


def id_in(text: str) -> uuid.UUID | None:
    """The id that a form or an address names; None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


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

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's, in words of this product: pages of hand-made forms show these sentences."""
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            raise ValidationError({name: [self._said(name, one) for one in found] for name, found in error.error_dict.items()}) from error

    def _said(self, name: str, error: ValidationError) -> ValidationError:
        if error.code == "invalid_choice" or (error.code == "invalid" and self._meta.get_field(name).is_relation):
            return ValidationError(NOT_OFFERED, code="invalid_choice")
        return ValidationError(TOO_LONG, "max_length", error.params) if error.code == "max_length" else error

    def plain(self) -> dict[str, Any]:
        """The own fields as plain values for the audit, without the housekeeping."""
        skipped = {"version", "created_at", "updated_at"}
        values = {f.attname: getattr(self, f.attname) for f in self._meta.concrete_fields if f.name not in skipped}
        return {name: value if value is None or isinstance(value, int | float | str) else str(value) for name, value in values.items()}
