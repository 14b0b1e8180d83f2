"""An installation of the house in a folder of its own, used from outside as its operator and its people use it."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from makers.cluster import APP, USER
from makers.once import made_once

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
QUICK = "faults.quick_settings"
"""The settings of the house with a passphrase hash that costs nothing."""

COMMAND = "from sarana.config.commands import main; main()"

OURS = re.compile(r"^SARANA_|^DATABASE_URL$|^DJANGO_")


@dataclass(frozen=True, slots=True)
class Installed:
    """Its folders, its database, and the environment in which its commands run."""

    home: Path
    keys: Path
    database_url: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def here(cls) -> "Installed":
        """The installation in which this process runs."""
        kept = os.environ
        return cls(Path(kept["SARANA_HOME"]), Path(kept["SARANA_KEYS"]), kept["DATABASE_URL"])

    @property
    def environment(self) -> dict[str, str]:
        """What every process of this installation sees; nothing of the tests' own settings."""
        kept = {name: value for name, value in os.environ.items() if not OURS.search(name)}
        return {
            **kept,
            "SARANA_MODE": "development",
            "SARANA_HOME": str(self.home),
            "SARANA_KEYS": str(self.keys),
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": QUICK,
            "PYTHONPATH": f"{TESTS}{os.pathsep}{ROOT / 'src'}",
            "PYTHONWARNINGS": "ignore",
            **self.more,
        }

    @property
    def vendor(self) -> str:
        """Which database it keeps."""
        return "postgresql" if self.database_url else "sqlite"

    def sarana(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the house."""
        return self.python("-c", COMMAND, *words, check=check)

    def python(self, *words: str, check: bool = True, **how: Any) -> subprocess.CompletedProcess[str]:
        """A program of Python in this installation."""
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, capture_output=True, text=True, check=False, **how
        )
        assert not check or done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def script(self, name: str, *words: str, **how: Any) -> Any:
        """What a script of `tests/faults` tells, as JSON."""
        return json.loads(self.python(str(TESTS / "faults" / f"{name}.py"), *words, **how).stdout)

    @contextmanager
    def running(self, name: str, *words: str, out: Path | None = None) -> Iterator[subprocess.Popen[str]]:
        """A script of `tests/faults` that runs while the test goes on, and is ended with it.

        What it says goes to a file if one is named: a pipe that nobody reads would hold it up.
        """
        with out.open("w") if out else nullcontext() as told:
            process = subprocess.Popen(
                [sys.executable, str(TESTS / "faults" / f"{name}.py"), *words],
                env=self.environment,
                stdout=told or subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        with process:
            try:
                yield process
            finally:
                kill(process)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the database, read without the house."""
        if self.database_url:
            # As a superuser: the second wall shows nothing to whoever does not say for whom it works.
            with psycopg.connect(self.database_url.replace(f"//{APP}@", f"//{USER}@")) as connection:
                return connection.execute(sql.encode()).fetchall()
        reading = sqlite3.connect(f"file:{self.home / 'sarana.sqlite3'}?mode=ro", uri=True, timeout=30)
        try:
            return reading.execute(sql).fetchall()
        finally:
            reading.close()

    def refs(self, sql: str) -> set[str]:
        """References of rows, as 32 hexadecimal digits in both databases."""
        return {str(row[0]).replace("-", "") for row in self.rows(sql)}


def bare(folder: Path, database_url: str = "") -> Installed:
    """Folders for an installation that is not set up yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "home").mkdir(mode=0o700)
    return Installed(folder / "home", folder / "keys", database_url)


def set_up_once(factory: pytest.TempPathFactory) -> Path:
    """A copy of a folder in which an installation on SQLite was set up, once for all workers: `home` and `keys`."""
    return made_once(factory, "set-up-on-sqlite", lambda folder: bare(folder).sarana("setup"))


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a process and all that it started, as `kill -9` and a power cut do."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_line(file: Path, begins: str, limit: float = 60) -> None:
    """Wait until a file has a line that begins so."""
    for _ in until(limit):
        if any(line.startswith(begins) for line in file.read_text().splitlines()):
            return
    raise AssertionError(f"nobody said {begins} within {limit} seconds")


def until(limit: float, step: float = 0.05) -> Iterator[float]:
    """Moments up to a limit of seconds, for what is asked again and again."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < limit:
        yield passed
        time.sleep(step)
