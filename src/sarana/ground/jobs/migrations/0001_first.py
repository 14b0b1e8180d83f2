"""Pieces of long work, and a receipt for each step."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Pieces of long work, and a receipt for each step."""

    initial = True

    dependencies = [
        ("accounts", "0002_sittings_and_trials"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("kind", models.CharField(max_length=60)),
                ("args", models.JSONField(default=dict)),
                ("about", models.CharField(blank=True, max_length=200)),
                ("thing", models.CharField(max_length=120)),
                ("was_strong", models.BooleanField(default=False)),
                ("purpose", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits"),
                            ("running", "runs"),
                            ("stopped", "stopped"),
                            ("done", "done"),
                            ("failed", "did not come to its end"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("stop_asked_at", models.DateTimeField(null=True)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("n_steps", models.PositiveSmallIntegerField(default=0)),
                ("step_began_at", models.DateTimeField(null=True)),
                ("done_before", models.BigIntegerField(default=0)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("worker", models.CharField(blank=True, max_length=60)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("n_idle", models.PositiveSmallIntegerField(default=0)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("says", models.CharField(blank=True, max_length=400)),
                ("cure", models.CharField(blank=True, max_length=400)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("fence", models.PositiveIntegerField()),
                ("counts", models.JSONField(default=dict)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="jobs.job"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["state", "lease_until"], name="jobs_to_take"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["-asked_at", "-id"], name="jobs_newest"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "running"))),
                fields=("thing",),
                name="jobs_one_for_each_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "running"), _negated=True), ("lease_until__isnull", False), _connector="OR"
                ),
                name="jobs_running_is_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("job", "number"), name="jobs_each_step_once"),
        ),
    ]
