"""The file of a list of the insurance agency until it is compared in the background."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0007_list_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="InsuranceFile",
            fields=[
                ("load", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="file", serialize=False, to="people.insurancelist")),
                ("content", models.BinaryField()),
            ],
            options={
                "verbose_name": "tệp của danh sách thẻ",
                "default_permissions": (),
            },
        ),
        migrations.AlterField(
            model_name="insurancelist",
            name="state",
            field=models.CharField(choices=[("comparing", "đang so"), ("compared", "chờ duyệt"), ("running", "đang ghi"), ("applied", "đã ghi"), ("undoing", "đang hoàn tác"), ("undone", "đã hoàn tác")], default="compared", max_length=10, verbose_name="trạng thái"),
        ),
    ]
