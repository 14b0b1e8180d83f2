"""Who was opened in an emergency, and who is kept out for a conflict of interest."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """The tables of both."""

    dependencies = [
        ("people", "0008_asked_stays"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("against_ref", models.UUIDField(null=True)),
                ("account_ref", models.UUIDField(null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("involved", "may be involved in what happened to the person"),
                            ("near", "is close to the person, or to a suspect"),
                            ("party", "has something to gain or to lose"),
                            ("feared", "the person is afraid of them"),
                            ("other", "something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words_sealed", models.BinaryField()),
                ("flagged_at", models.DateTimeField()),
                ("flagged_by_ref", models.UUIDField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by_ref", models.UUIDField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="conflicts", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_ref", "lifted_at"], name="people_conflict_account"),
                    models.Index(fields=["agency_ref", "-flagged_at"], name="people_conflict_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account_ref__isnull", True), ("against_ref__isnull", False)),
                            models.Q(("account_ref__isnull", False), ("against_ref__isnull", True)),
                            _connector="OR",
                        ),
                        name="people_conflict_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("against_ref__isnull", True),
                            models.Q(("against_ref", models.F("agency_ref")), _negated=True),
                            _connector="OR",
                        ),
                        name="people_conflict_of_another_agency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at__isnull", True), ("lifted_by_ref__isnull", True)),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by_ref__isnull", False),
                                models.Q(("lifted_by_ref", models.F("flagged_by_ref")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="people_conflict_lifted_by_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("person", "against_ref"),
                        name="people_conflict_once_an_agency",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("person", "account_ref"),
                        name="people_conflict_once_an_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("account_ref", models.UUIDField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("danger", "life or health is in danger now"),
                            ("gone", "the person is missing, or was taken away"),
                            ("here", "the person stands before us and needs help now"),
                            ("deadline", "a court or an authority asks within the hour"),
                            ("other", "something else that cannot wait"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words_sealed", models.BinaryField()),
                ("opened_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by_ref", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_ref", models.UUIDField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="emergencies", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account_ref", "-opened_at"], name="people_emergency_of_one"),
                    models.Index(fields=["agency_ref", "-opened_at"], name="people_emergency_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by_ref__isnull", True)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by_ref__isnull", False),
                                models.Q(("confirmed_by_ref", models.F("account_ref")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="people_emergency_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by_ref__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by_ref__isnull", False)),
                            _connector="OR",
                        ),
                        name="people_emergency_ended_whole",
                    ),
                ],
            },
        ),
    ]
