"""People as a part of Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from sarana.care.people import fences


class PeopleConfig(AppConfig):
    """People who are helped."""

    name = "sarana.care.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """After every migration the fence is put up anew, as this version knows it."""
        post_migrate.connect(fences.build, sender=self, dispatch_uid="fence of conflicts")
