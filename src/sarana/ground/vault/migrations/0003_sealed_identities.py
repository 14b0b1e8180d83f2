"""Sealed identities: people, their tiers, on which basis others read them, and who was erased."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Sealed identities; the fences round them are put up after every migration."""

    dependencies = [
        ("vault", "0002_let_go"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erased",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("at", models.CharField(max_length=20)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("own-request", "the person asked for it"),
                            ("kept", "kept as long as it was to be"),
                            ("mistake", "entered by mistake"),
                            ("order", "a court or an authority ordered it"),
                            ("ended", "no person: what another agency read on was ended"),
                        ],
                        max_length=20,
                    ),
                ),
                ("agency_ref", models.UUIDField()),
                ("key", models.CharField(max_length=8)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("epoch", models.PositiveIntegerField()),
                ("own_key", models.BinaryField()),
                ("versions", models.JSONField(default=dict)),
                (
                    "held",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("court", "a court asks for it"),
                            ("investigation", "an investigation is going on"),
                            ("complaint", "a complaint is not settled"),
                            ("law", "a law asks for it"),
                        ],
                        max_length=20,
                    ),
                ),
                ("held_at", models.DateTimeField(null=True)),
                ("review_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["agency_ref", "epoch", "id"], name="vault_subject_epoch")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held", ""), ("held_at__isnull", True), ("review_on__isnull", True)),
                            models.Q(
                                models.Q(("held", ""), _negated=True),
                                ("held_at__isnull", False),
                                ("review_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="vault_hold_has_a_review",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Basis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("recipient_ref", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("consent", "the person agreed"), ("law", "a law, or an order under it")],
                        max_length=10,
                    ),
                ),
                ("tiers", models.CharField(max_length=40)),
                ("purpose", models.CharField(max_length=40)),
                ("begins_at", models.DateTimeField()),
                ("until", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("order", "a court or a prosecutor ordered it"),
                            ("duty", "a law demands that it is told"),
                            ("danger", "somebody's life or health is in danger"),
                        ],
                        max_length=10,
                    ),
                ),
                ("decided_by_ref", models.UUIDField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bases", to="vault.subject"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shared",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("recipient_ref", models.UUIDField()),
                ("tier", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("epoch", models.PositiveIntegerField()),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("given", "to the public half of whoever was given it"),
                            ("own", "with the key of whoever was given it"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sealed", models.BinaryField()),
                (
                    "basis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shared", to="vault.basis"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["recipient_ref", "epoch", "id"], name="vault_shared_epoch")],
                "constraints": [
                    models.UniqueConstraint(fields=("basis", "tier"), name="vault_shared_once_a_tier"),
                    models.CheckConstraint(
                        condition=models.Q(("recipient_ref", models.F("agency_ref")), _negated=True),
                        name="vault_shared_is_for_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["names", "contact", "story", "images"])),
                        name="vault_shared_tier_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("tier", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sealed", to="vault.subject"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "tier"), name="vault_sealed_once_a_tier"),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["names", "contact", "story", "images"])),
                        name="vault_sealed_tier_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="vault_sealed_versions_begin_at_one"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="basis",
            index=models.Index(fields=["recipient_ref", "subject"], name="vault_basis_recipient"),
        ),
        migrations.AddConstraint(
            model_name="basis",
            constraint=models.CheckConstraint(
                condition=models.Q(("recipient_ref", models.F("agency_ref")), _negated=True),
                name="vault_basis_is_for_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="basis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["consent", "law"]),
                    models.Q(("tiers", ""), _negated=True),
                    models.Q(("purpose", ""), _negated=True),
                ),
                name="vault_basis_says_what_it_is",
            ),
        ),
        migrations.AddConstraint(
            model_name="basis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", ""), ("kind", "consent")),
                    models.Q(("kind", "law"), models.Q(("ground", ""), _negated=True)),
                    _connector="OR",
                ),
                name="vault_basis_of_law_has_a_ground",
            ),
        ),
    ]
