"""`sarana invite` and `sarana let-back`: the first administrator, and one who lost what she signs in with."""

import datetime as dt
from typing import Annotated

import typer
from rich.console import Console

from sarana.basics.actors import Actor
from sarana.config.web import start

app = typer.Typer(no_args_is_help=True)


@app.command("invite")
def invite(
    agency: Annotated[str, typer.Option(help="The name of the agency; one that is not there yet is made.")],
    name: Annotated[str, typer.Option(help="The name of the person, as she is called at work.")],
    role: Annotated[str, typer.Option(help="The code of her role.")] = "organisation-administrator",
    kind: Annotated[str, typer.Option(help="The kind of a new agency.")] = "national-body",
    country: Annotated[str, typer.Option(help="The country of a new agency, two letters.")] = "TH",
) -> None:
    """Print a link with which one person makes her account, once, within the hour."""
    link = start.door("sarana.ground.accounts.by_hand.invite_by_hand")(
        _operator(), agency=agency, kind=kind, country=country, name=name, role=role
    )
    _show(link)


@app.command("let-back")
def let_back(
    sign_in_name: Annotated[str, typer.Argument(help="The name with which the person signs in.")],
) -> None:
    """Print a link with which a person who lost passphrase or key chooses new ones; the ledger keeps that you did."""
    _show(start.door("sarana.ground.accounts.by_hand.let_back_by_hand")(_operator(), sign_in_name=sign_in_name))


def _operator() -> Actor:
    return Actor.local(dt.datetime.now(dt.UTC))


def _show(link: str) -> None:
    Console(highlight=False).print(link, soft_wrap=True, markup=False)
    Console(stderr=True, highlight=False).print(
        "Good once, for an hour. It is stored nowhere: hand it over now, in person.", markup=False
    )
