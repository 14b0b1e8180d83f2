"""The table for the tests as a part of Django."""

from django.apps import AppConfig


class TrialConfig(AppConfig):
    """A table for the tests only."""

    name = "ground.rules.trial"
    label = "trial"
    default_auto_field = "django.db.models.BigAutoField"
