"""What `./dev scale restore` measures, once a Sarana with nothing in it stands."""

import datetime as dt
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from bench.ledger_measured import fill, say, timed
from sarana.ground.ledger import keys, sealing
from sarana.ground.vault import backups, places
from sarana.ground.vault.databases import DATABASE, SqliteDatabase
from sarana.ground.vault.proving import prove_ledger
from sarana.methods.sealing.locks import KEY_FILE, make_key_file, make_lock
from sarana.methods.sealing.organisation import OrganisationKeys, make_keys, new_organisation


def measure(folder: Path, n_rows: int) -> dict[str, float]:
    """Every measurement, one line each; gives those that the check of the manual asks for."""
    call_command("migrate", verbosity=0)
    keys.make_seal_keys(folder / "keys")
    fill(n_rows)
    sealing.seal_all()
    vendor, database, sealed = connection.vendor, places.database(), organisation(folder)
    say(f"{vendor}, {n_rows:,} records; wall-clock seconds on this machine, which may be shared")
    connections.close_all()
    now, home = dt.datetime.now(dt.UTC), folder / "home"

    seconds = timed(lambda: backups.make_backup(home, folder / "disk", sealed.file, now=now, database=database))
    [file] = (folder / "disk").iterdir()
    say(f"backup: {seconds:,.1f} s, {file.stat().st_size / 2**20:,.1f} MiB")
    drilled = timed(lambda: backups.drill(file, sealed, home, prove_ledger, now=now, database=database))
    say(f"drill, the ledger verified in the copy: {drilled:,.1f} s")
    empty = folder / "empty"
    into = SqliteDatabase(empty / DATABASE) if vendor == "sqlite" else database
    restored = timed(lambda: backups.restore(file, sealed, empty, now=now, database=into))
    say(f"restore to an empty {'folder' if vendor == 'sqlite' else 'place of the same server'}: {restored:,.1f} s")
    with into.copied(folder, lambda: None) as copy:
        n_back = copy.counts["ledger_entry"]
    return {"rows": n_back, "restored_seconds": restored, "drilled_seconds": drilled}


def organisation(folder: Path) -> OrganisationKeys:
    """Keys under a key file."""
    reference = new_organisation()
    lock = make_lock("bench", {KEY_FILE: make_key_file(folder / "stick/open.key")}, reference)
    return make_keys("bench", [lock], organisation=reference, today=dt.datetime.now(dt.UTC).date())
