"""A run that was taken in wrongly can be withdrawn: it stays, with the day and the reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """When a run was withdrawn, and why; the same run may be taken in anew after that."""

    dependencies = [
        ("population", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="withdrawn_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("wrong-files", "It was made of wrong files"),
                    ("wrong-settings", "Its codes, boundaries or indicators were wrong"),
                    ("wrong-agency", "It was taken in for the wrong agency"),
                    ("source-asked", "Whoever keeps a source asked for it"),
                ],
                default="",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="run",
            name="fingerprint",
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("fingerprint",),
                name="population_run_is_shown_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_because", "")),
                    models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="population_withdrawn_has_a_reason",
            ),
        ),
    ]
