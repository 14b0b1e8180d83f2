"""What people agreed to."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """What people agreed to, each on a basis of its own."""

    initial = True

    dependencies = [
        ("vault", "0003_sealed_identities"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("language", models.CharField(max_length=12)),
                (
                    "explained",
                    models.CharField(
                        choices=[
                            ("face-to-face", "face to face"),
                            ("interpreter", "through an interpreter"),
                            ("telephone", "by telephone"),
                            ("written", "on paper that she read"),
                        ],
                        max_length=20,
                    ),
                ),
                ("explained_by_ref", models.UUIDField()),
                (
                    "agreed_by",
                    models.CharField(
                        choices=[("self", "the person herself"), ("guardian", "her guardian")], max_length=20
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("signed", "she signed"),
                            ("recorded", "it was recorded"),
                            ("witness", "a witness was there"),
                            ("spoken", "spoken only"),
                        ],
                        max_length=20,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("recorded_by_ref", models.UUIDField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by_ref", models.UUIDField(null=True)),
                (
                    "withdrawn_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("spoken", "she said so"),
                            ("written", "she wrote so"),
                            ("guardian", "her guardian said so"),
                            ("agency", "her agency ended it, for her safety"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "basis",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consent", to="vault.basis"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agency_ref", "-given_at"], name="consent_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by_ref__isnull", True),
                                ("withdrawn_how", ""),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by_ref__isnull", False),
                                models.Q(("withdrawn_how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("language", ""), _negated=True),
                            models.Q(("explained", ""), _negated=True),
                            models.Q(("evidence", ""), _negated=True),
                        ),
                        name="consent_says_how",
                    ),
                ],
            },
        ),
    ]
