"""The moment of the first dose is told by the dose alone."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("maternal", "0002_birth_dose")]

    operations = [migrations.RemoveField("newborn", "hepatitis_b_at")]
