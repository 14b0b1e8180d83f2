"""Where the web keeps its data, its backups and its keys, and what opens those keys without asking anybody."""

import datetime as dt
import time
from pathlib import Path

import dj_database_url
from django.conf import settings
from django.db import connection

from sarana.basics.errors import BadFile, NotYet
from sarana.ground.vault.clusters import Address
from sarana.ground.vault.databases import DATABASE, Database, SqliteDatabase
from sarana.ground.vault.keyserver import KeyServer, key_server
from sarana.ground.vault.postgres import PostgresDatabase
from sarana.methods.sealing.locks import KEY_FILE, KEY_SERVER, Lock
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.sealing.store import DESTROYED, KEYSET, OPEN_FILE, RECOVERY, STORE, KeyStore, check_apart
from sarana.methods.sealing.unlocking import Given, unlock


def home() -> Path:
    """The folder of data."""
    return Path(settings.SARANA_HOME)


def database() -> Database:
    """The database with which the web works, as backups see it."""
    if connection.vendor == "sqlite":
        return SqliteDatabase(home() / DATABASE)
    web = Address.of_django(connection.settings_dict)
    owner = Address.of_django(dj_database_url.parse(settings.SARANA_OWNER)) if settings.SARANA_OWNER else web
    return PostgresDatabase(web, owner)


def folder() -> Path:
    """The folder for backups."""
    return Path(settings.SARANA_BACKUPS)


def find_keyset() -> KeysetFile | None:
    """The organisation's keys, sealed as they are, with the public half to which backups are made."""
    return store().find_keyset()


def get_keyset() -> KeysetFile:
    """The same.

    Raises:
        NotYet: VAULT-002 there are none yet.
        Refused: VAULT-005 backups would lie among the keys.
    """
    check_apart(store().folder, [folder()])
    return store().get_keyset()


def opens_by_itself() -> bool:
    """Whether the keys open without anybody: a key file lies here, or a key server is named of which a lock makes use.

    The server is not asked: whether it answers is seen when something is opened.
    """
    return _has_key_file() or any(_opens_without_anybody(lock) for lock in _locks())


def _locks() -> tuple[Lock, ...]:
    if not settings.SARANA_KEYSERVER:
        return ()
    try:
        keyset = find_keyset()
    except BadFile:
        return ()
    return () if keyset is None else keyset.locks


def _opens_without_anybody(lock: Lock) -> bool:
    return KEY_SERVER in lock.needs and set(lock.needs) <= {KEY_SERVER, *([KEY_FILE] if _has_key_file() else [])}


def has_shares() -> bool:
    """Whether recovery shares were made, of which any two open the keys."""
    keyset = find_keyset()
    return keyset is not None and RECOVERY in {lock.name for lock in keyset.locks}


def shares_tried_on() -> dt.date | None:
    """The day on which two shares were last tried, or None."""
    return store().last_drill()


def drills_by_itself() -> bool:
    """Whether a drill needs nobody: the keys open, and on PostgreSQL the owner is named, who may make a database."""
    return opens_by_itself() and (connection.vendor == "sqlite" or bool(settings.SARANA_OWNER))


def unlocked() -> OrganisationKeys:
    """The organisation's keys, opened by the key file or the key server.

    Raises:
        NotYet: VAULT-002 there are none; VAULT-031 they open only for a person.
        And what the key server says, VAULT-083 to VAULT-093.
    """
    keyset = get_keyset()
    if not opens_by_itself():
        raise NotYet(
            "VAULT-031",
            "The keys here open only for a person, so the web cannot open a backup.",
            cure="Try it at the machine: sarana restore FILE --drill.",
        )
    server = _server()
    given = Given(key_file=_key_file() if _has_key_file() else None, key_server=server.open if server else None)
    return unlock(keyset, given, str(store().folder))


SERVED_SECONDS = 300
"""So long what a key server opened is kept in memory: then it is asked again, so that it can say no."""


def lock_stamp() -> tuple[object, ...] | None:
    """By which the keyset and what opens it are known again, or None where nothing opens it any more.

    What a key server opened is opened anew every five minutes.
    """
    paths = [path for path in (_key_file(), settings.SARANA_KEYSERVER_TOKEN) if path is not None]
    keyset, *told = (_stat(path) for path in (store().folder / KEYSET, *paths))
    if keyset is None or not any(told):
        return None
    return (keyset, *told, int(time.monotonic() // SERVED_SECONDS) if settings.SARANA_KEYSERVER else 0)


def _stat(path: Path) -> tuple[int, int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_ino, told.st_size, told.st_mtime_ns


def destroyed() -> Path:
    """The list of keys that were destroyed, which goes along with every backup."""
    return store().folder / DESTROYED


def store() -> KeyStore:
    """The key store."""
    return KeyStore(Path(settings.SARANA_KEYS) / STORE)


def _key_file() -> Path | None:
    return Path(settings.SARANA_KEYFILE) if settings.SARANA_KEYFILE else store().folder / OPEN_FILE


def _has_key_file() -> bool:
    file = _key_file()
    return file is not None and file.is_file()


def _server() -> KeyServer | None:
    """The key server, whose token never lies among the data.

    Raises:
        BadSetting: VAULT-093 no file with a token is named. Refused: VAULT-005 it lies among the data.
    """
    found = key_server(
        settings.SARANA_KEYSERVER,
        settings.SARANA_KEYSERVER_KEY,
        settings.SARANA_KEYSERVER_TOKEN,
        settings.SARANA_KEYSERVER_CA,
    )
    if found is not None:
        check_apart(found.token, [home(), folder()])
    return found
