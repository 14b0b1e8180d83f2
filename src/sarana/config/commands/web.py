"""`sarana setup` and `sarana serve`: the web on this machine."""

import datetime as dt
import os
from typing import Annotated

import typer
from rich.console import Console

from sarana.basics.actors import Actor
from sarana.config.settings import read_settings
from sarana.config.web import keys, start


def setup_command() -> None:
    """Make the folders, the keys and the database of the web, or bring them to this version."""
    settings = read_settings(os.environ)
    made = keys.make_keys(settings.keys, settings.home)
    open_ways = start.migrate(settings.owner)
    actor = Actor.local(dt.datetime.now(dt.UTC))
    roles = start.door("sarana.ground.accounts.actions.load_roles")(actor)
    Console(stderr=True, highlight=False).print(
        f"Ready: {len(made)} keys made, {roles} roles brought in. Data: {settings.home}. Keys: {settings.keys}.",
        soft_wrap=True,
    )
    for way in open_ways:
        Console(stderr=True, highlight=False).print(f"Take heed: {way}", soft_wrap=True)


def serve_command(
    port: Annotated[int, typer.Option(help="The port on which the web answers.")] = 8000,
    host: Annotated[str, typer.Option(help="The address of this machine on which it listens.")] = "127.0.0.1",
) -> None:
    """Serve the web from this process."""
    start.door("sarana.config.web.serving.serve")(host=host, port=port)
