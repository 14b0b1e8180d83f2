"""Stations that are trusted, which of them handed a run over, its outline, and files for the nation among those made."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Runs that are here already were taken in at the machine: no station handed them over."""

    dependencies = [
        ("accounts", "0005_calendar_as_the_language_has_it"),
        ("population", "0005_reasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Station",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("area", models.CharField(max_length=20)),
                ("public", models.CharField(max_length=64)),
                ("told_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("area",),
                        name="population_one_station_a_province",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("public",),
                        name="population_one_province_a_key",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="run",
            name="station",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="population.station",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="outline",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="mapfile",
            name="kind",
            field=models.CharField(
                choices=[
                    ("csv", "table (CSV)"),
                    ("xlsx", "workbook (XLSX)"),
                    ("geojson", "map layer (GeoJSON)"),
                    ("kml", "map layer (KML)"),
                    ("nation", "signed file for the nation (ZIP)"),
                ],
                max_length=8,
            ),
        ),
    ]
