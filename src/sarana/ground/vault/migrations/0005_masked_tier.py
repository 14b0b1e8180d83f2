"""A tier of its own for copies of photographs in which faces and marks are hidden."""

from django.db import migrations, models

TIERS = ["names", "contact", "story", "images", "masked"]


class Migration(migrations.Migration):
    """One tier more is known."""

    dependencies = [
        ("vault", "0004_longer_reasons"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="sealed", name="vault_sealed_tier_is_known"),
        migrations.RemoveConstraint(model_name="shared", name="vault_shared_tier_is_known"),
        migrations.AddConstraint(
            model_name="sealed",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", TIERS)), name="vault_sealed_tier_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="shared",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", TIERS)), name="vault_shared_tier_is_known"
            ),
        ),
    ]
