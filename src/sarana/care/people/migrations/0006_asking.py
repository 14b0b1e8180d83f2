"""Agreements, who may be asked about, what was asked, and whom it reached."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """The tables of asking."""

    dependencies = [
        ("people", "0004_photographs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("partner_ref", models.UUIDField()),
                ("until", models.DateField()),
                ("a_day", models.PositiveSmallIntegerField()),
                ("key_sealed", models.BinaryField(null=True)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_ref", models.UUIDField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("signed_by_ref", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_ref", models.UUIDField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agency_ref", models.F("partner_ref")), _negated=True),
                        name="people_agreement_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("key_sealed__isnull", False)),
                            models.Q(("ended_at__isnull", False), ("key_sealed__isnull", True)),
                            _connector="OR",
                        ),
                        name="people_agreement_ends_with_its_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at__isnull", True), ("signed_by_ref__isnull", True)),
                            models.Q(("signed_at__isnull", False), ("signed_by_ref__isnull", False)),
                            _connector="OR",
                        ),
                        name="people_agreement_signed_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("agency_ref", "partner_ref"),
                        name="people_one_agreement_of_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Askable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("until", models.DateField()),
                ("said_at", models.DateTimeField()),
                ("said_by_ref", models.UUIDField()),
                ("revision", models.PositiveIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="askable", to="people.agreement"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="askable", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AskMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("mark", models.BinaryField(max_length=32)),
                (
                    "askable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="people.askable"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("purpose", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("asked_by_ref", models.UUIDField()),
                ("looked_at", models.DateTimeField(null=True)),
                ("marks", models.JSONField(default=list)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="people.agreement"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reached",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("asker_ref", models.UUIDField()),
                ("question_ref", models.UUIDField()),
                ("purpose", models.CharField(max_length=40)),
                ("reached_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("calls", "she wishes it: we call them"),
                            ("no", "she does not wish it"),
                            ("other", "it is somebody else"),
                            ("not-safe", "it is not safe to ask her, or to call"),
                            ("gone", "she cannot be asked any more"),
                        ],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_ref", models.UUIDField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reached", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="askable",
            constraint=models.UniqueConstraint(fields=("agreement", "person"), name="people_askable_once"),
        ),
        migrations.AddIndex(
            model_name="askmark",
            index=models.Index(fields=["mark"], name="people_ask_mark"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["agency_ref", "-asked_at"], name="people_questions_newest"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("looked_at__isnull", True), ("marks", []), _connector="OR"),
                name="people_question_loses_its_marks",
            ),
        ),
        migrations.AddConstraint(
            model_name="reached",
            constraint=models.UniqueConstraint(fields=("question_ref", "person"), name="people_reached_once"),
        ),
        migrations.AddConstraint(
            model_name="reached",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by_ref__isnull", True), ("outcome", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by_ref__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="people_reached_decided_whole",
            ),
        ),
    ]
