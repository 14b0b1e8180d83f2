"""Editions of lists, areas and what became of them, words and their translations."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Editions of lists, areas and what became of them, words and their translations."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("list_code", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=300)),
                ("licence", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("loading", "being loaded"),
                            ("ready", "loaded, not in force"),
                            ("in-force", "in force"),
                            ("replaced", "replaced by a later one"),
                            ("withdrawn", "withdrawn before it came into force"),
                        ],
                        default="loading",
                        max_length=10,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("in_force_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("brought_by_ref", models.UUIDField()),
                ("n_rows", models.PositiveIntegerField(default=0)),
                ("n_new", models.PositiveIntegerField(default=0)),
                ("n_gone", models.PositiveIntegerField(default=0)),
                ("n_renamed", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in-force")), fields=("list_code",), name="codelists_one_in_force"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("loading", "ready", "in-force"))),
                        fields=("list_code", "fingerprint"),
                        name="codelists_each_state_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("list_code", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=8)),
                ("text", models.CharField(max_length=160)),
                ("given_by_ref", models.UUIDField()),
                ("given_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("list_code", "code", "language"),
                        name="codelists_one_translation_holds",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("before", models.CharField(max_length=40)),
                ("before_until", models.DateField(null=True)),
                ("after", models.CharField(max_length=40)),
                ("after_from", models.DateField(null=True)),
                ("on", models.DateField(null=True)),
                ("basis", models.CharField(blank=True, max_length=160)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="codelists.edition"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["edition", "before"], name="codelists_change_before"),
                    models.Index(fields=["edition", "after"], name="codelists_change_after"),
                ],
                "constraints": [models.UniqueConstraint(fields=("edition", "line"), name="codelists_each_change_once")],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("level", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("pcode", models.CharField(blank=True, max_length=40)),
                ("parent", models.CharField(blank=True, max_length=40)),
                ("name_local", models.CharField(max_length=160)),
                ("name_latin", models.CharField(blank=True, max_length=160)),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
                ("search", models.CharField(max_length=420)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="codelists.edition"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["edition", "code"], name="codelists_area_by_code"),
                    models.Index(fields=["edition", "parent"], name="codelists_area_by_parent"),
                    models.Index(fields=["edition", "level", "code"], name="codelists_area_by_level"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "line"), name="codelists_each_area_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_from__lte", models.F("valid_until")),
                            _connector="OR",
                        ),
                        name="codelists_area_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("labels", models.JSONField()),
                ("also", models.JSONField(default=dict)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="words", to="codelists.edition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="codelists_each_word_once"),
                    models.UniqueConstraint(fields=("edition", "line"), name="codelists_each_word_line_once"),
                ],
            },
        ),
    ]
