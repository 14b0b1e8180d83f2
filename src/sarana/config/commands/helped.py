"""`sarana people …`: take people in from a table, search them, and make anew what finds them."""

import datetime as dt
import getpass
import os
import pwd
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from sarana.basics.actors import Actor
from sarana.config.commands.asking import tell
from sarana.config.commands.screen import Screen
from sarana.config.web import start
from sarana.methods.search.asking import read_query

MOST_AT_ONCE = 50
LONGEST_SECRET = 4096

app = typer.Typer(help="People who are helped: take in, search, and keep what finds them.", no_args_is_help=True)

Agency = Annotated[str, typer.Option(help="The agency, by its name or its reference.")]
As = Annotated[str, typer.Option("--as", help="Your sign-in name; you prove that it is you.", metavar="USER")]
Purpose = Annotated[str, typer.Option(help="The code of the purpose for which you do this, such as help.")]
PassphraseFd = Annotated[
    int | None,
    typer.Option(help="The number of an open file: on its first line your passphrase, on its second a code. "
                 "Asked on the terminal unless said."),
]  # fmt: skip


@app.command("import")
def import_command(
    table: Annotated[Path, typer.Argument(help="The table (CSV).", metavar="FILE")],
    *,
    agency: Agency,
    user: As,
    map_path: Annotated[Path, typer.Option("--map", help="MAP.toml: which column is what.", metavar="MAP")],
    purpose: Purpose = "identification",
    aside: Annotated[
        Path | None, typer.Option(help="Where to list lines that were set aside; beside the table unless said.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only read it through; nobody is entered.")] = False,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Take people in from a table. Stopped anywhere, the same command goes on and enters nobody twice.

    Lines that cannot be taken in are listed by number and code; no value of theirs is told anywhere.
    """
    aside = aside or table.with_name(f"{table.name}.set-aside.csv")
    with _screen("lines") as screen:
        if check:
            _tell(start.door("sarana.care.people.importing.taking.check_table")(table, map_path, aside, screen), aside)
            return
    proved, whose = _prove(user, purpose, passphrase_fd), _agency(agency)
    with proved.answering(), _screen("lines") as screen:
        taken = start.door("sarana.care.people.importing.taking.take_in")(
            proved.standing, whose, table, map_path, aside, progress=screen
        )
    _tell(taken, aside)


@app.command("search")
def search_command(
    words: Annotated[str, typer.Argument(help="A dash: searches are read from the input, one a line.", metavar="-")],
    *,
    agency: Agency,
    user: As,
    purpose: Purpose,
    limit: Annotated[int, typer.Option(help="So many at most for each search.", min=1, max=MOST_AT_ONCE)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each search.")] = False,
    passphrase_fd: PassphraseFd = None,
) -> None:
    """Search people; words come from the input and never stand in the command, where others could read them.

    The same rules, the same daily number and the same lines of the ledger as on the page.
    """
    if words != "-":
        raise typer.BadParameter(
            "Words to search by are never given in the command, where others could read them: give a dash, and write "
            "the words into the input, one search a line."
        )
    proved, whose = _prove(user, purpose, passphrase_fd), _agency(agency)
    find = start.door("sarana.care.people.finding.actions.searching.find")
    for line in _lines():
        with proved.answering(), proved.standing() as actor:
            found = find(actor, whose, read_query(line, today=actor.today), limit=limit)
            _show(found, as_json=as_json)


@app.command("rebuild-search")
def rebuild_search_command(*, agency: Agency) -> None:
    """Make what finds people of an agency anew from the people themselves; the one of before answers meanwhile."""
    build = start.door("sarana.care.people.finding.actions.building.build")
    actor, whose = Actor.local(dt.datetime.now(dt.UTC).astimezone()), _agency(agency)
    with _screen("people") as screen:
        n = build(actor, whose, screen)
    tell(f"Made anew: {n:,} people are found by it.")


def _prove(user: str, purpose: str, passphrase_fd: int | None) -> Any:
    """Whoever types proves who she is."""
    prove = start.door("sarana.care.people.proving.prove")
    needs_code = start.door("sarana.care.people.proving.needs_code")
    if passphrase_fd is None:
        passphrase = getpass.getpass("Your passphrase: ")
        code = getpass.getpass("Code of your second factor: ") if needs_code(user) else ""
    else:
        passphrase, code = _secrets(passphrase_fd)
    return prove(user, passphrase, code, purpose=purpose, system_account=_system_account())


def _secrets(number: int) -> tuple[str, str]:
    try:
        with os.fdopen(number, "rb", closefd=False) as file:
            first, _, second = file.read(LONGEST_SECRET).decode().partition("\n")
    except (OSError, UnicodeDecodeError) as err:
        raise typer.BadParameter(
            f"--passphrase-fd {number}: the passphrase could not be read there. Open the file for this command, such "
            "as --passphrase-fd 3 3< FILE."
        ) from err
    return first.rstrip("\r"), second.strip()


def _system_account() -> str:
    """With which account of the operating system this was typed."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _agency(called: str) -> Any:
    """The reference of the one agency that is called so."""
    found = start.door("sarana.ground.accounts.queries.agencies_called")(called)
    if len(found) != 1:
        raise typer.BadParameter(
            "--agency: no agency, or more than one, is called so. Give its name as it stands on its page, or its "
            "reference."
        )
    return found[0].ref


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if line.strip():
            yield line.strip()


def _show(found: Any, *, as_json: bool) -> None:
    """References, scores and reasons; never a name."""
    hits = [
        {
            "ref": str(hit.person.ref),
            "code": hit.person.code,
            "score": round(hit.score, 4),
            "reasons": [str(reason) for reason in hit.reasons],
        }
        for hit in found.hits
    ]
    if as_json:
        typer.echo(msgspec.json.encode({"found": hits, "is_more": found.is_more}).decode())
        return
    for hit in hits:
        typer.echo(f"{hit['code']}  {hit['score']:.2f}  {', '.join(hit['reasons'])}")
    typer.echo("There are more." if found.is_more else f"{len(hits)} found.")


def _screen(what: str) -> Screen:
    screen = Screen(Console(stderr=True, highlight=False), {what: 1.0}, is_weight=True)
    screen.began(what, 1, 1)
    return screen


def _tell(taken: Any, aside: Path) -> None:
    before = f", {taken.n_before:,} of the lines before a stop" if taken.n_before else ""
    tell(f"{taken.n_read:,} lines read, {taken.n_entered:,} people{before}; {taken.n_aside:,} lines set aside.")
    if taken.n_aside:
        tell(f"Which lines, and why, by code: {aside}")
