"""The ledger as a part of Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Who looked and what was done."""

    name = "sarana.ground.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
