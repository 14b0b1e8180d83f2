"""That a row is of somebody else becomes pairs that two others judge; a run says how far its sectors overlap."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """That a row is of somebody else becomes pairs that two others judge; a run says how far its sectors overlap."""

    dependencies = [("population", "0015_key_of_objections")]

    operations = [
        migrations.AddField(model_name="correction", name="rows_sealed", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="run", name="queue_filled_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="run", name="overlaps", field=models.JSONField(default=list)),
        migrations.AddField(model_name="pair", name="asked_by_ref", field=models.UUIDField(null=True)),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_by_ref__isnull", True), ("needs", 2), _connector="OR"),
                name="population_two_judge_what_is_asked",
            ),
        ),
    ]
