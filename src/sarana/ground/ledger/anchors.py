"""Heads of the ledger kept from day to day, to be carried off the machine: they tell of a ledger that was cut short."""

import datetime as dt
import os
from pathlib import Path

import msgspec
from django.conf import settings

from sarana.basics.errors import BadFile
from sarana.ground.ledger import rows
from sarana.ground.ledger.seals import Head, head_of

FOLDER = "anchors"


def head() -> Head | None:
    """The head of the ledger as it is now; None before the first seal."""
    return head_of(rows.last_seal())


def line_of(found: Head) -> str:
    """A head as one line that a program reads and a person can copy."""
    return msgspec.json.encode(found).decode()


def keep_daily(now: dt.datetime) -> Path | None:
    """Write the head of the day into the folder of anchors, once a day; gives the new file."""
    folder = Path(settings.SARANA_HOME) / FOLDER
    path = folder / f"{now.astimezone(dt.UTC).date().isoformat()}.json"
    if path.exists():
        return None
    found = head()
    if found is None:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(f"{line_of(found)}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return path


def kept_heads(home: Path) -> list[Head]:
    """The heads that were kept here day by day."""
    return [head for path in sorted((home / FOLDER).glob("*.json")) for head in read_heads(path)]


def read_heads(path: Path) -> list[Head]:
    """Heads from a file with one on each line.

    Raises:
        BadFile: LEDGER-008 it is no such file.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
        return [msgspec.json.decode(line, type=Head, strict=True) for line in lines if line.strip()]
    except (OSError, ValueError, msgspec.DecodeError) as err:
        raise BadFile(
            "LEDGER-008",
            "This is no file of heads of the ledger.",
            where=str(path),
            cure="Each of its lines is what `sarana ledger head` printed.",
        ) from err
