"""Back-tests of runs, and what a run may be called after one."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """What back-tests let out."""

    dependencies = [
        ("population", "0009_year"),
    ]

    operations = [
        migrations.AlterField(
            model_name="run",
            name="status",
            field=models.CharField(
                choices=[
                    ("unvalidated", "Unvalidated, for planning only"),
                    ("not-passed", "Back-test not passed, for planning only"),
                    ("back-tested", "Back-test passed"),
                ],
                default="unvalidated",
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="BackTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("passed", "passed"), ("not-passed", "not passed"), ("not-judged", "not judged")],
                        max_length=12,
                    ),
                ),
                (
                    "cases",
                    models.CharField(
                        choices=[
                            ("presumed", "presumed trafficking"),
                            ("confirmed", "confirmed trafficking"),
                            ("other", "other harm"),
                        ],
                        max_length=12,
                    ),
                ),
                ("has_tables", models.BooleanField()),
                ("told", models.JSONField()),
                ("told_hash", models.CharField(max_length=64)),
                ("taken_in_at", models.DateTimeField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="back_tests", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.UniqueConstraint(fields=("run", "told_hash"), name="population_back_test_once"),
        ),
        migrations.AddConstraint(
            model_name="backtest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("has_tables", True)),
                fields=("run",),
                name="population_one_back_test_with_tables",
            ),
        ),
        migrations.AddIndex(
            model_name="backtest",
            index=models.Index(fields=["run", "-taken_in_at"], name="population_back_tests"),
        ),
    ]
