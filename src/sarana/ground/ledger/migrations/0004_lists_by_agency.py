"""An index for the lists that an agency opened: an access report looks into each of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index for the lists that an agency opened: an access report looks into each of them."""

    dependencies = [("ledger", "0003_reading")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["agency_ref", "-id"],
                condition=models.Q(things_sealed__isnull=False),
                name="ledger_lists_by_agency",
            ),
        ),
    ]
