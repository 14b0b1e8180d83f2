"""`sarana population hand-to-nation`, `station-key`, `trust-station`, `take-in-handed`: from province to nation."""

import datetime as dt
import os
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile
from sarana.config.commands.asking import tell
from sarana.config.settings import read_settings
from sarana.config.vault import unlocked
from sarana.config.web import start
from sarana.methods.population.package.form import MOST_BYTES
from sarana.methods.population.package.keys import MOST_PUBLIC_BYTES, public_file
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.signing import digits_of

ROOM = "sarana.learning.population.rollup"


def hand_to_nation_command(
    fingerprint: Annotated[
        str, typer.Argument(help="Of the run, or its first eight characters or more.", metavar="FINGERPRINT")
    ],
    *,
    out: Annotated[Path, typer.Option(help="The ZIP file to write.")],
) -> None:
    """Hand a run that the web shows to the nation: one signed file of its protected tables, without villages.

    The figures are those of its map. The file is signed, not locked: whoever has it can read it.
    """
    actor, settings = _actor(), read_settings(os.environ)
    # Before anything is asked of the database: a passphrase may have to be typed.
    key = start.door(f"{ROOM}.keys.signing")(actor.today, partial(unlocked, settings))
    run, content = start.door(f"{ROOM}.actions.hand_over")(actor, fingerprint, key)
    _write(out, content)
    tell(f"Handed over: {run.name}, {run.area}, as of {run.as_of}. {out} holds {len(content):,} bytes.")


def station_key_command(*, out: Annotated[Path, typer.Option(help="The file to write.")]) -> None:
    """Give the key with which this installation signs: a file to send, and forty digits to read out over a telephone.

    It is made where there is none. Never send the digits with the file.
    """
    pair = start.door(f"{ROOM}.keys.get_pair")(_actor().today)
    _write(out, public_file(pair))
    tell(f"{out} holds the key. Read these digits out to somebody whom you know: {digits_of(pair.public)}")


def trust_station_command(
    key: Annotated[Path, typer.Argument(help="The file with the key that a province sent.", metavar="FILE")],
    *,
    agency: Annotated[str, typer.Option(help="The agency of the province, by name or reference.")],
    area: Annotated[str, typer.Option(help="The code of the province, such as TH50.")],
    digits: Annotated[str, typer.Option(help="The forty digits as you heard them; never copied from the file.")],
) -> None:
    """Trust the key of a province from now on, if the digits that were heard are its own."""
    actor = _actor()
    owner = start.door("sarana.learning.population.queries.get_agency_called")(agency)
    content = _read(key, MOST_PUBLIC_BYTES)
    start.door(f"{ROOM}.actions.trust")(actor, agency=owner, area=area, key=content, heard=digits)
    tell(f"Trusted: {owner.name}, {area}. What it signs can be taken in from now on.")


def take_in_handed_command(
    file: Annotated[Path, typer.Argument(help="The ZIP file as the province sent it.", metavar="FILE")],
    *,
    year: Annotated[int, typer.Option(help="Of which year it should be, in the common era.")],
) -> None:
    """Take in what a province handed over, whole or not at all: only what a station that is trusted signed."""
    actor = _actor()
    content = _read(file, MOST_BYTES + 1)
    handed: Any = start.door(f"{ROOM}.actions.read")(actor, content)
    run = start.door(f"{ROOM}.actions.take_in_handed")(actor, handed, year=year)
    tell(f"Taken in: {run.name}, {run.area}, as of {run.as_of}. See Population, the whole country.")


def _actor() -> Actor:
    return Actor.local(dt.datetime.now(dt.UTC))


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as err:
        raise BadFile(
            "POPULATION-070", "The file cannot be read.", where=str(path), cure="Name the file that the province sent."
        ) from err


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as err:
        raise BadFile(
            "POPULATION-014", "The file cannot be written.", where=str(path), cure="Name a file in a folder of yours."
        ) from err
