"""Backups, drills and sealed identities as a part of Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from sarana.ground.vault.identities import fences
from sarana.ground.walls import sqlite


class VaultConfig(AppConfig):
    """What was kept, and what was tried."""

    name = "sarana.ground.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fences round identities are put up after every migration; a connection that met a fault is not kept."""
        connection_created.connect(sqlite.mistrust_after_faults, dispatch_uid="faults of SQLite")
        post_migrate.connect(fences.build, sender=self, dispatch_uid="fences of identities")
