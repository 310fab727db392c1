"""Indexes that counts and narrowed lists of people and cards are answered from alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("people", "0006_list_indexes")]

    operations = [
        migrations.RemoveIndex("person", "person_hamlet_of"),
        migrations.AddIndex("person", models.Index(fields=["id", "hamlet", "entered_in_error", "died_on"], name="person_alive_in")),
        migrations.RemoveIndex("coverage", "coverage_group"),
        migrations.AddIndex("coverage", models.Index(fields=["group", "end", "entered_in_error", "person"], name="coverage_group_end")),
    ]
