"""On PostgreSQL the tests work as a role that row-level security holds: made once, without any right of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from sarana.ground.walls import postgres

ROLE = "sarana_tests"
AS_OWNER, AS_TESTS = "SET ROLE NONE", f"SET ROLE {ROLE}"
AS_ROLE = f"-c role={ROLE} -c sarana.task=operator"
"""Doors that a test calls itself are called as by the operator; a request says for whom it works, as always."""


@contextmanager
def as_a_mere_role() -> Iterator[None]:
    """Let everything inside connect as the role; the database was made and migrated by its owner."""
    if not postgres.is_guarded():
        yield
        return
    _make_role()
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    before = dict(options)
    _again(options, {**before, "options": AS_ROLE})
    try:
        yield
    finally:
        _again(options, before)


@contextmanager
def as_owner() -> Iterator[None]:
    """Let everything inside be done by the owner of the tables: a test makes a table of its own."""
    if not postgres.is_guarded():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(AS_OWNER)
        try:
            yield
        finally:
            cursor.execute(AS_TESTS)


def _make_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
        cursor.execute(f"GRANT {ROLE} TO CURRENT_USER")
        postgres.admit(ROLE)
        # Only tests empty tables between one another.
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {ROLE}")


def _again(options: dict[str, Any], wanted: dict[str, Any]) -> None:
    connection.close()
    connection.close_pool()
    options.clear()
    options.update(wanted)
