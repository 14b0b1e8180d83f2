"""That the file of a backup had served its time."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """That the file of a backup had served its time."""

    dependencies = [("vault", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="LetGo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "backup",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="let_go", to="vault.backup"
                    ),
                ),
            ],
        ),
    ]
