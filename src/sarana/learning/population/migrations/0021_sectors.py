"""Sectors of areas, and files of maps of one indicator or one sector."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sectors of which runs tell, their lines, and what a file of a map shows."""

    dependencies = [("population", "0020_boundaries_as_work")]

    operations = [
        migrations.CreateModel(
            name="Sector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=120)),
                ("known_by", models.CharField(max_length=40)),
                ("questions", models.JSONField(default=dict)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sectors", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SectorAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=12)),
                ("code", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=120)),
                ("n_known", models.PositiveIntegerField()),
                ("n_gravest", models.PositiveIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sector_answers", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="sector",
            constraint=models.UniqueConstraint(fields=("run", "key"), name="population_one_sector"),
        ),
        migrations.AddConstraint(
            model_name="sectoranswer",
            constraint=models.UniqueConstraint(
                fields=("run", "level", "code", "key"), name="population_one_sector_answer"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectoranswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("n_gravest__lte", models.F("n_known"))), name="population_gravest_within_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectoranswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["province", "district", "subdistrict"])),
                name="population_no_sector_of_a_village",
            ),
        ),
        migrations.AddField(
            "mapfile",
            "indicator",
            models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            "mapfile",
            "sector",
            models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="mapfile", name="population_one_file_a_choice"),
        migrations.AddConstraint(
            model_name="mapfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gone_at__isnull", True)),
                fields=(
                    *("account", "run", "kind", "level", "within", "group", "which", "indicator", "sector"),
                    *("language", "reason"),
                ),
                name="population_one_file_a_choice",
            ),
        ),
    ]
