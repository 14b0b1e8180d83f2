"""Backups and drills as a part of Django."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """What was kept, and what was tried."""

    name = "sarana.ground.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
