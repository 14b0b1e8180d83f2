"""`sarana population sets diff`: what a second indicator set would change on the same run, before anyone adopts it."""

from pathlib import Path
from typing import Annotated

import typer

from sarana.config.commands.asking import question_door, question_means, tell, tell_json, tell_table, watched
from sarana.methods.questions.asked_run import AskedRun, asked
from sarana.methods.questions.sets_diff import SetsDiff, diff_sets, read_set

SET = "A set that comes with Sarana by its name, or the path of a .toml file."

sets_app = typer.Typer(help="Argue over indicator sets.", no_args_is_help=True)


@sets_app.callback()
def group() -> None:
    """Argue over indicator sets: what a set would change before anyone adopts it."""


def diff_command(
    run: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="RUN")],
    first: Annotated[str, typer.Argument(help=f"The set as it is. {SET}", metavar="SET_A")],
    second: Annotated[str, typer.Argument(help=f"The set that might take its place. {SET}", metavar="SET_B")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, to standard output.")] = False,
) -> None:
    """Say who changes band and which areas change rank if SET_B were used in place of SET_A on the same run.

    Nothing is written into the run folder. Areas are those that the protected table publishes; small counts, and what
    would give them away by subtraction, are not said.
    """
    sets = read_set(first), read_set(second)
    with (
        asked(run, question_means(), question_door(run), leaves=True) as (engine, found),
        watched("sets diff") as screen,
    ):
        answer = diff_sets(engine, found, *sets, screen)
    if as_json:
        tell_json(found, "sets diff", answer)
    else:
        _tell(found, answer)


def _tell(run: AskedRun, answer: SetsDiff) -> None:
    share = "not said" if answer.share_changed is None else f"{100 * answer.share_changed:.2f} %"
    tell(
        f"{answer.second} in place of {answer.first}: {share} of {answer.n_people:,} people change band ({run.status})."
    )
    if answer.parts:
        tell(f"Parts of the set that differ: {', '.join(answer.parts)}.")
    if answer.indicators:
        tell_table(
            f"Indicators that differ ({run.status})",
            ("indicator", "name", "what differs", "note"),
            [(i.id, i.name, i.what, i.note) for i in answer.indicators],
            n_words=4,
        )
    tell_table(
        f"People by band ({run.status})",
        ("with the first", "with the second", "people"),
        [(flow.before, flow.after, "not said" if flow.n is None else f"{flow.n:,}") for flow in answer.flows],
        n_words=2,
    )
    for level, n in answer.n_areas.items():
        moved = [area for area in answer.areas if area.level == level]
        tell_table(
            f"{len(moved)} of {n} published {level}s change rank by rate in the highest band ({run.status})",
            (level, "rank with the first", "rank with the second", "places"),
            [(a.name, str(a.rank_before), str(a.rank_after), f"{a.rank_before - a.rank_after:+d}") for a in moved],
        )
    tell(f"This is {run.status}: a colour belongs to a band of the index, never to a person or a village.")
