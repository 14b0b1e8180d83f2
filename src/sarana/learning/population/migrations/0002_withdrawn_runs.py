"""A run that was taken in wrongly can be withdrawn: it stays, with the day and the reason."""

from typing import Any

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def refuse_if_any_is_withdrawn(apps: Any, schema_editor: Any) -> None:
    """Going back would show what was withdrawn, so it is done only where nothing was.

    Raises:
        IrreversibleError: a run was withdrawn.
    """
    runs = apps.get_model("population", "Run").objects.using(schema_editor.connection.alias)
    if runs.filter(withdrawn_at__isnull=False).exists():
        raise IrreversibleError(
            "Runs were withdrawn, and the version before would show them again. Keep this version, or bring back a "
            "backup of before."
        )


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
        migrations.RunPython(migrations.RunPython.noop, refuse_if_any_is_withdrawn),
    ]
