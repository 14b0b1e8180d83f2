"""`sarana backup` and `sarana restore`: a sealed copy of the database, brought back, or tried without switching."""

import datetime as dt
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import dj_database_url
import msgspec
import typer

from sarana.basics.actors import Actor
from sarana.basics.errors import BadSetting, SaranaError
from sarana.config import vault
from sarana.config.commands.asking import tell
from sarana.config.commands.keys import ByShares, shares_of
from sarana.config.settings import Settings, read_settings
from sarana.config.web import start
from sarana.ground.vault import backups, journal, keeping
from sarana.ground.vault.clusters import Address
from sarana.ground.vault.databases import DATABASE, Database, SqliteDatabase
from sarana.ground.vault.disks import said_plainly
from sarana.ground.vault.postgres import PostgresDatabase
from sarana.ground.vault.proving import prove_ledger
from sarana.methods.sealing.keybackups import KEPT_DAYS, bring_back, make_key_backup
from sarana.methods.sealing.store import DESTROYED, check_apart
from sarana.methods.sealing.unlocking import unlock

app = typer.Typer(no_args_is_help=True)


@app.command("backup")
def backup_command(
    to: Annotated[
        Path | None,
        typer.Option(help="The folder for the backup, best on another disk; SARANA_BACKUPS unless said."),
    ] = None,
    *,
    keys: Annotated[
        bool, typer.Option("--keys", help="The key folder in place of the database; good for 35 days; needs --to.")
    ] = False,
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
    if keys:
        _back_up_keys(settings, to, now)
        return
    store = vault.store_of(settings)
    folder = to or settings.backup_folder
    check_apart(store.folder, [folder])
    keyset = store.get_keyset()
    try:
        with said_plainly(folder):
            made = backups.make_backup(
                settings.home,
                folder,
                keyset,
                now=now,
                database=database_of(settings),
                destroyed=store.folder / DESTROYED,
            )
    finally:
        write_down(settings)
    tell(f"Backup: {made.where} ({made.n_bytes:,} bytes), sealed to {made.sealed_to}.")
    tell("The key folder is not in it, and has a backup of its own. Try this one: sarana restore FILE --drill.")


@app.command("fetch")
def fetch_command(
    source: Annotated[Path, typer.Argument(help="The folder in which the service puts its backups.")],
    to: Annotated[Path, typer.Option(help="The folder of this account in which copies are kept.")],
    keep_days: Annotated[int, typer.Option(help="For so many days; the last three stay for ever.", min=1)] = 365,
) -> None:
    """Keep copies of backups where the account that makes them cannot delete them; run it under another account."""
    found = keeping.fetch(source, to, now=dt.datetime.now(dt.UTC), keep=dt.timedelta(days=keep_days))
    tell(f"Fetched {len(found.new)}, kept {len(found.kept)}, dropped {len(found.dropped)} that served their time.")
    if found.gone:
        tell(f"{len(found.gone)} of those kept are no longer in the source.")
    if to.stat().st_uid == source.stat().st_uid:
        tell("Take heed: the same account owns the source. Who takes it takes both: run this under another account.")
    keeping.check_found(found)


@app.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    *,
    drill: Annotated[
        bool, typer.Option("--drill", help="Only try it, in a folder of its own; nothing is switched.")
    ] = False,
    of_keys: Annotated[
        bool, typer.Option("--keys", help="A backup of the key folder: what is missing there is put in place.")
    ] = False,
    share: ByShares = None,
) -> None:
    """Open a backup, prove it whole and sound, then put it in the place of the database, which is kept beside it."""
    settings = read_settings(os.environ)
    if of_keys:
        _bring_keys_back(settings, file, shares_of(share))
        return
    keys, database = vault.unlocked(settings, shares=shares_of(share)), database_of(settings)
    now, began = dt.datetime.now(dt.UTC), time.monotonic()
    kept = ""
    try:
        with said_plainly(settings.home):
            if drill:
                found, _ = backups.drill(file, keys, settings.home, prove_ledger, now=now, database=database)
            else:
                found, kept = backups.restore(
                    file, keys, settings.home, now=now, database=database, store=vault.store_of(settings)
                )
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


def _back_up_keys(settings: Settings, to: Path | None, now: dt.datetime) -> None:
    if to is None:
        raise BadSetting(
            "VAULT-052",
            "A backup of keys needs a place of its own.",
            cure="Name a folder on another stick than the data: --to FOLDER.",
        )
    store = vault.store_of(settings)
    check_apart(to, [settings.home, settings.keys, settings.backup_folder])
    with said_plainly(to):
        path, over = make_key_backup(settings.keys, store, to, now=now)
    _note_keys(settings, now, is_restore=False)
    tell(f"The key folder: {path}, good for {KEPT_DAYS} days. What opens it (key file, shares) is not in it.")
    if over:
        tell(f"{len(over)} that were over were destroyed.")


def _bring_keys_back(settings: Settings, file: Path, shares: Sequence[str]) -> None:
    now, store = dt.datetime.now(dt.UTC), vault.store_of(settings)
    means = vault.given(settings, shares=shares)
    with said_plainly(settings.keys):
        found = bring_back(file, settings.keys, store, lambda keyset: unlock(keyset, means, file.name), now=now)
    _note_keys(settings, now, is_restore=True)
    tell(f"Brought back: {found.n_files} keys, {found.n_runs} keys of runs, {int(found.is_keyset)} keyset.")
    tell(f"{found.n_destroyed} that were destroyed since were destroyed again. Nothing that was there was replaced.")


def _note_keys(settings: Settings, now: dt.datetime, *, is_restore: bool) -> None:
    """A line of the ledger, where the database works."""
    if _works(settings):
        start.door("sarana.ground.vault.actions.note_keys")(Actor.local(now), is_restore=is_restore)


def _works(settings: Settings) -> bool:
    """Whether the database is there, answers, and is at this version."""
    if not settings.database_url and not (settings.home / DATABASE).is_file():
        return False
    broken: type[Exception] = start.thing("django.db.utils.Error")
    try:
        return not start.pending_migrations()
    except broken:
        return False


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
