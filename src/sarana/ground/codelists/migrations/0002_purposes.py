"""Purposes for which people are looked at."""

from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Purposes for which people are looked at."""

    dependencies = [("codelists", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="Purpose",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("name_th", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=300)),
                ("text_th", models.CharField(max_length=300)),
                ("roles", models.JSONField()),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("added_at", models.DateTimeField()),
                ("added_by_ref", models.UUIDField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_ref", models.UUIDField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("from_on__lte", models.F("until_on")),
                            _connector="OR",
                        ),
                        name="codelists_purpose_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by_ref__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by_ref__isnull", False)),
                            _connector="OR",
                        ),
                        name="codelists_purpose_ended_by_somebody",
                    ),
                ],
            },
        ),
    ]
