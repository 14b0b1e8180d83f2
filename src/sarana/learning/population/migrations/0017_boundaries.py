"""Boundary files that were brought for a province."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Boundary files that were brought for a province."""

    dependencies = [("population", "0016_rows_of_somebody_else")]

    operations = [
        migrations.CreateModel(
            name="BoundaryFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("area", models.CharField(max_length=20)),
                ("drawn_by", models.CharField(max_length=200)),
                ("as_of", models.DateField()),
                ("sha256", models.CharField(max_length=64)),
                ("n_bytes", models.PositiveIntegerField()),
                ("told", models.JSONField()),
                ("outlines", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("looked-through", "looked through, not in force"),
                            ("in-force", "in force"),
                            ("replaced", "replaced by a later one"),
                            ("put-aside", "put aside"),
                        ],
                        default="looked-through",
                        max_length=14,
                    ),
                ),
                ("brought_at", models.DateTimeField()),
                ("brought_by_ref", models.UUIDField()),
                ("in_force_at", models.DateTimeField(null=True)),
                ("in_force_by_ref", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="boundaryfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in-force")),
                fields=("area",),
                name="population_one_boundary_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="boundaryfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("looked-through", "in-force"))),
                fields=("area", "sha256"),
                name="population_each_boundary_once",
            ),
        ),
        migrations.AddIndex(
            model_name="boundaryfile",
            index=models.Index(fields=["area", "-brought_at"], name="population_boundaries"),
        ),
    ]
