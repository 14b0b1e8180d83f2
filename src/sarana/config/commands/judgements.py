"""`sarana population judgements`: what people judged of pairs on the web, for a run that is made at the machine."""

import datetime as dt
import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile
from sarana.config.commands.asking import tell
from sarana.config.settings import read_settings
from sarana.config.vault import unlocked
from sarana.config.web import start
from sarana.methods.sealing.files import write_whole


def judgements_command(
    province: Annotated[str, typer.Argument(help="The code of the province, such as TH50.", metavar="PROVINCE")],
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")],
) -> None:
    """Give what people judged of pairs of a province to a run at the machine, which takes it with --judged.

    The file names rows of registers, so it is sealed to the keys of this organisation: nothing but a run here opens it.
    What was taken back is not in it. One line says that it was given, and how many judgements.
    """
    actor, settings = Actor.local(dt.datetime.now(dt.UTC)), read_settings(os.environ)
    door = start.door("sarana.learning.population.pairs.filling.actions.give_judgements")
    n, content = door(actor, province, partial(unlocked, settings))
    try:
        write_whole(out, content)
    except OSError as err:
        raise BadFile(
            "POPULATION-014", "The file cannot be written.", where=str(out), cure="Name a file in a folder of yours."
        ) from err
    tell(f"{out} holds {n:,} judgements, sealed. Name it to the next run with --judged, and delete it afterwards.")
