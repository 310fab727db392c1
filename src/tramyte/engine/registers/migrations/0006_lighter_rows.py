from typing import Any

from django.db import migrations, models
from django.db.models.deletion import CASCADE


def _leave_room(apps: Any, schema_editor: Any) -> None:
    """PostgreSQL writes a changed row anew: half-filled pages let it do so beside the old one, without touching an index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE registers_importrow SET (fillfactor = 50)")


class Migration(migrations.Migration):

    dependencies = [("registers", "0005_warning")]

    operations = [
        migrations.RemoveIndex(model_name="importrow", name="import_row_verdict"),
        migrations.AlterField("importrow", "load", models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="rows", to="registers.import")),
        migrations.AddIndex("importrow", models.Index(fields=["load", "verdict"], name="import_row_verdict")),
        migrations.RunPython(_leave_room, migrations.RunPython.noop),
    ]
