"""Backups of PostgreSQL: dumped into the sealing through a pipe, restored through a pipe into a database beside.

The dump works as the role of the web, behind the second wall, under a task from which the wall hides no row; that it
hides none is looked up before. What is opened goes into a database of its own: nothing at work is touched before all is
proved; two renames in one transaction then switch.
"""

import contextlib
import datetime as dt
import secrets
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from sarana.basics.errors import BadFile, NotYet
from sarana.ground.vault.clusters import TRIAL, Address, find_program
from sarana.ground.vault.databases import Beat, Copy, Shown
from sarana.ground.walls.guards import BACKING_UP

STREAM = "postgres"
PIECE = 1 << 20
LOCK_WAIT = "20000"
"""Milliseconds for which a dump waits for whoever changes tables."""

LONGEST_NAME = 63

VACUUM = "VACUUM {}"
"""Where the end of a table is empty, it waits up to five seconds for whoever reads, and then leaves the end there."""


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """A database of a server: as the web works in it, and as its owner, who makes the one beside."""

    web: Address
    owner: Address
    what: str = "database on PostgreSQL"

    @contextlib.contextmanager
    def copied(self, temp: Path, beat: Beat) -> Iterator[Copy]:
        """A dump of one snapshot, and the rows that the same snapshot has.

        Raises:
            NotYet: VAULT-021 the programs are missing or too old; VAULT-034 the wall would hide rows.
            BadFile: VAULT-024 the database does not answer.
        """
        with _connected(self.web, task=BACKING_UP) as base:
            program = find_program("pg_dump", base.info.server_version // 10_000)
            base.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            _check_hides_nothing(base)
            [snapshot] = base.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            counts = _counted(base, beat)
            yield Copy({STREAM: _dumped(program, self.web, str(snapshot), temp, beat)}, counts)

    def vacuum(self, tables: Sequence[str]) -> bool:
        """Take rows that were deleted out of tables; gives False where the role may not, and the server does it itself.

        It cannot be done in a transaction, so it has a connection of its own, as the owner of the tables.

        Raises:
            BadFile: VAULT-024 the database does not answer.
        """
        refused: list[str] = []
        with _connected(self.owner) as base:
            base.add_notice_handler(lambda told: refused.append(told.sqlstate or ""))
            base.execute("SET lock_timeout = '5s'")
            base.execute(sql.SQL(VACUUM).format(sql.SQL(", ").join(map(sql.Identifier, tables))))
        return not refused

    @contextlib.contextmanager
    def opened(self, temp: Path, beat: Beat, n_bytes: int) -> Iterator["OpenedPostgres"]:
        """A database beside it, into which a backup is restored while it is opened.

        Raises:
            NotYet: VAULT-021 the programs are missing or too old; VAULT-033 the role may make no database.
        """
        del n_bytes
        name = f"{TRIAL}{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S}_{secrets.token_hex(4)}"
        beside = self.owner.of(name)
        with _connected(self.owner.of_the_server()) as server:
            program = find_program("pg_restore", server.info.server_version // 10_000)
            # Held by this connection, and so let go of with the process: what nobody holds was left by a kill.
            server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
            _sweep(server)
            _make(server, name, self.owner.user)
            try:
                with _restoring(program, beside, temp) as process:
                    yield OpenedPostgres(process, beside, self.owner, beat)
            finally:
                _drop(server, name)


@dataclass(frozen=True, slots=True)
class OpenedPostgres:
    """A database that is being restored beside the one at work."""

    process: subprocess.Popen[bytes]
    beside: Address
    owner: Address
    beat: Beat

    @property
    def streams(self) -> Mapping[str, Callable[[bytes], object]]:
        """The dump goes on into the program that restores it."""
        return {STREAM: self._take}

    def _take(self, piece: bytes) -> None:
        try:
            _pipe(self.process.stdin).write(piece)
        except BrokenPipeError as err:
            raise _not_restored(self.process.wait()) from err

    def counts(self, beat: Beat) -> dict[str, int]:
        """Its rows by table, once the program that restores has ended well.

        Raises:
            BadFile: VAULT-024 it has not.
        """
        with contextlib.suppress(BrokenPipeError):
            _pipe(self.process.stdin).close()
        if code := _waited(self.process, beat):
            raise _not_restored(code)
        with _connected(self.beside, task=BACKING_UP) as base:
            return _counted(base, beat)

    def shown(self) -> Shown:
        """It has an address of its own."""
        return Shown({"DATABASE_URL": self.beside.url()})

    def put_in_place(self, now: dt.datetime) -> str:
        """Two renames in one transaction; what was there stays in the server under another name."""
        name, kept = self.owner.name, f"{self.owner.name[: LONGEST_NAME - 22]}_before_{now:%Y%m%d%H%M%S}"
        with _connected(self.owner.of_the_server()) as server:
            if server.execute("SELECT 1 FROM pg_stat_activity WHERE datname = %s", [name]).fetchone():
                raise _at_work(name)
            try:
                with server.transaction():
                    there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                    if there:
                        server.execute(_rename(name, kept))
                    server.execute(_rename(self.beside.name, name))
            except psycopg.errors.ObjectInUse as err:
                raise _at_work(name) from err
            except psycopg.errors.InsufficientPrivilege as err:
                raise _may_not(self.owner.user) from err
        return f"{kept} (a database of the same server)" if there else ""


@contextlib.contextmanager
def _connected(address: Address, *, task: str = "") -> Iterator[psycopg.Connection[Any]]:
    """A connection of our own, apart from those of the web.

    Raises:
        BadFile: VAULT-024 the server does not answer.
    """
    options = f"-c sarana.task={task}" if task else ""
    try:
        with contextlib.closing(psycopg.connect(**address.means(), options=options, autocommit=True)) as base:
            yield base
    except psycopg.Error as err:
        raise BadFile(
            "VAULT-024",
            "The database does not answer, or not to this role.",
            where=f"{address.name}: {type(err).__name__}",
            cure="See that PostgreSQL runs, and that DATABASE_URL and SARANA_OWNER are right; run sarana setup.",
        ) from err


def _check_hides_nothing(base: psycopg.Connection[Any]) -> None:
    """Every table with row-level security has a rule that shows all its rows to a backup, or the role passes by it."""
    found = base.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND c.relnamespace = 'public'::regnamespace "
        "AND row_security_active(c.oid) AND NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.schemaname = 'public' "
        "AND p.tablename = c.relname AND p.cmd = 'SELECT' AND p.permissive = 'PERMISSIVE' "
        "AND (p.qual = 'true' OR position(%s IN p.qual) > 0))",
        [BACKING_UP],
    ).fetchall()
    if found:
        raise NotYet(
            "VAULT-034",
            "The second wall would hide rows from a backup.",
            where=", ".join(sorted(name for (name,) in found)[:5]),
            cure="Run sarana setup, which builds the wall of this version.",
        )


def _counted(base: psycopg.Connection[Any], beat: Beat) -> dict[str, int]:
    rows = base.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename").fetchall()
    found = {}
    for (name,) in rows:
        beat()
        [n_rows] = base.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone() or (0,)
        found[str(name)] = int(n_rows)
    return found


def _dumped(program: Path, address: Address, snapshot: str, temp: Path, beat: Beat) -> Iterator[bytes]:
    """The dump, piece by piece; what raises in between ends the program."""
    words = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--enable-row-security"]
    told = temp / "said"
    with (
        told.open("wb") as said,
        subprocess.Popen(  # noqa: S603
            [program, *words, f"--snapshot={snapshot}", f"--lock-wait-timeout={LOCK_WAIT}"],
            env=address.environment(task=BACKING_UP),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process,
    ):
        try:
            while piece := _pipe(process.stdout).read(PIECE):
                beat()
                yield piece
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise BadFile(
            "VAULT-024",
            "PostgreSQL's own program could not dump the database.",
            where=_first_error(told),
            cure="See what it says; sarana check tells of rights that are missing.",
        )


def _first_error(told: Path) -> str:
    """What the dump says first: names of tables and roles, never a row."""
    lines = told.read_text("utf-8", "replace").splitlines()
    return next((line[:200] for line in lines if "error:" in line), "it said nothing")


@contextlib.contextmanager
def _restoring(program: Path, address: Address, temp: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program that restores what comes through a pipe; what it says may quote rows, and is shown to nobody."""
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    with subprocess.Popen(  # noqa: S603
        [program, *words, f"--dbname={address.name}"],
        env=address.environment(),
        cwd=temp,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            with contextlib.suppress(OSError):
                _pipe(process.stdin).close()


def _waited(process: subprocess.Popen[bytes], beat: Beat) -> int:
    while True:
        beat()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=1)


def _make(server: psycopg.Connection[Any], name: str, user: str) -> None:
    try:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as err:
        raise _may_not(user) from err


def _sweep(server: psycopg.Connection[Any]) -> None:
    """Take away what a drill that was killed left behind; another machine may drill on the same server."""
    rows = server.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s AND pg_has_role(datdba, 'MEMBER')",
        [f"^{TRIAL}[0-9]{{14}}_[0-9a-f]{{8}}$"],
    ).fetchall()
    for (name,) in rows:
        [is_free] = server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone() or (False,)
        if is_free:
            _drop(server, name)
            server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _rename(before: str, after: str) -> sql.Composed:
    return sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(before), sql.Identifier(after))


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("no pipe")
    return pipe


def _at_work(name: str) -> NotYet:
    return NotYet(
        "VAULT-025",
        "Somebody works with the database that is there.",
        where=name,
        cure="End sarana serve and all its workers first.",
    )


def _may_not(user: str) -> NotYet:
    return NotYet(
        "VAULT-033",
        "This role of the database may not make or rename a database, in which a backup is opened.",
        where=user,
        cure="At the machine, name the owner in SARANA_OWNER, and let him: ALTER ROLE … CREATEDB.",
    )


def _not_restored(code: int) -> BadFile:
    return BadFile(
        "VAULT-024",
        "PostgreSQL's own program could not restore what the backup holds.",
        where=f"pg_restore ended with {code}",
        cure="Take another backup; a server that is older than the one of the backup cannot take it.",
    )
