"""Alarms, and how far tables were taken in."""

from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """The tables of alarms and of tables that are taken in."""

    dependencies = [
        ("people", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lure", "A record that lures was opened"),
                            ("used-up", "A day's number was used up"),
                        ],
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(max_length=60)),
                ("account_ref", models.UUIDField()),
                ("day", models.DateField()),
                ("purpose", models.CharField(blank=True, max_length=40)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency_ref", "account_ref", "day", "kind", "what"), name="people_alarm_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["lure", "used-up"])), name="people_alarm_kind_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("digest", models.CharField(max_length=64)),
                ("begun_at", models.DateTimeField()),
                ("begun_by_ref", models.UUIDField()),
                ("n_read", models.PositiveBigIntegerField(default=0)),
                ("n_entered", models.PositiveBigIntegerField(default=0)),
                ("n_aside", models.PositiveBigIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency_ref", "digest"), name="people_table_once_an_agency"),
                ],
            },
        ),
    ]
