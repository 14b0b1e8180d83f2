"""Records that may be of one person, and what was judged of them."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Likenesses, judgements, and how far people were compared."""

    dependencies = [
        ("people", "0006_asking"),
    ]

    operations = [
        migrations.CreateModel(
            name="Compared",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_ref", models.UUIDField()),
                ("revision", models.PositiveIntegerField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="compared", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                ("per_cent", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                ("found_at", models.DateTimeField()),
                ("is_open", models.BooleanField(default=True)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alike_as_first", to="people.person"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alike_as_second", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SameJudgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("agency_ref", models.UUIDField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("same", "the same person"),
                            ("other", "not the same person"),
                            ("cannot-say", "cannot say"),
                        ],
                        max_length=12,
                    ),
                ),
                ("judged_at", models.DateTimeField()),
                ("judged_by_ref", models.UUIDField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by_ref", models.UUIDField(null=True)),
                (
                    "follows",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "leads",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "likeness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="judgements", to="people.likeness"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="likeness",
            index=models.Index(fields=["agency_ref", "is_open", "-per_cent"], name="people_alike_queue"),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="people_alike_once"),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="people_alike_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.CheckConstraint(condition=models.Q(("per_cent__lte", 100)), name="people_alike_per_cent"),
        ),
        migrations.AddConstraint(
            model_name="samejudgement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)), fields=("likeness",), name="people_judged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="samejudgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("follows__isnull", False), ("leads__isnull", False), ("verdict", "same")),
                    models.Q(
                        models.Q(("verdict", "same"), _negated=True), ("follows__isnull", True), ("leads__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="people_joined_says_who_leads",
            ),
        ),
        migrations.AddConstraint(
            model_name="samejudgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at__isnull", True), ("undone_by_ref__isnull", True)),
                    models.Q(("undone_at__isnull", False), ("undone_by_ref__isnull", False)),
                    _connector="OR",
                ),
                name="people_undone_whole",
            ),
        ),
    ]
