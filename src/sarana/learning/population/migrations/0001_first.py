"""Runs whose protected tables were taken in, their figures, and the lines of their maps."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Runs, figures and lines of maps."""

    initial = True

    dependencies = [
        ("accounts", "0005_calendar_as_the_language_has_it"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("area", models.CharField(max_length=20)),
                ("as_of", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[("unvalidated", "Unvalidated, for planning only")],
                        default="unvalidated",
                        max_length=20,
                    ),
                ),
                ("is_invented", models.BooleanField()),
                ("indicator_set", models.CharField(max_length=80)),
                ("sources", models.JSONField(default=list)),
                ("limits", models.JSONField(default=dict)),
                (
                    "opens_at",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("district", "district"),
                            ("subdistrict", "subdistrict"),
                            ("village", "village"),
                        ],
                        max_length=12,
                    ),
                ),
                ("rounded_to", models.PositiveSmallIntegerField(null=True)),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("table_hash", models.CharField(max_length=64)),
                ("taken_in_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("district", "district"),
                            ("subdistrict", "subdistrict"),
                            ("village", "village"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                ("area", models.CharField(max_length=32)),
                ("parent", models.CharField(blank=True, max_length=30)),
                ("name", models.CharField(max_length=120)),
                ("name_local", models.CharField(blank=True, max_length=120)),
                ("group", models.CharField(max_length=12)),
                ("n_people", models.PositiveIntegerField(null=True)),
                ("n_scored", models.PositiveIntegerField(null=True)),
                ("n_red", models.PositiveIntegerField(null=True)),
                ("n_yellow", models.PositiveIntegerField(null=True)),
                ("n_green", models.PositiveIntegerField(null=True)),
                ("n_grey", models.PositiveIntegerField(null=True)),
                ("rate", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                (
                    "band",
                    models.CharField(
                        blank=True, choices=[("high", "high"), ("mid", "middle"), ("low", "low")], max_length=4
                    ),
                ),
                ("n_scored_without_status", models.PositiveIntegerField(null=True)),
                ("n_red_without_status", models.PositiveIntegerField(null=True)),
                ("rate_without_status", models.FloatField(null=True)),
                ("low_without_status", models.FloatField(null=True)),
                ("high_without_status", models.FloatField(null=True)),
                (
                    "band_without_status",
                    models.CharField(
                        blank=True, choices=[("high", "high"), ("mid", "middle"), ("low", "low")], max_length=4
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Drawing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("areas", models.JSONField(default=list)),
                ("borders", models.TextField(blank=True)),
                ("labels", models.JSONField(default=list)),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drawing", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["-as_of", "-id"], name="population_newest"),
        ),
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(fields=["run", "level", "parent"], name="population_within"),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(
                fields=("run", "level", "group", "code"), name="population_one_line_a_group"
            ),
        ),
    ]
