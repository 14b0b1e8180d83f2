"""Lists among a million people: whom somebody works with, and who was entered last, are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index for whom somebody works with, and another one for the newest."""

    dependencies = [
        ("people", "0010_words_for_everybody"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assigned",
            index=models.Index(fields=["account_ref", "person"], name="people_assigned_to"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["agency_ref", "-entered_at", "-id", "level"], name="people_in_order"),
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="people_newest",
        ),
    ]
