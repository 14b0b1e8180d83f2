"""`sarana population strengths`: beside each area's needs its strengths, and areas that do better than predicted."""

from pathlib import Path
from typing import Annotated

import typer

from sarana.config.commands.asking import keep_page, question_door, question_means, tell, tell_json, tell_table, watched
from sarana.methods.questions.asked_run import AskedRun, asked
from sarana.methods.questions.strengths import AreaStrengths, Strengths, ask_strengths
from sarana.methods.questions.strengths_page import strengths_page

PAGE = "report-strengths.html"


def strengths_command(
    run: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="RUN")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, to standard output.")] = False,
    page: Annotated[bool, typer.Option("--page", help=f"Write the answer to RUN/{PAGE} too.")] = False,
) -> None:
    """Say which strengths areas have beside their needs, and which do better than their circumstances predict.

    Strengths are shares of the people of whom the answer is known; reference/strengths.toml says what counts. An area
    is said to do better only where chance and the spread between areas do not explain it. Areas are those that the
    protected table publishes.
    """
    with (
        asked(run, question_means(), question_door(run), leaves=True) as (engine, found),
        watched("strengths") as screen,
    ):
        answer = ask_strengths(engine, found, screen)
        made = strengths_page(engine, found, answer) if page else b""
    if page:
        keep_page(run, PAGE, made)
    if as_json:
        tell_json(found, "strengths", answer)
        return
    _tell(found, answer)
    if page:
        tell(f"Page: {run / PAGE}")


def _tell(run: AskedRun, answer: Strengths) -> None:
    for level in ("district", "subdistrict"):
        tell_table(
            f"Strengths of published {level}s: shares of the people of whom it is known ({run.status})",
            (level, "highest band per 1,000", *(strength.en for strength in answer.strengths)),
            [_area(area, answer) for area in answer.areas if area.level == level],
        )
    if answer.spread is None:
        tell("Too few subdistricts are published to say what circumstances predict.")
    else:
        tell_table(
            f"Rise of the rate per 1,000 with one standard deviation of a circumstance ({run.status})",
            ("circumstance", "rise", "95 % interval"),
            [
                (e.circumstance.replace("_", " "), f"{e.rise:.1f}", f"{e.low:.1f} to {e.high:.1f}")
                for e in answer.effects
            ],
        )
        _tell_better(run, [area for area in answer.areas if area.is_better])
    tell(f"This is {run.status}: a share belongs to the people of whom it is known, never to a village or a person.")


def _tell_better(run: AskedRun, better: list[AreaStrengths]) -> None:
    if not better:
        tell("No subdistrict does better than its circumstances predict, beyond what chance explains.")
        return
    tell_table(
        f"Subdistricts that do better than their circumstances predict ({run.status})",
        ("subdistrict", "highest band per 1,000"),
        [(area.name, f"{area.rate:,.1f}") for area in better],
    )


def _area(area: AreaStrengths, answer: Strengths) -> list[str]:
    shares = [area.shares[strength.key] for strength in answer.strengths]
    told = ["not said" if share is None else f"{100 * share.share:.0f} % of {share.n_known:,}" for share in shares]
    return [area.name, f"{area.rate:,.1f}", *told]
