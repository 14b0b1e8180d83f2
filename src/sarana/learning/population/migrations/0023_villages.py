"""Where the villages of a run lie, beside the outlines of its map."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Where the villages of a run lie, beside the outlines of its map."""

    dependencies = [("population", "0022_drawn_from")]

    operations = [migrations.AddField("drawing", "villages", models.JSONField(default=dict))]
