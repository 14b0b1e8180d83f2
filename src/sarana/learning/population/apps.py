"""Population as a part of Django."""

from django.apps import AppConfig


class PopulationConfig(AppConfig):
    """Protected tables of runs, and their map."""

    name = "sarana.learning.population"
    label = "population"
    default_auto_field = "django.db.models.BigAutoField"
