"""Tasks as a part of Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """What waits for a role to do."""

    name = "sarana.ground.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"
