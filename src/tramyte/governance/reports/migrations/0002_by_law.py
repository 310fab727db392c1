"""The form that the law asks for without a directive."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("reports", "0001_first")]

    operations = [migrations.AddField("duty", "form", models.CharField("mẫu", max_length=30, blank=True, default=""), preserve_default=False)]
