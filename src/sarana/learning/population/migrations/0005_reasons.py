"""What drives the index of areas, and which do better than their circumstances predict."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indicators, answers, areas held against their circumstances, and by what a run was measured."""

    dependencies = [
        ("population", "0004_sources"),
    ]

    operations = [
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=300)),
                ("sector", models.CharField(blank=True, max_length=120)),
                ("strength", models.CharField(blank=True, max_length=120)),
                ("strength_local", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="indicators", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=12)),
                ("code", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=40)),
                ("n_known", models.PositiveIntegerField()),
                ("n_need", models.PositiveIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Better",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30)),
                ("is_better", models.BooleanField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="held_against", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.UniqueConstraint(fields=("run", "key"), name="population_one_indicator"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("run", "level", "code", "key"), name="population_one_answer"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("n_need__lte", models.F("n_known"))), name="population_need_within_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["province", "district", "subdistrict"])),
                name="population_no_answer_of_a_village",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="measured_by",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="better",
            constraint=models.UniqueConstraint(fields=("run", "code"), name="population_held_once"),
        ),
    ]
