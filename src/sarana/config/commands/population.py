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
from sarana.config.commands.profile import profile_command
from sarana.config.commands.screen import Screen, spoken
from sarana.config.commands.sensitivity import sensitivity_command
from sarana.config.commands.sets import diff_command, sets_app
from sarana.config.commands.strengths import strengths_command
from sarana.config.commands.update import update_command
from sarana.config.commands.validate import validate_command
from sarana.config.settings import PACES, Settings, read_settings
from sarana.methods.population.chain import Outcome, forecast, plan_population, run_population
from sarana.methods.runs.erase import erase_run, person_files
from sarana.methods.runs.folder import opened
from sarana.methods.runs.forecast import Forecast
from sarana.methods.runs.means import Means, check_room, read_means

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
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped; finished steps are kept.")
    ] = False,
) -> None:
    """Run the whole chain: read, standardise, link, index, areas, report.

    Says beforehand how long it will take, then shows how far it is. A run that was stopped goes on with --resume.
    """
    settings = read_settings(os.environ)
    means = read_means(settings.threads if threads is None else threads, memory or settings.memory)
    today = dt.datetime.now(dt.UTC).astimezone().date()
    plan = plan_population(sources, data, today=today, model_of=model, after=after or ())
    talk = Console(stderr=True, highlight=False)
    with opened(out, resume=resume) as folder:
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
    erased = erase_run(run)
    say = Console(highlight=False)
    say.print(
        f"{erased.n_files} person-level files ({erased.n_bytes:,} bytes) were erased.", markup=False, soft_wrap=True
    )
    if erased.foreign:
        say.print(
            f"Left alone, for no run wrote them: {', '.join(erased.foreign)}. Look whether they are about people.",
            markup=False,
            soft_wrap=True,
        )


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
    say = Console(highlight=False)
    table = Table(title="What came of it", title_justify="left", show_header=False, box=None, pad_edge=False)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for what, count in outcome.counts:
        table.add_row(f"{count:,}", what)
    say.print(table)
    say.print(f"Report: {out / 'report.html'}", markup=False, soft_wrap=True)
    say.print(f"This is {outcome.status}.", markup=False, soft_wrap=True)
