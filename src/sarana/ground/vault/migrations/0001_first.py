"""Backups that were made, and drills of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Backups that were made, and drills of them."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(editable=False, unique=True)),
                ("made_at", models.DateTimeField()),
                ("where", models.CharField(max_length=400)),
                ("n_bytes", models.BigIntegerField(default=0)),
                ("n_rows", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("sealed_to", models.CharField(blank=True, max_length=200)),
                ("opens_with", models.CharField(blank=True, max_length=400)),
                ("code", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "indexes": [models.Index(fields=["-made_at", "-id"], name="vault_backup_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("n_bytes__gt", 0), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="vault_backup_has_a_digest",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(editable=False, unique=True)),
                ("at", models.DateTimeField()),
                ("file", models.CharField(max_length=200)),
                ("backup_ref", models.UUIDField(null=True)),
                ("n_rows", models.BigIntegerField(default=0)),
                ("is_restore", models.BooleanField(default=False)),
                ("code", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "indexes": [models.Index(fields=["-at", "-id"], name="vault_drill_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True), ("backup_ref__isnull", False), _connector="OR"
                        ),
                        name="vault_drill_is_of_a_backup",
                    )
                ],
            },
        ),
    ]
