"""Incidents, whom they touch, and whom to tell."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Incidents, whom they touch, and whom to tell."""

    initial = True

    dependencies = [
        ("accounts", "0004_sent_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("account", "what one account may open"),
                            ("database", "the database, or a copy of it"),
                            ("backup", "a backup"),
                            ("run", "the folder of a run"),
                            ("keys", "the key folder, or a key"),
                            ("device", "a computer or a telephone"),
                            ("paper", "paper, or something printed"),
                            ("sent", "something sent to the wrong one"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "found",
                    models.CharField(
                        choices=[
                            ("ledger", "by reading who looked"),
                            ("staff", "by somebody who works here"),
                            ("person", "by somebody whom it touches"),
                            ("outside", "by somebody outside"),
                            ("check", "by a check of the system"),
                        ],
                        max_length=10,
                    ),
                ),
                ("since_at", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                ("file_number", models.CharField(blank=True, max_length=40)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by_ref", models.UUIDField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("country", models.CharField(max_length=5)),
                ("code", models.CharField(max_length=20)),
                ("is_law", models.BooleanField()),
                ("due_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("told_by_ref", models.UUIDField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="breaches.incident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Affected",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("names", "names, numbers, dates of birth"),
                            ("contact", "ways to reach them, where they are"),
                            ("story", "what happened to them, health"),
                            ("pictures", "pictures, fingerprints"),
                            ("staff", "people who work here"),
                        ],
                        max_length=10,
                    ),
                ),
                ("n_people", models.PositiveIntegerField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="affected", to="breaches.incident"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["-known_at", "-id"], name="breaches_newest"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("since_at__lte", models.F("known_at"))), name="breaches_known_after_it_began"
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(fields=("incident", "code"), name="breaches_each_duty_once"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("told_at__isnull", True), ("told_by_ref__isnull", True)),
                    models.Q(("told_at__isnull", False), ("told_by_ref__isnull", False)),
                    _connector="OR",
                ),
                name="breaches_told_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="affected",
            constraint=models.UniqueConstraint(fields=("incident", "agency_ref", "tier"), name="breaches_counted_once"),
        ),
    ]
