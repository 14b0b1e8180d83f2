"""Code lists as a part of Django."""

from django.apps import AppConfig


class CodelistsConfig(AppConfig):
    """Controlled words and areas."""

    name = "sarana.ground.codelists"
    label = "codelists"
    default_auto_field = "django.db.models.BigAutoField"
