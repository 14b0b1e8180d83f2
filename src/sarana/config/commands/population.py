"""`sarana population …`: run the chain on a province's files, and erase what a run holds about people."""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sarana.basics.errors import NotYet
from sarana.config.commands.compare import compare_command
from sarana.config.commands.explain import explain_command
from sarana.config.commands.judgements import judgements_command
from sarana.config.commands.profile import profile_command
from sarana.config.commands.rollup import (
    hand_to_nation_command,
    station_key_command,
    take_in_handed_command,
    trust_station_command,
)
from sarana.config.commands.screen import Screen, spoken
from sarana.config.commands.sensitivity import sensitivity_command
from sarana.config.commands.sets import diff_command, sets_app
from sarana.config.commands.strengths import strengths_command
from sarana.config.commands.takein import lay_out_command, maps_command, take_in_command, withdraw_command
from sarana.config.commands.update import update_command
from sarana.config.commands.validate import validate_command
from sarana.config.settings import PACES, Settings, read_settings
from sarana.config.vault import RunKeys, check_may_stay_open, check_unsealed, make_first_keys, store_of
from sarana.methods.population.chain import Outcome, forecast, plan_population, run_population
from sarana.methods.runs.erase import erase_run, person_files
from sarana.methods.runs.folder import SEAL, opened
from sarana.methods.runs.forecast import Forecast
from sarana.methods.runs.handed import HandedDoor
from sarana.methods.runs.means import Means, check_room, read_means
from sarana.methods.runs.sealed import find_seal
from sarana.methods.sealing.store import check_apart, sweep

KEEP_DAYS = 365
"""A run opens for a year unless it is said otherwise."""

app = typer.Typer(help="From a province's files to people, index, areas and report.", no_args_is_help=True)
app.command("update")(update_command)
app.command("explain")(explain_command)
app.command("profile")(profile_command)
app.command("validate")(validate_command)
app.command("sensitivity")(sensitivity_command)
app.add_typer(sets_app, name="sets")
sets_app.command("diff")(diff_command)
app.command("compare")(compare_command)
app.command("strengths")(strengths_command)
app.command("take-in")(take_in_command)
app.command("lay-out")(lay_out_command)
app.command("judgements")(judgements_command)
app.command("maps")(maps_command)
app.command("withdraw")(withdraw_command)
app.command("hand-to-nation")(hand_to_nation_command)
app.command("station-key")(station_key_command)
app.command("trust-station")(trust_station_command)
app.command("take-in-handed")(take_in_handed_command)


@app.command("run")
def run_command(
    sources: Annotated[Path, typer.Argument(help="SOURCES.toml: what the province's files are.", metavar="SOURCES")],
    *,
    data: Annotated[Path, typer.Option(help="The folder that the files lie in.")],
    out: Annotated[Path, typer.Option(help="The run folder; it must be new or empty unless --resume is given.")],
    threads: Annotated[
        int | None, typer.Option(help="How many threads to use; every processor unless said. Does not change results.")
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="How much memory to use, such as 3GB. Less is slower and gives the same results.")
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(help="An earlier run folder: link by what it learnt, so that two years are judged alike."),
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
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped; finished steps are kept.")
    ] = False,
    keep_days: Annotated[
        int, typer.Option(help="For so many days the person-level files open; then their key is destroyed.", min=1)
    ] = KEEP_DAYS,
    unsealed: Annotated[
        bool,
        typer.Option("--unsealed", help="Leave the files open to other tools: only where all people are invented."),
    ] = False,
) -> None:
    """Run the whole chain: read, standardise, link, index, areas, report.

    Says beforehand how long it will take, then shows how far it is. A run that was stopped goes on with --resume.
    Person-level files are sealed with the keys of the organisation (sarana keys), which are made where there are none.
    """
    settings = read_settings(os.environ)
    means = read_means(settings.threads if threads is None else threads, memory or settings.memory)
    today = dt.datetime.now(dt.UTC).astimezone().date()
    keys = RunKeys(settings, today)
    door = HandedDoor(keys, lambda: keys.organisation(out), is_sealing=not unsealed or (out / SEAL).is_file())
    plan = plan_population(sources, data, today=today, model_of=model, after=after or (), judged=judged, door=door)
    if unsealed:
        check_may_stay_open(is_invented=plan.sources.run.invented)
    talk = Console(stderr=True, highlight=False)
    with opened(out, resume=resume, door=door, forget=keys.forget) as folder:
        check_unsealed(folder, is_unsealed=unsealed)
        if not unsealed or (out / SEAL).is_file():
            _seal(keys, out, data, today + dt.timedelta(days=keep_days), talk)
        expected = forecast(plan, folder, means, paces=_paces(settings))
        check_room(means, expected.n_rows)
        talk.print(_beforehand(expected, means), markup=False, soft_wrap=True)
        with Screen(talk, expected.seconds) as screen:
            outcome = run_population(plan, folder, means, screen, paces=_paces(settings))
    _tell(outcome, out)


@app.command("erase")
def erase_command(
    run: Annotated[Path, typer.Argument(help="The run folder.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase the person-level files of a run; protected area figures, report, receipts and run.toml stay.

    Figures that were not protected go too. What was erased cannot be brought back from the run folder.
    """
    files = person_files(run)
    if not yes:
        try:
            agreed = typer.confirm(f"Erase {len(files)} person-level files of {run} for good?", err=True)
        except typer.Abort:
            typer.echo(err=True)
            agreed = False
        if not agreed:
            raise NotYet(
                "COMMAND-002", "Nothing was erased.", where=str(run), cure="Give --yes to erase without a question."
            )
    store = store_of(read_settings(os.environ))
    erased = erase_run(run, lambda seal: store.destroy_run_key(seal.run, now=dt.datetime.now(dt.UTC)))
    say = Console(highlight=False, markup=False)
    say.print(
        f"{erased.n_files} person-level files ({erased.n_bytes:,} bytes) were erased.", markup=False, soft_wrap=True
    )
    if erased.is_key_destroyed is not None:
        say.print(
            "Their key was destroyed first: copies of them open no more."
            if erased.is_key_destroyed
            else "Their key is not here: destroy it where it lies, or copies of these files still open.",
            markup=False,
            soft_wrap=True,
        )
    if erased.foreign:
        say.print(
            f"Left alone, for no run wrote them: {', '.join(erased.foreign)}. Look whether they are about people.",
            markup=False,
            soft_wrap=True,
        )


def _seal(keys: RunKeys, out: Path, data: Path, until: dt.date, talk: Console) -> None:
    """Seal the run folder, with keys that are made where there are none, and let go of runs whose last day is over."""
    store = store_of(keys.settings)
    check_apart(store.folder, [out, data])
    if find_seal(out) is None and make_first_keys(keys.settings, keys.today):
        talk.print(
            f"Keys were made in {store.folder}; a key file beside them opens them. Print recovery shares (sarana keys "
            "shares), and against thieves of this computer choose a passphrase (sarana keys add).",
            markup=False,
            soft_wrap=True,
        )
    swept = sweep(store, now=dt.datetime.now(dt.UTC))
    if swept:
        talk.print(f"The keys of {len(swept)} runs whose last day was over were destroyed.", markup=False)
    seal = keys.seal_folder(out, until)
    talk.print(f"The person-level files are sealed, and open until {seal.until}.", markup=False)


def _beforehand(expected: Forecast, means: Means) -> str:
    """How long the run will take, and from what that is known."""
    threads = "1 thread" if means.threads == 1 else f"{means.threads} threads"
    return (
        f"About {expected.n_rows:,} rows. With {threads} and {means.memory_mib:,} MiB of memory this will take about "
        f"{spoken(expected.total_seconds)}, going by {expected.basis}."
    )


def _paces(settings: Settings) -> Path | None:
    return settings.state / PACES if settings.state else None


def _tell(outcome: Outcome, out: Path) -> None:
    """Say the counts: nothing is dropped in silence."""
    say = Console(highlight=False, markup=False)
    table = Table(title="What came of it", title_justify="left", show_header=False, box=None, pad_edge=False)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for what, count in outcome.counts:
        table.add_row(f"{count:,}", what)
    say.print(table)
    say.print(f"Report: {out / 'report.html'}", markup=False, soft_wrap=True)
    say.print(f"This is {outcome.status}.", markup=False, soft_wrap=True)
