"""`sarana population sensitivity`: how far bands and ranks hang on choices, on missing data and on links."""

from pathlib import Path
from typing import Annotated

import typer

from sarana.config.commands.asking import keep_page, question_door, question_means, tell, tell_json, tell_table, watched
from sarana.methods.questions.asked_run import AskedRun, asked
from sarana.methods.questions.sensitivity import AreaSpan, Change, Sensitivity, ask_sensitivity
from sarana.methods.questions.sensitivity_page import sensitivity_page

KINDS = {
    "weight-up": "weight up by half",
    "weight-down": "weight halved",
    "left-out": "left out",
    "older": "a year older",
}
PAGE = "report-sensitivity.html"


def sensitivity_command(
    run: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="RUN")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, to standard output.")] = False,
    page: Annotated[bool, typer.Option("--page", help=f"Write the answer to RUN/{PAGE} too.")] = False,
) -> None:
    """Say how far bands and ranks hang on weights, indicators, ages of sources, missing data and doubtful links.

    Changes one thing at a time: each weight by half, each indicator left out, each source a year older. Areas are those
    that the protected table publishes; small counts are not said.
    """
    with (
        asked(run, question_means(), question_door(run), leaves=True) as (engine, found),
        watched("sensitivity") as screen,
    ):
        answer = ask_sensitivity(engine, found, screen)
        made = sensitivity_page(engine, found, answer) if page else b""
    if page:
        keep_page(run, PAGE, made)
    if as_json:
        tell_json(found, "sensitivity", answer)
        return
    _tell(found, answer)
    if page:
        tell(f"Page: {run / PAGE}")


def _tell(run: AskedRun, answer: Sensitivity) -> None:
    tell_table(
        f"What one change would do to the bands of {answer.n_people:,} people ({run.status})",
        ("change", "of", "bands changed", "into the highest", "out of it", "districts moved", "subdistricts moved"),
        [_change(change) for change in answer.changes],
        n_words=2,
    )
    tell_table(
        f"Districts by rate per 1,000 in the highest band: ranks over all changes, and ends of the rate ({run.status})",
        ("rank", "district", "rate", "ranks", "answers missing", "of all known", "doubtful links"),
        [_area(area) for area in answer.areas if area.level == "district"],
        n_words=2,
    )
    tell(
        f"Decided the other way: {answer.n_taken_apart:,} pairs joined with doubt taken apart, "
        f"{answer.n_joined:,} pairs left apart joined. Ends are rounded outward; "
        "subdistricts stand in --json and --page."
    )
    tell(f"This is {run.status}: a colour belongs to a band of the index, never to a person or a village.")


def _change(change: Change) -> list[str]:
    moves = change.moves
    share = "not said" if moves.share_changed is None else f"{100 * moves.share_changed:.2f} %"
    counts = ["not said" if n is None else f"{n:,}" for n in (moves.n_into_high, moves.n_out_of_high)]
    ranks = [
        f"{moves.n_moved(level)} (by up to {moves.most_moved(level)})" if moves.n_moved(level) else "0"
        for level in ("district", "subdistrict")
    ]
    return [KINDS[change.kind], change.of, share, *counts, *ranks]


def _area(area: AreaSpan) -> list[str]:
    ends = [
        "not said" if span is None else f"{span[0]:,.1f} to {span[1]:,.1f}"
        for span in (area.missing, area.missing_all, area.links)
    ]
    return [str(area.rank), area.name, f"{area.rate:,.1f}", f"{area.best_rank} to {area.worst_rank}", *ends]
