"""From where something was done. Entries of before keep an empty one, which their digests do not hold."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_first")]

    operations = [
        migrations.AddField("auditentry", "origin", models.CharField("từ đâu", max_length=60, blank=True, default="")),
    ]
