"""`sarana backup` and `sarana restore`: a sealed copy of the database, brought back, or tried without switching."""

import datetime as dt
import os
import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from sarana.basics.errors import BadFile, NotYet
from sarana.config import vault
from sarana.config.commands.asking import tell
from sarana.config.settings import Settings, read_settings
from sarana.config.web import start
from sarana.ground.ledger import keys as ledger_keys
from sarana.ground.vault import backups
from sarana.methods.runs.folder import said_plainly
from sarana.methods.sealing.store import check_apart

BACKUPS = "backups"

app = typer.Typer(no_args_is_help=True)


@app.command("backup")
def backup_command(
    to: Annotated[
        Path | None,
        typer.Option(help="The folder for the backup, best on another disk; backups in SARANA_HOME unless said."),
    ] = None,
    *,
    status: Annotated[bool, typer.Option("--status", help="Only say which backups there are, as JSON.")] = False,
) -> None:
    """Seal the database into one file that only the organisation's keys open; making it needs no secret."""
    settings = read_settings(os.environ)
    now = dt.datetime.now(dt.UTC)
    if status:
        standing = backups.read_standing(settings.home)
        said = {**msgspec.to_builtins(standing), "is_red": standing.is_red(now)}
        typer.echo(msgspec.json.format(msgspec.json.encode(said), indent=2).decode())
        return
    _check_sqlite(settings)
    store = vault.store_of(settings)
    folder = to or settings.home / BACKUPS
    check_apart(store.folder, [folder])
    with said_plainly():
        made = backups.make_backup(settings.home, folder, store.get_keyset(), now=now)
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
    _check_sqlite(settings)
    keys = vault.unlocked(settings)
    now, began = dt.datetime.now(dt.UTC), time.monotonic()
    with said_plainly():
        if drill:
            found = backups.drill(file, keys, settings.home, lambda folder: _verify(settings, folder), now=now)
            seconds = time.monotonic() - began
            tell(
                f"Passed in {seconds:.1f} s: the backup of {found.head.made_at:%Y-%m-%d %H:%M} UTC opens, is sound, has"
            )
            tell(f"{sum(found.counts.values()):,} rows in {len(found.counts)} tables, and its ledger is whole.")
            return
        found, kept = backups.restore(file, keys, settings.home, now=now)
    tell(f"Restored: the state of {found.head.made_at:%Y-%m-%d %H:%M} UTC, {sum(found.counts.values()):,} rows.")
    if kept:
        tell(f"What was there before is kept as {kept}; delete it when all is well.")
    tell("Now: sarana setup, sarana ledger seal --after-loss, sarana ledger verify, then sarana serve.")


def _verify(settings: Settings, folder: Path) -> None:
    """Verify the ledger of a restored copy as the system itself would, working in that folder.

    Raises:
        BadFile: VAULT-026 its ledger is not whole.
    """
    os.environ["SARANA_HOME"] = str(folder)
    try:
        verify = start.door("sarana.ground.ledger.verifying.verify")
        here = settings.keys / ledger_keys.FIRST_KEY
        means = start.door("sarana.ground.ledger.verifying.Means")(
            first_keys=[ledger_keys.read_first_key(here)] if here.exists() else [],
            heads=start.door("sarana.ground.ledger.anchors.kept_heads")(folder),
        )
        verdict = verify(means, now=dt.datetime.now(dt.UTC))
        start.thing("django.db.connection").close()
    finally:
        os.environ["SARANA_HOME"] = str(settings.home)
    if not verdict.is_whole:
        raise BadFile(
            "VAULT-026",
            f"The ledger of this backup is not whole: {verdict.n_findings} findings.",
            cure="Keep it, tell the data-protection officer, and take an earlier backup.",
        )


def _check_sqlite(settings: Settings) -> None:
    if settings.database_url:
        raise NotYet(
            "VAULT-021",
            "Sarana backs up SQLite only, so far.",
            where="DATABASE_URL",
            cure="Back PostgreSQL up with its own tools (pg_basebackup), onto an encrypted disk.",
        )
