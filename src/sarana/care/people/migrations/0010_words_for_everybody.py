"""Words of answers that fit every person; nothing in the tables changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The words of what became of a question."""

    dependencies = [
        ("people", "0009_emergency_and_conflict"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reached",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("calls", "the person wishes it: we call the agency"),
                    ("no", "the person does not wish it"),
                    ("other", "it is somebody else"),
                    ("not-safe", "it is not safe to ask the person, or to call"),
                    ("gone", "the person cannot be asked any more"),
                ],
                max_length=10,
            ),
        ),
    ]
