"""The shell as a part of Django."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The shell of every page."""

    name = "sarana.ground.pages"
    label = "pages"
