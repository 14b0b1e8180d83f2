"""`sarana population update`: run a later state of the same files by what an earlier run learnt and left."""

import datetime as dt
import os
import time
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from sarana.basics.errors import BadSetting
from sarana.config.commands.screen import Screen, spoken
from sarana.config.settings import PACES, read_settings
from sarana.config.vault import RunKeys, check_unsealed, find_until
from sarana.methods.population.chain import Outcome, forecast, run_population
from sarana.methods.population.chain_update import KINDS, changes_told, is_of_this_version, plan_update, steps_told
from sarana.methods.runs.folder import opened
from sarana.methods.runs.handed import HandedDoor
from sarana.methods.runs.means import check_room, read_means


def update_command(
    run: Annotated[Path, typer.Argument(help="The folder of the earlier run; it is only read.")],
    *,
    sources: Annotated[Path, typer.Option(help="SOURCES.toml: as it was for the earlier run, but for its days.")],
    data: Annotated[Path, typer.Option(help="The folder that the later files lie in.")],
    out: Annotated[Path, typer.Option(help="The new run folder; it must be new or empty unless --resume is given.")],
    threads: Annotated[
        int | None, typer.Option(help="How many threads to use; every processor unless said. Does not change results.")
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="How much memory to use, such as 3GB. Less is slower and gives the same results.")
    ] = None,
    after: Annotated[
        list[Path] | None,
        typer.Option(
            help="A run folder whose tables were let out before; say it again for each. See compare-two-runs."
        ),
    ] = None,
    judged: Annotated[
        Path | None,
        typer.Option(
            help="What people judged of pairs of rows: a table (CSV or Parquet) with left, right and verdict (same, "
            "not-same, cannot-say), the rows as review.parquet names them; or what `judgements` wrote."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an update that was stopped; finished steps are kept.")
    ] = False,
) -> None:
    """Run later files with the model of an earlier run, taking over from it what cannot have changed.

    Every table is the same, byte for byte, as of a full run with that model. To learn anew, make a full run.
    """
    if out.resolve() == run.resolve():
        raise BadSetting("RUN-001", "This folder holds a run already.", where=str(out), cure="Name a new folder.")
    began = time.monotonic()
    settings = read_settings(os.environ)
    means = read_means(settings.threads if threads is None else threads, memory or settings.memory)
    today = dt.datetime.now(dt.UTC).astimezone().date()
    keys = RunKeys(settings, today)
    until = find_until(keys, run)
    door = HandedDoor(keys, lambda: keys.organisation(out), is_sealing=until is not None)
    plan = plan_update(run, sources, data, today=today, after=after or (), judged=judged, door=door)
    talk = Console(stderr=True, highlight=False)
    with opened(out, resume=resume, door=door, forget=keys.forget) as folder:
        check_unsealed(folder, is_unsealed=until is None)
        if until is not None:
            keys.seal_folder(out, until)
        paces = settings.state / PACES if settings.state else None
        expected = forecast(plan, folder, means, paces=paces)
        check_room(means, expected.n_rows)
        talk.print(
            f"About {expected.n_rows:,} rows. A full run would take about {spoken(expected.total_seconds)}, "
            f"going by {expected.basis}; what cannot have changed is taken over.",
            markup=False,
            soft_wrap=True,
        )
        with Screen(talk, expected.seconds) as screen:
            outcome = run_population(plan, folder, means, screen)
    seconds = time.monotonic() - began
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(_plain(outcome, run, seconds)), indent=2).decode())
    else:
        _tell(outcome, run, out, seconds)


def _plain(outcome: Outcome, run: Path, seconds: float) -> dict[str, Any]:
    """What came of an update, as plain values."""
    return {
        "status": outcome.status,
        "updated": run.name,
        "made_by_this_version": is_of_this_version(run),
        "seconds": round(seconds, 3),
        "sources": changes_told(outcome.receipts),
        "steps": steps_told(outcome.receipts),
        "counts": [{"what": what, "n": n} for what, n in outcome.counts],
    }


def _tell(outcome: Outcome, run: Path, out: Path, seconds: float) -> None:
    """Say what changed in the files, what was taken over, and how long it took."""
    say = Console(highlight=False, markup=False)
    rows = _table("Rows of the later files", "source", *KINDS, "files")
    for change in changes_told(outcome.receipts):
        how = "taken over" if change.is_taken_over else "read anew"
        rows.add_row(change.source, *(f"{getattr(change, kind):,}" for kind in KINDS), how)
    say.print(rows)
    steps = _table("Steps", "step", "seconds", "how")
    for step in steps_told(outcome.receipts):
        steps.add_row(step.step, f"{step.seconds:.1f}", "taken over" if step.is_taken_over else "done anew")
    say.print(steps)
    if not is_of_this_version(run):
        say.print("The earlier run was made by another version of Sarana or its libraries: nothing was taken over.")
    say.print(f"{spoken(seconds)} in all. Report: {out / 'report.html'}", markup=False, soft_wrap=True)
    say.print(f"This is {outcome.status}.", markup=False, soft_wrap=True)


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="left" if name in ("files", "how") else "right")
    return table
