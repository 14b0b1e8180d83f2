"""Files of maps, the fewest people of whom a run says a number, and where the lines of its map lie on the earth."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Runs that are here already do not say the number, and keep lines that lie nowhere: their files have none."""

    dependencies = [
        ("accounts", "0005_calendar_as_the_language_has_it"),
        ("jobs", "0001_first"),
        ("population", "0002_withdrawn_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="drawing",
            name="on_earth",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="run",
            name="threshold",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="MapFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("csv", "table (CSV)"),
                            ("xlsx", "workbook (XLSX)"),
                            ("geojson", "map layer (GeoJSON)"),
                            ("kml", "map layer (KML)"),
                        ],
                        max_length=8,
                    ),
                ),
                ("level", models.CharField(max_length=12)),
                ("within", models.CharField(max_length=30)),
                ("group", models.CharField(max_length=12)),
                ("which", models.CharField(blank=True, max_length=20)),
                ("language", models.CharField(max_length=8)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("plan-programme", "To plan a programme in these villages"),
                            ("talk-with-villages", "To talk with those who speak for a village about its own figures"),
                            ("check-sources", "To check the figures with those who keep the sources"),
                            ("study-effect", "To see what a programme has changed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                ("n_rows", models.PositiveIntegerField(null=True)),
                ("n_bytes", models.PositiveIntegerField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("seen_hash", models.CharField(blank=True, max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="jobs.job"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="population.run"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-asked_at"], name="population_files_of_one"),
                    models.Index(
                        condition=models.Q(("gone_at__isnull", True)), fields=["until"], name="population_files_to_go"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("gone_at__isnull", True)),
                        fields=("account", "run", "kind", "level", "within", "group", "which", "language", "reason"),
                        name="population_one_file_a_choice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "village"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="population_villages_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at__isnull", True), ("sha256", ""), ("until__isnull", True)),
                            models.Q(
                                ("made_at__isnull", False),
                                ("until__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="population_made_until_a_day",
                    ),
                ],
            },
        ),
    ]
