"""When the file of a backup had served its time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """When the file of a backup had served its time."""

    dependencies = [("vault", "0001_first")]

    operations = [
        migrations.AddField(model_name="backup", name="let_go_at", field=models.DateTimeField(null=True)),
    ]
