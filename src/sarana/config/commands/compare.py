"""`sarana population compare`: what changed between two runs, and what the change is made of."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from sarana.basics.progress import Silent
from sarana.config.commands.asking import question_door, tell_table
from sarana.config.settings import read_settings
from sarana.methods.engine import Engine
from sarana.methods.population.report.words import Words
from sarana.methods.questions.asked_run import find_run
from sarana.methods.questions.compare import CompareSettings, Comparison, compare_runs
from sarana.methods.questions.compare_page import (
    AREA_HEADS,
    INDICATOR_HEADS,
    LEVELS,
    PAGE,
    PART_HEADS,
    area_cells,
    compare_page,
    compare_words,
    indicator_cells,
    lead_said,
    part_cells,
)
from sarana.methods.questions.compare_rounded import rounded_comparison
from sarana.methods.questions.validate_page import text_of
from sarana.methods.runs.folder import RunFolder, locked


def compare_command(
    run_a: Annotated[Path, typer.Argument(help="The folder of the earlier run.")],
    run_b: Annotated[Path, typer.Argument(help="The folder of the later run.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Write the page report-compare.html into the later run.")
    ] = False,
) -> None:
    """Say what changed between two runs: by area and indicator, and how much is data, linkage, or people.

    Both runs must be of one province, with one indicator set and one list of areas.
    """
    earlier, later = find_run(run_a), find_run(run_b)
    means = read_settings(os.environ)
    with (
        tempfile.TemporaryDirectory(prefix="sarana-") as temp,
        Engine(
            threads=means.threads,
            memory=means.memory,
            temp=Path(temp),
            folders=[run_a, run_b],
            door=question_door(run_a, run_b),
        ) as engine,
    ):
        found = rounded_comparison(compare_runs(engine, earlier, later, CompareSettings(), Silent()), engine)
    if page:
        with locked(run_b):
            RunFolder(run_b).write(PAGE, compare_page(found))
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _tell(found, run_b / PAGE if page else None)


def _tell(found: Comparison, page: Path | None) -> None:
    words = Words("en", compare_words())
    say = Console(highlight=False)
    say.print(text_of(lead_said(words, found)), markup=False, soft_wrap=True)
    parts = (part_cells(words, line) for line in (*found.parts, found.whole))
    _table(words, "parts-title", PART_HEADS, parts)
    say.print(text_of(words("parts-about")), markup=False, soft_wrap=True)
    indicators = (indicator_cells(words, line) for line in found.indicators)
    _table(words, "indicator-changes-title", INDICATOR_HEADS, indicators)
    for level in LEVELS:
        rows = (area_cells(words, line) for line in found.areas if line.level == level)
        _table(words, f"area-changes-{level}", AREA_HEADS, rows)
    say.print(text_of(words("area-changes-about")), markup=False, soft_wrap=True)
    if page:
        say.print(f"Page: {page}", markup=False, soft_wrap=True)
    say.print(text_of(words("notice")), markup=False, soft_wrap=True)


def _table(words: Words, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    tell_table(text_of(words(title)), [text_of(words(head)) for head in heads], [[*map(text_of, row)] for row in rows])
