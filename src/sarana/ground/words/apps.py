"""Second words as a part of Django."""

from django.apps import AppConfig


class WordsConfig(AppConfig):
    """Acts that need a second person's word."""

    name = "sarana.ground.words"
    label = "words"
    default_auto_field = "django.db.models.BigAutoField"
