"""What is unsafe or missing on an installation, in words: `sarana check` says it, `sarana serve` heeds it."""

import datetime as dt
import stat
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from sarana.basics.errors import BadFile, SaranaError
from sarana.config.settings import LOOPBACK, Settings
from sarana.config.web import start
from sarana.config.web.keys import SIGNING, VERIFYING, WRITER, lie_together
from sarana.ground.accounts.issuers import read_issuers, secret_file
from sarana.ground.vault import journal

SECRET_CHARACTERS = 50
"""A signing key shorter than this was not made by `sarana setup`."""

ALWAYS = frozenset({"WEB-001", "WEB-004", "WEB-006"})
"""Without these nothing works, in whatever mode."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that is unsafe or missing: its code, what it is, what to do, and whether it stops production."""

    code: str
    what: str
    cure: str
    is_grave: bool = True


def find(settings: Settings, *, host: str = "127.0.0.1") -> list[Finding]:
    """Everything that is wrong, gravest first; where the keys are missing nothing else can be looked at."""
    found = [*_folders(settings), *_keys(settings), *_way_in(settings, host), *_services(settings)]
    if not any(finding.code in ALWAYS for finding in found):
        try:
            found += [*_database(settings), *_django(settings), *_backups(settings)]
        except SaranaError as err:
            found.append(Finding(err.code, err.what, err.cure))
    return sorted(found, key=lambda finding: (not finding.is_grave, finding.code))


def _folders(settings: Settings) -> Iterator[Finding]:
    if lie_together(settings.keys, settings.home):
        yield Finding(
            "WEB-001",
            "The folder of keys and the folder of data lie in one another.",
            "Set SARANA_KEYS to a folder elsewhere: who takes the data must not take the keys with it.",
        )
    watched = [settings.home, settings.keys, *(settings.keys / name for name in (SIGNING, WRITER))]
    for path in [*watched, settings.home / "sarana.sqlite3", *settings.keys.glob(secret_file("*"))]:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(
                "WEB-003",
                f"Others on this machine can reach into {path.name}.",
                f"Close it: chmod {'700' if path.is_dir() else '600'} on it.",
            )


def _keys(settings: Settings) -> Iterator[Finding]:
    secret = _text(settings.keys / SIGNING)
    if len(secret) < SECRET_CHARACTERS or len(set(secret)) < 10:
        yield Finding(
            "WEB-004",
            f"The key that signs sittings ({SIGNING}) is missing, short or made by hand.",
            "Run `sarana setup`, or bring back the key folder.",
        )
    if not (settings.keys / WRITER).is_file():
        yield Finding(
            "WEB-004",
            f"The key with which acts are written down ({WRITER}) is missing.",
            "Run `sarana setup`, or bring back the key folder.",
        )
    if (settings.keys / VERIFYING).is_file():
        yield Finding(
            "WEB-005",
            f"The key that proves what was done ({VERIFYING}) still lies on this machine.",
            "The data-protection officer takes it away: who holds it and the machine could write the past anew.",
            is_grave=False,
        )


def _way_in(settings: Settings, host: str) -> Iterator[Finding]:
    if settings.mode == "production" and settings.debug:
        yield Finding("WEB-007", "SARANA_DEBUG is 1 in production: errors would show records.", "Set it to 0.")
    if settings.mode == "demo":
        yield Finding(
            "WEB-008",
            "This is a demonstration: anybody can sign in with any role.",
            "Never bring data about real people here; set SARANA_MODE to production for work.",
            is_grave=False,
        )
    if host not in LOOPBACK and not settings.is_https:
        yield Finding(
            "WEB-009",
            f"The web would listen on {host} without HTTPS: sign-ins could be read on the way.",
            "Listen on 127.0.0.1, or put a proxy with HTTPS before it and name its host in SARANA_HOSTS.",
        )
    if settings.is_https and not settings.proxy:
        yield Finding(
            "WEB-010",
            "HTTPS is asked for, but no proxy is said to provide it: every page would lead in a circle.",
            "Put a proxy with HTTPS before the web, let it set X-Forwarded-Proto, and set SARANA_PROXY to 1.",
        )


def _services(settings: Settings) -> Iterator[Finding]:
    """The sign-in services of ministries: where their file cannot be used they are not offered."""
    try:
        read_issuers(settings.home, settings.keys, is_for_work=settings.mode == "production")
    except BadFile as err:
        yield Finding(err.code, err.what, err.cure, is_grave=False)


def _database(settings: Settings) -> Iterator[Finding]:
    connection: Any = start.thing("django.db.connection")
    errors: Any = import_module("django.db.utils")
    try:
        pending = start.pending_migrations()
    except errors.OperationalError:
        yield Finding("WEB-011", "The database does not answer.", "See that it runs and that DATABASE_URL is right.")
        return
    if pending:
        yield Finding(
            "WEB-006", f"The database lacks {len(pending)} changes of this version.", "Run `sarana setup` first."
        )
        return
    accounts = start.door("sarana.ground.accounts.queries.count_demonstration_accounts")()
    if accounts and settings.mode != "demo":
        yield Finding(
            "WEB-012",
            f"{accounts} demonstration accounts are in this database: anybody knows how to use them.",
            "Start with an empty database for work; a demonstration is never turned into one.",
        )
    if connection.vendor == "postgresql" and start.may_bypass_row_security():
        yield Finding(
            "WEB-013",
            "The role in DATABASE_URL may bypass row security: the second wall would not stand.",
            "Let the web use a role that is neither superuser nor BYPASSRLS nor the owner of the tables.",
        )


def _django(settings: Settings) -> Iterator[Finding]:
    """What Django itself warns of where the web is reached from elsewhere."""
    if settings.mode == "production" and settings.is_https:
        for message in start.deploy_messages():
            yield Finding("WEB-014", f"Django warns: {message}", "Report this: the shipped settings should be clean.")


def _backups(settings: Settings) -> Iterator[Finding]:
    if settings.mode != "production":
        return
    standing, now = journal.read_standing(settings.home), dt.datetime.now(dt.UTC)
    if standing.is_late(now):
        yield Finding(
            "WEB-016",
            f"No backup was made within the last {journal.LATE_DAYS} days.",
            "Make one with `sarana backup`, onto another disk.",
            is_grave=False,
        )
    if standing.is_untried(now):
        yield Finding(
            "WEB-015",
            f"No backup passed a drill within the last {journal.RED_DAYS} days.",
            "Make one with `sarana backup`, then try it: `sarana restore FILE --drill`.",
            is_grave=False,
        )


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
