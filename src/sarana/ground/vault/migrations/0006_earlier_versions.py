"""What is changed of a person who is held stays beside, as it was sealed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table of earlier versions."""

    dependencies = [
        ("vault", "0005_masked_tier"),
    ]

    operations = [
        migrations.CreateModel(
            name="Earlier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("tier", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                ("until_at", models.DateTimeField()),
                ("goes_on", models.DateField(null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="earlier", to="vault.subject"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "tier", "version"), name="vault_earlier_once_a_version"),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["names", "contact", "story", "images", "masked"])),
                        name="vault_earlier_tier_is_known",
                    ),
                ],
            },
        ),
    ]
