"""What was done about backups, remembered beside the database: it outlives a database that is lost or brought back.

The tables tell the same to those who read pages. Where they lack what stands here, because the database is an older one
or was not there, it is written down again from here, each act once.
"""

import contextlib
import datetime as dt
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sarana.basics.errors import NotYet
from sarana.methods.sealing.files import write_whole

REMEMBERED = "backups.json"
LOCK = "backups.lock"
MOST_REMEMBERED = 200

RED_DAYS = 30
"""After so many days without a drill that passed, backups count as untried."""

LATE_DAYS = 3
"""After so many days without a backup, what would be lost is too much."""


class Made(msgspec.Struct, frozen=True):
    """One backup that was made, or that could not be (`code`)."""

    id: str
    where: str
    made_at: dt.datetime
    n_bytes: int = 0
    n_rows: int = 0
    sha256: str = ""
    sealed_to: str = ""
    opens_with: str = ""
    code: str = ""


class Tried(msgspec.Struct, frozen=True):
    """One backup that was opened and proved, for a drill or to be restored, or that did not stand it (`code`)."""

    id: str
    at: dt.datetime
    file: str
    backup: str = ""
    n_rows: int = 0
    is_restore: bool = False
    code: str = ""


class Standing(msgspec.Struct, frozen=True):
    """What is known of backups here, the oldest first."""

    made: tuple[Made, ...] = ()
    tried: tuple[Tried, ...] = ()

    @property
    def last_made(self) -> Made | None:
        """The newest backup."""
        return next((made for made in reversed(self.made) if not made.code), None)

    @property
    def last_passed(self) -> Tried | None:
        """The newest drill that passed."""
        return next((tried for tried in reversed(self.tried) if not tried.code and not tried.is_restore), None)

    def is_untried(self, now: dt.datetime) -> bool:
        """Whether no drill passed within the last thirty days."""
        return self.last_passed is None or now - self.last_passed.at > dt.timedelta(days=RED_DAYS)

    def is_late(self, now: dt.datetime) -> bool:
        """Whether no backup was made within the last three days."""
        return self.last_made is None or now - self.last_made.made_at > dt.timedelta(days=LATE_DAYS)

    def is_red(self, now: dt.datetime) -> bool:
        """Whether somebody has to do something."""
        return self.is_untried(now) or self.is_late(now)


def read_standing(home: Path) -> Standing:
    """What is known of backups here; nothing where the file is missing or not whole."""
    try:
        return msgspec.json.decode((home / REMEMBERED).read_bytes(), type=Standing)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Standing()


def remember(home: Path, *, made: Made | None = None, tried: Tried | None = None) -> None:
    """Add one act, under `alone`."""
    kept = read_standing(home)
    standing = Standing(
        (*kept.made, *([made] if made else ()))[-MOST_REMEMBERED:],
        (*kept.tried, *([tried] if tried else ()))[-MOST_REMEMBERED:],
    )
    write_whole(home / REMEMBERED, msgspec.json.format(msgspec.json.encode(standing), indent=1) + b"\n")


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold backups here for oneself: two at once would fight for disk and database; a holder who was killed lets go.

    Raises:
        NotYet: VAULT-027 another one is at work.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(home / LOCK, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as err:
        raise NotYet(
            "VAULT-027",
            "A backup, a drill or a restore is at work here already.",
            cure="Wait until it is done, then try again.",
        ) from err
    finally:
        os.close(handle)
