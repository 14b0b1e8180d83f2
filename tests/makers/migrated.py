"""The tests' database is migrated once for all workers of a run: who comes first does it, the others take a copy."""

import fcntl
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import IO

import pytest
from django.db import connection

KEPT = "migrated.sqlite3"


class Migrated:
    """The copy of a database after all migrations and before any test; nothing where one process runs all tests."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        """Say where the workers of this run meet."""
        self.is_shared = "PYTEST_XDIST_WORKER" in os.environ
        self.folder = factory.getbasetemp().parent / "migrated"
        self.name = f"sarana_migrated_{os.environ.get('PYTEST_XDIST_TESTRUNUID', '')[:12]}"
        self._turn: IO[str] | None = None
        self._held: sqlite3.Connection | None = None
        self._is_ours = False

    def begin(self) -> None:
        """Take the copy if there is one; otherwise the others wait until `keep`."""
        if not self.is_shared:
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._wait()
        if not self._made.exists():
            self._is_ours = True
            return
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = self.name
        else:
            self._fill()
            self._go_on()

    def keep(self) -> None:
        """After the migrations: put a copy aside for the others, and let them go on."""
        if self._turn is None:
            return
        if self._is_ours and connection.vendor == "postgresql":
            connection.close()
            connection.close_pool()
            self._say(f"CREATE DATABASE {self.name} TEMPLATE {connection.settings_dict['NAME']}")
            self._made.touch()
        elif self._is_ours:
            connection.ensure_connection()
            with closing(sqlite3.connect(half := self.folder / "half")) as copy:
                connection.connection.backup(copy)
            half.rename(self._made)
        self._go_on()

    def let_go(self) -> None:
        """At the end: the server of PostgreSQL may live longer than this run."""
        if self._held:
            self._held.close()
        if self._turn is not None:  # the migrations failed
            self._go_on()
        elif self._is_ours and connection.vendor == "postgresql":
            self._wait()
            self._made.unlink()
            self._say(f"DROP DATABASE {self.name}")
            self._go_on()

    @property
    def _made(self) -> Path:
        return self.folder / KEPT

    def _fill(self) -> None:
        """Put the copy into memory where Django will look for its database; it stays while somebody is connected."""
        name = connection.creation._get_test_db_name()
        self._held = sqlite3.connect(name, uri=True, check_same_thread=False)
        with closing(sqlite3.connect(self.folder / KEPT)) as copy:
            copy.backup(self._held)

    def _wait(self) -> None:
        self._turn = (self.folder / "turn").open("w")
        fcntl.flock(self._turn, fcntl.LOCK_EX)

    def _go_on(self) -> None:
        assert self._turn is not None
        self._turn.close()
        self._turn = None

    def _say(self, statement: str) -> None:
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(statement)
