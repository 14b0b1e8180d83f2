"""The desk as a part of Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Today and Settings."""

    name = "sarana.gates.desk"
    label = "desk"
