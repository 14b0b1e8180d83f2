"""Words of consents that fit every person; nothing in the tables changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The words of what was agreed to."""

    dependencies = [
        ("consent", "0001_first"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="agreed_by",
            field=models.CharField(choices=[("self", "the person"), ("guardian", "the guardian")], max_length=20),
        ),
        migrations.AlterField(
            model_name="consent",
            name="evidence",
            field=models.CharField(
                choices=[
                    ("signed", "signed"),
                    ("recorded", "it was recorded"),
                    ("witness", "a witness was there"),
                    ("spoken", "spoken only"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="explained",
            field=models.CharField(
                choices=[
                    ("face-to-face", "face to face"),
                    ("interpreter", "through an interpreter"),
                    ("telephone", "by telephone"),
                    ("written", "on paper that the person read"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="withdrawn_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("spoken", "the person said so"),
                    ("written", "the person wrote so"),
                    ("guardian", "the guardian said so"),
                    ("agency", "the agency ended it, for the person's safety"),
                ],
                max_length=20,
            ),
        ),
    ]
