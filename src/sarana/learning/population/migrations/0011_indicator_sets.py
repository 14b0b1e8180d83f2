"""Provinces' own indicator sets, what was said of sets, and what a set would change."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Sets, notes, effects."""

    dependencies = [
        ("population", "0010_back_tests"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("area", models.CharField(max_length=20)),
                ("set_id", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("copied_from", models.CharField(max_length=80)),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("proposed", "proposed, waits for a second person"),
                            ("adopted", "adopted"),
                            ("put-aside", "put aside"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("made_by_ref", models.UUIDField()),
                ("changed_at", models.DateTimeField()),
                ("proposed_at", models.DateTimeField(null=True)),
                ("proposed_by_ref", models.UUIDField(null=True)),
                ("second_at", models.DateTimeField(null=True)),
                ("second_by_ref", models.UUIDField(null=True)),
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
            name="SetEffect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("content_hash", models.CharField(max_length=64)),
                ("told", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("made_by_ref", models.UUIDField()),
                (
                    "own",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="effects", to="population.ownset"
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="population.update"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SetNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("about", models.CharField(max_length=40)),
                ("indicator", models.CharField(blank=True, max_length=16)),
                ("text", models.CharField(max_length=1000)),
                ("source", models.CharField(max_length=300)),
                ("said_at", models.DateTimeField()),
                ("said_by_ref", models.UUIDField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="ownset",
            index=models.Index(fields=["area", "-made_at"], name="population_own_sets"),
        ),
        migrations.AddConstraint(
            model_name="ownset",
            constraint=models.UniqueConstraint(fields=("set_id", "number"), name="population_one_version_of_a_set"),
        ),
        migrations.AddConstraint(
            model_name="ownset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second_by_ref__isnull", True),
                    models.Q(("second_by_ref", models.F("proposed_by_ref")), _negated=True),
                    _connector="OR",
                ),
                name="population_set_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "adopted"), _negated=True),
                    models.Q(("proposed_by_ref__isnull", False), ("second_by_ref__isnull", False)),
                    _connector="OR",
                ),
                name="population_set_adopted_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "proposed"), _negated=True),
                    models.Q(("proposed_by_ref__isnull", False), ("second_by_ref__isnull", True)),
                    _connector="OR",
                ),
                name="population_set_proposed_by_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="seteffect",
            constraint=models.UniqueConstraint(fields=("own", "update", "content_hash"), name="population_one_effect"),
        ),
        migrations.AddIndex(
            model_name="setnote",
            index=models.Index(fields=["about", "said_at"], name="population_set_notes"),
        ),
    ]
