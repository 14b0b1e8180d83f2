"""The database: SQLite in the data folder, or the PostgreSQL of DATABASE_URL."""

from typing import Any

import dj_database_url

from sarana.config.web.place import SETTINGS

SARANA_HOME = SETTINGS.home
SARANA_KEYS = SETTINGS.keys
SARANA_KEYFILE = SETTINGS.keyfile
SARANA_KEYSERVER, SARANA_KEYSERVER_KEY = SETTINGS.keyserver, SETTINGS.keyserver_key
SARANA_KEYSERVER_TOKEN, SARANA_KEYSERVER_CA = SETTINGS.keyserver_token, SETTINGS.keyserver_ca
SARANA_BACKUPS = SETTINGS.backup_folder
SARANA_SCHEDULE = SETTINGS.schedule
SARANA_OWNER = SETTINGS.owner
SARANA_INBOX = SETTINGS.inbox
SARANA_STALE = SETTINGS.stale
SARANA_THREADS, SARANA_MEMORY = SETTINGS.threads, SETTINGS.memory

SQLITE_FILE = SETTINGS.home / "sarana.sqlite3"

SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE: a transaction that will write waits for its turn at the start, and so never fails half way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA secure_delete=ON; PRAGMA cache_size=-16000;"
    ),
}

CONNECT_SECONDS = 5
"""So long a request waits for PostgreSQL, and then says that the database does not answer."""

KEPT_SECONDS = 300
"""Each thread that serves keeps its own connection and tries it before use. There is no pool: tried by crashes of the
server one after the other, a pool did not come back by itself. SQLite's are kept too: to open the file for every page
cost a third of the processor's time of a page. `ground/walls/sqlite.py` lets go of a file that is no longer there."""


def _database() -> dict[str, Any]:
    if SETTINGS.database_url:
        found: dict[str, Any] = dict(dj_database_url.parse(SETTINGS.database_url, conn_health_checks=True))
        if "postgresql" in found["ENGINE"]:
            found["OPTIONS"] = {**found.get("OPTIONS", {}), "connect_timeout": CONNECT_SECONDS}
            found["CONN_MAX_AGE"] = KEPT_SECONDS
            # What a page did before it broke is undone; what is written down about that, behind the page, stands.
            found["ATOMIC_REQUESTS"] = True
            return found
    kept = {"CONN_MAX_AGE": KEPT_SECONDS}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(SQLITE_FILE), "OPTIONS": SQLITE_OPTIONS, **kept}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
