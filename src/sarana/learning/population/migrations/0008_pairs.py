"""Pairs that people judge, and what was judged of them."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """The queue of pairs."""

    dependencies = [
        ("population", "0007_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("same", "same person"),
                            ("not-same", "not the same person"),
                            ("cannot-say", "cannot say"),
                        ],
                        max_length=12,
                    ),
                ),
                ("n_pairs", models.PositiveIntegerField()),
                ("judged_at", models.DateTimeField()),
                ("judged_by_ref", models.UUIDField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("place", models.PositiveIntegerField()),
                (
                    "sure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "same person"),
                            ("not-same", "not the same person"),
                            ("cannot-say", "cannot say"),
                        ],
                        max_length=12,
                    ),
                ),
                ("needs", models.PositiveSmallIntegerField(default=1)),
                ("held_by_ref", models.UUIDField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pairs", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("turn", models.PositiveSmallIntegerField(default=1)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("same", "same person"),
                            ("not-same", "not the same person"),
                            ("cannot-say", "cannot say"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("judged_at", models.DateTimeField()),
                ("judged_by_ref", models.UUIDField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="population.batch",
                    ),
                ),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="population.pair"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="pair",
            index=models.Index(fields=["run", "place"], name="population_queue"),
        ),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.CheckConstraint(
                condition=models.Q(("needs__in", (1, 2))), name="population_one_or_two_judge"
            ),
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(fields=["judged_by_ref", "-judged_at"], name="population_judged"),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("pair", "turn"),
                name="population_one_judgement_a_turn",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("pair", "judged_by_ref"),
                name="population_nobody_judges_twice",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(("turn__in", (1, 2))), name="population_first_or_second_turn"
            ),
        ),
    ]
