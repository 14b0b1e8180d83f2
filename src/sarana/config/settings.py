"""The one typed reader of the environment: every setting is listed here, and a bad value names itself."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sarana.basics.errors import BadSetting
from sarana.methods.engine import memory_bytes
from sarana.methods.runs.meter import memory_free_mib

USUAL_MEMORY_MIB = 3072
"""What a run gets where the system does not tell how much is free."""

PACES = "paces.json"
"""The file of the state folder that keeps how long runs took."""

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


def _threads(text: str) -> int:
    threads = int(text)
    if threads < 1:
        raise ValueError(text)
    return threads


def _memory(text: str) -> str:
    memory_bytes(text)
    return text


def _truth(text: str) -> bool:
    return {"1": True, "0": False, "yes": True, "no": False}[text.lower()]


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
