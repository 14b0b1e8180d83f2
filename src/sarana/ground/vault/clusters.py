"""Where a database of PostgreSQL is, said in the ways in which programs want it; and PostgreSQL's own programs."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from sarana.basics.errors import NotYet

TRIAL = "sarana_trial_"
"""How databases are called into which backups are opened."""

OF_THE_SERVER = "postgres"
"""The database to which one connects to make others."""

CONNECT_SECONDS = 10
PROGRAMS = Path("/usr/lib/postgresql")
VERSION = re.compile(r"\) (\d+)")


@dataclass(frozen=True, slots=True)
class Address:
    """A server, a role and a database; `more` are settings of the line, such as sslmode."""

    host: str
    port: str
    user: str
    password: str = field(repr=False)
    name: str
    more: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_django(cls, told: Mapping[str, Any]) -> "Address":
        """As Django has it in its settings of a database."""
        options = told.get("OPTIONS") or {}
        return cls(
            host=str(told.get("HOST") or ""),
            port=str(told.get("PORT") or ""),
            user=str(told.get("USER") or ""),
            password=str(told.get("PASSWORD") or ""),
            name=str(told["NAME"]),
            more={name: str(value) for name, value in options.items() if name.startswith("ssl")},
        )

    def of(self, name: str) -> "Address":
        """Another database of the same server."""
        return replace(self, name=name)

    def of_the_server(self) -> "Address":
        """The database to which one connects to make and rename others."""
        return self.of(OF_THE_SERVER)

    def means(self) -> dict[str, Any]:
        """For a connection."""
        said = {"host": self.host, "port": self.port, "user": self.user, "password": self.password}
        kept = {name: value for name, value in said.items() if value}
        return {**kept, "dbname": self.name, "connect_timeout": CONNECT_SECONDS, **self.more}

    def environment(self, *, task: str = "") -> dict[str, str]:
        """For PostgreSQL's own programs: nothing of it stands where other people of the machine see it."""
        said = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user, "PGPASSWORD": self.password}
        said |= {f"PG{name.upper()}": value for name, value in self.more.items()}
        said |= {"PGDATABASE": self.name, "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS), "LC_MESSAGES": "C"}
        said |= {"PGOPTIONS": f"-c sarana.task={task}"} if task else {}
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "DATABASE_URL"))}
        return {**ours, **{name: value for name, value in said.items() if value}}

    def url(self) -> str:
        """For DATABASE_URL."""
        who = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        where = quote(self.host, safe="") + (f":{self.port}" if self.port else "")
        more = f"?{urlencode(self.more)}" if self.more else ""
        return f"postgres://{who}@{where}/{quote(self.name, safe='')}{more}"


def find_program(name: str, server: int) -> Path:
    """One of PostgreSQL's programs, not older than the server.

    Raises:
        NotYet: VAULT-021 there is none here, or it is older.
    """
    here = shutil.which(name)
    places = [*PROGRAMS.glob(f"*/bin/{name}"), *([Path(here)] if here else [])]
    found = {path: _version(path) for path in places}
    newest = max(found, key=lambda path: found[path], default=None)
    if newest is None or found[newest] < server:
        raise NotYet(
            "VAULT-021",
            "PostgreSQL's programs for backups are not installed here, or are older than the server.",
            where=f"{name}, for PostgreSQL {server}",
            cure="Install them: apt-get install postgresql-client, of the server's version or a newer one.",
        )
    return newest


def _version(path: Path) -> int:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    except OSError:
        return 0
    found = VERSION.search(said)
    return int(found[1]) if found else 0
