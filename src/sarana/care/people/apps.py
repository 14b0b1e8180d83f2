"""People as a part of Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People who are helped."""

    name = "sarana.care.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
