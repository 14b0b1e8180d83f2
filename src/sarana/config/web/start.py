"""Starts Django for a command, and finds a door of a room by its name: rooms can only be imported after the start."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import dj_database_url
import django
from django.core import checks
from django.core.management import call_command
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from sarana.basics.errors import NotYet
from sarana.ground.walls import postgres


def start() -> None:
    """Make Django ready in this process; what it writes from now on is for its owner only."""
    os.umask(0o077)
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
    """Bring the database to this version, as its owner where one is named; gives what is open in the second wall.

    Raises:
        NotYet: POLICY-002 the role at work cannot be held back by any wall.
    """
    start()
    with _as_owner(owner) if owner else nullcontext() as role:
        call_command("migrate", interactive=False, verbosity=0)
        if role:
            postgres.admit(role)
    open_ways = postgres.loopholes()
    if any("superuser" in way or "BYPASSRLS" in way for way in open_ways):
        raise NotYet(
            "POLICY-002",
            "The role of DATABASE_URL may pass by row-level security, so the second wall would hold nobody back.",
            cure="Make a role with NOSUPERUSER NOBYPASSRLS for the web, and name the tables' owner in SARANA_OWNER.",
        )
    return open_ways


@contextmanager
def _as_owner(url: str) -> Iterator[str]:
    """Everything inside is done by the owner of the tables; gives the name of the role that the web works as.

    Raises:
        NotYet: POLICY-003 the two addresses do not lead to one database, or to one role.
    """
    role, place = postgres.who_and_where()
    usual = dict(connection.settings_dict)
    _change_to({**usual, **dj_database_url.parse(url), "OPTIONS": {}})
    try:
        owner, owned = postgres.who_and_where()
        if owned != place or owner == role:
            raise NotYet(
                "POLICY-003",
                "SARANA_OWNER and DATABASE_URL must be two roles of one and the same PostgreSQL database.",
                cure="Give both the same host and database, and two different roles.",
            )
        yield role
    finally:
        _change_to(usual)


def _change_to(settings: dict[str, Any]) -> None:
    connection.close()
    connection.settings_dict.clear()
    connection.settings_dict.update(settings)


def pending_migrations() -> list[str]:
    """The changes of this version that the database does not have yet."""
    start()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


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
