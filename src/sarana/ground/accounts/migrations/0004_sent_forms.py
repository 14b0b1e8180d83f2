"""Forms that were sent, so that one that is sent twice is done once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Forms that were sent."""

    dependencies = [("accounts", "0003_sign_in_services")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("sent_at", models.DateTimeField(db_index=True)),
                ("answer_sealed", models.BinaryField(null=True)),
            ],
        ),
    ]
