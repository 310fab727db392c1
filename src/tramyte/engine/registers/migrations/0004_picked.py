"""The rows that a user has ticked in a book."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registers", "0003_import_match"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Picked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=50, verbose_name="sổ")),
                ("object_id", models.UUIDField()),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name="người dùng")),
            ],
            options={
                "verbose_name": "dòng đã chọn",
                "constraints": [models.UniqueConstraint(fields=("owner", "register", "object_id"), name="picked_once")],
            },
        ),
    ]
