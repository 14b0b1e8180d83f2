"""By which boundaries a map was drawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """By which boundaries a map was drawn."""

    dependencies = [("population", "0017_boundaries")]

    operations = [
        migrations.AddField(
            "drawing", "drawn_by", models.CharField(blank=True, default="", max_length=200), preserve_default=False
        ),
        migrations.AddField("drawing", "drawn_as_of", models.DateField(null=True)),
        migrations.AddField("update", "boundaries_ref", models.UUIDField(null=True)),
    ]
