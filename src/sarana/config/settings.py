"""The one typed reader of the environment: every setting is listed here, and a bad value names itself."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sarana.basics.errors import BadSetting
from sarana.methods.engine import memory_bytes
from sarana.methods.runs.meter import memory_free_mib

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
"""The names of the machine itself: what goes there never leaves it."""
USUAL_MEMORY_MIB = 3072
"""What a run gets where the system does not tell how much is free."""

PACES = "paces.json"
"""The file of the state folder that keeps how long runs took."""

LEAST_HOURS, MOST_HOURS, USUAL_HOURS = 1 / 12, 30 * 24, 1
"""Between two backups that are made by themselves."""

LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 30, 3660, 400
"""After so many days the tables of a province are stale."""

MOST_WORKERS = 2
"""Processes that serve: with three and more, those who sign in at once would need more memory than is promised."""

FREE_PART = 0.75
"""The part of the free memory that a run takes unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, what it does, what stands for it when it is not set, and how it is read."""

    name: str
    says: str
    usual: str
    read: Callable[[str], Any]
    otherwise: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; the command line may say otherwise for one command."""

    threads: int
    memory: str
    debug: bool
    state: Path | None
    mode: str
    home: Path
    keys: Path
    keyfile: Path | None
    keyserver: str
    keyserver_key: str
    keyserver_token: Path | None
    keyserver_ca: Path | None
    hosts: tuple[str, ...]
    address: str
    https: bool
    proxy: bool
    database_url: str
    owner: str
    work: str
    workers: int
    backups: Path | None
    schedule: float
    inbox: Path | None
    stale: int

    @property
    def backup_folder(self) -> Path:
        """The folder for backups."""
        return self.backups or self.home / "backups"

    @property
    def is_https(self) -> bool:
        """True where pages go through HTTPS only: asked for, or in production under any name but this machine's."""
        elsewhere = any(host not in LOOPBACK for host in self.hosts)
        return self.https or (self.mode == "production" and elsewhere)


def _threads(text: str) -> int:
    threads = int(text)
    if threads < 1:
        raise ValueError(text)
    return threads


def _workers(text: str) -> int:
    workers = int(text)
    if not 1 <= workers <= MOST_WORKERS:
        raise ValueError(text)
    return workers


def _memory(text: str) -> str:
    memory_bytes(text)
    return text


def _truth(text: str) -> bool:
    return {"1": True, "0": False, "yes": True, "no": False}[text.lower()]


def _hours(text: str) -> float:
    hours = float(text)
    if hours and not LEAST_HOURS <= hours <= MOST_HOURS:
        raise ValueError(text)
    return hours


def _days(text: str) -> int:
    days = int(text)
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise ValueError(text)
    return days


def _folder(text: str) -> Path:
    return Path(text).expanduser()


def _free_memory() -> str:
    free = memory_free_mib()
    return f"{USUAL_MEMORY_MIB if free is None else int(free * FREE_PART)}MiB"


def _usual_state() -> Path | None:
    """Where the system keeps what programs remember; None for a user without a home."""
    kept = os.environ.get("XDG_STATE_HOME", "")
    if Path(kept).is_absolute():
        return Path(kept) / "sarana"
    try:
        return Path.home() / ".local" / "state" / "sarana"
    except RuntimeError:
        return None


ADDRESS = re.compile(r"(https://[a-z0-9.-]+|http://([a-z0-9-]+[.])?localhost)(:[0-9]{1,5})?")

SERVER = re.compile(r"(https://([a-z0-9.-]+|\[[0-9a-f:]+\])|http://(localhost|127[.]0[.]0[.]1))(:[0-9]{1,5})?")
KEY_NAME = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9_.-]*/){1,8}[A-Za-z0-9_-][A-Za-z0-9_.-]*")

MODES = ("production", "demo", "development")
WORK = ("inside", "apart")


def _mode(text: str) -> str:
    if text not in MODES:
        raise ValueError(text)
    return text


def _work(text: str) -> str:
    if text not in WORK:
        raise ValueError(text)
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in text.split(",") if host.strip())
    if "*" in hosts:
        raise ValueError(text)
    return hosts


def _address(text: str) -> str:
    """An address of a page's origin: https, or http on this machine alone, a name, perhaps a port, and nothing more."""
    found = ADDRESS.fullmatch(text.rstrip("/").lower())
    if found is None:
        raise ValueError(text)
    return found.group()


def _key_server(text: str) -> str:
    """An address of a server: https, or http on this machine alone; a port there is."""
    address = text.rstrip("/").lower()
    if SERVER.fullmatch(address) is None or not 0 < (urlsplit(address).port or 443) < 65536:
        raise ValueError(text)
    return address


def _key_name(text: str) -> str:
    if KEY_NAME.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _kept(variable: str, otherwise: str, part: str) -> Path:
    """A folder of this program in one of the user's own folders, or beside the working folder where there is none."""
    kept = os.environ.get(variable, "")
    if Path(kept).is_absolute():
        return Path(kept) / part
    try:
        return Path.home() / otherwise / part
    except RuntimeError:
        return Path(part)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="SARANA_THREADS",
        says="How many threads a run may use; --threads overrules it.",
        usual="every processor this process may use",
        read=_threads,
        otherwise=lambda: os.process_cpu_count() or 1,
    ),
    Setting(
        name="SARANA_MEMORY",
        says="How much memory a run may use, such as 3GB; --memory overrules it.",
        usual=f"three quarters of the memory that is free, or {USUAL_MEMORY_MIB} MiB where the system does not tell",
        read=_memory,
        otherwise=_free_memory,
    ),
    Setting(
        name="SARANA_DEBUG",
        says="1 shows the full trace of an error that is Sarana's own mistake; 0 does not.",
        usual="0",
        read=_truth,
        otherwise=lambda: False,
    ),
    Setting(
        name="SARANA_STATE",
        says="The folder where Sarana remembers how long runs took on this machine; counts and seconds only.",
        usual="sarana in the user's state folder ($XDG_STATE_HOME, or ~/.local/state)",
        read=_folder,
        otherwise=_usual_state,
    ),
    Setting(
        name="SARANA_MODE",
        says=f"How the web runs: one of {', '.join(MODES)}; demo has marked accounts whose passphrase all know.",
        usual="production",
        read=_mode,
        otherwise=lambda: "production",
    ),
    Setting(
        name="SARANA_HOME",
        says="The folder of the web's data: the SQLite database, sealed files, what was collected for serving.",
        usual="sarana in the user's data folder ($XDG_DATA_HOME, or ~/.local/share)",
        read=_folder,
        otherwise=lambda: _kept("XDG_DATA_HOME", ".local/share", "sarana"),
    ),
    Setting(
        name="SARANA_KEYS",
        says="The folder of keys; never inside SARANA_HOME and never in the same backup.",
        usual="sarana-keys in the user's settings folder ($XDG_CONFIG_HOME, or ~/.config)",
        read=_folder,
        otherwise=lambda: _kept("XDG_CONFIG_HOME", ".config", "sarana-keys"),
    ),
    Setting(
        name="SARANA_KEYFILE",
        says="The key file that opens the organisation's keys, such as one on a stick; never among the data.",
        usual="open.key in the folder vault of SARANA_KEYS, if it is there; else a passphrase is asked for",
        read=_folder,
        otherwise=lambda: None,
    ),
    Setting(
        name="SARANA_KEYSERVER",
        says="Address of a key server (Vault, OpenBao) that opens the organisation's keys; http on this machine only.",
        usual="none",
        read=_key_server,
        otherwise=lambda: "",
    ),
    Setting(
        name="SARANA_KEYSERVER_KEY",
        says="The key of that server that seals locks, as mount/name.",
        usual="transit/sarana",
        read=_key_name,
        otherwise=lambda: "transit/sarana",
    ),
    Setting(
        name="SARANA_KEYSERVER_TOKEN",
        says="The file with the token for that server, closed to others, never among the data; read each time.",
        usual="none; where there is a key server it must be set",
        read=_folder,
        otherwise=lambda: None,
    ),
    Setting(
        name="SARANA_KEYSERVER_CA",
        says="The file with the certificates (PEM) that vouch for that server.",
        usual="those that this system trusts",
        read=_folder,
        otherwise=lambda: None,
    ),
    Setting(
        name="SARANA_HOSTS",
        says="The names under which the web is reached, with commas between; never a star.",
        usual="localhost,127.0.0.1",
        read=_hosts,
        otherwise=lambda: ("localhost", "127.0.0.1"),
    ),
    Setting(
        name="SARANA_ADDRESS",
        says="The one address of the web, such as https://sarana.example.org; links and keys are bound to it.",
        usual="https:// and the first of SARANA_HOSTS in production, or else the address that the browser used",
        read=_address,
        otherwise=lambda: "",
    ),
    Setting(
        name="SARANA_HTTPS",
        says="1 marks cookies for HTTPS only and redirects to it; always so in production under other hosts' names.",
        usual="0, or 1 in production where SARANA_HOSTS names more than this machine",
        read=_truth,
        otherwise=lambda: False,
    ),
    Setting(
        name="SARANA_PROXY",
        says="1 believes the X-Forwarded-Proto header of a proxy that stands before the web and always sets it.",
        usual="0",
        read=_truth,
        otherwise=lambda: False,
    ),
    Setting(
        name="DATABASE_URL",
        says="The address of a PostgreSQL database, such as postgres://sarana@/sarana.",
        usual="an SQLite file in SARANA_HOME",
        read=str,
        otherwise=lambda: "",
    ),
    Setting(
        name="SARANA_OWNER",
        says="The same PostgreSQL database under the role that owns its tables; `sarana setup` alone uses it.",
        usual="the role of DATABASE_URL, which then could take down its own second wall",
        read=str,
        otherwise=lambda: "",
    ),
    Setting(
        name="SARANA_WORK",
        says="Where long work is done: inside the process that serves, or apart, by `sarana work`.",
        usual="inside",
        read=_work,
        otherwise=lambda: "inside",
    ),
    Setting(
        name="SARANA_WORKERS",
        says=f"How many processes serve the web, 1 to {MOST_WORKERS}: while one makes a page, the other answers.",
        usual=f"{MOST_WORKERS}, or 1 on a machine with one processor",
        read=_workers,
        otherwise=lambda: min(MOST_WORKERS, os.process_cpu_count() or 1),
    ),
    Setting(
        name="SARANA_BACKUPS",
        says="The folder for backups, best on another disk; a backup beside the data burns with it.",
        usual="backups in SARANA_HOME",
        read=_folder,
        otherwise=lambda: None,
    ),
    Setting(
        name="SARANA_SCHEDULE",
        says="Every how many hours a backup is made by itself, while the web or a worker runs: 0.1 is six minutes, "
        "the least five; 0 for never.",
        usual=str(USUAL_HOURS),
        read=_hours,
        otherwise=lambda: USUAL_HOURS,
    ),
    Setting(
        name="SARANA_INBOX",
        says="Where sector files too large to be sent lie: a folder for each agency, named by its reference; no link.",
        usual="none: every file is sent",
        read=_folder,
        otherwise=lambda: None,
    ),
    Setting(
        name="SARANA_STALE",
        says=f"After how many days the tables of a province are called stale: {LEAST_DAYS} to {MOST_DAYS}.",
        usual=str(USUAL_DAYS),
        read=_days,
        otherwise=lambda: USUAL_DAYS,
    ),
)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read every setting; one that is not set, or set to nothing, takes its usual value.

    Raises:
        BadSetting: SETTING-001 a value cannot be read.
    """
    found = {setting.name.removeprefix("SARANA_").lower(): _read(setting, environment) for setting in SETTINGS}
    return Settings(**found)


def _read(setting: Setting, environment: Mapping[str, str]) -> Any:
    text = environment.get(setting.name, "").strip()
    if not text:
        return setting.otherwise()
    try:
        return setting.read(text)
    except (ValueError, KeyError, BadSetting) as err:
        raise BadSetting(
            "SETTING-001",
            f"'{text}' is no value for {setting.name}.",
            cure=f"{setting.says} Leave it out for: {setting.usual}.",
        ) from err
