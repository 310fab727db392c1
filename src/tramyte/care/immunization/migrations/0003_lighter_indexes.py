from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):

    dependencies = [("immunization", "0002_courses")]

    operations = [
        migrations.AlterField("immunization", "lot", models.ForeignKey(
            blank=True, db_index=False, editable=False, null=True, on_delete=PROTECT, to="immunization.vaccinelot", verbose_name="lô trong kho")),
        migrations.AlterField("immunization", "vaccine", models.ForeignKey(
            db_index=False, on_delete=PROTECT, to="immunization.vaccine", verbose_name="vắc xin")),
        migrations.AddIndex("immunization", models.Index(condition=models.Q(lot__isnull=False), fields=["lot"], name="immunization_lot")),
    ]
