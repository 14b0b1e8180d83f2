"""Indexes for what people ask of the list: an act within an agency, what ended badly, lists that hold a thing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes for what people ask of the list: an act within an agency, what ended badly, lists that hold a thing."""

    dependencies = [("ledger", "0002_chain")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="ledger_by_action"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["agency_ref", "action", "-id"], name="ledger_by_act"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["agency_ref", "-id"], condition=~models.Q(result="done"), name="ledger_bad_ends"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["owner_agency_ref", "-id"],
                condition=models.Q(things_sealed__isnull=False),
                name="ledger_lists",
            ),
        ),
    ]
