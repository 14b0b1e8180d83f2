"""`sarana codelists …`: bring the words and areas that all rooms share, and say what is there."""

import datetime as dt
from typing import Annotated

import typer

from sarana.basics.actors import Actor
from sarana.config.commands.asking import tell, watched
from sarana.config.web import start

app = typer.Typer(help="Words and areas that all rooms share: load them, see what is there.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Words and areas that all rooms share: load them, see what is there."""


@app.command("load")
def load_command(
    countries: Annotated[
        list[str] | None, typer.Argument(help="Countries by their two letters; all where none is named.")
    ] = None,
    *,
    words_only: Annotated[bool, typer.Option("--words-only", help="Load the words and no areas.")] = False,
) -> None:
    """Load the words and areas that came with this version; what is there already is not loaded again."""
    actor = Actor.local(dt.datetime.now(dt.UTC))
    n_words = start.door("sarana.ground.codelists.loading.load_all_words")(actor)
    n_purposes = start.door("sarana.ground.codelists.loading.load_all_purposes")(actor)
    tell(f"{n_words} lists of words were brought to this version; {n_purposes} purposes are new.")
    if words_only:
        return
    with watched("codelists load") as screen:
        receipts = start.door("sarana.ground.codelists.jobs.load_at_once")(actor, countries or [], screen)
    for receipt in receipts:
        if "rows" in receipt:
            tell(f"{receipt['country']}: {receipt['rows']:,} rows of areas stored.")
        else:
            tell(
                f"{receipt['country']}: in force; {receipt['new']:,} new, {receipt['gone']:,} left out, "
                f"{receipt['renamed']:,} renamed."
            )


@app.command("show")
def show_command() -> None:
    """Say which words and areas are in force, from where, and which are missing."""
    actor = Actor.local(dt.datetime.now(dt.UTC))
    for line in start.door("sarana.ground.codelists.loading.what_is_there")(actor):
        typer.echo(line)
