"""Reasons of lines of the list that tell of a hold are longer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Reasons of lines of the list that tell of a hold are longer."""

    dependencies = [("vault", "0003_sealed_identities")]

    operations = [
        migrations.AlterField(
            model_name="erased",
            name="reason",
            field=models.CharField(
                choices=[
                    ("own-request", "the person asked for it"),
                    ("kept", "kept as long as it was to be"),
                    ("mistake", "entered by mistake"),
                    ("order", "a court or an authority ordered it"),
                    ("ended", "no person: what another agency read on was ended"),
                ],
                max_length=40,
            ),
        ),
    ]
