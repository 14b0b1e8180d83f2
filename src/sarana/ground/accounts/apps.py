"""Accounts as a part of Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from sarana.ground.walls import postgres


class AccountsConfig(AppConfig):
    """Agencies and the people who sign in."""

    name = "sarana.ground.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """After every migration the second wall is put up anew, as this version knows it."""
        post_migrate.connect(postgres.build, sender=self, dispatch_uid="second wall")
