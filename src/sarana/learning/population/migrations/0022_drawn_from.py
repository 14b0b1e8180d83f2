"""Where the outlines of a map come from, and the hash of the file by which they were drawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Where the outlines of a map come from, and the hash of the file by which they were drawn."""

    dependencies = [("population", "0021_sectors")]

    operations = [
        migrations.AddField(
            "drawing",
            "drawn_from",
            models.CharField(
                blank=True,
                choices=[("file", "a boundary file"), ("cells", "patches around the villages")],
                default="",
                max_length=5,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "drawing",
            "drawn_sha256",
            models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]
