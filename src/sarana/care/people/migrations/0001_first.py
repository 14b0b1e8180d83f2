"""People who are helped."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """People, who works with them, how they are related, and what search has to learn."""

    initial = True

    dependencies = [
        ("vault", "0003_sealed_identities"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("code", models.CharField(max_length=12)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("audited", "everybody who helps in this agency"),
                            ("protected", "those assigned, and supervisors"),
                            ("closed", "those assigned only"),
                        ],
                        default="audited",
                        max_length=10,
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        choices=[("female", "female"), ("male", "male"), ("other", "other"), ("unknown", "not known")],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                (
                    "stateless",
                    models.CharField(
                        choices=[
                            ("no", "has a nationality"),
                            ("at-risk", "nationality not proved"),
                            ("yes", "stateless"),
                            ("unknown", "not known"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("nationalities", models.JSONField(default=list)),
                ("languages", models.JSONField(default=list)),
                ("needs_interpreter", models.BooleanField(default=False)),
                ("entered_at", models.DateTimeField()),
                ("entered_by_ref", models.UUIDField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("is_decoy", models.BooleanField(default=False)),
                (
                    "led_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="follows",
                        to="people.person",
                    ),
                ),
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="person", to="vault.subject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Assigned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("account_ref", models.UUIDField()),
                ("since_at", models.DateTimeField()),
                ("by_ref", models.UUIDField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assigned", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parent", "parent"),
                            ("child", "child"),
                            ("sibling", "brother or sister"),
                            ("partner", "husband, wife or partner"),
                            ("guardian", "guardian"),
                            ("ward", "in the care of"),
                            ("relative", "other relative"),
                            ("friend", "friend"),
                            ("came-with", "came with"),
                            ("recruited", "recruited"),
                            ("recruited-by", "was recruited by"),
                        ],
                        max_length=20,
                    ),
                ),
                ("may_know", models.BooleanField(default=False)),
                ("said_at", models.DateTimeField()),
                ("said_by_ref", models.UUIDField()),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="related", to="people.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="relations", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ToIndex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("person_ref", models.UUIDField()),
                ("revision", models.PositiveIntegerField()),
                ("is_gone", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["agency_ref", "id"], name="people_to_index")],
            },
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["agency_ref", "-entered_at"], name="people_newest"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("agency_ref", "code"), name="people_code_once_an_agency"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("led_by__isnull", True), models.Q(("led_by", models.F("id")), _negated=True), _connector="OR"
                ),
                name="people_leads_not_herself",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["audited", "protected", "closed"])), name="people_level_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="assigned",
            constraint=models.UniqueConstraint(fields=("person", "account_ref"), name="people_assigned_once"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(fields=("person", "other", "kind"), name="people_related_once"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("other")), _negated=True), name="people_related_to_another"
            ),
        ),
    ]
