"""With which key the marks of an objection were made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """With which key the marks of an objection were made."""

    dependencies = [("population", "0014_roundings")]

    operations = [
        migrations.AddField(
            model_name="correction", name="key_check", field=models.CharField(blank=True, max_length=8)
        ),
    ]
