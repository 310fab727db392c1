"""The hour of birth beside each child; the first dose of hepatitis B moves from the book of births among the child's doses."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import django.core.validators
from django.db import migrations, models

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PLACES = {"hospital": "bệnh viện", "station": "trạm y tế", "clinic": "cơ sở y tế tư nhân", "home": "tại nhà", "way": "trên đường đi", "other": "nơi khác"}


def move(apps, schema_editor):
    """Give each line the hour of its birth, and each child with a moment of injection the dose, when no dose says it already."""
    newborns = apps.get_model("maternal", "Newborn").objects.select_related("delivery", "child")
    if not newborns.exists():  # a new database, whose tables may be laid out at once
        return
    doses = apps.get_model("immunization", "Immunization").objects
    vaccine = apps.get_model("immunization", "Vaccine").objects.filter(code="HEPB").first()
    for row in newborns.exclude(delivery__at="", hepatitis_b_at=None).iterator(chunk_size=2000):
        row.at = row.delivery.at
        given = row.hepatitis_b_at and row.hepatitis_b_at.astimezone(ZONE)
        if given and vaccine and row.child_id and not row.entered_in_error:
            day, days = given.date(), (given.date() - row.child.birth_date).days
            if days >= 0 and not doses.filter(person=row.child_id, vaccine=vaccine, on__lte=row.on + datetime.timedelta(28), entered_in_error=False).exists():
                birth, row.birth_dose = row.delivery, uuid.uuid5(row.pk, "HEPB")
                doses.create(
                    id=row.birth_dose, person_id=row.child_id, vaccine=vaccine, on=day, at=f"{given:%H:%M}", source="import" if birth.place == "station" else "elsewhere",
                    site=(birth.site or PLACES[birth.place])[:120], age_days=days)
        row.save(update_fields=["at", "birth_dose"])


class Migration(migrations.Migration):

    dependencies = [("maternal", "0001_first"), ("immunization", "0001_first")]

    operations = [
        migrations.AddField("newborn", "at", models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator("^([01]\\d|2[0-3]):[0-5]\\d$", "Hãy ghi giờ và phút, ví dụ 07:30.")], verbose_name="giờ đẻ"), preserve_default=True),
        migrations.AddField("newborn", "birth_dose", models.UUIDField(blank=True, editable=False, null=True)),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
