"""Dates may be counted as the language has it; whoever chose a calendar keeps it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A third choice, which new accounts begin with."""

    dependencies = [
        ("accounts", "0004_sent_forms"),
    ]

    operations = [
        migrations.AlterField(
            model_name="account",
            name="calendar",
            field=models.CharField(
                choices=[("la", "as the language has it"), ("be", "Buddhist era"), ("ce", "common era")],
                default="la",
                max_length=2,
            ),
        ),
    ]
