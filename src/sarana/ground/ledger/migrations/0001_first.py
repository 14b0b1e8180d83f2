"""The ledger's first table: one row for each act."""

from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """The ledger's first table: one row for each act."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("at", models.DateTimeField()),
                ("actor_ref", models.UUIDField()),
                ("roles", models.CharField(blank=True, max_length=200)),
                ("agency_ref", models.UUIDField(null=True)),
                ("action", models.CharField(max_length=60)),
                ("thing_kind", models.CharField(blank=True, max_length=40)),
                ("thing_ref", models.UUIDField(null=True)),
                ("owner_agency_ref", models.UUIDField(null=True)),
                ("purpose", models.CharField(blank=True, max_length=40)),
                (
                    "result",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "refused"), ("failed", "failed")], max_length=8
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=20)),
                ("n_things", models.PositiveIntegerField(default=1)),
                ("things_sealed", models.BinaryField(null=True)),
                ("request_ref", models.UUIDField(null=True)),
                ("writer_mac", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency_ref", "-id"], name="ledger_by_agency"),
                    models.Index(fields=["owner_agency_ref", "-id"], name="ledger_by_owner"),
                    models.Index(fields=["actor_ref", "-id"], name="ledger_by_actor"),
                    models.Index(fields=["thing_ref", "-id"], name="ledger_by_thing"),
                    models.Index(fields=["action", "-id"], name="ledger_by_action"),
                    models.Index(fields=["at"], name="ledger_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ("done", "refused", "failed"))),
                        name="ledger_entry_result_known",
                    )
                ],
            },
        ),
    ]
