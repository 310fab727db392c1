"""Who granted a key: taken from the audit chain for keys that are there."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """The user who connected each program; a key of nobody known stands still until somebody takes it over."""
    users = dict(apps.get_model("access", "User").objects.values_list("username", "pk"))
    entries = apps.get_model("audit", "AuditEntry").objects.filter(action="create_client").values_list("object_id", "username")
    made = dict(entries)
    for client in apps.get_model("clients", "Client").objects.filter(granted_by=None):
        client.granted_by_id = users.get(made.get(str(client.pk), ""))
        client.save(update_fields=["granted_by"])


class Migration(migrations.Migration):

    dependencies = [
        ("clients", "0001_initial"),
        ("access", "0003_lending"),
        ("audit", "0002_origin"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="granted_by",
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="người cấp khóa"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
