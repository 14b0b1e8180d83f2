"""Long work as a part of Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work."""

    name = "sarana.ground.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
