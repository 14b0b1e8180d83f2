"""`sarana leave` and `sarana open`: an agency takes along all that it owns, and opens it wherever it goes."""

import contextlib
import datetime as dt
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, BadSetting, NotYet
from sarana.config import vault
from sarana.config.commands.asking import tell
from sarana.config.commands.locks import new_passphrase_asked
from sarana.config.settings import read_settings
from sarana.config.web import start
from sarana.methods.runs.folder import said_plainly
from sarana.methods.sealing.locks import KEY_FILE, PASSPHRASE, make_key_file, phrase_bytes, read_key_file
from sarana.methods.sealing.parcels import opened_parcel, read_parcel_head
from sarana.methods.sealing.store import check_apart

ARCHIVE = ".archive.part"

app = typer.Typer(no_args_is_help=True)


@app.command("leave")
def leave_command(
    agency: Annotated[str, typer.Argument(help="The agency: its name, or its reference.")],
    to: Annotated[Path, typer.Option(help="The file to write; none of this name may be there.")],
    *,
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Seal it under a passphrase, asked for.")] = False,
    key_file: Annotated[
        Path | None, typer.Option(help="Seal it under a key file, which is made here; never beside the file itself.")
    ] = None,
    run: Annotated[list[Path] | None, typer.Option(help="A run whose figures belong to it; may be repeated.")] = None,
) -> None:
    """Hand an agency over all that it owns, sealed to it, as CSV and JSON; two of the agency have to agree before."""
    settings = read_settings(os.environ)
    actor = Actor.local(dt.datetime.now(dt.UTC))
    if passphrase == (key_file is not None):
        raise BadSetting("EXCHANGE-008", "Say what opens the file.", cure="Give --passphrase, or --key-file FILE.")
    _check_is_free(to)
    if key_file:
        check_apart(key_file, [settings.home, to.parent])
    start.door("sarana.gates.exchange.actions.check_hand_over")(actor, agency, target=to, runs=run or [])
    with said_plainly(), _secret(key_file) as (way, secret):
        done = start.door("sarana.gates.exchange.actions.hand_over")(
            actor, agency, target=to, secrets={way: secret}, runs=run or []
        )
    tell(f"Handed over: {to}, {sum(done.counts.values()):,} rows in {len(done.counts)} tables, sealed by the {way}.")
    tell(f"Give file and {way} to the agency by two ways. It opens it anywhere: sarana open {to.name} --to FOLDER.")


@contextlib.contextmanager
def _secret(key_file: Path | None) -> Iterator[tuple[str, bytes]]:
    """What seals the file, and how it is called; a key file that was made for nothing is taken away again."""
    if key_file is None:
        yield PASSPHRASE, new_passphrase_asked("the agency")
        return
    secret = make_key_file(key_file)
    try:
        yield KEY_FILE, secret
    except BaseException:
        key_file.unlink(missing_ok=True)
        raise


@app.command("open")
def open_command(
    file: Annotated[Path, typer.Argument(help="The file that sarana leave wrote.")],
    to: Annotated[Path, typer.Option(help="The folder to open it into; it must not be there yet.")],
    key_file: Annotated[
        Path | None, typer.Option(help="The key file; without one the passphrase is asked for.")
    ] = None,
) -> None:
    """Open what sarana leave sealed, proved whole, into a folder of plain CSV and JSON; needs no installation."""
    head = read_parcel_head(file)
    _check_is_free(to)
    [way] = head.lock.needs
    secret = read_key_file(key_file) if key_file else _asked(way)
    with said_plainly(), _whole_folder(to) as part:
        with (part / ARCHIVE).open("wb") as archive:
            archive.writelines(opened_parcel(file, {way: secret}))
        with zipfile.ZipFile(part / ARCHIVE) as members:
            members.extractall(part)
            n_files = len(members.namelist())
        (part / ARCHIVE).unlink()
    tell(f"Opened into {to}: {n_files} files of {head.made_on}. README.txt there explains each.")
    tell("They lie open now: keep the folder on an encrypted disk.")


def _check_is_free(to: Path) -> None:
    if to.exists():
        raise BadFile("EXCHANGE-003", "There is a file or folder of this name.", where=str(to), cure="Name another.")


def _asked(way: str) -> bytes:
    if way != PASSPHRASE:
        raise NotYet("VAULT-003", "This opens with a key file.", cure="Give it with --key-file.")
    phrase = vault.asked_passphrase("this file")
    if not phrase:
        raise NotYet("VAULT-003", "Nobody can be asked for the passphrase.", cure="Call this from a terminal.")
    return phrase_bytes(phrase)


@contextlib.contextmanager
def _whole_folder(to: Path) -> Iterator[Path]:
    """A folder, for its owner only, that takes its name when all of it is there."""
    part = to.with_name(f"{to.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    try:
        yield part
        part.replace(to)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
