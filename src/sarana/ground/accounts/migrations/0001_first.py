"""Agencies, accounts, roles, memberships, invitations."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Agencies, accounts, roles, memberships, invitations."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("sign_in_name", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "calendar",
                    models.CharField(
                        choices=[("be", "Buddhist era"), ("ce", "common era")], default="ce", max_length=2
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("is_demonstration", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sign_in_name", ""), _negated=True), name="account_has_a_sign_in_name"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="account_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("name_local", models.CharField(blank=True, max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("shelter", "shelter"),
                            ("social-welfare", "social welfare"),
                            ("police", "police"),
                            ("prosecution", "prosecution"),
                            ("court", "court"),
                            ("health", "health"),
                            ("education", "education"),
                            ("labour", "labour"),
                            ("immigration", "immigration"),
                            ("local-government", "local government"),
                            ("provincial-centre", "provincial centre"),
                            ("national-body", "national body"),
                            ("regional-body", "regional body"),
                            ("ngo", "non-governmental organisation"),
                            ("international", "international organisation"),
                            ("research", "research"),
                        ],
                        max_length=20,
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("areas", models.JSONField(blank=True, default=list)),
                ("path", models.CharField(max_length=400, unique=True)),
                ("made_at", models.DateTimeField()),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.agency",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("name_th", models.CharField(max_length=80)),
                ("about", models.CharField(max_length=300)),
                ("about_th", models.CharField(max_length=300)),
                ("sees_persons", models.BooleanField()),
                ("needs_second_factor", models.BooleanField(default=True)),
                ("rank", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sees_persons", False), ("needs_second_factor", True), _connector="OR"),
                        name="role_that_sees_persons_needs_a_second_factor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("starts_on", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("given_by_ref", models.UUIDField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="accounts.agency"
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.role"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("word_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("made_by_ref", models.UUIDField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="accounts.agency"
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.role"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length("country"), 2),
                name="agency_country_is_a_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="agency_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("partner__isnull", True), models.Q(("partner", models.F("id")), _negated=True), _connector="OR"
                ),
                name="agency_is_not_its_own_partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("account", "agency", "role"),
                name="membership_runs_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gte", models.F("starts_on")), _connector="OR"),
                name="membership_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"),
                name="invitation_is_used_or_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))), name="invitation_lapses_after_it_is_made"
            ),
        ),
    ]
