"""The index that the book of check-ups is ordered by."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("checkups", "0001_first")]

    operations = [migrations.AddIndex("checkup", models.Index(fields=["on"], name="checkup_on"))]
