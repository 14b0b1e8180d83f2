"""`sarana ledger …`: prove what was written down, seal it, and carry its head off the machine."""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, SaranaError
from sarana.config.commands.asking import tell, watched
from sarana.config.settings import Settings, read_settings
from sarana.config.web import start
from sarana.ground.ledger import keys

FOUND = 1
"""The exit code of a check that found something."""

TOLD = 50
"""Findings told one by one on the command line; --json has up to a thousand."""

app = typer.Typer(help="What was done and what was opened: prove it, seal it.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """What was done and what was opened, by whom and when: prove it, seal it, carry its head away."""


@app.command("verify")
def verify_command(
    *,
    key: Annotated[
        list[Path] | None, typer.Option(help="The verification key, from where it is kept; may be given several times.")
    ] = None,
    heads: Annotated[
        list[Path] | None, typer.Option(help="A file of heads that were kept elsewhere; may be given several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, to standard output.")] = False,
) -> None:
    """Check the whole ledger: every edit, deletion, insertion, new order or cut is found and named.

    Leaves with 1 where something was found, and with 0 where nothing was. What could not be proved is said apart.
    """
    settings = read_settings(os.environ)
    means = _means(settings, key or [], heads or [])
    now = dt.datetime.now(dt.UTC)
    with watched("ledger verify") as screen:
        verdict = start.door("sarana.ground.ledger.verifying.verify")(means, now=now, progress=screen)
    _beside_the_data(settings, verdict)
    spoken = start.door("sarana.ground.ledger.spoken.words_of_key")
    for first in means.first_keys if not as_json else ():
        tell(f"The verification key in words: {spoken(first)}")
    _written_down(verdict)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(_as_data(verdict)), indent=2).decode())
    else:
        _tell(verdict)
    if not verdict.is_whole:
        raise typer.Exit(FOUND)


def _means(settings: Settings, key_files: list[Path], head_files: list[Path]) -> Any:
    """What the check has to go by: what was given, and what lies here."""
    read_heads = start.door("sarana.ground.ledger.anchors.read_heads")
    kept = start.door("sarana.ground.ledger.anchors.kept_heads")(settings.home)
    here = settings.keys / keys.FIRST_KEY
    files = key_files or ([here] if here.exists() else [])
    return start.door("sarana.ground.ledger.verifying.Means")(
        first_keys=[keys.read_first_key(path) for path in files],
        heads=[*kept, *(head for path in head_files for head in read_heads(path))],
        keys=settings.keys,
    )


def _beside_the_data(settings: Settings, verdict: Any) -> None:
    if keys.first_key_lies_here(settings.keys):
        verdict.remarks.append(
            f"The verification key still lies on this machine ({settings.keys / keys.FIRST_KEY}): the data-protection "
            "officer should take it away; until then whoever takes over the machine can seal a false past."
        )


def _written_down(verdict: Any) -> None:
    """That a check was made is written down too; where that cannot be done, the check stands all the same."""
    record = start.door("sarana.ground.ledger.actions.record")
    try:
        record(Actor.local(dt.datetime.now(dt.UTC)), "ledger.verified", n_things=verdict.n_findings)
    except SaranaError as err:
        verdict.remarks.append(f"That this check was made could not be written down ({err.code}).")


def _as_data(verdict: Any) -> dict[str, Any]:
    found = [
        {"kind": each.kind, "seal": each.seal, "entry": each.entry, "says": each.says} for each in verdict.findings
    ]
    return {**msgspec.to_builtins(verdict), "is_whole": verdict.is_whole, "findings": found}


def _tell(verdict: Any) -> None:
    per_second = verdict.n_entries / verdict.seconds if verdict.seconds else 0
    tell(
        f"{verdict.n_entries:,} entries under {verdict.n_seals:,} seals were checked in {verdict.seconds:,.1f} s "
        f"({per_second:,.0f} a second)."
    )
    if verdict.n_unsealed:
        tell(f"Not sealed yet: {verdict.n_unsealed:,} entries, the first of {verdict.unsealed_since}.")
    for finding in verdict.findings[:TOLD]:
        tell(f"FOUND  {finding.says}")
    if verdict.n_findings > TOLD:
        tell(f"… and {verdict.n_findings - TOLD:,} more.")
    for words in verdict.unproved:
        tell(f"NOT PROVED  {words}")
    for words in verdict.remarks:
        tell(f"REMARK  {words}")
    tell("Nothing was found." if verdict.is_whole else f"{verdict.n_findings:,} findings: call the officer.")


@app.command("seal")
def seal_command(
    *,
    after_loss: Annotated[
        bool,
        typer.Option(
            "--after-loss", help="Go on after seals or the key were lost; the gap stays visible in every later check."
        ),
    ] = False,
) -> None:
    """Seal what waits. The serving process does so every few seconds; this is for when it does not run."""
    now = dt.datetime.now(dt.UTC)
    if after_loss:
        start.door("sarana.ground.ledger.actions.record")(Actor.local(now), "ledger.loss-accepted")
    n = start.door("sarana.ground.ledger.sealing.seal_all")(now, after_loss=after_loss)
    tell(f"{n:,} entries were sealed.")


@app.command("head")
def head_command() -> None:
    """Print the head of the ledger: one line to keep on another machine, or on paper.

    Raises:
        NotYet: LEDGER-010 nothing was sealed yet.
    """
    found = start.door("sarana.ground.ledger.anchors.head")()
    if found is None:
        raise NotYet(
            "LEDGER-010", "Nothing was sealed yet, so the ledger has no head.", cure="Run `sarana ledger seal`."
        )
    line = start.door("sarana.ground.ledger.anchors.line_of")(found)
    typer.echo(line)
    typer.echo(f"In words: {start.door('sarana.ground.ledger.spoken.words_of_head')(line)}", err=True)
