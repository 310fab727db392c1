"""What is doubtful in a line of an import and taken all the same."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("registers", "0004_picked")]

    operations = [
        migrations.AddField("importrow", "warning", models.CharField(blank=True, default="", max_length=500, verbose_name="cảnh báo"), preserve_default=False),
    ]
