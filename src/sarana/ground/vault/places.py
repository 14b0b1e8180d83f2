"""Where the web keeps its data, its backups and its keys, and what opens those keys without asking anybody."""

from pathlib import Path

import dj_database_url
from django.conf import settings
from django.db import connection

from sarana.basics.errors import NotYet
from sarana.ground.vault.clusters import Address
from sarana.ground.vault.databases import DATABASE, Database, SqliteDatabase
from sarana.ground.vault.postgres import PostgresDatabase
from sarana.methods.sealing.organisation import KeysetFile, OrganisationKeys
from sarana.methods.sealing.store import OPEN_FILE, STORE, KeyStore, check_apart
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
    return _store().find_keyset()


def get_keyset() -> KeysetFile:
    """The same.

    Raises:
        NotYet: VAULT-002 there are none yet.
        Refused: VAULT-005 backups would lie among the keys.
    """
    check_apart(_store().folder, [folder()])
    return _store().get_keyset()


def opens_by_itself() -> bool:
    """Whether a key file lies here, so that the keys open without anybody."""
    file = _key_file()
    return file is not None and file.is_file()


def drills_by_itself() -> bool:
    """Whether a drill needs nobody: the keys open, and on PostgreSQL the owner is named, who may make a database."""
    return opens_by_itself() and (connection.vendor == "sqlite" or bool(settings.SARANA_OWNER))


def unlocked() -> OrganisationKeys:
    """The organisation's keys, opened by the key file.

    Raises:
        NotYet: VAULT-002 there are none; VAULT-031 they open only for a person.
    """
    keyset = get_keyset()
    if not opens_by_itself():
        raise NotYet(
            "VAULT-031",
            "The keys here open only for a person, so the web cannot open a backup.",
            cure="Try it at the machine: sarana restore FILE --drill.",
        )
    return unlock(keyset, Given(key_file=_key_file()), str(_store().folder))


def _store() -> KeyStore:
    return KeyStore(Path(settings.SARANA_KEYS) / STORE)


def _key_file() -> Path | None:
    return Path(settings.SARANA_KEYFILE) if settings.SARANA_KEYFILE else _store().folder / OPEN_FILE
