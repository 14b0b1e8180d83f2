"""What was said of a person's page: corrections and objections."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """What was said of a person's page: corrections and objections."""

    dependencies = [
        ("population", "0006_rollup"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("area", models.CharField(max_length=32)),
                ("place_ref", models.UUIDField()),
                ("person_ref", models.UUIDField()),
                ("marks", models.JSONField(default=list)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("objection", "does not want to stand on any list"),
                            ("answer", "an answer is wrong or out of date"),
                            ("other-person", "a row is of somebody else"),
                            ("place", "does not live there"),
                            ("dead", "has died"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "said_by",
                    models.CharField(
                        choices=[
                            ("person", "the person"),
                            ("family", "a parent, guardian or relative"),
                            ("worker", "the one who writes it down, who saw it"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words_sealed", models.BinaryField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by_ref", models.UUIDField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "upheld",
                                "it holds: who keeps the register was told, and an objection stands for good",
                            ),
                            ("not-upheld", "it does not hold, and the person was told why"),
                        ],
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by_ref", models.UUIDField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="population.run"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")),
                fields=("person_ref", "kind"),
                name="population_one_correction_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("settled_at__isnull", True), ("settled_by_ref__isnull", True)),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by_ref__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="population_settled_says_how",
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["kind", "outcome"], name="population_objections"),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["-recorded_at", "-id"], name="population_corrections"),
        ),
    ]
