"""A PostgreSQL server of the tests' own, in a folder of their own, on loopback; and databases in it."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

USER = "postgres"
APP = "sarana_app"
"""The role with which the house works: neither superuser nor able to bypass row security."""


def find_programs() -> Path | None:
    """The folder of PostgreSQL's own programs, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    here = shutil.which("pg_ctl")
    return found[0].parent if found else Path(here).resolve().parent if here else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that can be started, stopped and stopped at once."""

    programs: Path
    folder: Path
    port: int

    @classmethod
    def made(cls, programs: Path, folder: Path) -> "Cluster":
        """A new cluster, started, with the role of the house."""
        cluster = cls(programs, folder, _free_port())
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(USER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        cluster._do("initdb", "-D", str(folder), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port={cluster.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\n"
                "shared_buffers=64MB\nmax_connections=150\nlog_min_messages=fatal\n"
            )
        cluster.start()
        with psycopg.connect(cluster.address("postgres", USER), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {APP} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        return cluster

    def start(self) -> None:
        """Start it, and come back once it answers."""
        self._control("start", "-l", str(self.folder / "log"))

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; `immediate` is what a crash leaves."""
        self._control("stop", "-m", mode)

    def restart(self) -> None:
        """Stop at once, as in a crash, and start again."""
        self.stop()
        self.start()

    def address(self, database: str, role: str = APP) -> str:
        """The address of a database in it, as DATABASE_URL says it."""
        return f"postgres://{role}@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "template0") -> str:
        """A database of the house's role, with a name of its own; gives its name."""
        name = f"sarana_{uuid4().hex[:10]}"
        with psycopg.connect(self.address("postgres", USER), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {APP} TEMPLATE {like}")
        return name

    def _control(self, *arguments: str) -> None:
        self._do("pg_ctl", "-D", str(self.folder), "-w", "-t", "60", *arguments)

    def _do(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", USER, "--", *command]
        done = subprocess.run(
            command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/"
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"


def a_cluster() -> Cluster:
    """A cluster in a temporary folder that PostgreSQL's own user may enter."""
    programs = find_programs()
    assert programs is not None
    above = Path(tempfile.mkdtemp(prefix="sarana-pg-"))
    above.chmod(0o755)
    return Cluster.made(programs, above / "data")


def seconds_until_it_answers(address: str, limit: float) -> float:
    """How long it takes until a connection is given."""
    began = time.monotonic()
    while time.monotonic() - began < limit:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return time.monotonic() - began
    return limit


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
