"""`sarana setup`, `sarana check` and `sarana serve`: the web on this machine."""

import datetime as dt
import os
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.config import vault
from sarana.config.commands.backup import database_of
from sarana.config.settings import Settings, read_settings
from sarana.config.web import checks, keys, start
from sarana.ground.ledger.keys import read_first_key
from sarana.ground.vault import backups
from sarana.methods.sealing.store import DESTROYED

app = typer.Typer(no_args_is_help=True)


@app.command("setup")
def setup(
    *,
    without_backup: Annotated[
        bool, typer.Option("--without-backup", help="Change a database in which agencies work without a backup first.")
    ] = False,
) -> None:
    """Make the folders, the keys and the database of the web, or bring them to this version, after a backup."""
    settings = read_settings(os.environ)
    made = keys.make_keys(settings.keys, settings.home)
    if not without_backup and start.is_upgrade():
        _back_up_first(settings)
    open_ways = start.migrate(settings.owner)
    operator = Actor.local(dt.datetime.now(dt.UTC))
    roles = start.door("sarana.ground.accounts.actions.load_roles")(operator)
    start.door("sarana.ground.vault.actions.catch_up")(operator, settings.home)
    lists = start.door("sarana.ground.codelists.loading.load_all_words")(operator)
    start.door("sarana.ground.codelists.loading.load_all_purposes")(operator)
    start.collect()
    if keys.VERIFYING in made:
        words = start.door("sarana.ground.ledger.spoken.words_of_key")(read_first_key(settings.keys / keys.VERIFYING))
        _say(f"The verification key in words: {words}")
        _say("Write them down: `sarana ledger verify --key` shows them again for the file that is taken away.")
    _say(
        f"Ready: {len(made)} keys made, {roles} roles and {lists} lists of words brought in. "
        f"Data: {settings.home}. Keys: {settings.keys}."
    )
    for way in open_ways:
        _say(f"Take heed: {way}")


def _back_up_first(settings: Settings) -> None:
    """Make a backup before a database in which agencies work is changed.

    Raises:
        NotYet: VAULT-036 there are no keys to which it could be sealed.
        And what keeps a backup from being made: then nothing is changed.
    """
    store = vault.store_of(settings)
    keyset = store.find_keyset()
    if keyset is None:
        raise NotYet(
            "VAULT-036",
            "This version changes the database, and no backup can be made before: there are no keys to seal it to.",
            cure="Make them with sarana keys make; or take a copy of your own, and say --without-backup.",
        )
    now = dt.datetime.now(dt.UTC)
    made = backups.make_backup(
        settings.home,
        settings.backup_folder,
        keyset,
        now=now,
        database=database_of(settings),
        destroyed=store.folder / DESTROYED,
    )
    _say(f"Before the change: a backup at {made.where}, sealed to {made.sealed_to}.")


@app.command("check")
def check(*, as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False) -> None:
    """Say what is unsafe or missing here, and what to do about it; the end is 0 where nothing is grave."""
    findings = checks.find(read_settings(os.environ))
    if as_json:
        Console().print_json(msgspec.json.encode(findings).decode())
    for finding in findings if not as_json else ():
        _say(f"{'grave' if finding.is_grave else 'note'}: {finding.code} {finding.what} {finding.cure}")
    if not findings and not as_json:
        _say("Nothing unsafe was found.")
    raise typer.Exit(code=int(any(finding.is_grave for finding in findings)))


@app.command("serve")
def serve(
    port: Annotated[int, typer.Option(help="The port on which the web answers.")] = 8000,
    host: Annotated[str, typer.Option(help="The address of this machine on which it listens.")] = "127.0.0.1",
) -> None:
    """Serve the web from this machine; in production it refuses to start while something grave is wrong."""
    settings = read_settings(os.environ)
    grave = [finding for finding in checks.find(settings, host=host) if finding.is_grave]
    always = [finding for finding in grave if finding.code in checks.ALWAYS]
    for finding in grave if settings.mode == "production" else always:
        _say(f"{finding.code} {finding.what} {finding.cure}")
    if always or (grave and settings.mode == "production"):
        raise NotYet(
            "WEB-002",
            "The web does not start while this is so.",
            cure="Mend what is said above; `sarana check` shows it again.",
        )
    _say(f"Sarana answers on http://{host}:{port}/ – Ctrl-C ends it.")
    start.door("sarana.config.web.serving.serve")(host=host, port=port, workers=settings.workers)


@app.command("demo")
def demo(
    *,
    people: Annotated[bool, typer.Option("--people", help="Enter invented people too; keys have to be there.")] = False,
    activities: Annotated[
        bool, typer.Option("--activities", help="Write invented activities down, between the two maps of its province.")
    ] = False,
) -> None:
    """Make the invented agencies, accounts, people and activities of a demonstration (SARANA_MODE must be demo)."""
    if activities:
        door = start.door("sarana.learning.population.year.demonstration.seed_activities")
        written = door(Actor.local(dt.datetime.now(dt.UTC)))
        _say(f"{written} invented activities written down between the two maps.")
        return
    if people:
        entered = start.door("sarana.care.people.demonstration.seed_people")(Actor.local(dt.datetime.now(dt.UTC)))
        _say(f"{entered} invented people entered; nobody of them is real.")
        return
    made = start.door("sarana.ground.accounts.demonstration.seed_demonstration")(Actor.local(dt.datetime.now(dt.UTC)))
    _say(f"{made} demonstration accounts made; choose one at /demonstration/.")


def _say(text: str) -> None:
    Console(stderr=True, highlight=False).print(text, soft_wrap=True, markup=False)
