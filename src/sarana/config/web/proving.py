"""Verifies the ledger of a database, and says what was found, as JSON, for a drill.

    python -m sarana.config.web.proving [HANDLE]

It is the database that the environment names, or, as this process inherited it, an open file without a name.
"""

import contextlib
import datetime as dt
import os
import shutil
import sys
from collections.abc import Iterator

import msgspec
from django.db import connection

from sarana.config.settings import read_settings
from sarana.config.web import start
from sarana.ground.ledger import keys as ledger_keys
from sarana.ground.vault.nameless import HANDLES, empty_file
from sarana.ground.vault.proving import Said


def prove() -> Said:
    """Verify it with the first key where that lies here, and against the heads that came with the copy."""
    settings = read_settings(os.environ)
    start.start()
    verify = start.door("sarana.ground.ledger.verifying.verify")
    first = settings.keys / ledger_keys.FIRST_KEY
    means = start.door("sarana.ground.ledger.verifying.Means")(
        first_keys=[ledger_keys.read_first_key(first)] if first.exists() else [],
        heads=start.door("sarana.ground.ledger.anchors.kept_heads")(settings.home),
    )
    verdict = verify(means, now=dt.datetime.now(dt.UTC))
    return Said(verdict.n_entries, verdict.n_findings)


@contextlib.contextmanager
def reading(handle: int) -> Iterator[None]:
    """Work with what an open file holds: Django opens an empty file, which loses its name and is filled from there."""
    start.start()
    home, n_bytes = read_settings(os.environ).home, os.fstat(handle).st_size
    with empty_file(home, home, n_bytes) as (path, own):
        # Nothing is written, and a log beside the file would need its name.
        connection.settings_dict |= {"NAME": str(path), "OPTIONS": {"init_command": "PRAGMA query_only=ON"}}
        connection.ensure_connection()
        path.unlink()
        with (HANDLES / str(handle)).open("rb") as source, os.fdopen(os.dup(own), "wb") as out:
            shutil.copyfileobj(source, out)
        yield


if __name__ == "__main__":
    with reading(int(sys.argv[1])) if len(sys.argv) > 1 else contextlib.nullcontext():
        sys.stdout.write(msgspec.json.encode(prove()).decode())
