"""Boundary files are looked through as long work: the file as it came waits for it, and its small map is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Boundary files are looked through as long work: the file as it came waits for it, and its small map is kept."""

    dependencies = [("population", "0019_all_who_asked")]

    operations = [
        migrations.AddField("boundaryfile", "content", models.BinaryField(default=bytes)),
        migrations.AddField("boundaryfile", "drawing", models.JSONField(default=dict)),
        migrations.AddField("boundaryfile", "fault", models.JSONField(default=dict)),
        migrations.AddField("boundaryfile", "job_ref", models.UUIDField(null=True)),
        migrations.AlterField("boundaryfile", "told", models.JSONField(default=dict)),
        migrations.AlterField("boundaryfile", "outlines", models.BinaryField(default=bytes)),
        migrations.AlterField(
            "boundaryfile",
            "state",
            models.CharField(
                choices=[
                    ("waiting", "being looked through"),
                    ("unfit", "cannot be used"),
                    ("looked-through", "looked through, not in force"),
                    ("in-force", "in force"),
                    ("replaced", "replaced by a later one"),
                    ("put-aside", "put aside"),
                ],
                default="waiting",
                max_length=14,
            ),
        ),
        migrations.RemoveConstraint("boundaryfile", "population_each_boundary_once"),
        migrations.AddConstraint(
            model_name="boundaryfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "looked-through", "in-force"))),
                fields=("area", "sha256"),
                name="population_each_boundary_once",
            ),
        ),
    ]
