"""What waits for a role to do."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """What waits for a role to do."""

    initial = True

    dependencies = [
        ("accounts", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("kind", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=120)),
                ("role", models.CharField(max_length=40)),
                ("thing_ref", models.UUIDField()),
                ("address", models.CharField(max_length=80)),
                ("args", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("made_by_ref", models.UUIDField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits"),
                            ("taken", "taken"),
                            ("done", "done"),
                            ("returned", "returned: not for this role"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=30)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "taken"))),
                fields=("key",),
                name="tasks_the_same_waits_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "taken"), _negated=True), ("taken_by__isnull", False), _connector="OR"
                ),
                name="tasks_taken_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("done", "returned")), _negated=True),
                    models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="tasks_ended_says_how",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["agency", "role", "state", "due_on"], name="tasks_waiting"),
        ),
    ]
