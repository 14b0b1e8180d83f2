"""The owner of the tables in PostgreSQL, who is not the role of the web: changes of the database are made by him."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import dj_database_url
from django.core.management import call_command
from django.db import connection

from sarana.basics.errors import NotYet
from sarana.ground.walls import postgres


def migrate_as(owner: str) -> list[str]:
    """Bring the database to this version, as its owner where one is named; gives what is open in the second wall.

    Raises:
        NotYet: POLICY-002 the role at work cannot be held back by any wall.
    """
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
