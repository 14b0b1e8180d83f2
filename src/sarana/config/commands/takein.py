"""`sarana population take-in`: the protected tables of a finished run are shown on the web."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from sarana.basics.actors import Actor
from sarana.config.commands.asking import question_door, tell
from sarana.config.web import start
from sarana.methods.population.protected_tables import read_protected


def take_in_command(
    run: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="RUN")],
    *,
    agency: Annotated[
        str, typer.Option(help="Whose it is, by name or reference; the provincial centre of its province unless said.")
    ] = "",
) -> None:
    """Take the protected tables of a finished run into the web, where they become the map that says where to work.

    Nothing about a person is taken, and no figure that was withheld. The folder is only read. The same run taken in
    again changes nothing; a second run of a province has to be made beside the first (run --after).
    """
    found = read_protected(run, question_door(run))
    actor = Actor.local(dt.datetime.now(dt.UTC))
    _taken, is_new = start.door("sarana.learning.population.actions.take_in")(actor, found, agency=agency)
    n_areas = sum(row["group"] == "all" for row in found.rows)
    n_said = sum(row["group"] == "all" and row["rate"] is not None for row in found.rows)
    if is_new:
        tell(f"Taken in: {found.name}, {n_areas:,} areas, of {n_said:,} of which a rate may be said. See Population.")
    else:
        tell(f"{found.name} is here already; nothing was changed.")
