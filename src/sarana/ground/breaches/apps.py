"""Breaches as a part of Django."""

from django.apps import AppConfig


class BreachesConfig(AppConfig):
    """What was readable, and who was told."""

    name = "sarana.ground.breaches"
    label = "breaches"
    default_auto_field = "django.db.models.BigAutoField"
