"""`sarana backup` and `sarana restore`: a sealed copy of the database, brought back, or tried without switching."""

import datetime as dt
import os
import time
from pathlib import Path
from typing import Annotated

import dj_database_url
import msgspec
import typer

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.config import vault
from sarana.config.commands.asking import tell
from sarana.config.settings import Settings, read_settings
from sarana.config.web import start
from sarana.ground.vault import backups, journal
from sarana.ground.vault.clusters import Address
from sarana.ground.vault.databases import DATABASE, Database, SqliteDatabase
from sarana.ground.vault.postgres import PostgresDatabase
from sarana.ground.vault.proving import prove_ledger
from sarana.methods.runs.folder import said_plainly
from sarana.methods.sealing.store import check_apart

app = typer.Typer(no_args_is_help=True)


@app.command("backup")
def backup_command(
    to: Annotated[
        Path | None,
        typer.Option(help="The folder for the backup, best on another disk; SARANA_BACKUPS unless said."),
    ] = None,
    *,
    status: Annotated[bool, typer.Option("--status", help="Only say which backups there are, as JSON.")] = False,
) -> None:
    """Seal the database into one file that only the organisation's keys open; making it needs no secret."""
    settings = read_settings(os.environ)
    now = dt.datetime.now(dt.UTC)
    if status:
        standing = journal.read_standing(settings.home)
        said = {**msgspec.to_builtins(standing), "is_red": standing.is_red(now)}
        typer.echo(msgspec.json.format(msgspec.json.encode(said), indent=2).decode())
        return
    store = vault.store_of(settings)
    folder = to or settings.backup_folder
    check_apart(store.folder, [folder])
    keyset = store.get_keyset()
    try:
        with said_plainly():
            made = backups.make_backup(settings.home, folder, keyset, now=now, database=database_of(settings))
    finally:
        write_down(settings)
    tell(f"Backup: {made.where} ({made.n_bytes:,} bytes), sealed to {made.sealed_to}.")
    tell("The key folder is not in it, and has a backup of its own. Try this one: sarana restore FILE --drill.")


@app.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    *,
    drill: Annotated[
        bool, typer.Option("--drill", help="Only try it, in a folder of its own; nothing is switched.")
    ] = False,
) -> None:
    """Open a backup, prove it whole and sound, then put it in the place of the database, which is kept beside it."""
    settings = read_settings(os.environ)
    keys, database = vault.unlocked(settings), database_of(settings)
    now, began = dt.datetime.now(dt.UTC), time.monotonic()
    kept = ""
    try:
        with said_plainly():
            if drill:
                found, _ = backups.drill(file, keys, settings.home, prove_ledger, now=now, database=database)
            else:
                found, kept = backups.restore(file, keys, settings.home, now=now, database=database)
    finally:
        write_down(settings)
    n_rows = sum(found.counts.values())
    if drill:
        seconds = time.monotonic() - began
        tell(f"Passed in {seconds:.1f} s: the backup of {found.head.made_at:%Y-%m-%d %H:%M} UTC opens, is sound, has")
        tell(f"{n_rows:,} rows in {len(found.counts)} tables, and its ledger is whole.")
        return
    tell(f"Restored: the state of {found.head.made_at:%Y-%m-%d %H:%M} UTC, {n_rows:,} rows.")
    if kept:
        tell(f"What was there before is kept as {kept}; delete it when all is well.")
    tell("Now: sarana setup, sarana ledger seal --after-loss, sarana ledger verify, then sarana serve.")


def write_down(settings: Settings) -> None:
    """Let tables and ledger tell what the journal tells; where they cannot yet, `sarana setup` does it later."""
    if not settings.database_url and not (settings.home / DATABASE).is_file():
        return
    broken: type[Exception] = start.thing("django.db.utils.Error")
    try:
        if not start.pending_migrations():
            start.door("sarana.ground.vault.actions.catch_up")(Actor.local(dt.datetime.now(dt.UTC)), settings.home)
            return
    except (broken, SaranaError):
        pass  # the database cannot be worked with: the journal keeps it
    tell("The ledger does not tell of this yet: sarana setup writes it down, once the database works.")


def database_of(settings: Settings) -> Database:
    """The database of which backups are made here."""
    if not settings.database_url:
        return SqliteDatabase(settings.home / DATABASE)
    web = Address.of_django(dj_database_url.parse(settings.database_url))
    return PostgresDatabase(web, Address.of_django(dj_database_url.parse(settings.owner)) if settings.owner else web)
