"""Starts Django for a command, and finds a door of a room by its name: rooms can only be imported after the start."""

import gc
import os
from collections.abc import Callable
from typing import Any

import django
from django.core import checks
from django.core.management import call_command
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from sarana.config.web import owner as owner_of_tables
from sarana.ground.walls import postgres

SELDOM = 50_000
"""So many things are made before Python looks which of them nobody uses. A program makes four hundred thousand while it
begins and uses all of them: to look through them again and again took a quarter of the time until it was there."""


def start() -> None:
    """Make Django ready in this process; what it writes from now on is for its owner only."""
    os.umask(0o077)
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sarana.config.web.settings")
    connection_created.connect(postgres.by_hand)
    django.setup()


def thing(name: str) -> Any:
    """Anything of a room or of Django, by its full name."""
    start()
    return import_string(name)


def door(name: str) -> Callable[..., Any]:
    """A function of a room, by its full name, such as `sarana.ground.accounts.actions.load_roles`."""
    found: Callable[..., Any] = thing(name)
    return found


def migrate(owner: str = "") -> list[str]:
    """Bring the database to this version, as its owner where one is named; gives what is open in the second wall."""
    start()
    return owner_of_tables.migrate_as(owner)


def pending_migrations() -> list[str]:
    """The changes of this version that the database does not have yet."""
    start()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def is_upgrade() -> bool:
    """True where this version changes a database in which an agency works; one that was only begun loses nothing."""
    if not pending_migrations():
        return False
    with connection.cursor() as cursor:
        if "accounts_agency" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT 1 FROM accounts_agency LIMIT 1")
        return cursor.fetchone() is not None


def may_bypass_row_security() -> bool:
    """True where the role of the connection is a superuser or was given BYPASSRLS (PostgreSQL only)."""
    start()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        found = cursor.fetchone()
    return bool(found and found[0])


def deploy_messages() -> list[str]:
    """What `django check --deploy` says."""
    start()
    return [f"{message.id} {message.msg}" for message in checks.run_checks(include_deployment_checks=True)]


def collect() -> None:
    """Gather the files that pages load, compressed, where the web serves them from."""
    start()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
