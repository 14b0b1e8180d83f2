"""What was asked stays when somebody is erased; what was reached knows under which agreement."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Questions without a person, and reached under an agreement."""

    dependencies = [
        ("people", "0007_same"),
    ]

    operations = [
        migrations.AddField(
            model_name="reached",
            name="agreement",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="reached", to="people.agreement"
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="questions", to="people.person"
            ),
        ),
    ]
