"""How often the counts of a run were rounded, as the province says that handed it over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty where the run was made here, or came before the file said it."""

    dependencies = [
        ("population", "0011_indicator_sets"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="n_roundings",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
