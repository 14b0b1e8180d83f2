"""Row-level security: for whom the database works just now, said inside one transaction and forgotten with it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from sarana.basics.actors import Actor
from sarana.ground.walls.guards import OPERATOR, SIGN_IN, TASKS, Guard
from sarana.ground.walls.identities import EVERY

NAMES = ("account", "account_ref", "agencies", "paths", "task")
NOT_SAID: Mapping[str, str] = dict.fromkeys(NAMES, "")


def is_guarded() -> bool:
    """True where the database has this wall."""
    return connection.vendor == "postgresql"


@contextmanager
def standing(**said: str) -> Iterator[None]:
    """One transaction in which the database knows what is said here and nothing else; a no-op on other databases.

    The settings end with the transaction, so that a connection that goes back to the pool carries nothing over. Inside
    another transaction they are put back as they were.
    """
    if not is_guarded():
        yield
        return
    with transaction.atomic():
        before = _said() if len(connection.savepoint_ids) else None
        _say({**NOT_SAID, **said})
        yield
        if before is not None and not connection.needs_rollback:
            _say(before)


@contextmanager
def as_task(name: str) -> Iterator[None]:
    """Work that no person of an agency does, under a name of `TASKS`, which opens what the guards say and no more."""
    if name not in TASKS:
        raise ValueError(name)
    with standing(task=name):
        yield


def recognise(account: int, ref: UUID) -> None:
    """Say who it is, where nobody is known yet; whoever stands already stays."""
    if not is_guarded() or not connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('sarana.account', %s, true), set_config('sarana.account_ref', %s, true) "
            "WHERE current_setting('sarana.task', true) = %s "
            "AND NULLIF(current_setting('sarana.account', true), '') IS NULL",
            [str(account), str(ref), SIGN_IN],
        )


def let_in(actor: Actor) -> None:
    """Say for which agencies somebody works who was recognised; from here on she is no stranger at the door."""
    if not is_guarded() or not connection.in_atomic_block:
        return
    _say(
        {
            "agencies": ",".join(sorted(str(ref) for ref in actor.agency_refs)),
            "paths": ",".join(sorted({grant.branch for grant in actor.grants} - {""})),
            "task": "",
        }
    )


def _said() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('sarana.{name}', true)" for name in NAMES))
        row = cursor.fetchone() or ()
    return {name: value or "" for name, value in zip(NAMES, row, strict=True)}


def _say(said: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        parts = ", ".join("set_config(%s, %s, true)" for _ in said)
        cursor.execute(f"SELECT {parts}", [part for name, value in said.items() for part in (f"sarana.{name}", value)])


def build(**signal: Any) -> None:
    """Put the wall up, or bring it to this version: every guarded table, every policy, for its owner too.

    Django says that it migrated after emptying tables as well, which is no migration and has no plan.
    """
    if not is_guarded() or "plan" not in signal:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for guard in EVERY:
            if guard.table in there:
                _guard(cursor, guard)


def _guard(cursor: Any, guard: Guard) -> None:
    cursor.execute(f"ALTER TABLE {guard.table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {guard.table} FORCE ROW LEVEL SECURITY")
    cursor.execute(
        "SELECT policyname FROM pg_policies WHERE tablename = %s AND schemaname = ANY (current_schemas(false))",
        [guard.table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP POLICY "{name}" ON {guard.table}')
    for command, text in guard.commands().items():
        uses = {"INSERT": f"WITH CHECK ({text})", "UPDATE": f"USING ({text}) WITH CHECK ({text})"}.get(
            command, f"USING ({text})"
        )
        cursor.execute(f"CREATE POLICY wall_{command.lower()} ON {guard.table} FOR {command} {uses}")


def admit(role: str) -> None:
    """Let a role work in the database as the web does: rows, never the shape of tables; run by the owner."""
    quoted = connection.ops.quote_name(role)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            f"REVOKE CREATE ON SCHEMA public FROM {quoted}",
            f"GRANT USAGE ON SCHEMA public TO {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {quoted}",
        ):
            cursor.execute(statement)


def who_and_where() -> tuple[str, tuple[str, ...]]:
    """The role at work, and the database in which it works: told apart even where two machines call one by one name."""
    if not is_guarded():
        return "", ("",)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_database(), pg_postmaster_start_time()::text, current_setting('port')"
        )
        role, *place = cursor.fetchone() or ("",)
    return str(role), tuple(str(part) for part in place)


def loopholes() -> list[str]:
    """What would let the role at work walk round the wall, in words; nothing where it cannot."""
    if not is_guarded():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is_super, bypasses = cursor.fetchone() or (True, True)
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity, pg_has_role(current_user, relowner, 'MEMBER') "
            "FROM pg_class WHERE relname = ANY (%s) AND relnamespace = ANY (current_schemas(false)::regnamespace[])",
            [[guard.table for guard in EVERY]],
        )
        found = {name: (is_up, is_owner) for name, is_up, is_owner in cursor.fetchall()}
    faults = ["The role is a superuser, whom no row is hidden from."] if is_super else []
    faults += ["The role may pass by row-level security (BYPASSRLS)."] if bypasses else []
    faults += [f"Row-level security is not on for {name}." for name, (is_up, _) in sorted(found.items()) if not is_up]
    owned = sorted(name for name, (_, is_owner) in found.items() if is_owner)
    return faults + ([f"The role owns {', '.join(owned)} and could take the wall down."] if owned else [])


def by_hand(**signal: Any) -> None:
    """Every connection of a command at the machine's own line works as the operator's."""
    opened = signal["connection"]
    if opened.vendor == "postgresql":
        with opened.cursor() as cursor:
            cursor.execute("SELECT set_config('sarana.task', %s, false)", [OPERATOR])


def expected() -> Iterable[tuple[str, str]]:
    """The policies there should be, as (table, command), for the check of a running system."""
    return [(guard.table, command) for guard in EVERY for command in guard.commands()]
