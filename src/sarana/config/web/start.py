"""Starts Django for a command, and finds a door of a room by its name: rooms can only be imported after the start."""

import os
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command
from django.utils.module_loading import import_string


def start() -> None:
    """Make Django ready in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sarana.config.web.settings")
    django.setup()


def door(name: str) -> Callable[..., Any]:
    """A function of a room, by its full name, such as `sarana.ground.accounts.actions.load_roles`."""
    start()
    found: Callable[..., Any] = import_string(name)
    return found


def migrate() -> None:
    """Bring the database to this version."""
    start()
    call_command("migrate", interactive=False, verbosity=0)
