"""Indexes that lists of books are ordered and counted by."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("people", "0005_search_words")]

    operations = [
        migrations.AddIndex("person", models.Index(fields=["id", "hamlet"], name="person_hamlet_of")),
        migrations.AddIndex("coverage", models.Index(fields=["end"], name="coverage_end")),
        migrations.AddIndex("coverage", models.Index(fields=["entered_in_error", "group"], name="coverage_group")),
    ]
