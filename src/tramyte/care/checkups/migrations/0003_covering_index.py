"""The check-ups of a person and their days are read from an index alone, without the rows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("checkups", "0002_list_index")]

    operations = [
        migrations.RemoveIndex("checkup", "checkup_person_on"),
        migrations.AddIndex("checkup", models.Index(fields=["person", "on", "entered_in_error"], name="checkup_person_day"))]
