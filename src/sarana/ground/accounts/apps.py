"""Accounts as a part of Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Agencies and the people who sign in."""

    name = "sarana.ground.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
