"""The shell as a part of Django."""

from django.apps import AppConfig

from sarana.ground import columns


class PagesConfig(AppConfig):
    """The shell of every page."""

    name = "sarana.ground.pages"
    label = "pages"

    def ready(self) -> None:
        """Teach databases the order of names."""
        columns.begin()
