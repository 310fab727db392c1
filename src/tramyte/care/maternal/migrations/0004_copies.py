"""How often a certificate of birth was issued again, when last and why."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("maternal", "0003_one_dose")]

    operations = [
        migrations.AddField("newborn", "copies", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="số lần cấp lại")),
        migrations.AddField("newborn", "copied_on", models.DateField(blank=True, editable=False, null=True, verbose_name="ngày cấp lại")),
        migrations.AddField("newborn", "copied_why", models.CharField(blank=True, editable=False, max_length=150, verbose_name="lý do cấp lại")),
    ]
