"""Sources that sectors hand over, their files, what these are like, what codes mean, and yearly updates."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Sources, files, profiles, codes and updates."""

    dependencies = [
        ("accounts", "0005_calendar_as_the_language_has_it"),
        ("population", "0003_map_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("area", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                (
                    "sector",
                    models.CharField(
                        choices=[
                            ("health", "health"),
                            ("education", "education"),
                            ("welfare", "social development and human security"),
                            ("community", "community development"),
                            ("interior", "registration and local administration"),
                            ("labour", "labour"),
                            ("other", "another sector"),
                        ],
                        max_length=12,
                    ),
                ),
                ("layout", models.CharField(max_length=40)),
                ("custodian", models.CharField(max_length=160)),
                ("legal_basis", models.CharField(max_length=200)),
                ("agreement", models.CharField(blank=True, max_length=120)),
                ("agreement_until", models.DateField(blank=True, null=True)),
                ("impact_assessment", models.CharField(blank=True, max_length=120)),
                ("as_of", models.DateField()),
                ("is_invented", models.BooleanField(default=False)),
                ("registered_at", models.DateTimeField()),
                ("registered_by_ref", models.UUIDField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("made_at", models.DateTimeField()),
                ("made_by_ref", models.UUIDField()),
                ("files", models.JSONField(default=dict)),
                ("told", models.JSONField(default=dict)),
                ("would_stop", models.BooleanField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="profiles", to="population.source"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("part", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("n_bytes", models.BigIntegerField()),
                ("n_lines", models.BigIntegerField(null=True)),
                ("handed_at", models.DateTimeField()),
                ("handed_by_ref", models.UUIDField()),
                ("let_go_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="population.source"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CodeMeaning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("field", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=24)),
                ("target", models.CharField(blank=True, max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("said_at", models.DateTimeField()),
                ("said_by_ref", models.UUIDField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meanings", to="population.source"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("area", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("as_of", models.DateField()),
                ("indicators", models.CharField(max_length=60)),
                ("impact_assessment", models.CharField(blank=True, max_length=120)),
                ("sources", models.JSONField(default=list)),
                ("until", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("asked_by_ref", models.UUIDField()),
                ("job_ref", models.UUIDField(null=True)),
                ("run_ref", models.UUIDField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("area", "code"), name="population_one_source_of_a_name"),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(fields=["source", "-made_at"], name="population_profiled"),
        ),
        migrations.AddIndex(
            model_name="handedfile",
            index=models.Index(fields=["source", "-handed_at"], name="population_handed"),
        ),
        migrations.AddConstraint(
            model_name="handedfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("let_go_at__isnull", True)),
                fields=("source", "part"),
                name="population_one_file_of_a_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="codemeaning",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("source", "field", "code"),
                name="population_one_meaning_of_a_code",
            ),
        ),
        migrations.AddIndex(
            model_name="update",
            index=models.Index(fields=["-asked_at", "-id"], name="population_updates"),
        ),
    ]
