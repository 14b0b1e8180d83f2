"""The order in which the lines of a table come in has a key of its own, for as long as it is taken in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that is empty for tables that were begun before: these go on in their own order."""

    dependencies = [
        ("people", "0011_a_million_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="order_sealed",
            field=models.BinaryField(null=True),
        ),
    ]
