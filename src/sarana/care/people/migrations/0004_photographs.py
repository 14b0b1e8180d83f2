"""Photographs of people, copies in which faces and marks are hidden, and to whom one was given."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Rows of photographs; what they show lies in sealed files."""

    dependencies = [
        ("people", "0003_alarms_and_tables"),
        ("vault", "0005_masked_tier"),
    ]

    operations = [
        migrations.CreateModel(
            name="Photograph",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("portrait", "portrait"),
                            ("document", "paper or document"),
                            ("injury", "injury"),
                            ("evidence", "other evidence"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                ("added_by_ref", models.UUIDField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photographs", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MaskedCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("n_boxes", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by_ref", models.UUIDField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="masked", to="people.person"
                    ),
                ),
                (
                    "photograph",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="masked", to="people.photograph"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("recipient_ref", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("by_ref", models.UUIDField()),
                (
                    "basis",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="vault.basis"),
                ),
                (
                    "masked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handed", to="people.maskedcopy"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("masked", "basis"), name="people_handed_once_a_basis"),
                    models.CheckConstraint(
                        condition=models.Q(("recipient_ref", models.F("agency_ref")), _negated=True),
                        name="people_handed_to_another",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="photograph",
            index=models.Index(fields=["person", "-added_at"], name="people_photograph_newest"),
        ),
        migrations.AddConstraint(
            model_name="photograph",
            constraint=models.UniqueConstraint(fields=("person", "sha256"), name="people_photograph_once"),
        ),
        migrations.AddConstraint(
            model_name="photograph",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["portrait", "document", "injury", "evidence"])),
                name="people_photograph_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="maskedcopy",
            constraint=models.CheckConstraint(
                condition=models.Q(("n_boxes__gte", 1)), name="people_masked_hides_something"
            ),
        ),
    ]
